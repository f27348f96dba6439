"""The mirror reads what the outbox writes, and never fails over it."""

from pathlib import Path

import pytest

from kiosk.system import outbox_status
from kiosk.system.files import history_folder, outbox_folder
from kiosk.system.outbox_status import (
    FILES,
    OutboxStatus,
    StatusWatch,
    find_status,
    read_status,
    write_status,
)

STATUS = OutboxStatus(target="db:5432/gym", waiting=7, error="db: gone", error_since=1.0)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    watch = StatusWatch(OutboxStatus, tmp_path)
    assert (read_status(OutboxStatus, tmp_path), watch.newest) == (None, None)
    write_status(tmp_path, STATUS)
    assert (read_status(OutboxStatus, tmp_path), watch.newest) == (STATUS, STATUS)
    assert (tmp_path / FILES[OutboxStatus]).stat().st_mode & 0o777 == 0o644


def test_whoever_asks_from_elsewhere_is_told_of_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own"))
    service = tmp_path / "var" / "gym-mirror"
    monkeypatch.setattr(outbox_status, "SERVICE_FOLDERS", (service,))
    assert find_status(OutboxStatus) is None
    for folder, waiting in ((service.with_name("gym-mirror-outbox"), 1), (outbox_folder(), 2)):
        folder.mkdir(parents=True)
        write_status(folder, OutboxStatus(target="db:5432/gym", waiting=waiting))
        found = find_status(OutboxStatus)
        assert found is not None
        assert found.waiting == waiting


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[]", b'{"target": 1}'])
def test_a_damaged_file_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILES[OutboxStatus]).write_bytes(content)
    assert StatusWatch(OutboxStatus, tmp_path).newest is None


def test_the_mirror_and_the_outbox_agree_on_their_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    found = set()
    for own in ("/var/lib/gym-mirror", "/var/lib/gym-mirror-outbox"):
        monkeypatch.setenv("STATE_DIRECTORY", own)
        found.add((history_folder(""), outbox_folder()))
    assert found == {(Path("/var/lib/gym-mirror"), Path("/var/lib/gym-mirror-outbox"))}
