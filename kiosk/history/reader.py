"""Reads sets, reps and the overview from the history file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

from kiosk.coaching.record import Rep
from kiosk.errors import HistoryError
from kiosk.history.connection import FILE_NAME, open_for_reading, reading_error
from kiosk.history.overview import DAYS_OF_WEEK, WEEKS, Overview, monday_of, trend_of, week_of
from kiosk.history.rows import StoredSet, rep_of, set_of

# by id and not by time of day: the clock of a Pi without a network jumps
_RECENT = "SELECT * FROM sets ORDER BY id DESC LIMIT ? OFFSET ?"
_BEST = """
    SELECT * FROM sets WHERE exercise = ?
    ORDER BY clean DESC, score DESC, reps DESC, id DESC LIMIT 1
"""
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
    """Reads while the writer writes in the same folder; neither waits for the other.

    Each call opens the file anew and read-only: any thread may call, and a file that was set aside
    or erased meanwhile is never read by mistake. No file yet is an empty history. Each raises
    `HistoryError` where the file cannot be read, and its kind `DamagedHistoryError` where that is
    due to its contents.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME

    def recent(self, limit: int, offset: int = 0) -> list[StoredSet]:
        """Returns at most `limit` sets, the newest first, without the `offset` newest."""
        with self._connected() as connection:
            return [set_of(row) for row in connection.execute(_RECENT, (limit, offset))]

    def reps_of(self, set_id: int) -> list[Rep]:
        """Returns a set's reps and partials in the order they ended."""
        with self._connected() as connection:
            return [rep_of(row) for row in connection.execute(_REPS_OF, (set_id,))]

    def overview(self, today: date, exercise: str, listed: int = 24) -> Overview:
        """Returns all that the history screen shows, as of one time.

        Reads a row per day and exercise and the sets it lists, so it stays as fast when the
        history is long.

        Args:
            today: local date.
            exercise: whose trend and best set to return.
            listed: how many of the newest sets at most.
        """
        with self._connected() as connection:
            connection.execute("BEGIN")  # or the list could have a set that the sums lack
            week = week_of(today, connection.execute(_WEEK, _weeks_to(today, 1)))
            trend = connection.execute(_TREND, (*_weeks_to(today, WEEKS), exercise))
            best = connection.execute(_BEST, (exercise,)).fetchone()
            (total_sets,) = connection.execute(_TOTAL).fetchone()
            return Overview(
                today_totals=week[today.weekday()],
                latest=tuple(map(set_of, connection.execute(_RECENT, (listed, 0)))),
                week=week,
                trend=trend_of(today, trend),
                best=None if best is None else set_of(best),
                total_sets=total_sets,
            )

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(open_for_reading(self.path)) as connection:
                connection.row_factory = sqlite3.Row
                yield connection
        except HistoryError:
            raise
        except Exception as error:
            # Python too raises over damaged contents, and in more ways than can be listed
            raise reading_error(error, self.path) from error


def _weeks_to(today: date, weeks: int) -> tuple[str, str]:
    """Returns first and last day of so many weeks, today's the last of them."""
    monday = monday_of(today)
    first, last = monday - timedelta(weeks=weeks - 1), monday + timedelta(days=DAYS_OF_WEEK - 1)
    return first.isoformat(), last.isoformat()
