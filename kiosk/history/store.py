"""Writes sets and reps to the history file, durably."""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from msgspec.structs import asdict

from kiosk.coaching.record import Ended, SetRecord
from kiosk.errors import HistoryError
from kiosk.exercises.exercise import PlanRule
from kiosk.history.connection import (
    FILE_NAME,
    close,
    history_error,
    needs_reopening,
    open_for_writing,
    transaction,
)
from kiosk.history.erase import (
    PLACE_FILE,
    bring_back,
    bring_place_back,
    check_alone,
    copy_place,
    due_s,
    erase,
    erase_due,
    erased_folders,
    holds_place,
    move_aside,
    remove_aside_files,
    remove_place,
    remove_place_in,
    take_newer_sets,
)
from kiosk.history.history_files import (
    TAILS,
    Signature,
    log_header,
    log_of,
    touch,
    wait_until_copied,
)
from kiosk.history.notice import Event, Notice
from kiosk.history.rows import FACTS, SUM_UP_SETS, SUMS_OF_DAYS, row_of, row_of_set
from kiosk.training.facts import NOTHING_SAID, Facts

_FIND = "SELECT id, lifter, exercise, day FROM sets WHERE run = :run AND serial = :serial"
_UPDATE = f"""
    UPDATE sets SET ended_s = coalesce(:ended_s, ended_s), ended = coalesce(:ended, ended),
        ({", ".join(FACTS)}) = ({", ".join(f":{fact}" for fact in FACTS)})
    WHERE id = :id
"""  # noqa: S608 - fixed names
_REST = "UPDATE sets SET rests_on = :rests_on WHERE id = :id"
"""What the score rests on comes from the record, unless that is an earlier one."""
_SUM_UP = f"{SUM_UP_SETS} WHERE id = :id"
SUM_UP_DAY = f"""
    REPLACE INTO days {SUMS_OF_DAYS}
    WHERE (lifter, exercise, day) = (:lifter, :exercise, :day) GROUP BY day
"""
"""Computes the sums of a set's day from all its sets and not from what has changed, so that no
error ever stays in a sum. Takes .1 ms of a save on a day with 300 sets of the exercise, 6 ms with
15 000."""
_OF_DAY = ("lifter", "exercise", "day")
_LEAVE_DAY = "DELETE FROM days WHERE (lifter, exercise, day) = (:lifter, :exercise, :day)"
_MOVE = "UPDATE sets SET exercise = :exercise WHERE id = :id"
_SET_PLAN = """
    REPLACE INTO plans (lifter, exercise, reps, sets, rest_s)
    VALUES (:lifter, :exercise, :reps, :sets, :rest_s)
"""
_SET_TAG = "REPLACE INTO tags (digest, lifter) VALUES (:digest, :lifter)"
_NOTE_REMOVAL = "UPDATE changes SET removal = randomblob(16) WHERE removal IS NULL"
END_OPEN_SETS = """
    UPDATE sets SET
        ended = :ended,
        ended_s = coalesce((SELECT max(end_s) FROM reps WHERE set_id = sets.id), started_s)
    WHERE ended IS NULL AND run <> :run
"""
"""Ends the sets that other runs than one have left open."""


class Store:
    """Writes sets and reps; what `save` was given is on the disk when it returns.

    WAL with synchronous=FULL: a commit survives a power cut as far as the disk honours a flush.
    Opening creates folder and file where they are missing, sets a damaged file aside, migrates an
    older one, and ends the sets that an earlier run left open. For one thread at a time. `Reader`
    reads.

    Args:
        folder: of the history file.
        run: names this start of the kiosk. Reopened under the same name, the sets of the run
            continue. None makes a new name.

    Attributes:
        path: the history file.
        notice: what a user has to know of the file, such as a damaged one set aside; None where
            there is nothing, and once it is erased.

    Raises:
        HistoryError: the folder cannot be created or written, or the file is of a newer version.
    """

    def __init__(self, folder: Path, *, run: str | None = None) -> None:
        self.path = folder / FILE_NAME
        self._run = run or uuid4().hex
        self.notice: Notice | None = None
        self._connection: sqlite3.Connection | None = None
        self._file: Signature | None = None
        self._log: bytes | None = None
        self._others = 0
        self._open()

    @property
    def closed(self) -> bool:
        """True after `close`, and after an error that only reopening can clear."""
        return self._connection is None

    def save(self, record: SetRecord, started_at_utc: float, facts: Facts = NOTHING_SAID) -> None:
        """Stores what is new in a set: the set itself, reps not stored yet, its end, its facts.

        Saving the same or an earlier record again changes no rep and no sum. One of another
        exercise takes the place of the stored set with all its reps: it has been moved there.

        Args:
            record: the set as it stands.
            started_at_utc: wall clock at its start, seconds since 1970. The first one given for a
                set is kept, whatever the clock does later.
            facts: what people say of it. Those of the last call are kept, also where it knows less
                than an earlier one; none of them changes what was counted.

        Raises:
            HistoryError: nothing of this call was stored; try again later.
        """
        row = row_of_set(record, self._run, started_at_utc, facts)
        with self._changed(f"set {record.serial}") as connection:
            # not one INSERT with ON CONFLICT: every conflict would use up an id, and ids are shown
            # to people
            found = connection.execute(_FIND, row).fetchone()
            if found is None:
                _insert(connection, "sets", row)
                found = connection.execute(_FIND, row).fetchone()
            its = dict(zip(("id", *_OF_DAY), found, strict=True))
            row |= {"id": its["id"], "day": its["day"]}
            connection.execute(_UPDATE, row)
            if its["exercise"] != record.exercise:
                connection.execute("DELETE FROM reps WHERE set_id = :id", row)
                connection.execute(_MOVE, row)
            # reps are only ever appended to a record, so their number shows which are new
            (stored,) = connection.execute(
                "SELECT count(*) FROM reps WHERE set_id = :id", row
            ).fetchone()
            if len(record.reps) >= stored:
                connection.execute(_REST, row)
            _insert(
                connection,
                "reps",
                *(
                    {"set_id": row["id"], "position": position, **row_of(rep)}
                    for position, rep in enumerate(record.reps[stored:], start=stored)
                ),
            )
            connection.execute(_SUM_UP, row)
            if any(its[key] != row[key] for key in _OF_DAY):
                _leave_day(connection, its)
            connection.execute(SUM_UP_DAY, row)

    def set_plan(self, lifter: int, exercise: str, plan: PlanRule) -> None:
        """Stores what a place plans for an exercise, instead of what it had planned before.

        Raises:
            HistoryError: not stored; try again later.
        """
        row = {"lifter": lifter, "exercise": exercise, **asdict(plan)}
        with self._changed(f"the plan of place {lifter}") as connection:
            connection.execute(_SET_PLAN, row)

    def set_tag(self, digest: str, lifter: int) -> None:
        """Stores which place a tag belongs to, by its salted hash in hexadecimal digits.

        Raises:
            HistoryError: not stored; try again later.
        """
        with self._changed(f"a tag of place {lifter}") as connection:
            connection.execute(_SET_TAG, {"digest": digest, "lifter": lifter})

    def delete(self, serial: int) -> None:
        """Removes one set of this run, and takes it out of all sums.

        What it was may stay in unused parts of the file, which no reader shows and no recovery
        reads, until they are written again. Only `erase` leaves nothing.

        Raises:
            HistoryError: not removed; try again later.
        """
        self.refresh()
        with self._connected() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            with transaction(connection):
                its = {"run": self._run, "serial": serial}
                found = connection.execute(_FIND, its).fetchone()
                if found is not None:
                    connection.execute("DELETE FROM sets WHERE id = ?", found[:1])
                    _leave_day(connection, dict(zip(_OF_DAY, found[1:], strict=True)))
            connection.execute("PRAGMA secure_delete = OFF")

    def erase(self) -> None:
        """Removes every set for good, also those in damaged files that were set aside.

        A set under way can continue: `save` inserts it again, with all the reps of its record.

        Raises:
            HistoryError: not erased, or not wholly, as the message states; try again later.
        """
        self.refresh()
        with self._connected() as connection:
            erase(connection, self.path)
        self.notice = None

    def erase_aside(self, now_s: float) -> None:
        """Empties the history so that `undo_erase` can bring it back for a day.

        `now_s` is in seconds since 1970. A set under way can continue, as after `erase`.

        Raises:
            HistoryError: not erased; try again later.
        """
        self.refresh()
        with self._connected() as connection:
            check_alone(connection, self.path, "erased")
            salt = connection.execute("SELECT salt FROM tag_salt").fetchone()
            self._close_alone("erased")
            move_aside(self.path, now_s)
        self.notice = None
        self._open()
        if salt is not None:  # a tag that is learnt until then fits what is brought back
            with self._changed("the salt of the tags") as connection:
                connection.execute("UPDATE tag_salt SET salt = ?", salt)

    def erase_lifter(self, lifter: int) -> None:
        """Removes all of one place for good: its sets, plans and tags, and what could be undone.

        Damaged files that were set aside and copies from before a migration or a restore are
        removed whole, for they hold the place's sets too.

        Raises:
            HistoryError: not erased, or not wholly, as the message states; try again later.
        """
        self.refresh()
        with self._connected() as connection:
            for folder in erased_folders(self.path):
                remove_place_in(folder, self.path, lifter)
            remove_aside_files(self.path)
            remove_place(connection, self.path, lifter)

    def erase_lifter_aside(self, lifter: int, now_s: float) -> None:
        """Removes all of one place so that `undo_erase` can bring it back for a day.

        The sets are copied first, so there has to be space for them once more. `now_s` is in
        seconds since 1970. A set under way can continue, as after `erase`.

        Raises:
            HistoryError: not erased, or not wholly, as the message states; try again later.
        """
        self.refresh()
        with self._connected() as connection:
            if holds_place(connection, lifter):
                check_alone(connection, self.path, "erased")
                copy_place(self.path, lifter, now_s)
            remove_place(connection, self.path, lifter)

    def undo_erase(self) -> bool:
        """Brings back what was erased last, all or one place; sets done since then stay.

        They stand behind a whole history; the sets of one place have their numbers again.

        Returns:
            Whether there was something to bring back.

        Raises:
            HistoryError: not brought back; try again later.
        """
        self.refresh()
        undone = next(reversed(erased_folders(self.path)), None)
        if undone is None:
            return False
        with self._connected() as connection:
            if (place := undone / PLACE_FILE).exists():
                open_for_writing(place)[0].close()  # by a newer kiosk perhaps
                bring_place_back(connection, self.path, undone)
                return True
            check_alone(connection, self.path, "brought back")
            self._close_alone("brought back")
            older, _ = open_for_writing(undone / self.path.name)
            try:
                take_newer_sets(older, self.path)
                check_alone(older, undone / self.path.name, "brought back")
            finally:
                older.close()
            bring_back(self.path, undone)
        self._open()
        return True

    def erase_due(self, now_s: float) -> int:
        """Erases for good what was erased more than a day ago; returns how many histories."""
        return erase_due(self.path, now_s)

    @property
    def due_s(self) -> float | None:
        """When the next such erasure is due, in seconds since 1970; None without one."""
        return due_s(self.path)

    def refresh(self) -> bool:
        """Opens the file anew if another one lies in its place; returns whether it was so.

        Whoever copies a file over an open history, or removes it, bypasses SQLite: the open file
        has no name any more, or its log belongs to other contents. Nothing of that log may reach
        the new file.

        Raises:
            HistoryError: the new file cannot be opened; try again later.
        """
        connection = self._connection
        if connection is None or Signature.of(self.path) == self._file:
            return False
        if self._written_by_another(connection):
            self._look()
            return False
        self._abandon(connection)
        wait_until_copied(self.path)
        was = "removed" if not self.path.exists() else "replaced by another file"
        text = f"{self.path} was {was} while it was open; opened anew, with the set under way"
        self._open()
        if self.notice is None:
            self.notice = Notice(Event.REPLACED, text)
        return True

    def check(self) -> None:
        """Reads every set. Sets the file aside if that fails, as at the start, and begins anew.

        To be called where a reader found damage that is in no page's structure but in its values.

        Raises:
            HistoryError: the file cannot be opened; try again later.
        """
        self.close()
        self._open(thorough=True)

    def close(self) -> None:
        """Closes the file. Safe to call twice."""
        connection, self._connection = self._connection, None
        if connection is not None:
            if Signature.of(self.path) != self._file and not self._written_by_another(connection):
                self._abandon(connection)
            else:
                close(connection, self.path)

    def _open(self, *, thorough: bool = False) -> None:
        connection, self.notice = open_for_writing(self.path, thorough=thorough)
        self._connection = connection
        try:
            with transaction(connection):
                connection.execute(
                    END_OPEN_SETS, {"ended": Ended.INTERRUPTED.value, "run": self._run}
                )
                if erased_folders(self.path):  # and so this file may be the one begun after that
                    connection.execute(_NOTE_REMOVAL)
            (self._others,) = connection.execute("PRAGMA data_version").fetchone()
        except (sqlite3.Error, OSError) as error:
            connection.close()
            self._connection = None
            raise history_error(error, self.path) from error
        self._look()

    def _look(self) -> None:
        """Remembers how the file and its log are, after each change made through SQLite."""
        self._file, log = Signature.of(self.path), Signature.of(log_of(self.path))
        self._log = log_header(self.path)
        # a log that seems older than its file would not be applied after a power cut
        if self._file and log and log.changed_ns < self._file.changed_ns:
            touch(self.path)
            self._file = Signature.of(self.path)

    def _written_by_another(self, connection: sqlite3.Connection) -> bool:
        """Whether it is the same file, and another program changed it by way of SQLite."""
        found = Signature.of(self.path)
        if found is None or not found.same_file(self._file):
            return False
        try:
            (others,) = connection.execute("PRAGMA data_version").fetchone()
        except (sqlite3.Error, ValueError):
            return False
        before, self._others = self._others, others
        return bool(others != before)

    def _abandon(self, connection: sqlite3.Connection) -> None:
        """Closes the connection so that nothing of its log reaches the file.

        SQLite would move the log into whatever lies in the place of the file. It cannot read an
        emptied log, and leaves the file alone. A log that came with the new file is kept.
        """
        self._connection = None
        log = log_of(self.path)
        spare = log.with_name(log.name + ".new")
        try:
            if log.exists():
                if log_header(self.path) != self._log:
                    shutil.copy2(log, spare)
                os.truncate(log, 0)
            connection.close()
            for tail in TAILS:
                self.path.with_name(self.path.name + tail).unlink(missing_ok=True)
            if spare.exists():
                spare.replace(log)
        except OSError as error:
            raise HistoryError(
                f"{log}: belongs to another file and cannot be removed ({error.strerror}); "
                "let this user write its folder"
            ) from error

    def _close_alone(self, what: str) -> None:
        """Closes the file, which then has no log."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if log_of(self.path).exists():
            raise HistoryError(
                f"{self.path}: not {what}, for another program is reading it; close that program"
            )

    @contextmanager
    def _changed(self, what: str) -> Iterator[sqlite3.Connection]:
        """Yields the connection in a transaction: all of the block is stored, or nothing."""
        self.refresh()
        with self._connected() as connection:
            try:
                with transaction(connection):
                    yield connection
            except sqlite3.IntegrityError as error:
                raise HistoryError(
                    f"{self.path}: {what} does not hold together ({error}); please report this"
                ) from error

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """Yields the connection, and raises SQLite's errors as `HistoryError`."""
        connection = self._connection
        if connection is None:
            raise HistoryError(f"{self.path}: the history is closed; open it again")
        try:
            yield connection
        except (sqlite3.Error, ValueError, TypeError) as error:  # the latter two over damaged texts
            if not isinstance(error, sqlite3.Error) or needs_reopening(error):
                self.close()
            raise history_error(error, self.path) from error
        finally:
            if self._connection is not None:
                self._look()


def _leave_day(connection: sqlite3.Connection, its: Mapping[str, Any]) -> None:
    """Takes a set that is no longer there out of the sums of its day."""
    connection.execute(_LEAVE_DAY, its)
    connection.execute(SUM_UP_DAY, its)


def _insert(connection: sqlite3.Connection, table: str, *rows: Mapping[str, Any]) -> None:
    """Inserts rows with the same columns."""
    if not rows:
        return
    columns = rows[0]
    values = ", ".join(f":{name}" for name in columns)
    connection.executemany(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})",  # noqa: S608 - fixed names
        rows,
    )
