"""Erases the history, so that nothing of it is left in any file of its folder."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from kiosk.errors import HistoryError, os_errors_as
from kiosk.history.connection import aside_files
from kiosk.history.schema import empty_history, version_of


def erase(connection: sqlite3.Connection, path: Path) -> None:
    """Empties the history, and removes the damaged files that were set aside.

    An empty database replaces the old one, page by page, in one transaction: however long the
    history is, that writes some ten pages, and a power cut leaves the old history or the empty one.
    Deleting the rows with `secure_delete` would write every page twice, and fails on a full disk.
    Other connections continue with the empty history. Ids begin at 1 again, as the next one would
    reveal how many sets there were.

    The files are truncated to the empty history's length. What a card's controller keeps in cells
    outside of every file cannot be reached by any program.

    Args:
        connection: as `open_for_writing` makes it, in no transaction.
        path: its file.

    Raises:
        HistoryError: another program is reading the file, or a file set aside cannot be removed.
            All sets are still there, unless the message states otherwise. Try again later.
        sqlite3.Error: the same, for SQLite's reasons.
    """
    # the check finds a reader only if the log has a page; this writes one that changes nothing
    connection.execute(f"PRAGMA user_version = {version_of(connection)}")
    if not _truncate_log(connection):
        raise HistoryError(
            f"{path}: not erased, for another program is reading it; close that program"
        )
    for aside in aside_files(path):
        remedy = "let this user write its folder, or remove the file"
        with os_errors_as(HistoryError, f"{aside}: holds old sets and cannot be erased", remedy):
            aside.unlink(missing_ok=True)
    with closing(empty_history()) as empty:
        empty.backup(connection, progress=_refuse_to_wait(path))
    if not _truncate_log(connection):
        raise HistoryError(
            f"{path}: the sets are gone, but another program began to read the file and keeps what "
            "they were in it; close that program and erase again"
        )
    folder = os.open(path.parent, os.O_RDONLY)
    with suppress(OSError):  # not every file system can, which SQLite accepts too
        os.fsync(folder)
    os.close(folder)


def _truncate_log(connection: sqlite3.Connection) -> bool:
    """Moves the log into the file and truncates it; False where a reader still needs it."""
    (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _refuse_to_wait(path: Path) -> Callable[[int, int, int], None]:
    def progress(status: int, _remaining: int, _total: int) -> None:
        # Python would retry for ever, and block the only thread that writes
        if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise HistoryError(
                f"{path}: not erased, for another program holds it locked; close that program"
            )

    return progress
