"""Reads sets, reps and the overview from the history file."""

from datetime import date, timedelta
from pathlib import Path

from kiosk.coaching.record import Rep
from kiosk.exercises.exercise import PlanRule
from kiosk.history.connection import FILE_NAME, reading
from kiosk.history.overview import (
    DAYS_OF_WEEK,
    WEEKS,
    DayTotals,
    Overview,
    monday_of,
    trend_of,
    week_of,
)
from kiosk.history.rows import StoredSet, check_types, rep_of, set_of
from kiosk.training.facts import GUEST
from kiosk.training.records import LoadedSet, Records

# by id and not by time of day: the clock of a Pi without a network jumps
_RECENT = "SELECT * FROM sets ORDER BY id DESC LIMIT ? OFFSET ?"
_RECENT_OF = "SELECT * FROM sets WHERE lifter = ? ORDER BY id DESC LIMIT ? OFFSET ?"
_COUNTS = "SELECT reps, corrected FROM sets WHERE lifter = coalesce(?, lifter)"
_BEST = """
    SELECT * FROM sets WHERE lifter = ? AND exercise = ?
    ORDER BY clean DESC, score DESC, reps DESC, id DESC LIMIT 1
"""
_REPS_OF = "SELECT * FROM reps WHERE set_id = ? ORDER BY position"
_WEEK = """
    SELECT day, sum(sets) AS sets, sum(reps) AS reps
    FROM days WHERE lifter = ? AND day BETWEEN ? AND ? GROUP BY day
"""
_TREND = """
    SELECT date(day, '-6 days', 'weekday 1') AS monday, sum(sets) AS sets, sum(reps) AS reps,
        sum(depth_sum) / nullif(sum(depth_reps), 0) AS depth,
        1.0 * sum(clean) / nullif(sum(judged), 0) AS clean_share, max(heaviest_kg) AS heaviest_kg
    FROM days WHERE lifter = ? AND day BETWEEN ? AND ? AND exercise = ? GROUP BY monday
"""
_TOTAL = "SELECT coalesce(sum(sets), 0) FROM days WHERE lifter = ?"
_TOTAL_OF_ALL = "SELECT coalesce(sum(sets), 0) FROM days"
_DAY = """
    SELECT coalesce(sum(sets), 0) AS sets, coalesce(sum(reps), 0) AS reps FROM days WHERE day = ?
"""
_SETS_OF_DAY = "SELECT * FROM sets WHERE day = ? ORDER BY id DESC"
_LAST_LOAD = """
    SELECT load_kg FROM sets WHERE lifter = ? AND exercise = ? AND load_kg IS NOT NULL
    ORDER BY id DESC LIMIT 1
"""
_RECORDS = """
    SELECT DISTINCT load_kg, reps, clean, corrected FROM sets
    WHERE lifter = ? AND exercise = ? AND load_kg IS NOT NULL
"""
# from one place to the next along the index, and not through all sets
_USED = """
    WITH RECURSIVE used (lifter) AS (
        SELECT min(lifter) FROM sets
        UNION ALL
        SELECT (SELECT min(lifter) FROM sets WHERE lifter > used.lifter)
        FROM used WHERE lifter IS NOT NULL
    )
    SELECT lifter FROM used WHERE lifter IS NOT NULL
    UNION SELECT lifter FROM plans
    UNION SELECT lifter FROM tags
"""


class Reader:
    """Reads while the writer writes in the same folder; neither waits for the other.

    Each call opens the file anew and read-only: any thread may call, and a file that was set aside
    or erased meanwhile is never read by mistake. No file yet is an empty history. Each raises
    `HistoryError` where the file cannot be read, and its kind `DamagedHistoryError` where that is
    due to its contents.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME

    def recent(self, limit: int, offset: int = 0, lifter: int | None = None) -> list[StoredSet]:
        """Returns at most `limit` sets, the newest first, without the `offset` newest.

        Those of one place, or of all where `lifter` is None.
        """
        query, place = (_RECENT, ()) if lifter is None else (_RECENT_OF, (lifter,))
        with reading(self.path) as connection:
            return [set_of(row) for row in connection.execute(query, (*place, limit, offset))]

    def count(self, lifter: int | None = None) -> int:
        """Returns how many sets there are of one place, or of all where `lifter` is None."""
        query, place = (_TOTAL_OF_ALL, ()) if lifter is None else (_TOTAL, (lifter,))
        with reading(self.path) as connection:
            (total,) = connection.execute(query, place).fetchone()
            return int(total)

    def totals_of(self, day: date) -> DayTotals:
        """Returns how many sets and counted reps all places did on a day, by its local date."""
        with reading(self.path) as connection:
            row = connection.execute(_DAY, (day.isoformat(),)).fetchone()
            return DayTotals(day, int(row["sets"]), int(row["reps"]))

    def sets_of_day(self, day: date) -> list[StoredSet]:
        """Returns the sets of all places that began on a day, by its local date, newest first."""
        with reading(self.path) as connection:
            return [set_of(row) for row in connection.execute(_SETS_OF_DAY, (day.isoformat(),))]

    def counts(self, lifter: int | None = None) -> list[tuple[int, int | None]]:
        """Returns the counted reps of each set, and what somebody corrected them to.

        Those of one place, or of all where `lifter` is None.
        """
        with reading(self.path) as connection:
            return [
                (row["reps"], row["corrected"])
                for row in connection.execute(_COUNTS, (lifter,))
                if check_types(row)
            ]

    def reps_of(self, set_id: int) -> list[Rep]:
        """Returns a set's reps and partials in the order they ended."""
        with reading(self.path) as connection:
            return [rep_of(row) for row in connection.execute(_REPS_OF, (set_id,))]

    def last_load(self, lifter: int, exercise: str) -> float | None:
        """Returns the kg that a place entered last for an exercise; None where it never has."""
        with reading(self.path) as connection:
            row = connection.execute(_LAST_LOAD, (lifter, exercise)).fetchone()
            if row is None:
                return None
            check_types(row)
            return float(row["load_kg"])

    def records(self, lifter: int, exercise: str) -> Records:
        """Returns the records of a place in an exercise, by the sets that are stored now."""
        with reading(self.path) as connection:
            rows = connection.execute(_RECORDS, (lifter, exercise))
            return Records.of(LoadedSet(**dict(row)) for row in rows if check_types(row))

    def plans(self) -> dict[tuple[int, str], PlanRule]:
        """Returns what is planned, by place and exercise."""
        with reading(self.path) as connection:
            rows = connection.execute("SELECT lifter, exercise, reps, sets, rest_s FROM plans")
            return {
                (row["lifter"], row["exercise"]): PlanRule(
                    reps=row["reps"], sets=row["sets"], rest_s=row["rest_s"]
                )
                for row in rows
                if check_types(row)
            }

    def tags(self) -> dict[str, int]:
        """Returns the places of tags, by the tags' salted hashes in hexadecimal digits."""
        with reading(self.path) as connection:
            rows = connection.execute("SELECT digest, lifter FROM tags")
            return {row["digest"]: row["lifter"] for row in rows if check_types(row)}

    def tag_salt(self) -> bytes | None:
        """Returns the 16 bytes that the tags are hashed with; None where there is no file yet.

        They are random, made with the file, and others once all has been erased for good.
        """
        if not self.path.exists():
            return None
        with reading(self.path) as connection:
            row = connection.execute("SELECT salt FROM tag_salt").fetchone()
            return bytes(row["salt"]) if row is not None and check_types(row) else None

    def used_lifters(self) -> frozenset[int]:
        """Returns the places that have a set, a plan or a tag; guests are one of them."""
        with reading(self.path) as connection:
            return frozenset(lifter for (lifter,) in connection.execute(_USED))

    def overview(
        self, today: date, exercise: str, lifter: int = GUEST, listed: int = 24
    ) -> Overview:
        """Returns all that the history screen shows of one place, as of one time.

        Reads a row per day and exercise and the sets it lists, so it stays as fast when the
        history is long.

        Args:
            today: local date.
            exercise: whose trend and best set to return.
            lifter: the place, `GUEST` for all who have chosen none.
            listed: how many of the newest sets at most.
        """
        with reading(self.path) as connection:
            connection.execute("BEGIN")  # or the list could have a set that the sums lack
            week = week_of(today, connection.execute(_WEEK, (lifter, *_weeks_to(today, 1))))
            trend = connection.execute(_TREND, (lifter, *_weeks_to(today, WEEKS), exercise))
            best = connection.execute(_BEST, (lifter, exercise)).fetchone()
            (total_sets,) = connection.execute(_TOTAL, (lifter,)).fetchone()
            return Overview(
                today_totals=week[today.weekday()],
                latest=tuple(map(set_of, connection.execute(_RECENT_OF, (lifter, listed, 0)))),
                week=week,
                trend=trend_of(today, trend),
                best=None if best is None else set_of(best),
                total_sets=total_sets,
            )


def _weeks_to(today: date, weeks: int) -> tuple[str, str]:
    """Returns first and last day of so many weeks, today's the last of them."""
    monday = monday_of(today)
    first, last = monday - timedelta(weeks=weeks - 1), monday + timedelta(days=DAYS_OF_WEEK - 1)
    return first.isoformat(), last.isoformat()
