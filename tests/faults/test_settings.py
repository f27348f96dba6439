"""Settings that do not hold together: a mirror on a wall starts all the same, and shows it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.app.parts import MirrorOptions
from kiosk.commands import run
from kiosk.commands.cli import BAD_INPUT, main
from kiosk.settings import Settings
from mirror_harness import WORDS, MirrorHarness, counted, reading, turns, warned

Write = Callable[[str | bytes], Path]


def test_the_screen_tells_that_defaults_are_used_but_not_in_a_set(
    harness: MirrorHarness, caplog: pytest.LogCaptureFixture
) -> None:
    with harness.mirror(settings_fault="kiosk.toml: sound.volume = 7 is not allowed") as mirror:
        scene = mirror.turn()
        assert scene is not None
        assert scene.notices == (WORDS("notice.settings"),)
        assert WORDS("notice.settings") in reading(mirror)
        assert turns(mirror, counted(1)).notices == ()
    assert warned(caplog) == ["kiosk.toml: sound.volume = 7 is not allowed"]
    assert harness.stored() == [("hip_hinge", 1, "interrupted")]


class Started(Exception):  # noqa: N818 - that it is raised is what is wanted
    """In place of a mirror, with what it was to be made from."""


def start(settings: Settings, opener: object, options: MirrorOptions) -> None:
    raise Started(settings, options)


def test_the_service_starts_on_what_is_left_of_its_settings(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write('[camera]\nsource = "usb:1"\n[sound]\nvolume = 7\n')
    monkeypatch.setattr(run, "Mirror", start)
    with pytest.raises(Started) as caught:
        main(["run"])
    settings, options = caught.value.args
    assert settings.camera.source == "usb:1"
    assert options.reconnects
    assert "sound.volume" in options.settings_fault


def test_whoever_names_the_file_is_told_to_mend_it(
    write: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write("[sound]\nvolume = 7\n")
    monkeypatch.setattr(run, "Mirror", start)
    assert main(["run", "--settings", str(path)]) == BAD_INPUT
    assert "sound.volume = 7 is not allowed" in capsys.readouterr().err


def test_the_service_starts_without_a_programme_that_is_broken(
    write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    programme = tmp_path / "programme.toml"
    programme.write_text("[all.deadlfit]\nreps = 5\n")
    write(f'[training]\nprogramme = "{programme}"\n')
    monkeypatch.setattr(run, "Mirror", start)
    with pytest.raises(Started) as caught:
        main(["run"])
    settings, options = caught.value.args
    assert settings == Settings()
    assert f"{programme}: all.deadlfit is an unknown key; did you mean" in options.settings_fault
