"""Sums up the history for its screen: today, this week, twelve weeks, the best set."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kiosk.history.rows import StoredSet

DAYS_OF_WEEK = 7
WEEKS = 12
"""Weeks of a trend, this one included: as long as a block of training usually is."""


@dataclass(frozen=True, slots=True)
class DayTotals:
    """A day's sets of all exercises and their counted reps, by the local date of their starts."""

    day: date
    sets: int
    reps: int


@dataclass(frozen=True, slots=True)
class WeekTrend:
    """A week's sets of one exercise and their counted reps.

    Attributes:
        depth: mean over the counted reps, 1.0 = full depth of the exercise; None where none was
            measured.
        clean_share: clean reps / (clean + faulty reps), 0 to 1; None where there was neither. What
            was judged in part is left out: whoever stands obliquely is not held to be faulty.
        heaviest_kg: largest load entered for a set with a counted rep; None where there was none.
    """

    monday: date
    sets: int
    reps: int
    depth: float | None
    clean_share: float | None
    heaviest_kg: float | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """The history of one place at one time.

    Attributes:
        latest: its newest sets, the newest first, whatever their day.
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
        """How many days of the week have a set."""
        return sum(day.sets > 0 for day in self.week)


def monday_of(day: date) -> date:
    """Returns the first day of the ISO week."""
    return day - timedelta(days=day.weekday())


def week_of(today: date, rows: Iterable[Iterable[Any]]) -> tuple[DayTotals, ...]:
    """Returns the totals of the seven days of today's week.

    A row is a day (ISO date), its sets and reps; there is none for a day without sets.
    """
    found = {day: totals for day, *totals in rows}
    days = (monday_of(today) + timedelta(days=after) for after in range(DAYS_OF_WEEK))
    return tuple(DayTotals(day, *found.get(day.isoformat(), (0, 0))) for day in days)


def trend_of(today: date, rows: Iterable[Iterable[Any]]) -> tuple[WeekTrend, ...]:
    """Returns the WEEKS weeks up to today's.

    A row is a Monday (ISO date), then the other values of `WeekTrend` in their order; there is none
    for a week without sets.
    """
    found = {monday: values for monday, *values in rows}
    mondays = (monday_of(today) - timedelta(weeks=ago) for ago in reversed(range(WEEKS)))
    none = (0, 0, None, None)
    return tuple(WeekTrend(monday, *found.get(monday.isoformat(), none)) for monday in mondays)
