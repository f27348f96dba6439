"""The outbox's file of what was sent: damaged it begins anew, in any other trouble it says so."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.errors import OutboxError
from kiosk.outbox.outbox_state import FILE_NAME, OutboxState


def is_closed(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("SELECT 1")
    except sqlite3.ProgrammingError:
        return True
    return False


def test_a_damaged_file_is_kept_aside_and_begun_anew(
    tmp_path: Path, connections: list[sqlite3.Connection]
) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(b"no database at all " * 100)
    state = OutboxState(tmp_path, "database")
    assert list(state.sent()) == []
    state.close()
    assert path.with_suffix(".damaged").read_bytes().startswith(b"no database")
    assert all(map(is_closed, connections))


def test_a_file_of_another_program_is_left_alone_and_not_kept_open(
    tmp_path: Path, connections: list[sqlite3.Connection]
) -> None:
    path = tmp_path / FILE_NAME
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 7")
    before = path.read_bytes()
    with pytest.raises(OutboxError, match="cannot be used"):
        OutboxState(tmp_path, "database")
    assert path.read_bytes() == before
    assert all(map(is_closed, connections))
