"""Judges a rep: its measures against limits. What cannot be seen is not judged."""

import math
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from msgspec import structs

from kiosk.body.state import Standing
from kiosk.body.view import FRONTAL_DEG
from kiosk.coaching.hidden import hidden_joint
from kiosk.coaching.measures import MEASURES, UNSEEN_S, Measured
from kiosk.coaching.movement import Movement, middle_of
from kiosk.coaching.record import CheckResult, Verdict
from kiosk.exercises.exercise import CheckRule

BACK_MEASURE = "back_bulge"
"""Checks with this measure are answered by `BackCheck`, and not from the keypoints."""
FROM_STANDING = frozenset({"lean_after", "lean_back", "neck"})
"""Measures of a few degrees from standing: nothing is said by a baseline taken in motion."""
OUTGROWN = 1.06
"""A body this many times as tall as its baseline has come nearer since, or its camera has: over
recorded and rendered people who stayed, it went to 1.02."""
YAW_ERROR_DEG = 6.0
"""How far off the yaw is read: over 30 rendered people seen from 15 to 60 degrees, the standard
deviation was 6 degrees in every view."""
ERRORS = 1.0
"""A limit widens by this many standard errors of the figure."""
SURE = 0.45
"""Least mean score of the near side for a verdict; a set counts from .30 on."""
LEGS_SURE, OF_THE_LEGS = 0.4, ("first_third", "bottom", "ascent")
"""Least score of hip and knee at the bottom for a fault in these phases. Under a painted coat that
hides them one was .38 where a clean rep looked shallow; of the faults of rendered and recorded
people, one in fifty lies below."""
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
    covered = _was_covered(movement)
    confidence = middle_of(s.body.confidence for s in movement.bottom_samples) or 0.0
    if covered or confidence < SURE:
        joint = None if covered else hidden_joint(movement)
        return not_assessed(joint or "unclear")
    measured = MEASURES[rule.measure](movement)
    if isinstance(measured, str):
        joint = hidden_joint(movement) if measured == "hidden" else None
        return not_assessed(joint or measured)
    doubt = _doubt(movement, rule)
    result = held_against(measured, rule, rule.limit, min(confidence, 1.0), doubt=doubt)
    return _confirmed(movement, rule, result) if result.verdict is Verdict.FAULT else result


def _confirmed(movement: Movement, rule: CheckRule, fault: CheckResult) -> CheckResult:
    """A fault, if the rest of what is seen at the bottom agrees."""
    knee_deg = middle_of(b.knee_flexion_deg for b in movement.bottom) or 0.0
    if knee_deg < rule.quiet_knee_deg:
        return replace(fault, verdict=Verdict.OK)
    if rule.phase in OF_THE_LEGS and not _legs_seen(movement):
        return not_assessed(hidden_joint(movement) or "hidden")
    return fault


def _legs_seen(movement: Movement) -> bool:
    """Whether hip and knee are not just guessed, as under a long coat or a skirt."""
    scores = (min(b.outline.scores[b.side][:2]) for b in movement.bottom)
    return (middle_of(scores) or 0.0) >= LEGS_SURE


def _was_covered(movement: Movement) -> bool:
    """Whether the person went unseen for a while on the way down or at the bottom.

    Whoever passed is in the poses around such a gap, and what is deepest may be theirs.
    """
    seen = movement.samples[movement.start : movement.deep[1] + 2]
    return any(b.time_s - a.time_s > UNSEEN_S for a, b in pairwise(seen))


def _doubt(movement: Movement, rule: CheckRule) -> float:
    """How far an angle at the limit is off where the yaw is, in degrees.

    The tangent of a lean is seen shortened by the cosine of the yaw. So an error of the yaw changes
    the lean little where a body is nearly upright, and most half-way down: from 60 degrees an
    error of 6 is 1.3 degrees at a lockout and 5 at the bottom.
    """
    standing = movement.samples[-1].body.standing
    if rule.unit != "deg" or standing is None or standing.yaw_deg >= FRONTAL_DEG:
        return 0.0
    steep = abs(math.sin(2 * math.radians(rule.limit))) / 2
    return YAW_ERROR_DEG * steep * math.tan(math.radians(standing.yaw_deg))


def _obstacle(movement: Movement, rule: CheckRule) -> str | None:
    """Key of the reason why this rep cannot be judged by this rule, before anything is measured."""
    standing = movement.samples[-1].body.standing
    # the back's readings carry a yaw each, and `BackCheck` holds that against the rule
    if rule.measure != BACK_MEASURE:
        if standing is None or (rule.measure in FROM_STANDING and not _fits(standing, movement)):
            return "no_standing"
        if not rule.least_yaw_deg <= standing.yaw_deg <= rule.most_yaw_deg:
            return "turn_side_on"
    if movement.frames_per_s < rule.least_fps:
        return "too_few_frames"
    share = middle_of(b.hip_share for b in movement.bottom)
    return "other_movement" if share is not None and share < rule.least_hip_share else None


def _fits(standing: Standing, movement: Movement) -> bool:
    """Whether a few degrees from this baseline mean anything."""
    tallest_px = sorted(s.body.outline.height_px for s in movement.samples)[-3:][0]
    return standing.still and tallest_px < OUTGROWN * standing.outline.height_px


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
