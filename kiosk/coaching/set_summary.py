"""Sums up a set: its score, its fade, and the one thing to work on."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Self

from kiosk.coaching.record import CheckResult, Rep, SetRecord, Verdict
from kiosk.exercises.exercise import CheckRule, rules_by_priority

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
        score: mean of the counted reps' scores, 0 to 100; None where none has one.
        clean_reps: counted reps with something assessed and no fault.
        one_thing: the check to work on; None when no fault came often enough to be named.
        assessed: answers by check id, best priority first, experimental checks included.
    """

    reps: int
    partials: int
    score: int | None
    clean_reps: int
    fade: Fade
    one_thing: CheckRule | None
    assessed: Mapping[str, Tally]

    @classmethod
    def of(cls, record: SetRecord, rules: Sequence[CheckRule]) -> Self:
        """Sums up a set, under way or over, by the checks of its exercise."""
        counted = record.counted
        scores = [rep.score for rep in counted if rep.score is not None]
        by_priority = sorted(rules, key=lambda rule: rule.priority)
        assessed: dict[str, Tally] = {r.id: _tally(counted, r.id) for r in by_priority}
        return cls(
            reps=len(counted),
            partials=len(record.partials),
            score=round(fmean(scores)) if scores else None,
            clean_reps=sum(_costs(rep.checks, rules) == [] for rep in counted),
            fade=fade(counted),
            one_thing=_one_thing(assessed, rules),
            assessed=assessed,
        )


def rep_score(checks: Mapping[str, CheckResult], rules: Iterable[CheckRule]) -> int | None:
    """100 less the cost of each fault, at least 0; None when nothing was assessed.

    What could not be assessed costs nothing, and experimental checks neither cost nor count as
    assessed.
    """
    costs = _costs(checks, rules)
    return None if costs is None else max(0, 100 - sum(costs))


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


def _costs(checks: Mapping[str, CheckResult], rules: Iterable[CheckRule]) -> list[int] | None:
    """Cost of each fault; None when nothing was assessed."""
    assessed = [
        (rule.cost, checks[rule.id].verdict)
        for rule in rules_by_priority(rules)
        if rule.id in checks and checks[rule.id].verdict is not Verdict.NOT_ASSESSED
    ]
    return [cost for cost, verdict in assessed if verdict is Verdict.FAULT] if assessed else None


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


def _one_thing(assessed: Mapping[str, Tally], rules: Iterable[CheckRule]) -> CheckRule | None:
    # fewer faults than it takes to speak of them may be chance
    often = [rule for rule in rules_by_priority(rules) if assessed[rule.id].fault >= rule.speak[0]]
    # of equals `max` keeps the first, and the best priority stands first
    return max(often, key=lambda rule: rule.cost * assessed[rule.id].fault, default=None)
