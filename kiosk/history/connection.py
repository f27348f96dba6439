"""Opening the history file for writing: checked, migrated, damaged ones set aside."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from kiosk.errors import HistoryError
from kiosk.history.schema import migrate, refuse_newer, version_of
from kiosk.history.sqlite_errors import explained, is_damage

# a reader blocks nobody in WAL mode; only a stranger with the file open can make the writer wait
BUSY_S = 1.0
CACHE_KIB = 256
"""Of the file that the writer keeps in memory."""
_ASIDE = ".damaged-"


class _DamagedError(HistoryError):
    """The file's contents do not hold together."""


def open_for_writing(path: Path) -> tuple[sqlite3.Connection, str | None]:
    """Opens the file, or begins one.

    Returns:
        A connection in autocommit mode, with WAL and synchronous=FULL; and what a person should
        know, where a damaged file had to be set aside.

    Raises:
        HistoryError: the folder cannot be made or written, or the file is of a newer version.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HistoryError(
            f"{path.parent}: the history folder cannot be made ({error.strerror}); "
            "set history.folder to a folder that this user may write"
        ) from error
    try:
        return _open(path), None
    except _DamagedError:
        kept = _set_aside(path)
    return _open(path), f"{path} was damaged; it is kept as {kept.name}, and a new one is begun"


def aside_files(path: Path) -> list[Path]:
    """Damaged files of this history that were set aside, with their logs."""
    return sorted(path.parent.glob(f"{path.stem}{_ASIDE}*"))


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of the block, durably, or none of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # some faults, such as a full disk, have rolled back by themselves
        if connection.in_transaction:
            connection.rollback()
        raise


def _open(path: Path) -> sqlite3.Connection:
    try:
        # any thread may use it, one at a time: it is opened by one and used by another
        connection = sqlite3.connect(
            path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
        )
    except sqlite3.Error as error:
        raise explained(error, path) from error
    try:
        _prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        if is_damage(error):
            raise _DamagedError(f"{path}: damaged ({error}); remove it") from error
        raise explained(error, path) from error
    except HistoryError:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
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
    # left alone it grows to 2 MB with the file, and what a set needs of it are a few dozen pages
    connection.execute(f"PRAGMA cache_size = {-CACHE_KIB}")
    connection.execute("PRAGMA foreign_keys = ON")
    migrate(connection)


def _set_aside(path: Path) -> Path:
    moment = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    kept = path.with_name(f"{path.stem}{_ASIDE}{moment}{path.suffix}")
    try:
        # the file itself last: a log left beside a new file would be taken for that file's own
        for tail in ("-wal", "-shm", ""):
            part = path.with_name(path.name + tail)
            if part.exists():
                part.rename(kept.with_name(kept.name + tail))
    except OSError as error:
        raise HistoryError(
            f"{path}: damaged, and cannot be set aside ({error.strerror}); "
            "let this user write its folder, or remove the file"
        ) from error
    return kept
