"""Settings that do not hold together: a mirror on a wall starts all the same, and says so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.app import mirror as app
from kiosk.app.safe_settings import load_or_default
from kiosk.commands.cli import BAD_INPUT, main
from kiosk.settings import Settings
from mirror_harness import WORDS, MirrorHarness, counted, reading, turns, warned

Write = Callable[[str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    path = tmp_path / "kiosk.toml"
    monkeypatch.setenv("KIOSK_SETTINGS", str(path))

    def write(content: str | bytes) -> Path:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.mark.parametrize("content", ["[panel\n", b"\xff\xfe", "colour = 3\n"])
def test_a_file_that_says_nothing_leaves_the_defaults(write: Write, content: str | bytes) -> None:
    path = write(content)
    settings, fault = load_or_default()
    assert settings == Settings()
    assert fault is not None
    assert str(path) in fault


def test_a_named_file_that_is_missing_leaves_the_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK_SETTINGS", str(tmp_path / "none.toml"))
    settings, fault = load_or_default()
    assert settings == Settings()
    assert "no such settings file" in (fault or "")


def test_a_slip_in_one_section_leaves_the_others_as_they_are(write: Write) -> None:
    write("[screen]\nrotate = 90\n[sound]\nvolume = 7\nvoice = false\n")
    settings, fault = load_or_default()
    assert settings.screen.rotate == 90
    assert settings.sound == Settings().sound
    assert "sound.volume = 7 is not allowed" in (fault or "")


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("coach", "exercise", "juggling"),
        ("screen", "language", "xx"),
        ("pose", "model", "posenet"),
        ("camera", "source", "usb:left"),
        ("camera", "source", "no/such/film.mp4"),
    ],
)
def test_a_name_that_nothing_goes_by_falls_back_alone(
    write: Write, section: str, key: str, value: str
) -> None:
    path = write(f'[{section}]\n{key} = "{value}"\n[panel]\nhold_s = 1.5\n')
    settings, fault = load_or_default()
    assert getattr(getattr(settings, section), key) == getattr(getattr(Settings(), section), key)
    assert settings.panel.hold_s == 1.5
    assert str(path) in (fault or "")
    assert value in (fault or "")


def test_settings_that_hold_together_are_no_fault(write: Write) -> None:
    write('[coach]\nexercise = "squat"\n')
    settings, fault = load_or_default()
    assert (settings.coach.exercise, fault) == ("squat", None)


def test_the_screen_tells_that_defaults_are_used_but_not_in_a_set(
    mirror: MirrorHarness, caplog: pytest.LogCaptureFixture
) -> None:
    with mirror.kiosk(settings_fault="kiosk.toml: sound.volume = 7 is not allowed") as kiosk:
        scene = kiosk.turn()
        assert scene is not None
        assert scene.notices == (WORDS("notice.settings"),)
        assert WORDS("notice.settings") in reading(kiosk)
        assert turns(kiosk, counted(1)).notices == ()
    assert warned(caplog) == ["kiosk.toml: sound.volume = 7 is not allowed"]
    assert mirror.stored() == [("hip_hinge", 1, "interrupted")]


class Started(Exception):  # noqa: N818 - that it is raised is what is wanted
    """In place of a kiosk, with what it was to be made from."""

    def __init__(self, settings: Settings, opener: object, **how: object) -> None:
        super().__init__(settings, how)


def start(*_: object, **how: object) -> None:
    raise Started(*_, **how)


def test_the_service_starts_on_what_is_left_of_its_settings(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write('[camera]\nsource = "usb:1"\n[sound]\nvolume = 7\n')
    monkeypatch.setattr(app, "Mirror", start)
    with pytest.raises(Started) as caught:
        main(["run"])
    settings, how = caught.value.args
    assert settings.camera.source == "usb:1"
    assert how["patient"] is True
    assert "sound.volume" in how["settings_fault"]


def test_whoever_names_the_file_is_told_to_mend_it(
    write: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write("[sound]\nvolume = 7\n")
    monkeypatch.setattr(app, "Mirror", start)
    assert main(["run", "--settings", str(path)]) == BAD_INPUT
    assert "sound.volume = 7 is not allowed" in capsys.readouterr().err
