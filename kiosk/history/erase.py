"""Erasing the history, so that nothing of it is left in any file of its folder."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from kiosk.errors import HistoryError
from kiosk.history.connection import aside_files
from kiosk.history.schema import migrate, version_of


def erase(connection: sqlite3.Connection, path: Path) -> None:
    """Makes the file an empty history, and removes the damaged ones that were set aside.

    An empty database takes the old one's place, page by page, in one transaction: whatever the
    length of the history it writes some ten pages, and a power cut leaves the old history or the
    empty one. Deleting the rows with `secure_delete` would write every page anew, twice, and could
    not be done on a full disk. Other connections go on in the empty history. Ids begin at 1 again,
    for the first new one would tell how many sets there were.

    The files are cut to the empty history's length. What a card's controller keeps in cells that no
    file reaches is beyond any program.

    Args:
        connection: as `open_for_writing` makes it, in no transaction.
        path: its file.

    Raises:
        HistoryError: somebody is reading the file, or a file set aside cannot be removed. The sets
            are all still there, unless the message says so. Try again later.
        sqlite3.Error: the same, for SQLite's reasons.
    """
    # an empty log hides a reader from the check; one page in it, here of no news, does not
    connection.execute(f"PRAGMA user_version = {version_of(connection)}")
    if not _emptied_log(connection):
        raise HistoryError(
            f"{path}: not erased, for another program is reading it; close that program"
        )
    for aside in aside_files(path):
        try:
            aside.unlink(missing_ok=True)
        except OSError as error:
            raise HistoryError(
                f"{aside}: holds old sets and cannot be erased ({error.strerror}); "
                "let this user write its folder, or remove the file"
            ) from error
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as empty:
        migrate(empty)
        empty.backup(connection, progress=_refuse_to_wait(path))
    if not _emptied_log(connection):
        raise HistoryError(
            f"{path}: the sets are gone, but another program began to read the file and keeps what "
            "they were in it; close that program and erase again"
        )
    _sync(path.parent)


def _emptied_log(connection: sqlite3.Connection) -> bool:
    """Writes the log into the file and cuts it to nothing; False where a reader still needs it."""
    (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _refuse_to_wait(path: Path) -> Callable[[int, int, int], None]:
    def told(status: int, _remaining: int, _total: int) -> None:
        # Python would go on trying for ever, and the one thread that writes with it
        if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise HistoryError(
                f"{path}: not erased, for another program holds it locked; close that program"
            )

    return told


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # not every file system can, and SQLite takes no offence either
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
