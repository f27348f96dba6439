"""Files of every version become files of this one, wholly or not at all."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from history.records import MORNING, record, rep

from kiosk.errors import HistoryError
from kiosk.history.connection import open_for_writing
from kiosk.history.rows import REP_COLUMNS, SUMS, row_of, row_of_set
from kiosk.history.schema import MIGRATIONS, empty_history, migrate, refuse_newer, version_of
from kiosk.history.store import Store

RELEASED = ("d419f0b9f5021b1a", "1b93aa6aeac4206c")
"""Hashes of the scripts that files of the mirrors in use have run; only ever appended to."""
TABLES = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A file of this version with a set in it."""
    store = Store(tmp_path)
    store.save(record(1, rep(1)), MORNING)
    store.close()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
        yield connection


def columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def test_the_columns_are_those_that_rows_name() -> None:
    with closing(empty_history()) as connection:
        row = row_of(rep(1))
        assert set(columns(connection, "reps")) == {"id", "set_id", "position", *row}
        assert tuple(row)[: len(REP_COLUMNS)] == REP_COLUMNS
        begun = row_of_set(record(), "run", MORNING)
        assert set(columns(connection, "sets")) == {"id", *begun, *SUMS}


def test_scripts_that_files_have_run_never_change() -> None:
    hashes = [hashlib.sha256(script.encode()).hexdigest()[:16] for script in MIGRATIONS]
    assert tuple(hashes[: len(RELEASED)]) == RELEASED


@pytest.mark.parametrize("version", range(len(MIGRATIONS)))
def test_every_version_arrives_at_the_same_tables(version: int) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as old:
        migrate(old, MIGRATIONS[:version])
        assert version_of(old) == version
        migrate(old)
        with closing(empty_history()) as new:
            assert version_of(old) == version_of(new) == len(MIGRATIONS)
            assert old.execute(TABLES).fetchall() == new.execute(TABLES).fetchall()


def test_a_reader_sees_no_new_file_half_made() -> None:
    """A reader who came between two steps met an older version."""
    connection, executed = sqlite3.connect(":memory:", isolation_level=None), list[str]()
    connection.set_trace_callback(executed.append)
    migrate(connection)
    assert len(MIGRATIONS) > 1
    assert sum("COMMIT" in statement for statement in executed) == 1
    connection.close()


def test_an_older_file_is_brought_up_to_date_step_by_step(file: sqlite3.Connection) -> None:
    steps = (
        *MIGRATIONS,
        "ALTER TABLE sets ADD COLUMN load_kg REAL; UPDATE sets SET load_kg = 20.0",
        "UPDATE sets SET load_kg = load_kg + 1",
    )
    migrate(file, steps)
    migrate(file, steps)
    assert version_of(file) == len(steps)
    assert file.execute("SELECT load_kg, reps FROM sets").fetchall() == [(21.0, 1)]


def test_a_step_that_fails_is_undone(file: sqlite3.Connection, tmp_path: Path) -> None:
    steps = (*MIGRATIONS, "ALTER TABLE sets ADD COLUMN load_kg REAL; UPDATE nowhere SET x = 1")
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrate(file, steps)
    file.close()
    again, notice = open_for_writing(tmp_path / "history.sqlite3")
    with closing(again):
        assert notice is None
        assert version_of(again) == len(MIGRATIONS)
        assert "load_kg" not in columns(again, "sets")


def test_only_a_newer_version_is_refused() -> None:
    for version in range(len(MIGRATIONS) + 1):
        refuse_newer(version, Path("h"))
    with pytest.raises(HistoryError, match=r"h: written by a newer kiosk \(schema 3, .* up to 2\)"):
        refuse_newer(len(MIGRATIONS) + 1, Path("h"))
