"""The gallery shows every screen of every exercise, each as in the picture that was kept of it."""

from itertools import product
from pathlib import Path

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

from drawing import SCENES, assert_legible, drawn
from kiosk.coaching.cues import CueKind
from kiosk.coaching.snapshot import Stage
from kiosk.commands.cli import main
from kiosk.exercises.catalogue import Catalogue, catalogue
from kiosk.ui.panel.button import Button
from kiosk.ui.screen.gallery.scenes import (
    SIZES,
    SMALL,
    exercise_samples,
    kept_samples,
    one_of_each_screen,
    picture,
    samples,
    shrunk,
)
from kiosk.ui.screen.scene import Action, Page
from kiosk.ui.screen.views.learn import lessons
from kiosk.ui.screen.widgets.rep_marks import RepMark, rep_mark
from kiosk.ui.words.words import Words, load_exercises

INVENTED = """
extends = "hinge"
order = 3
[appearance.mistakes.shallow]
lean_deg = 30.0
[words.en]
name = "Cable pull-through"
three = ["Reach through", "Stretch", "Stand tall"]
steps = ["Rope between your legs", "Walk out", "Reach through", "Stand tall"]
[words.de]
name = "Kabelzug durch die Beine"
three = ["Greif durch", "Dehn dich", "Ganz hoch"]
steps = ["Seil zwischen die Beine", "Geh vor", "Greif durch", "Aufrichten"]
"""


@pytest.fixture
def exercises(tmp_path: Path) -> Catalogue:
    """The packaged exercises and an invented one."""
    (tmp_path / "cable_pull_through.toml").write_text(INVENTED, encoding="utf-8")
    return load_exercises(str(tmp_path))


def test_samples_show_every_stage_page_and_action() -> None:
    assert {s.snapshot.stage for s in SCENES.values() if s.snapshot} == set(Stage)
    assert {s.page for s in SCENES.values()} == set(Page)
    assert any(s.snapshot is None for s in SCENES.values())
    shown = [s.snapshot for s in SCENES.values() if s.snapshot]
    assert {s.cue.kind for s in shown if s.cue} == set(CueKind)
    assert {rep_mark(rep) for s in shown if s.current for rep in s.current.reps} == set(RepMark)
    offered = [choice for s in SCENES.values() for choice in s.actions.values()]
    assert {a for c in offered for a in (c.short, c.long)} >= set(Action) - {Action.NEXT_DRILL}
    kinds = {lesson.kind for e in catalogue().values() for lesson in lessons(e)}
    assert kinds <= {name.split("-")[1] for name in SCENES if name.startswith("learn")}
    summed = [s.summary for s in shown if s.summary]
    assert (
        {s.one_thing is None for s in summed} == {s.score is None for s in summed} == {True, False}
    )


def test_a_new_exercise_file_gets_its_screens(exercises: Catalogue) -> None:
    words = Words.load("en", exercises)
    found = samples(words)
    own = {name for name in found if "cable_pull_through" in name}
    kinds = [lesson.kind for lesson in lessons(exercises["cable_pull_through"])]
    assert len(own) == 2 + len(kinds)
    assert {name.split("-")[0] for name in own} == {"waiting", "set", "learn"}
    for name in own:
        scene = found[name]
        assert scene.snapshot is not None
        assert scene.snapshot.exercise == "cable_pull_through"
        assert_legible(drawn(scene, words))
    assert {scene.subpage for name, scene in found.items() if name in own} == {*range(len(kinds))}


def test_every_packaged_exercise_has_the_same_screens() -> None:
    found = exercise_samples(catalogue())
    for name, exercise in catalogue().items():
        mine = [scene for scene in found.values() if scene.judged.exercise == name]
        assert len(mine) == 2 + len(lessons(exercise))
        assert {scene.judged.stage for scene in mine} == {Stage.WAITING, Stage.SET}
        # a drill's button leads back to its lift
        back = {scene.actions[Button.EXERCISE].short is Action.LIFT for scene in mine}
        assert back == {exercise.kind == "drill"}


def test_one_of_each_screen_keeps_a_new_page_and_drops_another_state_of_it() -> None:
    kept = kept_samples(Words.load("en"))
    screens = one_of_each_screen(kept)
    assert one_of_each_screen(screens) == screens
    assert {scene.page for scene in screens.values()} == set(Page)
    assert {"waiting", "set-first", "set-cue", "history", "history-week"} <= screens.keys()
    assert not {"waiting-dim", "set-deep", "history-empty"} & screens.keys()


NAMES = tuple(kept_samples(Words.load("en")))
KEPT = Path(__file__).parent / "reference"
"""Drawn anew by `kiosk screens --small --out` with this folder, after each was checked by eye."""
BLOCK = 10  # pixels
APART = 24.0
"""Mean difference of a block's light, of 255: another release of the fonts' renderer shifts edges
by less, a word or a bar in another place by more."""


def light(surface: pygame.Surface) -> NDArray[np.float64]:
    return pygame.surfarray.array3d(surface).mean(axis=2)


def apart(one: pygame.Surface, other: pygame.Surface) -> float:
    """Difference of the two blocks that are least alike."""
    difference = np.abs(light(one) - light(other))
    wide, tall = (size // BLOCK for size in difference.shape)
    blocks = difference[: wide * BLOCK, : tall * BLOCK].reshape(wide, BLOCK, tall, BLOCK)
    return float(blocks.mean(axis=(1, 3)).max())


@pytest.mark.parametrize(("name", "orientation"), list(product(NAMES, SIZES)))
def test_a_screen_is_drawn_as_before(name: str, orientation: str, words: Words) -> None:
    drawn = shrunk(picture(SCENES[name], SIZES[orientation], words))
    kept = pygame.image.load(str(KEPT / orientation / f"{name}.png"))
    assert kept.get_size() == drawn.get_size()
    assert apart(drawn, kept) < APART


def test_a_bar_in_another_place_is_noticed(words: Words) -> None:
    drawn = shrunk(picture(SCENES["summary"], SIZES["portrait"], words))
    other = shrunk(picture(SCENES["summary-faults"], SIZES["portrait"], words))
    assert apart(drawn, other) > APART
    assert apart(drawn, drawn) == 0


def test_no_picture_is_kept_of_a_screen_that_is_gone() -> None:
    kept = {f"{path.parent.name}/{path.stem}" for path in KEPT.glob("*/*.png")}
    assert kept == {f"{orientation}/{name}" for orientation, name in product(SIZES, NAMES)}


def test_the_command_draws_them_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["screens", "--small", "--out", str(tmp_path)]) == 0
    drawn = sorted(tmp_path.glob("*/*.png"))
    assert len(drawn) == len(SIZES) * len(NAMES)
    assert f"{len(drawn)} pictures" in capsys.readouterr().out
    size = pygame.image.load(str(drawn[0])).get_size()
    assert size in {(w // SMALL, h // SMALL) for w, h in SIZES.values()}


def test_a_folder_that_cannot_be_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("here")
    assert main(["screens", "--out", str(tmp_path / "file")]) == 2
    assert str(tmp_path / "file") in capsys.readouterr().err
