"""The file is opened for durable writing, or the error names what is wrong with it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.errors import HistoryError
from kiosk.history.connection import (
    DamagedHistoryError,
    aside_files,
    history_error,
    is_damage,
    needs_reopening,
    open_for_reading,
    open_for_writing,
    reading_error,
    set_aside,
    transaction,
)
from kiosk.history.schema import MIGRATIONS, version_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "history.sqlite3"


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("synchronous", 2),  # a commit waits for the disk
        ("journal_mode", "wal"),
        ("foreign_keys", 1),
        ("cache_size", -256),  # little of the file stays in memory, however long it grows
    ],
)
def test_a_new_file_is_opened_durably(path: Path, pragma: str, value: object) -> None:
    connection, notice = open_for_writing(path)
    with closing(connection):
        assert notice is None
        assert version_of(connection) == len(MIGRATIONS)
        assert connection.execute(f"PRAGMA {pragma}").fetchone() == (value,)


@pytest.mark.parametrize("header", [True, False])
def test_a_damaged_file_is_set_aside_and_a_new_one_begun(path: Path, *, header: bool) -> None:
    connection, _ = open_for_writing(path)
    with transaction(connection):
        connection.execute("CREATE TABLE marks (x)")
        connection.executemany("INSERT INTO marks VALUES (?)", [("x" * 900,)] * 50)
    connection.close()
    contents = bytearray(path.read_bytes())
    if header:
        contents[:64] = b"?" * 64
    else:
        contents[4096:-4096] = bytes(len(contents) - 8192)
    path.write_bytes(contents)
    connection, notice = open_for_writing(path)
    with closing(connection):
        (aside,) = aside_files(path)
        assert aside.read_bytes() == contents
        assert notice is not None
        assert aside.name in notice.text
        assert "marks" not in str(connection.execute("SELECT name FROM sqlite_schema").fetchall())


def test_the_logs_of_a_damaged_file_go_with_it(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    tails = ("", "-wal", "-shm")
    for tail in tails:
        path.with_name(path.name + tail).write_text(tail)
    kept = set_aside(path)
    assert kept.parent == tmp_path
    assert aside_files(path) == sorted(kept.with_name(kept.name + tail) for tail in tails)
    for tail in tails:
        assert kept.with_name(kept.name + tail).read_text() == tail
        assert not path.with_name(path.name + tail).exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(HistoryError, match=r"file/sets: .*cannot be made.*history\.folder"):
        open_for_writing(tmp_path / "file" / "sets" / "history.sqlite3")


def test_a_folder_in_place_of_the_file_is_named(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(HistoryError, match=r"history\.sqlite3: cannot be opened"):
        open_for_writing(path)


def test_a_file_that_is_refused_is_closed_and_stays(
    path: Path, connections: list[sqlite3.Connection]
) -> None:
    connection, _ = open_for_writing(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(HistoryError, match=r"newer kiosk \(schema 99"):
        open_for_writing(path)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connections[-1].execute("SELECT 1")
    assert aside_files(path) == []


def test_a_transaction_is_durable_as_a_whole_or_not_at_all(path: Path) -> None:
    connection, _ = open_for_writing(path)
    with transaction(connection):
        connection.execute("CREATE TABLE marks (x)")

    def interrupted() -> Iterator[tuple[int]]:
        yield (1,)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), transaction(connection):
        connection.executemany("INSERT INTO marks VALUES (?)", interrupted())
    assert not connection.in_transaction
    with transaction(connection):
        connection.execute("INSERT INTO marks VALUES (2)")
    with closing(connection), closing(sqlite3.connect(path)) as reader:
        assert reader.execute("SELECT x FROM marks").fetchall() == [(2,)]


def test_a_full_disk_within_a_transaction_undoes_it(path: Path) -> None:
    connection, _ = open_for_writing(path)
    with transaction(connection):
        connection.execute("CREATE TABLE marks (x)")
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"), transaction(connection):
        connection.executemany("INSERT INTO marks VALUES (zeroblob(?))", [(1,), (100_000,)])
    assert not connection.in_transaction
    assert connection.execute("SELECT count(*) FROM marks").fetchone() == (0,)
    connection.close()


def test_a_transaction_waits_for_no_other_writer_longer_than_its_limit(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.history.connection.BUSY_S", 0.0)
    connection, _ = open_for_writing(path)
    with closing(connection), closing(sqlite3.connect(path, isolation_level=None)) as other:
        with (
            transaction(other),
            pytest.raises(sqlite3.OperationalError, match="locked"),
            transaction(connection),
        ):
            pass
        with transaction(connection):
            pass


def test_a_reader_cannot_write(path: Path) -> None:
    open_for_writing(path)[0].close()
    with closing(open_for_reading(path)) as connection:
        assert connection.execute("SELECT count(*) FROM sets").fetchone() == (0,)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("DELETE FROM sets")


@pytest.mark.parametrize(
    ("version", "message"), [(1, "older kiosk; start this kiosk once"), (99, "newer kiosk")]
)
def test_a_reader_refuses_another_version_and_closes_it(
    path: Path, connections: list[sqlite3.Connection], version: int, message: str
) -> None:
    connection, _ = open_for_writing(path)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    with pytest.raises(HistoryError, match=message):
        open_for_reading(path)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connections[-1].execute("SELECT 1")


def test_without_a_file_a_reader_gets_an_empty_history_and_creates_nothing(path: Path) -> None:
    with closing(open_for_reading(path)) as connection:
        assert version_of(connection) == len(MIGRATIONS)
        assert connection.execute("SELECT count(*) FROM days").fetchone() == (0,)
    assert not path.parent.exists()


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


def test_a_log_that_may_not_be_written_is_no_damage(tmp_path: Path) -> None:
    """SQLite makes its log's index before it reads; a mirror that runs has made it already."""
    path = tmp_path / "history.sqlite3"
    with pytest.raises(sqlite3.OperationalError) as raised:
        sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    error = reading_error(raised.value, path)
    assert not isinstance(error, DamagedHistoryError)
    assert str(error).startswith(f"{path}: cannot be read now; start the mirror")
