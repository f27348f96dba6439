"""Opens the history file to read, or to write: checked, migrated, set aside if it is damaged."""

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from kiosk.errors import HistoryError, os_errors_as
from kiosk.history.copies import copy_before_migration
from kiosk.history.history_files import (
    FILE_NAME,
    aside_files,
    aside_path,
    foreign_log,
    log_of,
    set_aside,
    share_as_folder,
    sync_folder,
    touch,
)
from kiosk.history.notice import Event, Notice
from kiosk.history.pages import HEADER_BYTES, committed_pages, header_fault
from kiosk.history.recover import Recovered, draft_path, recover
from kiosk.history.rows import check_types, set_of
from kiosk.history.schema import (
    MIGRATIONS,
    empty_history,
    migrate,
    refuse_newer,
    schema_fault,
    version_of,
)

__all__ = ["FILE_NAME", "aside_files", "set_aside"]  # also named here, for those who open the file

# in WAL mode readers block nobody; only another program that writes can make the writer wait
BUSY_S = 1.0
READER_BUSY_S = 0.25
"""Longest wait of a reader for a lock: the screen waits for it."""
CACHE_KIB = 256
"""How much of the file the writer keeps in memory."""
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_OUTSIDE = {
    *(sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM),
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR),
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL),
    *(sqlite3.SQLITE_NOLFS, sqlite3.SQLITE_AUTH),
}
"""Errors whose cause lies outside of the file. Everything else that is raised over a file that was
there before is damage: no list of what damage can raise would be whole."""
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


class DamagedHistoryError(HistoryError):
    """The file's contents are not those of a history."""


def open_for_writing(
    path: Path, *, thorough: bool = False
) -> tuple[sqlite3.Connection, Notice | None]:
    """Opens the file, or creates it.

    Args:
        path: of the file.
        thorough: also reads every set as a reader does.

    Returns:
        A connection in autocommit mode, with WAL and synchronous=FULL; and a notice for the user
        where a damaged file or a foreign log had to be set aside, else None.

    Raises:
        HistoryError: the folder cannot be created or written, or the file is of a newer version.
    """
    remedy = "set history.folder to a folder that this user may write"
    with os_errors_as(HistoryError, f"{path.parent}: the history folder cannot be made", remedy):
        path.parent.mkdir(parents=True, exist_ok=True)
    if draft_path(path).exists() and not path.exists():
        draft_path(path).rename(path)  # the power failed between the two renames below
    notice = _set_foreign_log_aside(path)
    try:
        return _open(path, thorough=thorough), notice
    except DamagedHistoryError as error:
        damage = error
    with contextlib.suppress(OSError):
        draft_path(path).unlink(missing_ok=True)
    found = recover(path)
    kept = set_aside(path)
    if found.draft is not None:
        found.draft.rename(path)
        sync_folder(path.parent)
    return _open(path), _notice_of(path, kept, found, damage)


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Opens the file read-only, or an empty history in memory where there is no file yet.

    Raises:
        HistoryError: the file cannot be read, or is of another version.
        Exception: whatever SQLite or Python makes of a damaged one.
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
        refuse_newer(connection, path)
        if version == 0 and not connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
            return empty_history()
        if version < len(MIGRATIONS):
            raise HistoryError(
                f"{path}: written by an older kiosk; start this kiosk once, "
                "which brings the file up to date"
            )
        on_error.pop_all()
    return connection


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Gives the history for reading, its rows with the names of their columns, and closes it.

    Raises:
        HistoryError: it cannot be read, whatever was raised inside the block or before it.
    """
    try:
        with closing(open_for_reading(path)) as connection:
            connection.row_factory = sqlite3.Row
            yield connection
    except HistoryError:
        raise
    except Exception as error:
        # Python too raises over damaged contents, and in more ways than can be listed
        raise reading_error(error, path) from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Makes all changes of the block durable, or none if it raises."""
    connection.execute("BEGIN IMMEDIATE")
    with connection:  # commits or rolls back, unless an error such as a full disk already has
        yield


def close(connection: sqlite3.Connection, path: Path) -> None:
    """Closes a connection that may write.

    The last one moves the log into the file. Touched before, the log is not taken for a foreign one
    if the power fails meanwhile.
    """
    touch(log_of(path))
    connection.close()


def is_damage(error: Exception) -> bool:
    """Returns whether SQLite itself says that the file is damaged."""
    return _code(error) in _DAMAGE


def needs_reopening(error: sqlite3.Error) -> bool:
    """Returns whether the connection may stay unusable when the cause of the error has gone."""
    return _code(error) not in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY}


def history_error(error: Exception, path: Path) -> HistoryError:
    """Turns what was raised over the file into one line that names file and remedy."""
    remedy = _REMEDIES.get(_code(error) or 0, f"{error}; check the disk")
    return (DamagedHistoryError if is_damage(error) else HistoryError)(f"{path}: {remedy}")


def reading_error(error: Exception, path: Path) -> HistoryError:
    """The same for a file that was only read: what has no cause outside of it is damage."""
    if _code(error) == sqlite3.SQLITE_CANTOPEN:
        # whoever may not write the folder reads only a log that a mirror has begun
        return HistoryError(
            f"{path}: cannot be read now; start the mirror, and let this user read the file and "
            "its folder"
        )
    known = _code(error) in _OUTSIDE | _DAMAGE
    if known or isinstance(error, OSError | sqlite3.ProgrammingError | MemoryError):
        return history_error(error, path)
    return DamagedHistoryError(f"{path}: damaged ({error}); restart the kiosk, which sets it aside")


def checked(connection: sqlite3.Connection, path: Path) -> int:
    """Checks a history whole, and returns its version; 0 for an empty file.

    Raises:
        DamagedHistoryError: it is damaged, or no history.
        HistoryError: it is of a newer version.
        sqlite3.Error: and others, as above.
    """
    refuse_newer(connection, path)
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    fault = schema_fault(connection) if verdict == "ok" else verdict
    if fault is not None:
        raise DamagedHistoryError(f"{path}: damaged ({fault}); remove it")
    return version_of(connection)


def _open(path: Path, *, thorough: bool = False) -> sqlite3.Connection:
    with ExitStack() as on_error:
        try:
            check_header(path)
            # opened by one thread and used by another, one at a time
            connection = sqlite3.connect(
                path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
            )
            on_error.callback(close, connection, path)
            version = checked(connection, path)
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            _require_log(mode, path)
            connection.execute("PRAGMA synchronous = FULL")
            # by default it grows to 2 MB with the file; saving a set needs a few dozen pages
            connection.execute(f"PRAGMA cache_size = {-CACHE_KIB}")
            connection.execute("PRAGMA foreign_keys = ON")
            if 0 < version < len(MIGRATIONS):
                copy_before_migration(connection, path)
            migrate(connection)
            if thorough:
                _read_all(connection)
        except (HistoryError, MemoryError):
            raise
        except Exception as error:
            if isinstance(error, OSError) or _code(error) in _OUTSIDE:
                raise history_error(error, path) from error
            raise DamagedHistoryError(f"{path}: damaged ({error}); remove it") from error
        on_error.pop_all()
    share_as_folder(path)
    touch(path)  # from here on its log is newer than the file, whatever the clock was before
    return connection


def _read_all(connection: sqlite3.Connection) -> None:
    rows = connection.cursor()
    rows.row_factory = sqlite3.Row
    for row in rows.execute("SELECT * FROM sets"):
        set_of(row)
    for table in ("days", "plans", "tags", "changes"):
        for row in rows.execute(f"SELECT * FROM {table}"):  # noqa: S608 - fixed names
            check_types(row)


def _require_log(mode: str, path: Path) -> None:
    if mode != "wal":
        raise HistoryError(
            f"{path}: its file system cannot do write-ahead logging; "
            "set history.folder to a folder on a local disk"
        )


def check_header(path: Path) -> None:
    """Raises DamagedHistoryError for a file whose header is not that of a history."""
    try:
        with path.open("rb") as file:
            header = file.read(HEADER_BYTES)
    except OSError:
        return  # SQLite says why it cannot be opened, or creates it
    if path.with_name(path.name + "-journal").exists():
        return  # the power failed while it was created; SQLite takes back what was half written
    if not header or (fault := header_fault(header, logged=log_of(path).exists())) is None:
        return
    newer = committed_pages(log_of(path)).get(1)
    if newer is None or header_fault(newer) is not None:
        raise DamagedHistoryError(f"{path}: damaged ({fault}); remove it")


def _set_foreign_log_aside(path: Path) -> Notice | None:
    if not foreign_log(path):
        return None
    log = log_of(path)
    kept = log_of(aside_path(path))
    remedy = "let this user write its folder, or remove the log"
    with os_errors_as(HistoryError, f"{log}: of another file, and cannot be set aside", remedy):
        log.rename(kept)
    return Notice(
        Event.LOG_SET_ASIDE,
        f"{log} belongs to another file than the one that lies beside it; it is kept as "
        f"{kept.name}",
    )


def _notice_of(path: Path, kept: Path, found: Recovered, damage: HistoryError) -> Notice:
    text = f"{damage}; it is kept as {kept.name}, and a new one is begun: {found.text}"
    text = f"{path} was damaged" + text.removeprefix(f"{path}: damaged").replace("; remove it", "")
    event = Event.RECOVERED if found.sets else Event.SET_ASIDE
    return Notice(event, text, found.sets, found.of)


def _code(error: Exception) -> int | None:
    """Returns SQLite's code without its extension; None for an error that Python itself raised."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
