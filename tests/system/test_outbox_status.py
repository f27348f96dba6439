"""The mirror reads what the outbox writes, and never fails over it."""

from pathlib import Path

import pytest

from kiosk.system.files import history_folder, outbox_folder
from kiosk.system.outbox_status import (
    STATUS_NAME,
    OutboxStatus,
    OutboxWatch,
    read_outbox_status,
    write_outbox_status,
)

STATUS = OutboxStatus(target="db:5432/gym", waiting=7, error="db: gone", error_since=1.0)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    watch = OutboxWatch(tmp_path)
    assert (read_outbox_status(tmp_path), watch.newest) == (None, None)
    write_outbox_status(tmp_path, STATUS)
    assert (read_outbox_status(tmp_path), watch.newest) == (STATUS, STATUS)
    assert (tmp_path / STATUS_NAME).stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[]", b'{"target": 1}'])
def test_a_damaged_file_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / STATUS_NAME).write_bytes(content)
    assert OutboxWatch(tmp_path).newest is None


def test_the_mirror_and_the_outbox_agree_on_their_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    found = set()
    for own in ("/var/lib/gym-mirror", "/var/lib/gym-mirror-outbox"):
        monkeypatch.setenv("STATE_DIRECTORY", own)
        found.add((history_folder(""), outbox_folder()))
    assert found == {(Path("/var/lib/gym-mirror"), Path("/var/lib/gym-mirror-outbox"))}
