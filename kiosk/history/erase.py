"""Erases the history: for good, or aside for a day."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from kiosk.errors import HistoryError, os_errors_as
from kiosk.history.connection import open_for_writing, transaction
from kiosk.history.copies import refuse_to_wait
from kiosk.history.history_files import aside_files, before_path, sync, sync_folder
from kiosk.history.rows import SUM_UP_ALL_DAYS
from kiosk.history.schema import MIGRATIONS, columns_of, empty_history, migrate, version_of

UNDO_S = 24 * 3600.0
"""An erased history can be brought back for so long."""
PLACE_FILE = "place.sqlite3"
"""Holds what was erased of one place, in a folder as a whole history has one."""
_ERASED = ".erased-"
_ERASING = ".erasing"
_OF_PLACE = ("sets", "days", "plans", "tags")
"""Tables whose rows belong to a place; reps leave with their sets."""
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
    remove_aside_files(path)
    for folder in erased_folders(path):
        _remove_folder(folder)
    with closing(empty_history()) as empty:
        note_removal(empty)
        empty.backup(connection, progress=refuse_to_wait(path, "erased"))
    _finish_erasing(connection, path)


def note_removal(connection: sqlite3.Connection) -> None:
    """Notes that sets have gone without a row being deleted, for whoever has copied them."""
    connection.execute("UPDATE changes SET removal = randomblob(16)")


def remove_aside_files(path: Path) -> None:
    """Removes the files beside a history that hold sets of everybody: damaged ones and copies."""
    for aside in aside_files(path):
        with _named(aside):
            aside.unlink(missing_ok=True)
    _remove_folder(_erasing(path))


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
    folder = _free_folder(path, now_s)
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
        _move_out(undone, path)


def take_newer_sets(older: sqlite3.Connection, newer: Path) -> None:
    """Copies into an erased history the sets that were done since, behind its own.

    A plan and a tag of now take the place of an earlier one. Done again, it changes nothing.
    """
    with _attached(older, newer):
        _take_sets(older)
        older.execute("REPLACE INTO main.plans SELECT * FROM other.plans")
        older.execute(f"REPLACE INTO main.tags SELECT * FROM other.tags WHERE {_SAME_SALT}")  # noqa: S608


def copy_place(path: Path, lifter: int, now_s: float) -> None:
    """Copies what there is of one place into a folder as an erased history has one.

    Files beside the history hold that place's sets too, and move there with it.
    """
    draft, folder = _erasing(path), _free_folder(path, now_s)
    _remove_folder(draft)
    with os_errors_as(
        HistoryError, f"{path}: cannot be set aside", "let this user write its folder"
    ):
        draft.mkdir(mode=0o700)
        with closing(sqlite3.connect(draft / PLACE_FILE, isolation_level=None)) as copy:
            migrate(copy)
            with _attached(copy, path):
                for table in ("sets", "plans", "tags"):
                    copy.execute(
                        f"INSERT INTO main.{table} SELECT * FROM other.{table} WHERE lifter = ?",  # noqa: S608
                        (lifter,),
                    )
                copy.execute(
                    "INSERT INTO main.reps SELECT its.* FROM main.sets"
                    " JOIN other.reps AS its ON set_id = main.sets.id"
                )
                copy.execute("UPDATE tag_salt SET salt = (SELECT salt FROM other.tag_salt)")
        sync(draft / PLACE_FILE)
        draft.rename(folder)
        for part in aside_files(path):
            part.rename(folder / part.name)
        sync_folder(folder)
        sync_folder(path.parent)


def holds_place(connection: sqlite3.Connection, lifter: int) -> bool:
    """Whether a history has anything of one place."""
    return any(
        connection.execute(f"SELECT 1 FROM {table} WHERE lifter = ? LIMIT 1", (lifter,)).fetchone()  # noqa: S608
        for table in _OF_PLACE
    )


def remove_place(connection: sqlite3.Connection, path: Path, lifter: int) -> None:
    """Removes all rows of one place, and writes the file anew from what is left.

    Overwriting deleted rows with zeros is not enough: a page that was divided while they came in
    keeps copies of some. Takes free space twice as large as the file, for a copy and the log.

    Raises HistoryError where another program is reading the file; nothing is removed then, unless
    the message states otherwise. Done again, it removes what is left.
    """
    check_alone(connection, path, "erased")
    with transaction(connection):
        for table in _OF_PLACE:
            connection.execute(f"DELETE FROM {table} WHERE lifter = ?", (lifter,))  # noqa: S608
    compact = before_path(path, "compacted")  # erased with all others if the power fails meanwhile
    with os_errors_as(HistoryError, f"{compact}: cannot be written", "free some space"):
        try:
            compact.unlink(missing_ok=True)
            compact.touch(mode=0o600)
            connection.execute("VACUUM INTO ?", (str(compact),))
            with closing(sqlite3.connect(compact)) as left:
                left.backup(connection, progress=refuse_to_wait(path, "erased"))
        finally:
            compact.unlink(missing_ok=True)
    _finish_erasing(connection, path)


def _finish_erasing(connection: sqlite3.Connection, path: Path) -> None:
    if not _truncate_log(connection):
        raise HistoryError(
            f"{path}: the sets are gone, but another program began to read the file and keeps what "
            "they were in it; close that program and erase again"
        )
    sync_folder(path.parent)


def remove_place_in(folder: Path, path: Path, lifter: int) -> None:
    """Removes one place from the folder of something erased that could be brought back."""
    remove_aside_files(folder / path.name)
    for name in (path.name, PLACE_FILE):
        if not (folder / name).exists():
            continue
        connection, _ = open_for_writing(folder / name)
        with closing(connection):
            its = holds_place(connection, lifter)
            remove_place(connection, folder / name, lifter)
        if its and name == PLACE_FILE:
            _remove_folder(folder)


def bring_place_back(connection: sqlite3.Connection, path: Path, undone: Path) -> None:
    """Puts what was erased of one place back, with its numbers where nobody else has them.

    A plan and a tag that the place was given since stay.
    """
    with _attached(connection, undone / PLACE_FILE):
        _take_sets(connection, keep_ids=True)
        connection.execute("INSERT OR IGNORE INTO main.plans SELECT * FROM other.plans")
        connection.execute(
            f"INSERT OR IGNORE INTO main.tags SELECT * FROM other.tags WHERE {_SAME_SALT}"  # noqa: S608
        )
    with os_errors_as(HistoryError, f"{undone}: cannot be brought back", "check the disk"):
        (undone / PLACE_FILE).unlink()
        _move_out(undone, path)


_SAME_SALT = "(SELECT salt FROM main.tag_salt) = (SELECT salt FROM other.tag_salt)"


@contextmanager
def _attached(connection: sqlite3.Connection, other: Path) -> Iterator[None]:
    """Reads another history as `other`, and changes this one wholly or not at all."""
    connection.execute("ATTACH ? AS other", (str(other.absolute()),))
    try:
        with transaction(connection):
            yield
    finally:
        connection.execute("DETACH other")


def _take_sets(connection: sqlite3.Connection, *, keep_ids: bool = False) -> None:
    """Copies the sets of `other` that are not there yet, with new numbers if they have to."""
    columns = {
        table: ", ".join(name for name in columns_of(len(MIGRATIONS), table) if name not in own)
        for table, own in (("sets", {"id"}), ("reps", {"id", "set_id"}))
    }
    rows = connection.execute(
        "SELECT id FROM other.sets AS its WHERE NOT EXISTS ("
        " SELECT 1 FROM main.sets WHERE (run, serial) = (its.run, its.serial)) ORDER BY id"
    ).fetchall()
    for (old_id,) in rows:
        taken = connection.execute("SELECT 1 FROM main.sets WHERE id = ?", (old_id,)).fetchone()
        names = columns["sets"]
        added = connection.execute(
            f"INSERT INTO main.sets (id, {names}) SELECT ?, {names} FROM other.sets WHERE id = ?",  # noqa: S608
            (old_id if keep_ids and not taken else None, old_id),
        ).lastrowid
        names = columns["reps"]
        connection.execute(
            f"INSERT INTO main.reps (set_id, {names})"  # noqa: S608
            f" SELECT ?, {names} FROM other.reps WHERE set_id = ? ORDER BY position",
            (added, old_id),
        )
    connection.execute("DELETE FROM main.days")
    connection.execute(SUM_UP_ALL_DAYS)


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


def _free_folder(path: Path, now_s: float) -> Path:
    """Returns the folder of what is erased now, or the next one with nothing in it."""
    folder = _erased_at(path, now_s)
    while any((folder / name).exists() for name in (path.name, PLACE_FILE)):  # of the same second
        now_s += 1.0
        folder = _erased_at(path, now_s)
    return folder


def _erasing(path: Path) -> Path:
    """Returns the folder that is filled before it counts as erased."""
    return path.with_name(f"{path.stem}{_ERASING}")


def _move_out(folder: Path, path: Path) -> None:
    """Moves what is left in a folder of something erased beside the history."""
    for part in folder.iterdir():
        part.rename(path.with_name(part.name))
    folder.rmdir()
    sync_folder(path.parent)


def _erased_s(folder: Path) -> float:
    text = folder.name.rpartition(_ERASED)[2]
    with contextlib.suppress(ValueError, OverflowError):
        return datetime.strptime(text, _MOMENT).replace(tzinfo=UTC).timestamp()
    return 0.0  # a name that nobody can read is due


def _remove_folder(folder: Path) -> None:
    with _named(folder):
        if folder.exists():
            shutil.rmtree(folder)


def _named(place: Path) -> contextlib.AbstractContextManager[None]:
    remedy = "let this user write its folder, or remove the file"
    return os_errors_as(HistoryError, f"{place}: holds old sets and cannot be erased", remedy)


def _truncate_log(connection: sqlite3.Connection) -> bool:
    """Moves the log into the file and truncates it; False where a reader still needs it."""
    (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
