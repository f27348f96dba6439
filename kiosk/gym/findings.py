"""Reads from the views what a coach's report of one week shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, LiteralString

from kiosk.errors import DatabaseError
from kiosk.history.accuracy import Accuracy

if TYPE_CHECKING:
    from psycopg import Connection

WEEKS = 8
"""The weeks whose faults are shown: two blocks of four, the length of a training block."""


@dataclass(frozen=True, slots=True)
class HourOfUse:
    """Sets that one mirror counted in one hour of the week."""

    mirror: str
    weekday: int
    hour: int
    sets: int


@dataclass(frozen=True, slots=True)
class FaultWeek:
    """How common one fault was in one exercise in one week."""

    exercise: str
    check: str
    week: date
    judged: int
    faulty: int


@dataclass(frozen=True, slots=True)
class LifterWeek:
    """What one place of one mirror did in one week, over all exercises."""

    mirror: str
    lifter: int
    week: date
    reps: int
    volume_kg: float | None
    clean_share: float | None


@dataclass(frozen=True, slots=True)
class Unwell:
    """A mirror for which there is a reason to look after it."""

    mirror: str
    days_without_sets: int
    reasons: tuple[str, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All that a report shows.

    Attributes:
        week: its Monday.
        gym: the only gym that is looked at; None for all.
        mirrors: how many are known.
        usage, accuracy: of this week; accuracy by exercise.
        faults: of this week and those before it.
        lifters: of this week and the one before it.
        unwell: as the mirrors are now, whichever week is shown.
    """

    week: date
    gym: str | None
    mirrors: int
    usage: Sequence[HourOfUse]
    faults: Sequence[FaultWeek]
    lifters: Sequence[LifterWeek]
    unwell: Sequence[Unwell]
    accuracy: Sequence[tuple[str, Accuracy]]


def read_findings(
    connection: "Connection[Any]", week: date | None = None, gym: str | None = None
) -> Findings:
    """Reads a week of one gym, or of all; by default the newest week with a set.

    Raises:
        DatabaseError: there is no such gym, or no set in it.
    """
    where: dict[str, object] = {"gym": gym}
    row = _rows(
        connection,
        "SELECT count(*), date_trunc('week', max(last_set_at))::date FROM gym.conditions "
        "WHERE gym = coalesce(%(gym)s::text, gym)",
        where,
    )[0]
    mirrors, newest = int(row[0]), row[1]
    if mirrors == 0:
        here = "there is no mirror" if gym is None else f"there is no mirror of the gym {gym!r}"
        raise DatabaseError(f"{here}; mirrors show up once they send sets")
    if week is None and newest is None:
        raise DatabaseError("no mirror has sent a set yet")
    week = week or newest
    where |= {"week": week, "before": week - timedelta(weeks=1)}
    where |= {"first": week - timedelta(weeks=WEEKS - 1)}
    usage = _rows(
        connection,
        "SELECT name, weekday, hour, sets FROM gym.usage "
        "WHERE week = %(week)s AND gym = coalesce(%(gym)s::text, gym)",
        where,
    )
    faults = _rows(
        connection,
        "SELECT exercise, check_id, week, sum(judged)::int, sum(faulty)::int FROM gym.faults "
        "WHERE week BETWEEN %(first)s AND %(week)s AND gym = coalesce(%(gym)s::text, gym) "
        "GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        where,
    )
    lifters = _rows(
        connection,
        "SELECT name, lifter, week, sum(reps)::int, sum(volume_kg), "
        "sum(clean_share * judged) / nullif(sum(judged) FILTER (WHERE clean_share IS NOT NULL), 0) "
        "FROM gym.lifters WHERE week BETWEEN %(before)s AND %(week)s "
        "AND gym = coalesce(%(gym)s::text, gym) "
        "GROUP BY mirror, 1, 2, 3 ORDER BY 1, 2, 3",
        where,
    )
    unwell = _rows(
        connection,
        "SELECT name, days_without_sets, reasons, faults FROM gym.conditions "
        "WHERE cardinality(reasons) > 0 AND gym = coalesce(%(gym)s::text, gym) "
        "ORDER BY days_without_sets DESC, name",
        where,
    )
    accuracy = _rows(
        connection,
        "SELECT exercise, sum(sets)::int, sum(corrected)::int, sum(counted_reps)::int, "
        "sum(over)::int, sum(under)::int FROM gym.accuracy "
        "WHERE week = %(week)s AND gym = coalesce(%(gym)s::text, gym) "
        "GROUP BY 1 ORDER BY 1",
        where,
    )
    return Findings(
        week=week,
        gym=gym,
        mirrors=mirrors,
        usage=[HourOfUse(*row) for row in usage],
        faults=[FaultWeek(*row) for row in faults],
        lifters=[LifterWeek(*row) for row in lifters],
        unwell=[Unwell(name, days, tuple(why), tuple(what)) for name, days, why, what in unwell],
        accuracy=[
            (
                exercise,
                Accuracy(sets=sets, corrected=corrected, counted_reps=reps, over=over, under=under),
            )
            for exercise, sets, corrected, reps, over, under in accuracy
        ],
    )


def _rows(
    connection: "Connection[Any]", query: LiteralString, where: dict[str, object]
) -> list[tuple[Any, ...]]:
    return connection.execute(query, where).fetchall()
