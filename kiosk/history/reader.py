"""The history file, from the side of everyone who looks at it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import msgspec

from kiosk.coaching.record import Rep
from kiosk.errors import HistoryError
from kiosk.history.overview import (
    DAYS_OF_WEEK,
    WEEKS,
    DayTotals,
    Overview,
    monday_of,
    trend_of,
    week_of,
)
from kiosk.history.rows import rep_of
from kiosk.history.schema import MIGRATIONS, refuse_newer, version_of
from kiosk.history.sqlite_errors import explained
from kiosk.history.store import FILE_NAME
from kiosk.history.stored_set import StoredSet

# nobody waits at the screen for a lock
BUSY_S = 0.25

_SETS = """
    SELECT id, exercise, started_at, utc_offset_min, ended_s - started_s AS duration_s, ended,
        reps, partials, trunk_lean_deg, eccentric_s, pause_s, concentric_s, score
    FROM sets
"""
# by id and not by time of day: the clock of a Pi without a network jumps
_RECENT = f"{_SETS} ORDER BY id DESC LIMIT ? OFFSET ?"
_BEST = f"{_SETS} WHERE exercise = ? ORDER BY clean DESC, score DESC, reps DESC, id DESC LIMIT 1"
_REPS_OF = "SELECT * FROM reps WHERE set_id = ? ORDER BY position"
_WEEK = """
    SELECT day, sum(sets) AS sets, sum(reps) AS reps
    FROM days WHERE day BETWEEN ? AND ? GROUP BY day
"""
_TREND = """
    SELECT date(day, '-6 days', 'weekday 1') AS monday, sum(sets) AS sets, sum(reps) AS reps,
        sum(depth_sum) / nullif(sum(depth_reps), 0) AS depth,
        1.0 * sum(clean) / nullif(sum(judged), 0) AS clean_share
    FROM days WHERE day BETWEEN ? AND ? AND exercise = ? GROUP BY monday
"""
_TOTAL = "SELECT coalesce(sum(sets), 0) FROM days"


class Reader:
    """Looks things up while the writer writes; neither waits for the other.

    Each question opens the file anew and read-only: any thread may ask, and a file that was set
    aside or erased meanwhile is never read by mistake. No file yet is an empty history.
    """

    def __init__(self, folder: Path) -> None:
        """Opens nothing yet.

        Args:
            folder: the one that `Store` was given.
        """
        self.path = folder / FILE_NAME

    def recent(self, limit: int, offset: int = 0) -> list[StoredSet]:
        """Sets, the newest first.

        Args:
            limit: how many at most.
            offset: how many of the newest to leave out.

        Raises:
            HistoryError: the file cannot be read.
        """
        with self._asking() as connection:
            if connection is None:
                return []
            return [_set_of(row) for row in connection.execute(_RECENT, (limit, offset))]

    def reps_of(self, set_id: int) -> list[Rep]:
        """A set's reps and partials in the order they ended.

        Raises:
            HistoryError: the file cannot be read.
        """
        with self._asking() as connection:
            if connection is None:
                return []
            return [rep_of(row) for row in connection.execute(_REPS_OF, (set_id,))]

    def overview(self, today: date, exercise: str, listed: int = 24) -> Overview:
        """All that the history screen tells, as of one moment.

        Reads a row per day and exercise and the sets it lists, so it stays as quick when the
        history is long.

        Args:
            today: local date.
            exercise: whose trend and best set to tell.
            listed: how many of the newest sets at most.

        Raises:
            HistoryError: the file cannot be read.
        """
        with self._asking() as connection:
            if connection is None:
                return Overview(
                    DayTotals(today, 0, 0), (), week_of(today, ()), trend_of(today, ()), None, 0
                )
            connection.execute("BEGIN")  # or the list could know a set that the sums do not
            week = week_of(today, connection.execute(_WEEK, _weeks_to(today, 1)))
            trend = connection.execute(_TREND, (*_weeks_to(today, WEEKS), exercise))
            best = connection.execute(_BEST, (exercise,)).fetchone()
            (total_sets,) = connection.execute(_TOTAL).fetchone()
            return Overview(
                today_totals=week[today.weekday()],
                latest=tuple(map(_set_of, connection.execute(_RECENT, (listed, 0)))),
                week=week,
                trend=trend_of(today, trend),
                best=None if best is None else _set_of(best),
                total_sets=total_sets,
            )

    @contextmanager
    def _asking(self) -> Iterator[sqlite3.Connection | None]:
        """A connection, or None where there is no history yet."""
        try:
            self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            yield None
            return
        except OSError as error:
            raise HistoryError(
                f"{self.path}: cannot be read ({error.strerror}); let this user read its folder"
            ) from error
        try:
            with closing(
                sqlite3.connect(
                    f"{self.path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_S
                )
            ) as connection:
                version = version_of(connection)
                refuse_newer(version, self.path)
                if 0 < version < len(MIGRATIONS):
                    raise HistoryError(
                        f"{self.path}: written by an older kiosk; start this kiosk once, "
                        "which brings the file up to date"
                    )
                connection.row_factory = sqlite3.Row
                yield connection if version else None
        except sqlite3.Error as error:
            raise explained(error, self.path) from error
        except msgspec.DecodeError as error:
            raise HistoryError(
                f"{self.path}: a rep's checks are damaged ({error}); restore a copy of the file"
            ) from error


def _weeks_to(today: date, weeks: int) -> tuple[str, str]:
    """First and last day of so many weeks, today's the last of them."""
    monday = monday_of(today)
    first, last = monday - timedelta(weeks=weeks - 1), monday + timedelta(days=DAYS_OF_WEEK - 1)
    return first.isoformat(), last.isoformat()


def _set_of(row: sqlite3.Row) -> StoredSet:
    tempo = (row["eccentric_s"], row["pause_s"], row["concentric_s"])
    return StoredSet(
        id=row["id"],
        exercise=row["exercise"],
        started_at=datetime.fromtimestamp(
            row["started_at"], timezone(timedelta(minutes=row["utc_offset_min"]))
        ),
        duration_s=row["duration_s"],
        ended=row["ended"],
        reps=row["reps"],
        partials=row["partials"],
        trunk_lean_deg=row["trunk_lean_deg"],
        tempo_s=None if None in tempo else tempo,
        score=None if row["score"] is None else round(row["score"]),
    )
