"""Real errors of SQLite become errors that name file and remedy."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.history.sqlite_errors import history_error, is_damage, needs_reopening


def full(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA max_page_count = 2")
        connection.execute("CREATE TABLE t (x)")
        connection.execute("INSERT INTO t VALUES (zeroblob(10000))")


def locked(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")


def read_only(path: Path) -> None:
    sqlite3.connect(path).close()
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute("CREATE TABLE t (x)")


def a_folder(path: Path) -> None:
    path.mkdir()
    sqlite3.connect(path).close()


def no_database(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("SELECT * FROM sqlite_schema")


def no_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("SELECT * FROM nowhere")


def raised(cause: Callable[[Path], None], path: Path) -> sqlite3.Error:
    with pytest.raises(sqlite3.Error) as caught:
        cause(path)
    return caught.value


@pytest.mark.parametrize(
    ("cause", "remedy", "damage", "reopen"),
    [
        (full, "the disk is full; free some space on it", False, False),
        (locked, "another program holds it locked; close that program", False, False),
        (read_only, "cannot be written; let this user write the file and its folder", False, True),
        (a_folder, "cannot be opened; let this user read and write the file", False, True),
        (no_database, "damaged; restart the kiosk", True, True),
        (no_table, "no such table: nowhere; check the disk", False, True),
    ],
)
def test_an_error_is_explained_and_classified(
    tmp_path: Path, cause: Callable[[Path], None], remedy: str, *, damage: bool, reopen: bool
) -> None:
    path = tmp_path / "history.sqlite3"
    error = raised(cause, path)
    assert str(history_error(error, path)).startswith(f"{path}: {remedy}")
    assert is_damage(error) == damage
    assert needs_reopening(error) == reopen


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "holds it locked"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "cannot be written"),
        (sqlite3.SQLITE_CORRUPT_INDEX, "damaged"),
        (sqlite3.SQLITE_IOERR_FSYNC, "check the disk"),
    ],
)
def test_an_extended_code_counts_as_its_primary_one(code: int, remedy: str) -> None:
    error = sqlite3.OperationalError("no")
    error.sqlite_errorcode = code
    assert remedy in str(history_error(error, Path("h")))
    assert is_damage(error) == (remedy == "damaged")
    assert needs_reopening(error) == (remedy != "holds it locked")


def test_an_error_of_pythons_own_is_quoted() -> None:
    error = sqlite3.ProgrammingError("Cannot operate on a closed database.")
    expected = "h: Cannot operate on a closed database.; check the disk"
    assert str(history_error(error, Path("h"))) == expected
    assert needs_reopening(error)
