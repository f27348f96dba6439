"""Grades reps and sums up a set: score, what it rests on, fade, and one thing to work on."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Self

from kiosk.coaching.cues import HINT_OF, keeps_hiding
from kiosk.coaching.record import Grade, Rep, SetRecord, Verdict
from kiosk.coaching.slowing import slowing
from kiosk.exercises.exercise import CheckRule, Exercise, rules_by_priority

FADE_FIGURES = 2
"""Least figures in a third, so a set fades from six reps on: one rep is no trend. Our default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fade:
    """The mean over the last third of the counted reps minus the first's; None where unknown.

    `tempo_s` is the time down and up together, without the pause.
    """

    trunk_lean_deg: float | None = None
    tempo_s: float | None = None
    hip_share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many counted reps have each answer of a check, and the most common reason for none."""

    ok: int = 0
    fault: int = 0
    not_assessed: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A set in figures.

    Attributes:
        grades: how many counted reps have each grade; none is left out.
        score: mean of the counted reps' scores, 0 to 100; None where none has one.
        scored: how many counted reps have a score.
        rests_on: checks behind the score, the main ones first, then by priority.
        one_thing: the check to work on; None when no fault came often enough to be named.
        assessed: answers by check id, best priority first, experimental checks included.
        main: the checks that a clean rep needs a verdict of.
        hidden: the reason that names the joint which plates kept hiding; None where they did not.
        slower: how much slower the last reps were than the fastest, as a part of its speed; None
            where they were not.
        hands_unseen: reps of a loaded lift in which it was not seen what the hands held.
        crossed_s: for how long somebody else was in the way.
    """

    reps: int
    partials: int
    grades: Mapping[Grade, int]
    score: int | None
    scored: int
    rests_on: tuple[str, ...]
    fade: Fade
    one_thing: CheckRule | None
    assessed: Mapping[str, Tally]
    main: tuple[str, ...]
    hidden: str | None = None
    slower: float | None = None
    hands_unseen: int = 0
    crossed_s: float = 0.0

    @property
    def mostly_open(self) -> bool:
        """Whether most of the counted reps are neither clean nor faulty: too little was seen."""
        return 2 * (self.grades[Grade.PARTLY] + self.grades[Grade.UNJUDGED]) > self.reps

    @classmethod
    def of(cls, record: SetRecord, exercise: Exercise) -> Self:
        """Sums up a set of the exercise, under way or over."""
        counted = record.counted
        scores = [rep.score for rep in counted if rep.score is not None]
        by_priority = sorted(exercise.checks, key=lambda rule: rule.priority)
        assessed: dict[str, Tally] = {r.id: _tally(counted, r.id) for r in by_priority}
        order: list[str] = [*exercise.main, *assessed]
        return cls(
            reps=len(counted),
            partials=len(record.partials),
            grades={grade: sum(rep.grade is grade for rep in counted) for grade in Grade},
            score=round(fmean(scores)) if scores else None,
            scored=len(scores),
            rests_on=tuple(sorted(rests_on(counted), key=order.index)),
            fade=fade(counted),
            one_thing=_one_thing(assessed, exercise.checks),
            assessed=assessed,
            main=exercise.main,
            hidden=_hidden(counted) if exercise.plates else None,
            slower=slowing(counted),
        )


def graded(rep: Rep, exercise: Exercise) -> Rep:
    """The counted rep with its grade and its score.

    The score is 100 less the cost of each fault, at least 0. Without a verdict of a main check
    there is none: 100 for a tempo alone would praise what was not seen. Experimental checks neither
    cost nor count as judged.
    """
    rules = [rule for rule in rules_by_priority(exercise.checks) if rule.id in rep.judged]
    costs = [rule.cost for rule in rules if rep.checks[rule.id].verdict is Verdict.FAULT]
    judged = {rule.id for rule in rules}
    if costs:
        grade = Grade.FAULTY
    elif not judged:
        grade = Grade.UNJUDGED
    else:
        grade = Grade.CLEAN if judged.issuperset(exercise.main) else Grade.PARTLY
    score = max(0, 100 - sum(costs)) if judged.intersection(exercise.main) else None
    return replace(rep, grade=grade, score=score)


def rests_on(counted: Sequence[Rep]) -> tuple[str, ...]:
    """The checks behind the score: those that gave a verdict in at least half of the scored reps.

    Where none did, those that gave the most.
    """
    scored = [rep for rep in counted if rep.score is not None]
    times = Counter(check for rep in scored for check in rep.judged)
    least = min(len(scored) / 2, max(times.values(), default=0))
    return tuple(check for check in times if times[check] >= least)


def fade(counted: Sequence[Rep]) -> Fade:
    """The first third of the counted reps against the last."""
    third = len(counted) // 3
    tempos = [rep.tempo.eccentric_s + rep.tempo.concentric_s for rep in counted]
    return Fade(
        trunk_lean_deg=_change([rep.measures.trunk_lean_deg for rep in counted], third),
        tempo_s=_change(tempos, third),
        hip_share=_change([rep.measures.hip_share for rep in counted], third),
    )


def _change(figures: Sequence[float | None], third: int) -> float | None:
    first = [figure for figure in figures[:third] if figure is not None]
    last = [figure for figure in figures[-third:] if figure is not None]
    if min(len(first), len(last)) < FADE_FIGURES:
        return None
    return fmean(last) - fmean(first)


def _tally(counted: Sequence[Rep], check: str) -> Tally:
    results = [rep.checks[check] for rep in counted if check in rep.checks]
    verdicts = Counter(result.verdict for result in results)
    reasons = Counter(result.reason for result in results if result.reason is not None)
    ok, fault = verdicts[Verdict.OK], verdicts[Verdict.FAULT]
    return Tally(
        ok=ok,
        fault=fault,
        not_assessed=len(counted) - ok - fault,
        reason=reasons.most_common(1)[0][0] if reasons else None,
    )


def _hidden(counted: Sequence[Rep]) -> str | None:
    reasons = [rep.hidden for rep in counted]
    often = any(keeps_hiding(reasons[i : i + HINT_OF]) for i in range(len(reasons)))
    return keeps_hiding(reasons) if often else None


def _one_thing(assessed: Mapping[str, Tally], rules: Iterable[CheckRule]) -> CheckRule | None:
    # fewer faults than it takes to speak of them may be chance
    often = [rule for rule in rules_by_priority(rules) if assessed[rule.id].fault >= rule.speak[0]]
    # of equals `max` keeps the first, and the best priority stands first
    return max(often, key=lambda rule: rule.cost * assessed[rule.id].fault, default=None)
