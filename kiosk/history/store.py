"""The history file, from the side of its one writer."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from kiosk.coaching.record import Ended, SetRecord
from kiosk.errors import HistoryError
from kiosk.history.connection import open_for_writing, transaction
from kiosk.history.erase import erase
from kiosk.history.rows import row_of
from kiosk.history.sqlite_errors import explained, needs_reopening

FILE_NAME = "history.sqlite3"

# not one INSERT with ON CONFLICT: every conflict would use up an id, and ids are shown to people
_GO_ON = """
    UPDATE sets SET ended_s = coalesce(:ended_s, ended_s), ended = coalesce(:ended, ended)
    WHERE run = :run AND serial = :serial
"""
_BEGIN = """
    INSERT INTO sets
        (run, serial, exercise, started_at, utc_offset_min, day, started_s, ended_s, ended)
    VALUES
        (:run, :serial, :exercise, :started_at, :utc_offset_min, :day, :started_s, :ended_s, :ended)
"""

_SUM_UP = """
    UPDATE sets SET
        (reps, partials, clean, faulty, depth, depth_reps, trunk_lean_deg,
         eccentric_s, pause_s, concentric_s, score) =
        (SELECT
            count(*) FILTER (WHERE counted),
            count(*) FILTER (WHERE NOT counted),
            count(*) FILTER (WHERE counted AND assessed > 0 AND faults = 0),
            count(*) FILTER (WHERE counted AND faults > 0),
            avg(depth) FILTER (WHERE counted),
            count(depth) FILTER (WHERE counted),
            avg(trunk_lean_deg) FILTER (WHERE counted),
            avg(eccentric_s) FILTER (WHERE counted),
            avg(pause_s) FILTER (WHERE counted),
            avg(concentric_s) FILTER (WHERE counted),
            avg(score) FILTER (WHERE counted)
         FROM reps WHERE set_id = :id)
    WHERE id = :id
"""

# anew from the day's sets and not by what has changed, so that no slip ever stays in a sum; takes
# .1 ms of a save on a day with 300 sets of the exercise, 6 ms with 15 000
_SUM_UP_DAY = """
    REPLACE INTO days
        SELECT day, exercise, count(*), sum(reps), sum(clean), sum(clean + faulty),
            total(depth * depth_reps), sum(depth_reps)
        FROM sets WHERE (exercise, day) = (SELECT exercise, day FROM sets WHERE id = :id)
"""

_CLOSE_WHAT_WAS_LEFT_OPEN = """
    UPDATE sets SET
        ended = :ended,
        ended_s = coalesce((SELECT max(end_s) FROM reps WHERE set_id = sets.id), started_s)
    WHERE ended IS NULL AND run <> :run
"""


class Store:
    """Writes sets and reps; what `save` was given is on the disk when it returns.

    WAL with synchronous=FULL: a commit survives a power cut as far as the disk honours a flush.
    Opening sets a damaged file aside, migrates an older one, and closes the sets that an earlier
    run left open. One thread at a time may use it. Reading is `Reader`'s.

    Attributes:
        path: the history file.
        notice: what a person should know of the opening; None where all was well, and once the
            damaged file that it speaks of is erased.
    """

    def __init__(self, folder: Path, *, run: str | None = None) -> None:
        """Opens the history; folder and file are made where there are none.

        Args:
            folder: of the history file.
            run: names this start of the kiosk. Reopened under the same name, the sets of the run
                go on where they were. None makes a new name.

        Raises:
            HistoryError: the folder cannot be made or written, or the file is of a newer version.
        """
        self.path = folder / FILE_NAME
        self._run = run or uuid4().hex
        connection, self.notice = open_for_writing(self.path)
        self._connection: sqlite3.Connection | None = connection
        try:
            with transaction(connection):
                connection.execute(
                    _CLOSE_WHAT_WAS_LEFT_OPEN, {"ended": Ended.INTERRUPTED.value, "run": self._run}
                )
        except sqlite3.Error as error:
            self.close()
            raise explained(error, self.path) from error

    @property
    def closed(self) -> bool:
        """True after `close`, and after a fault that only reopening can mend."""
        return self._connection is None

    def save(self, record: SetRecord, started_at_utc: float) -> None:
        """Stores what is new in a set: the set itself, reps not stored yet, its end.

        Saving the same or an earlier record again changes nothing.

        Args:
            record: the set as it stands.
            started_at_utc: wall clock at its start, seconds since 1970. The first one told of a
                set is kept, whatever the clock does later.

        Raises:
            HistoryError: nothing of this call was stored; try again later.
        """
        row = self._set_row(record, started_at_utc)
        with self._using() as connection:
            try:
                with transaction(connection):
                    if connection.execute(_GO_ON, row).rowcount == 0:
                        connection.execute(_BEGIN, row)
                    (set_id,) = connection.execute(
                        "SELECT id FROM sets WHERE run = :run AND serial = :serial", row
                    ).fetchone()
                    _add_reps(connection, set_id, record)
                    connection.execute(_SUM_UP, {"id": set_id})
                    connection.execute(_SUM_UP_DAY, {"id": set_id})
            except sqlite3.IntegrityError as error:
                raise HistoryError(
                    f"{self.path}: set {record.serial} does not hold together ({error}); "
                    "please report this"
                ) from error

    def erase(self) -> None:
        """Removes every set for good, also those in damaged files that were set aside.

        A set under way can go on: `save` begins it anew, with all the reps of its record.

        Raises:
            HistoryError: not erased, or not wholly, as the message says; try again later.
        """
        with self._using() as connection:
            erase(connection, self.path)
        self.notice = None

    def close(self) -> None:
        """Lets go of the file. Safe to call twice."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        """The connection, and SQLite's complaints in words."""
        connection = self._connection
        if connection is None:
            raise HistoryError(f"{self.path}: the history is closed; open it again")
        try:
            yield connection
        except sqlite3.Error as error:
            if needs_reopening(error):
                self.close()
            raise explained(error, self.path) from error

    def _set_row(self, record: SetRecord, started_at_utc: float) -> dict[str, object]:
        local = datetime.fromtimestamp(started_at_utc, UTC).astimezone()
        offset = local.utcoffset()
        assert offset is not None
        return {
            "run": self._run,
            "serial": record.serial,
            "exercise": record.exercise,
            "started_at": started_at_utc,
            "utc_offset_min": round(offset.total_seconds() / 60),
            "day": local.date().isoformat(),
            "started_s": record.started_s,
            "ended_s": record.ended_s,
            "ended": None if record.ended is None else record.ended.value,
        }


def _add_reps(connection: sqlite3.Connection, set_id: int, record: SetRecord) -> None:
    # reps are only ever appended to a record, so a count tells which of them are new
    (stored,) = connection.execute(
        "SELECT count(*) FROM reps WHERE set_id = ?", (set_id,)
    ).fetchone()
    for position, rep in enumerate(record.reps[stored:], start=stored):
        row = {"set_id": set_id, "position": position, **row_of(rep)}
        values = ", ".join(f":{name}" for name in row)
        connection.execute(
            f"INSERT INTO reps ({', '.join(row)}) VALUES ({values})",  # noqa: S608 - fixed names
            row,
        )
