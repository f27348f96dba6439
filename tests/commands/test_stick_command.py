"""The steps of the unit that copies to a USB stick."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.commands.cli import main
from kiosk.system import stick_state
from kiosk.system.stick_state import FILE_NAME, read_stick

pytestmark = pytest.mark.usefixtures("bare")
Said = Callable[[list[str]], str]


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that systemd makes for the unit."""
    folder = tmp_path / "run"
    folder.mkdir()
    monkeypatch.setattr(stick_state, "FOLDER", folder)
    for function in (stick_state.tell_stick, stick_state.read_stick):
        monkeypatch.setattr(function, "__defaults__", (folder,))
    return folder


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    monkeypatch.setattr(Path, "is_mount", lambda self: self == folder)
    return folder


def test_it_is_off_unless_the_settings_say_otherwise(tmp_path: Path) -> None:
    assert main(["stick", "enabled"]) == 1
    file = tmp_path / "kiosk.toml"
    file.write_text("[stick]\nenabled = true\n")
    assert main(["stick", "enabled", "--settings", str(file)]) == 0


def test_a_stick_is_copied_to_and_then_to_be_taken_out(
    told: Path, stick: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('[mirror]\nname = "Rack 3"\n')
    assert main(["stick", "copy", str(stick), "--settings", str(file)]) == 0
    assert read_stick(told) == "copied"
    assert capsys.readouterr().out.count(f"{stick}/Rack 3/") == 3
    assert main(["stick", "release"]) == 0
    assert read_stick(told) == "remove"


def test_a_stick_that_received_nothing_keeps_its_reason(
    told: Path, tmp_path: Path, refused: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "is_mount", lambda _: False)
    assert "format it with FAT32 or exFAT" in refused(["stick", "copy", str(tmp_path)])
    assert read_stick(told) == "foreign"
    assert main(["stick", "release"]) == 0
    assert read_stick(told) == "foreign"


def test_without_a_unit_it_copies_all_the_same(stick: Path) -> None:
    assert main(["stick", "copy", str(stick)]) == 0


@pytest.mark.usefixtures("told")
def test_a_history_that_cannot_be_read_is_one_line(
    stick: Path, refused: Said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    state = tmp_path / "damaged"
    state.mkdir()
    (state / "history.sqlite3").write_bytes(b"no database" * 1000)
    monkeypatch.setenv("STATE_DIRECTORY", str(state))
    assert "history.sqlite3" in refused(["stick", "copy", str(stick)])
    assert list(stick.iterdir()) == []


def test_a_copy_without_a_place_is_refused(refused: Said) -> None:
    assert "name the folder where the stick is mounted" in refused(["stick", "copy"])


@pytest.mark.parametrize("content", [b"", b"dancing", b"\xff", b"copying" * 99])
def test_a_damaged_state_is_no_stick(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    assert read_stick(tmp_path) is None
