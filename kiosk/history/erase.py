"""Erases the history: for good, or aside for a day."""

import contextlib
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from kiosk.errors import HistoryError, os_errors_as
from kiosk.history.copies import refuse_to_wait
from kiosk.history.history_files import aside_files, sync_folder
from kiosk.history.rows import SUM_UP_ALL_DAYS
from kiosk.history.schema import empty_history, version_of

UNDO_S = 24 * 3600.0
"""An erased history can be brought back for so long."""
_ERASED = ".erased-"
_MOMENT = "%Y%m%d-%H%M%S"


def erase(connection: sqlite3.Connection, path: Path) -> None:
    """Empties the history, and removes all files beside it that hold sets.

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
    check_alone(connection, path, "erased")
    for aside in aside_files(path):
        with _named(aside):
            aside.unlink(missing_ok=True)
    for folder in erased_folders(path):
        _remove_folder(folder)
    with closing(empty_history()) as empty:
        empty.backup(connection, progress=refuse_to_wait(path, "erased"))
    if not _truncate_log(connection):
        raise HistoryError(
            f"{path}: the sets are gone, but another program began to read the file and keeps what "
            "they were in it; close that program and erase again"
        )
    sync_folder(path.parent)


def check_alone(connection: sqlite3.Connection, path: Path, what: str) -> None:
    """Moves the log into the file, so that the file holds all sets and can be moved.

    Raises HistoryError where another program is reading the file.
    """
    # the check finds a reader only if the log has a page; this writes one that changes nothing
    connection.execute(f"PRAGMA user_version = {version_of(connection)}")
    if not _truncate_log(connection):
        raise HistoryError(
            f"{path}: not {what}, for another program is reading it; close that program"
        )


def move_aside(path: Path, now_s: float) -> None:
    """Moves the history, and all files beside it that hold sets, into a folder of their own.

    Nobody may have it open. `now_s` is in seconds since 1970.
    """
    folder = _erased_at(path, now_s)
    while (folder / path.name).exists():  # one of the same second
        now_s += 1.0
        folder = _erased_at(path, now_s)
    with os_errors_as(
        HistoryError, f"{path}: cannot be set aside", "let this user write its folder"
    ):
        folder.mkdir(mode=0o700, exist_ok=True)
        # the history itself last: until then it is not erased, and the next try moves the rest
        for part in [*aside_files(path), path]:
            part.rename(folder / part.name)
        sync_folder(folder)
        sync_folder(path.parent)


def bring_back(path: Path, undone: Path) -> None:
    """Moves an erased history, which already holds the newer sets too, back to its place."""
    with os_errors_as(HistoryError, f"{undone}: cannot be brought back", "check the disk"):
        (undone / path.name).replace(path)
        for part in undone.iterdir():
            part.rename(path.with_name(part.name))
        undone.rmdir()
        sync_folder(path.parent)


def take_newer_sets(older: sqlite3.Connection, newer: Path) -> None:
    """Copies into an erased history the sets that were done since, behind its own.

    A plan and a tag of now take the place of an earlier one.

    Done again, it changes nothing.
    """
    columns = {
        table: [row[1] for row in older.execute(f"PRAGMA table_info({table})") if row[1] != "id"]
        for table in ("sets", "reps")
    }
    older.execute("ATTACH ? AS newer", (f"{newer.absolute().as_uri()}?mode=ro",))
    older.execute("BEGIN IMMEDIATE")
    with older:
        rows = older.execute(
            "SELECT id, run, serial FROM newer.sets AS its WHERE NOT EXISTS ("
            " SELECT 1 FROM main.sets WHERE (run, serial) = (its.run, its.serial)) ORDER BY id"
        ).fetchall()
        for old_id, *_ in rows:
            names = ", ".join(columns["sets"])
            added = older.execute(
                f"INSERT INTO main.sets ({names}) SELECT {names} FROM newer.sets WHERE id = ?",  # noqa: S608
                (old_id,),
            ).lastrowid
            names = ", ".join(name for name in columns["reps"] if name != "set_id")
            older.execute(
                f"INSERT INTO main.reps (set_id, {names})"  # noqa: S608
                f" SELECT ?, {names} FROM newer.reps WHERE set_id = ? ORDER BY position",
                (added, old_id),
            )
        older.execute("DELETE FROM main.days")
        older.execute(SUM_UP_ALL_DAYS)
        older.execute("REPLACE INTO main.plans SELECT * FROM newer.plans")
        older.execute(
            "REPLACE INTO main.tags SELECT * FROM newer.tags"
            " WHERE (SELECT salt FROM main.tag_salt) = (SELECT salt FROM newer.tag_salt)"
        )
    older.execute("DETACH newer")


def erased_folders(path: Path) -> list[Path]:
    """Returns the folders of what was erased and can be brought back, the newest last."""
    return sorted(f for f in path.parent.glob(f"{path.stem}{_ERASED}*") if f.is_dir())


def due_s(path: Path) -> float | None:
    """Returns when the oldest of those is erased for good, in seconds since 1970."""
    return next((_erased_s(folder) + UNDO_S for folder in erased_folders(path)), None)


def erase_due(path: Path, now_s: float) -> int:
    """Erases for good what was erased more than a day ago; returns how many histories."""
    due = [folder for folder in erased_folders(path) if now_s >= _erased_s(folder) + UNDO_S]
    for folder in due:
        _remove_folder(folder)
    if due:
        sync_folder(path.parent)
    return len(due)


def _erased_at(path: Path, now_s: float) -> Path:
    moment = datetime.fromtimestamp(now_s, UTC).strftime(_MOMENT)
    return path.with_name(f"{path.stem}{_ERASED}{moment}")


def _erased_s(folder: Path) -> float:
    text = folder.name.rpartition(_ERASED)[2]
    with contextlib.suppress(ValueError, OverflowError):
        return datetime.strptime(text, _MOMENT).replace(tzinfo=UTC).timestamp()
    return 0.0  # a name that nobody can read is due


def _remove_folder(folder: Path) -> None:
    with _named(folder):
        shutil.rmtree(folder)


def _named(place: Path) -> contextlib.AbstractContextManager[None]:
    remedy = "let this user write its folder, or remove the file"
    return os_errors_as(HistoryError, f"{place}: holds old sets and cannot be erased", remedy)


def _truncate_log(connection: sqlite3.Connection) -> bool:
    """Moves the log into the file and truncates it; False where a reader still needs it."""
    (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
