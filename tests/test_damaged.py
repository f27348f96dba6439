"""No input ends in a traceback or in more than one line: a few damaged ones of every format."""

import json
import shutil
from pathlib import Path

import pytest

from fuzzing import DAMAGED, FORMATS, answer, found_in, quick
from kiosk.app.safe_settings import load_or_default
from kiosk.commands.cli import BAD_INPUT, main
from kiosk.errors import KioskError
from kiosk.settings import Settings, load

INPUTS = 60
"""Of each format in every run; `tests/platform/fuzz_inputs.py` tries 20,000."""


@pytest.mark.parametrize("name", FORMATS)
def test_damaged_files_are_used_or_refused_in_one_line(name: str, tmp_path: Path) -> None:
    assert list(found_in(name, range(INPUTS), tmp_path)) == []


@pytest.mark.parametrize("path", sorted(DAMAGED.iterdir()), ids=lambda path: path.stem)
def test_what_was_answered_wrongly_once_is_refused_in_one_line(path: Path, tmp_path: Path) -> None:
    form = FORMATS[path.stem.partition("-")[0]]
    copy = Path(shutil.copy(path, tmp_path / f"en{form.ending}"))
    with quick(copy):
        assert answer(form, copy) is None
        with pytest.raises(KioskError) as caught:
            form.use(copy)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("path", sorted(DAMAGED.glob("settings-*")), ids=lambda path: path.stem)
def test_a_mirror_starts_on_damaged_settings_and_names_the_fault(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK_SETTINGS", str(path))
    settings, fault = load_or_default()
    assert settings == Settings()
    assert fault is not None
    assert fault.startswith(f"{path}: ")
    assert fault.isprintable()


def test_a_line_that_a_file_forges_is_shown_as_a_part_of_its_key(
    capfd: pytest.CaptureFixture[str],
) -> None:
    path = DAMAGED / "settings-newline-key.toml"
    assert main(["history", "--settings", str(path)]) == BAD_INPUT
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith(f"kiosk: {path}: ")
    assert r"\nkiosk: all is well" in line


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[camera]\n"panel` - at `$.panel.kind" = {}\n', json.dumps("panel` - at `$.panel.kind")),
        ('[coach]\n"a.b" = 1\n', '"a.b"'),
        ('"x` - at `$.panel.kind" = 1\n', json.dumps("x` - at `$.panel.kind")),
        ('[panel]\nkind = "x` - at `$.sound`"\n', "panel.kind = "),
        ("[sound]\nvolume = 0x" + "f" * 5000, "whole number of more than 64 bits"),
        ("[sound]\nvolume = " + "[" * 12 + "]" * 12, "sound.volume = "),
        ("[sound]\nvolume = " + "[" * 40 + "]" * 40, "nested too deeply"),
        ('[camera]\nsource = "a\\u0000b"\n', "camera.source = "),
        ('[history]\nfolder = "sets\\n"\n', "history.folder = "),
        ("#" * 300_000, "longer than 256 kB"),
    ],
)
def test_odd_keys_and_values_are_named_as_they_are(tmp_path: Path, text: str, place: str) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(text)
    with pytest.raises(KioskError) as caught:
        load(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert place in message
    assert len(message) < 2000


@pytest.mark.parametrize("fault", [RuntimeError, MemoryError, OSError, RecursionError])
def test_a_mirror_starts_whatever_a_name_in_its_settings_leads_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    def fails(_: object) -> None:
        raise fault("two\nlines")

    path = tmp_path / "kiosk.toml"
    path.write_text('[camera]\nsource = "film.mp4"\n[sound]\nvolume = 0.1\n')
    monkeypatch.setenv("KIOSK_SETTINGS", str(path))
    monkeypatch.setattr("kiosk.app.safe_settings.check_source", fails)
    settings, told = load_or_default()
    assert (settings.camera, settings.sound.volume) == (Settings().camera, 0.1)
    assert told is not None
    assert "camera.source" in told
    assert told.isprintable()
