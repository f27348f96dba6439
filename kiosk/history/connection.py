"""Opens the history file to read, or to write: checked, migrated, set aside if it is damaged."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from kiosk.errors import HistoryError, os_errors_as
from kiosk.history.schema import MIGRATIONS, empty_history, migrate, refuse_newer, version_of

FILE_NAME = "history.sqlite3"

# in WAL mode readers block nobody; only another program that writes can make the writer wait
BUSY_S = 1.0
READER_BUSY_S = 0.25
"""Longest wait of a reader for a lock: the screen waits for it."""
CACHE_KIB = 256
"""How much of the file the writer keeps in memory."""
_ASIDE = ".damaged-"
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_REMEDIES = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space on it",
    sqlite3.SQLITE_BUSY: "another program holds it locked; close that program",
    sqlite3.SQLITE_READONLY: (
        "cannot be written; let this user write the file and its folder, "
        "and check that the disk is not mounted read-only"
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "cannot be opened; let this user read and write the file and its folder"
    ),
    **dict.fromkeys(
        _DAMAGE, "damaged; restart the kiosk, which sets it aside and begins a new one"
    ),
}


class _DamagedError(HistoryError):
    """The file's contents are inconsistent."""


def open_for_writing(path: Path) -> tuple[sqlite3.Connection, str | None]:
    """Opens the file, or creates it.

    Returns:
        A connection in autocommit mode, with WAL and synchronous=FULL; and a notice for the user
        where a damaged file had to be set aside, else None.

    Raises:
        HistoryError: the folder cannot be created or written, or the file is of a newer version.
    """
    remedy = "set history.folder to a folder that this user may write"
    with os_errors_as(HistoryError, f"{path.parent}: the history folder cannot be made", remedy):
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _open(path), None
    except _DamagedError:
        kept = set_aside(path)
    return _open(path), f"{path} was damaged; it is kept as {kept.name}, and a new one is begun"


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Opens the file read-only, or an empty history in memory where there is no file yet.

    Raises:
        HistoryError: the file cannot be read, or is of another version.
        sqlite3.Error: the same, for SQLite's reasons.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return empty_history()
    except OSError as error:
        raise HistoryError(
            f"{path}: cannot be read ({error.strerror}); let this user read its folder"
        ) from error
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with ExitStack() as on_error:
        connection = sqlite3.connect(uri, uri=True, timeout=READER_BUSY_S)
        on_error.callback(connection.close)
        version = version_of(connection)
        refuse_newer(version, path)
        if version == 0:
            return empty_history()
        if version < len(MIGRATIONS):
            raise HistoryError(
                f"{path}: written by an older kiosk; start this kiosk once, "
                "which brings the file up to date"
            )
        on_error.pop_all()
    return connection


def set_aside(path: Path) -> Path:
    """Renames a damaged file and its logs, and returns the file's new path.

    Raises HistoryError where the folder cannot be written.
    """
    moment = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    kept = path.with_name(f"{path.stem}{_ASIDE}{moment}{path.suffix}")
    remedy = "let this user write its folder, or remove the file"
    with os_errors_as(HistoryError, f"{path}: damaged, and cannot be set aside", remedy):
        # the file itself last: a log left beside a new file would be taken for the log of that one
        for tail in ("-wal", "-shm", ""):
            part = path.with_name(path.name + tail)
            if part.exists():
                part.rename(kept.with_name(kept.name + tail))
    return kept


def aside_files(path: Path) -> list[Path]:
    """Returns the damaged files of this history that were set aside, with their logs."""
    return sorted(path.parent.glob(f"{path.stem}{_ASIDE}*"))


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Makes all changes of the block durable, or none if it raises."""
    connection.execute("BEGIN IMMEDIATE")
    with connection:  # commits or rolls back, unless an error such as a full disk already has
        yield


def is_damage(error: sqlite3.Error) -> bool:
    """Returns whether an error of SQLite is due to the file's contents."""
    return _code(error) in _DAMAGE


def needs_reopening(error: sqlite3.Error) -> bool:
    """Returns whether the connection may stay unusable when the cause of the error has gone."""
    return _code(error) not in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY}


def history_error(error: sqlite3.Error, path: Path) -> HistoryError:
    """Turns an error of SQLite into one that names the file and the remedy."""
    remedy = _REMEDIES.get(_code(error) or 0, f"{error}; check the disk")
    return HistoryError(f"{path}: {remedy}")


def _open(path: Path) -> sqlite3.Connection:
    with ExitStack() as on_error:
        try:
            # opened by one thread and used by another, one at a time
            connection = sqlite3.connect(
                path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
            )
            on_error.callback(connection.close)
            refuse_newer(version_of(connection), path)
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise _DamagedError(f"{path}: damaged ({verdict}); remove it")
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            if mode != "wal":
                raise HistoryError(
                    f"{path}: its file system cannot do write-ahead logging; "
                    "set history.folder to a folder on a local disk"
                )
            connection.execute("PRAGMA synchronous = FULL")
            # by default it grows to 2 MB with the file; saving a set needs a few dozen pages
            connection.execute(f"PRAGMA cache_size = {-CACHE_KIB}")
            connection.execute("PRAGMA foreign_keys = ON")
            migrate(connection)
        except sqlite3.Error as error:
            if is_damage(error):
                raise _DamagedError(f"{path}: damaged ({error}); remove it") from error
            raise history_error(error, path) from error
        on_error.pop_all()
    return connection


def _code(error: sqlite3.Error) -> int | None:
    """Returns SQLite's code without its extension; None for an error that Python itself raised."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
