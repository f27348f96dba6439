"""A mirror's id and name."""

import socket
from pathlib import Path

from kiosk.system.identity import mirror_id, mirror_name


def test_an_id_stays_and_is_that_of_one_machine(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("0123456789abcdef0123456789abcdef\n")
    other.write_text("0123456789abcdef0123456789abcdee\n")
    assert mirror_id(one) == mirror_id(one)
    assert mirror_id(one) != mirror_id(other)


def test_an_id_does_not_tell_that_of_the_machine(tmp_path: Path) -> None:
    file = tmp_path / "machine-id"
    file.write_text("0123456789abcdef0123456789abcdef\n")
    assert mirror_id(file).hex not in file.read_text()


def test_a_machine_without_an_id_has_one_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "machine-id"
    missing = mirror_id(file)
    for content in ("", "uninitialized\n"):
        file.write_text(content)
        assert mirror_id(file) == missing


def test_a_mirror_is_called_as_configured_or_as_its_machine() -> None:
    assert mirror_name("Rack 3") == "Rack 3"
    assert mirror_name("") == socket.gethostname()
