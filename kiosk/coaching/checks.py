"""From figures and limits to verdicts. What cannot be seen is not judged."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kiosk.coaching.back_check import BACK_MEASURE
from kiosk.coaching.measures import MEASURES, Measured
from kiosk.coaching.movement import Window
from kiosk.coaching.record import CheckResult, Verdict
from kiosk.coaching.rep_summary import middle_of
from kiosk.exercises.exercise import CheckRule

ERRORS = 1.0
"""A limit widens by this many standard errors of the figure."""
SURE = 0.45
"""Least mean score of the near side for a verdict; a set counts from .30 on."""


def judge(window: Window, rules: Iterable[CheckRule]) -> dict[str, CheckResult]:
    """Every check's verdict on one finished rep.

    Where a check has two rules, one for too little and one for too much, the fault wins, then what
    was assessed.
    """
    found: dict[str, CheckResult] = {}
    for rule in rules:
        if rule.measure == BACK_MEASURE:
            continue
        result = _judge(window, rule)
        if rule.id not in found or _weight(result) > _weight(found[rule.id]):
            found[rule.id] = result
    return found


def _judge(window: Window, rule: CheckRule) -> CheckResult:
    if rule.experimental:
        return _not_assessed("off")
    confidence = middle_of(s.body.confidence for s in window.bottom_samples) or 0.0
    obstacle = _obstacle(window, rule, confidence)
    if obstacle is not None:
        return _not_assessed(obstacle)
    reading = MEASURES[rule.measure](window)
    if isinstance(reading, str):
        return _not_assessed(reading)
    return _held_against(reading, rule, min(confidence, 1.0))


def _obstacle(window: Window, rule: CheckRule, confidence: float) -> str | None:
    """Key of the reason why this rep cannot be judged by this rule, before anything is measured."""
    standing = window.samples[-1].body.standing
    if standing is None:
        return "no_standing"
    if not rule.least_yaw_deg <= standing.yaw_deg <= rule.most_yaw_deg:
        return "turn_side_on"
    if window.frames_per_s < rule.least_fps:
        return "too_few_frames"
    share = middle_of(b.hip_share for b in window.bottom)
    if share is not None and share < rule.least_hip_share:
        return "other_movement"
    return "unclear" if confidence < SURE else None


def _held_against(reading: Measured, rule: CheckRule, confidence: float) -> CheckResult:
    """The verdict on a figure: beyond the limit widened by its error, or within it.

    With a band, what lies nearer to the limit than the band is too close to call.
    """
    sign = 1 if rule.above is not None else -1
    beyond = sign * (reading.value - rule.limit)
    result = CheckResult(
        verdict=Verdict.OK,
        value=reading.value,
        limit=rule.limit,
        unit=rule.unit,
        confidence=round(confidence, 2),
    )
    if abs(beyond) < rule.band:
        return replace(result, verdict=Verdict.NOT_ASSESSED, reason="too_close_to_call")
    if beyond > ERRORS * reading.error:
        return replace(result, verdict=Verdict.FAULT)
    return result


def _not_assessed(reason: str) -> CheckResult:
    return CheckResult(verdict=Verdict.NOT_ASSESSED, reason=reason)


_WEIGHTS: Mapping[Verdict, int] = {Verdict.NOT_ASSESSED: 0, Verdict.OK: 1, Verdict.FAULT: 2}


def _weight(result: CheckResult) -> int:
    return _WEIGHTS[result.verdict]
