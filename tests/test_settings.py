"""What kiosk.toml may contain, and how a mistake in it is reported."""

import os
from pathlib import Path
from typing import Literal, get_origin, get_type_hints

import pytest

from kiosk import settings
from kiosk.errors import SettingsError
from kiosk.settings import CHOOSABLE, INSTALLED, Pins, Settings, chosen_file, load


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("KIOSK_SETTINGS", "STATE_DIRECTORY", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(settings, "PLACES", (Path("kiosk.toml"), tmp_path / "etc.toml"))


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path: Path, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(write(path, text))
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message


def test_without_a_file_there_are_defaults() -> None:
    assert load(None) == Settings()


def test_a_file_changes_only_the_keys_it_contains(tmp_path: Path) -> None:
    path = write(
        tmp_path / "k.toml",
        'camera.source = "usb:0"\npanel.kind = "gpio"\npanel.hold_s = 1\npanel.pins.finish = 5\n',
    )
    loaded = load(path)
    assert loaded.camera.source == "usb:0"
    assert loaded.camera.fps == Settings().camera.fps
    assert loaded.panel.kind == "gpio"
    assert loaded.panel.hold_s == 1.0
    assert loaded.panel.pins == Pins(exercise=17, finish=5, history=22)


def test_a_tag_reader_is_named_by_what_it_is(tmp_path: Path) -> None:
    reader = "/dev/input/by-id/usb-Sycreader_RFID-event-kbd"
    text = f'[lifters]\ntags = true\ntag_reader = "{reader}"\n[training]\nunit = "lb"\n'
    loaded = load(write(tmp_path / "k.toml", text))
    assert (loaded.lifters.tag_reader, loaded.lifters.places) == (reader, 8)
    assert (loaded.training.unit, loaded.training.rest) == ("lb", "down")


def test_places_are_read_in_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write(tmp_path / "etc.toml", "pose.threads = 3")
    assert load(None).pose.threads == 3
    write(tmp_path / "kiosk.toml", "pose.threads = 2")
    assert load(None).pose.threads == 2
    monkeypatch.setenv("KIOSK_SETTINGS", str(write(tmp_path / "env.toml", "pose.threads = 1")))
    assert load(None).pose.threads == 1
    assert load(write(tmp_path / "named.toml", "pose.threads = 4")).pose.threads == 4


def test_root_does_not_read_what_anybody_has_put_into_the_current_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    write(tmp_path / "kiosk.toml", "pose.threads = 2")
    assert load(None) == Settings()
    write(tmp_path / "etc.toml", "pose.threads = 3")
    assert load(None).pose.threads == 3
    assert load(Path("kiosk.toml")).pose.threads == 2  # named, it is meant


@pytest.mark.parametrize("by_environment", [False, True])
def test_a_named_file_has_to_be_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, by_environment: bool
) -> None:
    write(tmp_path / "kiosk.toml", "")
    missing = tmp_path / "gone.toml"
    if by_environment:
        monkeypatch.setenv("KIOSK_SETTINGS", str(missing))
    with pytest.raises(SettingsError, match=r"gone\.toml: no such settings file"):
        load(None if by_environment else missing)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "[panel]\nhold = 1",
            ["panel.hold", "unknown", "did you mean hold_s?", "kind, edge, pins"],
        ),
        ("[pannel]", ["pannel", "unknown", "did you mean panel?", "camera, pose, coach"]),
        ("[camera]\nzzz = 1", ["camera.zzz", "unknown", "known here: source, width"]),
        ('[screen]\nwidth = "wide"', ['screen.width = "wide"', "whole number from 320 to 7680"]),
        ("[screen]\nfullscreen = 1", ["screen.fullscreen = 1", "true or false"]),
        ("[screen]\nrotate = 45", ["screen.rotate = 45", "0, 90, 180 or 270"]),
        ('[panel]\nkind = "mouse"', ['panel.kind = "mouse"', '"gpio" or "keyboard"']),
        ("[panel]\nhold_s = nan", ["panel.hold_s = nan", "number from 0.3 to 5.0"]),
        ("[panel]\nhold_s = 0", ["panel.hold_s = 0", "number from 0.3 to 5.0"]),
        ("panel = 3", ["panel = 3", "section", "hold_s"]),
        ("[panel.pins]\nfinish = 28", ["panel.pins.finish = 28", "from 0 to 27"]),
        ("[panel.pins]\nfinish = true", ["panel.pins.finish = true", "from 0 to 27"]),
        ("[panel.pins]\nfinish = 17", ["panel.pins", "pin 17", "twice", "exercise", "finish"]),
        ('[camera]\nsource = ""', ['camera.source = ""', "not empty"]),
        ("[history]\nfolder = 1", ["history.folder = 1", "text in quotes"]),
        ("[screen]\nwidth = {}", ["screen.width = a section", "whole number"]),
        ('[screen]\nlanguage = "Küche"\nfps = "ö"', ['screen.fps = "ö"', "from 1 to 120"]),
        ("[sound]\nvolume = 1.5", ["sound.volume = 1.5", "number from 0"]),
        ("[sound]\nvoice = 1", ["sound.voice = 1", "true or false"]),
        ("[lifters]\nplaces = 9", ["lifters.places = 9", "whole number from 0 to 8"]),
        ('[lifters]\ntag_reader = "/dev/input/event0"', ["lifters", "/dev/input/event0", "by-id"]),
        ('[lifters]\ntag_reader = "/dev/input/by-id/.."', ["lifters", "below /dev/input/by-id"]),
        ("[lifters]\ntags = true", ["lifters: tags need tag_reader", "/dev/input/by-id"]),
        (
            '[lifters]\nplaces = 0\ntags = true\ntag_reader = "/dev/input/by-id/a"',
            ["lifters: tags need places"],
        ),
        ('[screen]\noff_command = ["a"]', ["screen: off_command needs on_command", "name both"]),
        ('[screen]\non_command = "a b"', ['screen.on_command = "a b"', "a list in brackets"]),
        ('[screen]\non_command = ["a", ""]', ['screen.on_command = ["a", ""]', "not empty"]),
        ("[screen]\noff_after_min = -1", ["screen.off_after_min = -1", "from 0 to 1440"]),
        ('[training]\nunit = "stone"', ['training.unit = "stone"', '"kg" or "lb"']),
        ("[camera]\nwidth = 640\nwidth 480", ["not valid TOML", "line 3"]),
    ],
)
def test_what_is_wrong_is_named_with_what_is_allowed(
    tmp_path: Path, text: str, parts: list[str]
) -> None:
    message = refusal(tmp_path / "k.toml", text)
    for part in parts:
        assert part in message


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "k.toml"
    path.write_bytes(b"\xff\xfe[\x00")
    with pytest.raises(SettingsError, match=r"k\.toml: not a text file in UTF-8"):
        load(path)
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path)


@pytest.fixture
def chosen(tmp_path: Path) -> Path:
    folder = tmp_path / "home/.local/state/gym-mirror"
    folder.mkdir(parents=True)
    return folder / "chosen.toml"


def test_what_was_chosen_counts_instead_of_the_settings_file(tmp_path: Path, chosen: Path) -> None:
    path = write(
        tmp_path / "k.toml", '[screen]\nlanguage = "en"\nfps = 20\n[sound]\nvolume = 0.1\n'
    )
    write(chosen, '[screen]\nlanguage = "de"\n[training]\nunit = "lb"\n')
    loaded = load(path)
    assert (loaded.screen.language, loaded.screen.fps) == ("de", 20)
    assert (loaded.sound.volume, loaded.training.unit) == (0.1, "lb")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('[screen]\nlanguage = ""\n', 'screen.language = "" is not allowed'),
        ('[history]\nfolder = "/root"\n', "history.folder is not chosen with the buttons"),
        ('[outbox]\npassword_file = "/etc/shadow"\n', "outbox.password_file is not chosen"),
        ("screen = 3\n", "screen"),
        ("[screen\n", "not valid TOML"),
    ],
)
def test_a_choice_that_cannot_be_names_the_file_that_counts(
    tmp_path: Path, chosen: Path, text: str, part: str
) -> None:
    write(chosen, text)
    with pytest.raises(SettingsError) as caught:
        load(write(tmp_path / "k.toml", "[screen]\nfps = 20\n"))
    assert str(caught.value).startswith(f"{chosen}: ")
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nobody_can_choose_what_root_would_open_for_them() -> None:
    for section, keys in CHOOSABLE.items():
        for key in keys:
            hint = get_type_hints(type(getattr(Settings(), section)))[key]
            named = get_origin(hint) is Literal or hint in (bool, int, float)
            looked_up = (section, key) in {("screen", "language"), ("coach", "exercise")}
            assert named or looked_up, f"{section}.{key} may be any text"


def test_an_installed_mirror_has_its_choices_beside_its_history() -> None:
    assert chosen_file(INSTALLED) == Path("/var/lib/gym-mirror/chosen.toml")


def test_whoever_may_not_read_the_choices_does_without_unless_they_are_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise SettingsError("cannot be read") from PermissionError()

    path = write(tmp_path / "k.toml", "[screen]\nfps = 20\n")
    monkeypatch.setattr(settings, "find_chosen", refuse)
    assert load(path).screen.fps == 20
    with pytest.raises(SettingsError):
        load(path, needs_chosen=True)
