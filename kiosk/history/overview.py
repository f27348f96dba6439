"""What the history screen tells at a glance: today, this week, twelve weeks, the best set."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kiosk.history.stored_set import StoredSet

DAYS_OF_WEEK = 7
WEEKS = 12
"""Weeks of a trend, this one included: as long as a block of training usually is."""


@dataclass(frozen=True, slots=True)
class DayTotals:
    """One day, all exercises.

    Attributes:
        day: local date of the sets' starts.
        sets: how many sets.
        reps: their counted reps.
    """

    day: date
    sets: int
    reps: int


@dataclass(frozen=True, slots=True)
class WeekTrend:
    """One week of one exercise.

    Attributes:
        monday: its first day.
        sets: how many sets.
        reps: their counted reps.
        depth: mean over the counted reps, 1.0 = full depth of the exercise; None where none was
            measured.
        clean_share: clean reps / (clean + faulty reps), 0 to 1; None where none was judged.
    """

    monday: date
    sets: int
    reps: int
    depth: float | None
    clean_share: float | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The history at one moment.

    Attributes:
        today_totals: today.
        latest: the newest sets, the newest first, whatever their day.
        week: Monday to Sunday, today among them.
        trend: WEEKS weeks of the exercise asked about, the oldest first; the last holds today.
        best: that exercise's set with the most clean reps, then the best score, then the most
            reps, then the newest; None without a set.
        total_sets: sets of all exercises and days.
    """

    today_totals: DayTotals
    latest: tuple[StoredSet, ...]
    week: tuple[DayTotals, ...]
    trend: tuple[WeekTrend, ...]
    best: StoredSet | None
    total_sets: int

    @property
    def training_days(self) -> int:
        """Days of the week with a set."""
        return sum(day.sets > 0 for day in self.week)


def monday_of(day: date) -> date:
    """First day of the ISO week."""
    return day - timedelta(days=day.weekday())


def week_of(today: date, rows: Iterable[Mapping[str, Any]]) -> tuple[DayTotals, ...]:
    """The week's seven days.

    Args:
        today: any day of the week.
        rows: `day` (ISO date), `sets` and `reps`; none for a day without sets.
    """
    found = {row["day"]: row for row in rows}
    days = (monday_of(today) + timedelta(days=after) for after in range(DAYS_OF_WEEK))
    return tuple(
        DayTotals(day, row["sets"], row["reps"])
        if (row := found.get(day.isoformat()))
        else DayTotals(day, 0, 0)
        for day in days
    )


def trend_of(today: date, rows: Iterable[Mapping[str, Any]]) -> tuple[WeekTrend, ...]:
    """The WEEKS weeks up to today's.

    Args:
        today: any day of the last week.
        rows: `monday` (ISO date), `sets`, `reps`, `depth` and `clean_share`; none for a week
            without sets.
    """
    found = {row["monday"]: row for row in rows}
    mondays = (monday_of(today) - timedelta(weeks=ago) for ago in reversed(range(WEEKS)))
    return tuple(
        WeekTrend(monday, row["sets"], row["reps"], row["depth"], row["clean_share"])
        if (row := found.get(monday.isoformat()))
        else WeekTrend(monday, 0, 0, None, None)
        for monday in mondays
    )
