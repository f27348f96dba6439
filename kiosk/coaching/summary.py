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
SCORE_RULE = "advice.score_rule"
"""Key of the line that explains how `rep_score` comes about."""


@dataclass(frozen=True, slots=True)
class Change:
    """A figure's mean over the first and over the last third of the counted reps."""

    first: float
    last: float

    @property
    def change(self) -> float:
        """Last minus first."""
        return self.last - self.first


@dataclass(frozen=True, slots=True, kw_only=True)
class Fade:
    """What changed from the first to the last third; None where too little is known.

    Attributes:
        trunk_lean_deg: depth.
        tempo_s: seconds down and up together, without the pause.
        hip_share: hip / (hip + knee) of the bend.
    """

    trunk_lean_deg: Change | None = None
    tempo_s: Change | None = None
    hip_share: Change | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A check's answers over the counted reps.

    Attributes:
        ok, fault, not_assessed: reps with this answer.
        reason: the most common reason for not assessing; None when none was given.
    """

    ok: int = 0
    fault: int = 0
    not_assessed: int = 0
    reason: str | None = None

    @property
    def reason_key(self) -> str | None:
        """Key of the reason's words."""
        return None if self.reason is None else f"reason.{self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to work on.

    Attributes:
        check: id of the check.
        drill: id of the drill that helps; None where there is none.
    """

    check: str
    drill: str | None

    @property
    def key(self) -> str:
        """Key of its words; an exercise may have its own."""
        return f"advice.{self.check}"

    @property
    def drill_key(self) -> str | None:
        """Key of the drill's name."""
        return None if self.drill is None else f"drill.{self.drill}.name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A set in figures.

    Attributes:
        reps, partials: movements that counted and that did not.
        score: mean of the counted reps' scores, 0 to 100; None where none has one.
        clean_reps: counted reps with something assessed and no fault.
        fade: first third against last third.
        one_thing: what to work on; None when no fault came often enough to be named.
        assessed: answers by check id, best priority first, experimental checks included.
    """

    reps: int
    partials: int
    score: int | None
    clean_reps: int
    fade: Fade
    one_thing: Advice | None
    assessed: Mapping[str, Tally]

    @classmethod
    def of(cls, record: SetRecord, rules: Sequence[CheckRule]) -> Self:
        """Sums up a set, under way or over, by the checks of its exercise."""
        counted = record.counted
        scores = [rep.score for rep in counted if rep.score is not None]
        assessed: dict[str, Tally] = {
            rule.id: _tally(counted, rule.id) for rule in sorted(rules, key=lambda r: r.priority)
        }
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


def _change(figures: Sequence[float | None], third: int) -> Change | None:
    first = [figure for figure in figures[:third] if figure is not None]
    last = [figure for figure in figures[-third:] if figure is not None]
    if min(len(first), len(last)) < FADE_FIGURES:
        return None
    return Change(fmean(first), fmean(last))


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


def _one_thing(assessed: Mapping[str, Tally], rules: Iterable[CheckRule]) -> Advice | None:
    # fewer faults than it takes to speak of them may be chance
    often = [rule for rule in rules_by_priority(rules) if assessed[rule.id].fault >= rule.speak[0]]
    if not often:
        return None
    # of equals `max` keeps the first, and the best priority stands first
    worst = max(often, key=lambda rule: rule.cost * assessed[rule.id].fault)
    return Advice(check=worst.id, drill=worst.drill or None)
