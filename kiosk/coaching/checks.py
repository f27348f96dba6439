"""Judges a rep: its measures against limits. What cannot be seen is not judged."""

from collections.abc import Iterable
from dataclasses import replace

from msgspec import structs

from kiosk.body.view import stretch
from kiosk.coaching.measures import MEASURES, Measured
from kiosk.coaching.movement import Movement, middle_of
from kiosk.coaching.record import CheckResult, Verdict
from kiosk.exercises.exercise import CheckRule

BACK_MEASURE = "back_bulge"
"""Checks with this measure are answered by `BackCheck`, and not from the keypoints."""
FROM_STANDING = frozenset({"lean_after", "lean_back", "neck"})
"""Measures of a few degrees from standing: nothing is said by a baseline taken in motion."""
VIEW_DEG = 10.0
"""Seen at an angle, sideways noise is stretched with the body: at 45 degrees, by 1.41, an angle
must lie 4 degrees beyond its limit."""
ERRORS = 1.0
"""A limit widens by this many standard errors of the figure."""
SURE = 0.45
"""Least mean score of the near side for a verdict; a set counts from .30 on."""
_WEIGHTS = {Verdict.NOT_ASSESSED: 0, Verdict.OK: 1, Verdict.FAULT: 2}


def judge(movement: Movement, rules: Iterable[CheckRule]) -> dict[str, CheckResult]:
    """Every check's verdict on one finished rep.

    Where a check has two rules, one for too little and one for too much, the fault wins, then what
    was assessed.
    """
    found: dict[str, CheckResult] = {}
    for rule in rules:
        result = _judge(movement, rule)
        if result is None:
            continue
        if rule.id not in found or _weight(result) > _weight(found[rule.id]):
            found[rule.id] = result
    return found


def _weight(result: CheckResult) -> tuple[int, bool]:
    """Of two answers that say nothing, the one of the rule for this view gives the true reason."""
    return _WEIGHTS[result.verdict], result.reason != "turn_side_on"


def _judge(movement: Movement, rule: CheckRule) -> CheckResult | None:
    """The rule's verdict; None where it is for `BackCheck` to find."""
    if rule.experimental:
        found = _judge(movement, structs.replace(rule, experimental=False))
        return replace(found or not_assessed("off"), verdict=Verdict.NOT_ASSESSED, reason="off")
    if (obstacle := _obstacle(movement, rule)) is not None:
        return not_assessed(obstacle)
    if rule.measure == BACK_MEASURE:
        return None
    confidence = middle_of(s.body.confidence for s in movement.bottom_samples) or 0.0
    if confidence < SURE:
        return not_assessed("unclear")
    measured = MEASURES[rule.measure](movement)
    if isinstance(measured, str):
        return not_assessed(measured)
    doubt = _doubt(movement, rule)
    return held_against(measured, rule, rule.limit, min(confidence, 1.0), doubt=doubt)


def _doubt(movement: Movement, rule: CheckRule) -> float:
    """How far beyond the limit an angle must lie to be a fault, by the view it was read from."""
    standing = movement.samples[-1].body.standing
    if rule.unit != "deg" or standing is None:
        return 0.0
    return VIEW_DEG * (stretch(standing.yaw_deg) - 1)


def _obstacle(movement: Movement, rule: CheckRule) -> str | None:
    """Key of the reason why this rep cannot be judged by this rule, before anything is measured."""
    standing = movement.samples[-1].body.standing
    # the back's readings carry a yaw each, and `BackCheck` holds that against the rule
    if rule.measure != BACK_MEASURE:
        if standing is None or (rule.measure in FROM_STANDING and not standing.still):
            return "no_standing"
        if not rule.least_yaw_deg <= standing.yaw_deg <= rule.most_yaw_deg:
            return "turn_side_on"
    if movement.frames_per_s < rule.least_fps:
        return "too_few_frames"
    share = middle_of(b.hip_share for b in movement.bottom)
    return "other_movement" if share is not None and share < rule.least_hip_share else None


def held_against(
    measured: Measured, rule: CheckRule, limit: float, confidence: float, *, doubt: float = 0.0
) -> CheckResult:
    """The verdict on a measure: beyond the limit by more than its error, or within it.

    With a band, what lies nearer to the limit than the band is too close to call; so is what lies
    beyond it by no more than `doubt`. The limit is the rule's, or a wider one.
    """
    sign = 1 if rule.above is not None else -1
    beyond = sign * (measured.value - limit)
    result = CheckResult(
        verdict=Verdict.OK,
        value=measured.value,
        limit=limit,
        unit=rule.unit,
        confidence=round(confidence, 2),
    )
    if abs(beyond) < rule.band:
        return replace(result, verdict=Verdict.NOT_ASSESSED, reason="too_close_to_call")
    if beyond <= ERRORS * measured.error:
        return result
    if beyond <= ERRORS * measured.error + doubt:
        return replace(result, verdict=Verdict.NOT_ASSESSED, reason="too_close_to_call")
    return replace(result, verdict=Verdict.FAULT)


def not_assessed(reason: str) -> CheckResult:
    """The result where nothing can be judged; `reason` is the key of the words that say why."""
    return CheckResult(verdict=Verdict.NOT_ASSESSED, reason=reason)
