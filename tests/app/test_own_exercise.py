"""An owner's exercise from one file, through the whole mirror."""

from pathlib import Path

import pytest

import people
from doubles import FakeSpeaker
from kiosk.app.safe_settings import load_or_default
from kiosk.coaching.snapshot import Stage
from kiosk.commands.cli import BAD_INPUT, main
from kiosk.settings import CoachSettings
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.screen.scene import Page
from kiosk.ui.sound.speaker import SoundEvent
from kiosk.ui.sound.tones import Tone
from mirror_harness import FPS, MirrorHarness, in_stage, reading, turns

PULL_THROUGH = """
extends = "hinge"
order = 3

[appearance]
load = "band"

[words.en]
name = "Cable pull-through"
three = ["Reach through", "Stretch", "Stand tall"]
steps = ["Rope between your legs", "Walk out", "Reach through", "Stand tall"]
cue.knee_dominance = "Reach between your legs"

[words.de]
name = "Kabelzug durch die Beine"
three = ["Greif durch", "Dehn dich", "Ganz hoch"]
steps = ["Seil zwischen die Beine", "Geh vor", "Greif durch", "Aufrichten"]
cue.knee_dominance = "Greif zwischen die Beine"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "exercises"
    folder.mkdir()
    (folder / "cable_pull_through.toml").write_text(PULL_THROUGH, encoding="utf-8")
    return folder


def test_an_exercise_of_one_file_runs_a_set_with_its_own_words(
    harness: MirrorHarness, folder: Path
) -> None:
    harness.see(people.hinges(4, fps=FPS, lean_deg=45.0, knee_deg=90.0))
    speaker = harness.hear(FakeSpeaker())
    coach = CoachSettings(exercise="cable_pull_through", exercises=str(folder), back_line=False)
    texts = ""
    with harness.mirror(coach=coach) as mirror:
        while not mirror.ended:
            assert mirror.turn() is not None
            texts += reading(mirror)
        mirror.turn((ButtonEvent(Button.FINISH, Press.SHORT),))
        mirror.turn((ButtonEvent(Button.HISTORY, Press.LONG),))
        scene = turns(mirror, lambda scene: scene.page is Page.LEARN)
        assert scene.snapshot is not None
        assert scene.snapshot.exercise == "cable_pull_through"
        lesson = ""
        while scene is not None and scene.page is Page.LEARN:
            lesson += reading(mirror)
            scene = mirror.turn((ButtonEvent(Button.HISTORY, Press.SHORT),))
        assert all(text in lesson for text in ("Cable pull-through", "Walk out", "Squatting it"))
    assert "Cable pull-through" in texts
    assert "Reach between your legs" in texts
    cue = SoundEvent(Tone.FAULT, "cue.cable_pull_through.knee_dominance")
    assert cue in speaker.played
    assert harness.stored() == [("cable_pull_through", 4, "walked_off")]


def test_the_exercise_button_reaches_it(harness: MirrorHarness, folder: Path) -> None:
    coach = CoachSettings(exercise="romanian_deadlift", exercises=str(folder), back_line=False)
    with harness.mirror(coach=coach) as mirror:
        turns(mirror, in_stage(Stage.READY))
        mirror.turn((ButtonEvent(Button.EXERCISE, Press.SHORT),))
        scene = turns(mirror, lambda scene: scene.snapshot is not None)
        assert scene.snapshot is not None
        assert scene.snapshot.exercise == "cable_pull_through"


def test_a_folder_that_is_not_sound_falls_back_alone_and_is_refused_where_it_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = folder / "cable_pull_through.toml"
    own.write_text(PULL_THROUGH.replace("three = ", "four = "), encoding="utf-8")
    settings = folder / "kiosk.toml"
    settings.write_text(f'[coach]\nexercises = "{folder}"\nback_line = false\n')
    path = settings.rename(folder.parent / "kiosk.toml")
    monkeypatch.setenv("KIOSK_SETTINGS", str(path))
    found, fault = load_or_default()
    assert found.coach == CoachSettings(back_line=False)
    assert f"{own}: words.en." in (fault or "")
    assert main(["checks", "--settings", str(path)]) == BAD_INPUT
    assert capsys.readouterr().err.startswith(f"kiosk: {own}: words.en.")
    own.write_text(PULL_THROUGH, encoding="utf-8")
    assert load_or_default()[1] is None
    assert main(["checks", "--settings", str(path)]) == 0
    assert "## cable_pull_through\n" in capsys.readouterr().out
