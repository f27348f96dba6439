"""Backs a history up and restores it, also while a mirror writes it."""

import contextlib
import sqlite3
from contextlib import closing
from pathlib import Path

from kiosk.coaching.record import Ended
from kiosk.errors import BadInputError, HistoryError
from kiosk.history.connection import (
    DamagedHistoryError,
    check_header,
    checked,
    close,
    history_error,
    open_for_writing,
    reading,
)
from kiosk.history.copies import copy_to, refuse_to_wait
from kiosk.history.history_files import before_path
from kiosk.history.schema import migrate
from kiosk.history.store import END_OPEN_SETS

BEFORE_RESTORE = "restore"
"""Names the copy of what was there before a restore."""


def backup(path: Path, target: Path) -> int:
    """Writes the history to a new file, as it is at one moment; returns how many sets it has.

    Raises:
        BadInputError: there is such a file already, which may be the only good backup.
        HistoryError: the history cannot be read, or the file not be written.
    """
    if target.exists():
        raise BadInputError(f"{target}: is there already; name a new file, or remove it first")
    if not target.parent.is_dir():
        raise BadInputError(f"{target.parent}: no such folder; make it first")
    with reading(path) as connection:
        copy_to(connection, target)
        with closing(sqlite3.connect(f"{target.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            (sets,) = copy.execute("SELECT count(*) FROM sets").fetchone()
    return int(sets)


def restore(source: Path, path: Path) -> int:
    """Puts the sets of a backup in the place of all that there are; returns how many it has.

    Other programs that have the history open continue with it, as each page is written through
    SQLite, in one transaction. What was there is kept as a copy, of which there is one.

    Raises:
        HistoryError: the backup is damaged, of a newer version or no history; or the history cannot
            be written. Nothing is changed then.
    """
    draft = path.with_name(f"{path.stem}.restoring{path.suffix}")
    try:
        _draft_of(source, draft)
        with closing(sqlite3.connect(draft, isolation_level=None)) as ready:
            migrate(ready)
            ready.execute(END_OPEN_SETS, {"ended": Ended.INTERRUPTED.value, "run": ""})
            # whoever copies the sets elsewhere compares all, and removes what is no more
            ready.execute("UPDATE changes SET file = randomblob(16), removal = randomblob(16)")
            (sets,) = ready.execute("SELECT count(*) FROM sets").fetchone()
            connection, _ = open_for_writing(path)
            try:
                copy_to(connection, before_path(path, BEFORE_RESTORE))
                ready.backup(connection, progress=refuse_to_wait(path, "restored"))
            finally:
                close(connection, path)
    except sqlite3.Error as error:
        raise history_error(error, path) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
    return int(sets)


def _require_sets(version: int, source: Path) -> None:
    if version == 0:
        raise DamagedHistoryError(f"{source}: damaged (it is empty)")


def _draft_of(source: Path, draft: Path) -> None:
    """Copies a backup that is whole to where it can be migrated."""
    if not source.is_file():
        raise BadInputError(f"{source}: no such file; name a backup of a history")
    uri = f"{source.absolute().as_uri()}?mode=ro"
    try:
        check_header(source)
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            _require_sets(checked(connection, source), source)
            draft.parent.mkdir(parents=True, exist_ok=True)
            draft.unlink(missing_ok=True)
            copy_to(connection, draft)
    except DamagedHistoryError as error:
        message = str(error).replace("; remove it", "")
        raise HistoryError(f"{message}; nothing is restored, name another backup") from error
    except HistoryError:
        raise
    except Exception as error:
        raise HistoryError(
            f"{source}: cannot be read as a history ({error}); nothing is restored"
        ) from error
