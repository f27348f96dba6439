"""Copies a history with SQLite's backup API, which sees one state of it while others write."""

import contextlib
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from kiosk.errors import HistoryError, os_errors_as
from kiosk.history.history_files import before_path, copies_before, sync, sync_folder
from kiosk.history.schema import MIGRATIONS


def copy_to(source: sqlite3.Connection, target: Path) -> None:
    """Writes a history into one file that needs no log beside it: whole and durable, or not at all.

    Raises:
        HistoryError: it cannot be written.
        sqlite3.Error: the same, for SQLite's reasons.
    """
    draft = target.with_name(f".{os.getpid()}.{target.name}")
    remedy = "free some space, or name another place"
    with os_errors_as(HistoryError, f"{target}: cannot be written", remedy):
        try:
            draft.touch(mode=0o600, exist_ok=False)
            with closing(sqlite3.connect(draft, isolation_level=None)) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
            sync(draft)
            draft.replace(target)
        finally:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
    sync_folder(target.parent)


def copy_before_migration(connection: sqlite3.Connection, path: Path) -> Path:
    """Keeps the history as the older kiosk left it, and no other such copy.

    Without it there is no migration: a disk that is full now fails later too.
    """
    copy = before_path(path, f"v{len(MIGRATIONS)}")
    earlier = copies_before(path, "v*")
    copy_to(connection, copy)
    for other in earlier:
        if other != copy:
            with contextlib.suppress(OSError):
                other.unlink()
    return copy


def refuse_to_wait(path: Path, what: str) -> Callable[[int, int, int], None]:
    """Returns what a backup into a live history calls: it gives up where that is locked."""

    def progress(status: int, _remaining: int, _total: int) -> None:
        # Python would retry for ever, and block the only thread that writes
        if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise HistoryError(
                f"{path}: not {what}, for another program holds it locked; close that program"
            )

    return progress
