"""Makes up sets that look like those of people who train: for trials of the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random

from kiosk.coaching.record import (
    CheckResult,
    Ended,
    Grade,
    Measures,
    Rep,
    SetRecord,
    Tempo,
    Verdict,
)
from kiosk.exercises.catalogue import catalogue
from kiosk.training.facts import Facts
from kiosk.training.lifters import MOST_PLACES

_HOURS, _BUSY = range(6, 22), (3, 3, 2, 1, 1, 1, 2, 1, 1, 1, 2, 4, 4, 2, 1, 1)
"""When people train, and how many at each hour: before work, at noon and above all after it."""
_HIDDEN = CheckResult(verdict=Verdict.NOT_ASSESSED, reason="hidden")
_HIDDEN_SHARE = 0.15
_CORRECTED = 0.03
_FORGETS_PLACE = 0.25
_FADES_IN_DAYS = 60.0


@dataclass(frozen=True, slots=True)
class MadeUpSet:
    """A finished set, when it began, and what people say of it."""

    record: SetRecord
    started_at: float
    facts: Facts


def made_up_sets(random: Random, last: datetime, days: int, sets_a_day: int) -> Iterator[MadeUpSet]:
    """Yields the sets of one mirror over so many days up to `last`, in the order of time.

    Each place has an exercise or two, a load that grows and a fault that fades.
    """
    lifts = sorted(name for name, one in catalogue().items() if one.kind == "lift")
    habits = [
        (
            random.choice(lifts),
            random.choice(lifts),
            random.uniform(20, 90),
            random.uniform(0.1, 0.6),
        )
        for _ in range(MOST_PLACES + 1)
    ]
    midnight = last.replace(hour=0, minute=0, second=0, microsecond=0)
    serial = 0
    for day in range(days):
        date = midnight - timedelta(days=days - day)
        moments = sorted(
            3600 * hour + random.uniform(0, 3600)
            for hour in random.choices(_HOURS, _BUSY, k=sets_a_day)
        )
        for moment in moments:
            serial += 1
            place = random.randint(1, MOST_PLACES)
            first, second, load_kg, tendency = habits[place]
            exercise = first if random.random() < 0.7 else second
            left = tendency * 2 ** (-day / _FADES_IN_DAYS)
            record = _set(random, serial, exercise, left, 100.0 * serial)
            guest = random.random() < _FORGETS_PLACE
            counted = len(record.counted)
            wrong = random.random() < _CORRECTED
            yield MadeUpSet(
                record,
                (date + timedelta(seconds=moment)).timestamp(),
                Facts(
                    lifter=0 if guest else place,
                    load_kg=None if guest else round((load_kg + day / 7) / 2.5) * 2.5,
                    corrected=max(0, counted + random.choice((-1, 1, 1, 2))) if wrong else None,
                    target_reps=8,
                    target_sets=3,
                    set_number=serial % 3 + 1,
                    rest_s=random.uniform(45, 240),
                ),
            )


@cache
def _checks(exercise: str) -> tuple[str, ...]:
    """The ids that the exercise's rules find, each once."""
    return tuple(dict.fromkeys(rule.id for rule in catalogue()[exercise].checks))


@cache
def _results(*, fault: bool) -> tuple[CheckResult, ...]:
    """Verdicts with a value each, made once: reps are made up while the database is timed."""
    verdict = Verdict.FAULT if fault else Verdict.OK
    return tuple(
        CheckResult(verdict=verdict, value=10 + step / 4, limit=36.0, unit="deg", confidence=0.9)
        for step in range(200)
    )


@cache
def _movements() -> tuple[tuple[Tempo, Measures], ...]:
    """Movements, made once as well."""
    random = Random(1)  # noqa: S311 - made up, repeatable
    return tuple(
        (
            Tempo(
                eccentric_s=random.uniform(1, 2),
                pause_s=random.uniform(0, 0.4),
                concentric_s=random.uniform(0.7, 1.5),
            ),
            Measures(
                trunk_lean_deg=random.uniform(45, 85),
                hip_flexion_deg=random.uniform(70, 110),
                knee_flexion_deg=random.uniform(15, 40),
                shin_angle_deg=random.uniform(0, 12),
                hip_share=random.uniform(0.6, 0.9),
                depth=random.uniform(0.8, 1.2),
            ),
        )
        for _ in range(500)
    )


def _set(random: Random, serial: int, exercise: str, tendency: float, start_s: float) -> SetRecord:
    reps: list[Rep] = []
    number, at_s = 0, start_s
    for _ in range(random.randint(5, 12)):
        counted = random.random() > 0.06
        number += counted
        rep = _rep(random, exercise, max(number, 1), at_s, tendency, counted=counted)
        reps.append(rep)
        at_s = rep.end_s + random.uniform(0.2, 1)
    return SetRecord(
        serial=serial,
        exercise=exercise,
        started_s=start_s,
        reps=tuple(reps),
        ended_s=at_s + 2,
        ended=Ended.IDLE,
    )


def _rep(
    random: Random, exercise: str, number: int, at_s: float, tendency: float, *, counted: bool
) -> Rep:
    tempo, measures = random.choice(_movements())
    checks: dict[str, CheckResult] = {}
    faulty, whole = False, True
    for place, check in enumerate(_checks(exercise)):
        if random.random() < _HIDDEN_SHARE:
            checks[check], whole = _HIDDEN, False
            continue
        # the first check is the one that a beginner's fault shows in, the others are rare
        fault = random.random() < (tendency if place == 0 else tendency / 10)
        checks[check] = random.choice(_results(fault=fault))
        faulty = faulty or fault
    grade = Grade.FAULTY if faulty else Grade.CLEAN if whole else Grade.PARTLY
    bottom_s = at_s + tempo.eccentric_s
    return Rep(
        number=number,
        start_s=at_s,
        bottom_s=bottom_s,
        end_s=bottom_s + tempo.pause_s + tempo.concentric_s,
        counted=counted,
        tempo=tempo,
        measures=measures,
        partial_reason=None if counted else "too_shallow",
        checks=checks,
        grade=grade if counted else None,
        score=(round(random.uniform(55, 80)) if faulty else 100) if counted else None,
    )
