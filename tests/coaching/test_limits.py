"""Every limit that an exercise file writes is the limit that is used.

Each limit of each check of each shipped exercise is moved from one side of what a rep shows to the
other, and the verdict must follow. A check whose limits nobody reads fails here.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import pytest
from msgspec import structs

from kiosk.body.back import BackProfile, BackReading
from kiosk.body.pose import Pose
from kiosk.coaching.coach import Coach
from kiosk.coaching.record import CheckResult, Verdict
from kiosk.exercises.catalogue import catalogue
from kiosk.exercises.exercise import CheckRule, Exercise
from people import Beat, figure, film, hinges, shifted, smooth_step

FPS = 15.0
SIDE_DEG, FRONT_DEG = 8.0, 55.0
"""Turned so far from side-on, for checks that look from the side and for those from the front."""
BULGE, LAST_BULGE = 0.05, {"above": 0.09, "below": 0.01}
"""How far the back bows in the first reps, and in the last one of a check with this side."""
WIDE = {"least_yaw_deg": 0.0, "most_yaw_deg": 90.0, "band": 0.0, "least_fps": 0.0}
"""Limits that keep nothing from being judged."""
APART = {"deg": 8.0, "s": 0.4, "ratio": 0.2, "hip_widths": 0.4, "trunks": 0.02}
"""Limits are put this far from what was measured: beyond its error."""

CASES = [
    pytest.param(exercise, rule, id=f"{exercise.id}-{rule.id}-{n}")
    for exercise in catalogue().values()
    for n, rule in enumerate(exercise.checks)
]


@cache
def poses(lean_deg: float, knee_deg: float, yaw_deg: float) -> Sequence[Pose]:
    """Three reps; whoever does them side-on has faced the mirror, so that the stance is seen."""
    turn = film(4, lambda t: figure(t, yaw_deg=90 + (yaw_deg - 90) * smooth_step(t - 2)), fps=FPS)
    reps = hinges(
        3, Beat(hold=0.4, top=0.6), lean_deg=lean_deg, knee_deg=knee_deg, fps=FPS, yaw_deg=yaw_deg
    )
    return [*turn, *shifted(reps, 4)] if yaw_deg == SIDE_DEG else reps


def results(
    exercise: Exercise, rule: CheckRule, variants: Iterable[Mapping[str, float | None]]
) -> list[CheckResult]:
    """The rule's results on the last of the reps, with some of its limits changed in turn."""
    loosened: dict[str, Any] = {
        **WIDE,
        "least_hip_share": 0.0,
        "quiet_knee_deg": 0.0,
        "experimental": False,
    }
    rules = tuple(
        structs.replace(rule, **{**loosened, **limits, "id": str(number)})
        for number, limits in enumerate(variants)
    )
    coach = Coach(structs.replace(exercise, checks=rules))
    last_bulge = LAST_BULGE["above" if rule.above is not None else "below"]
    stroke = exercise.appearance.stroke
    yaw_deg = FRONT_DEG if rule.least_yaw_deg > SIDE_DEG else SIDE_DEG
    for pose in poses(stroke.lean_deg, max(stroke.knee_deg, 35.0), yaw_deg):
        count = coach.update(pose).count
        body = coach.body
        if body is not None and (lean_deg := body.trunk_lean_deg or 0.0) > 30:
            profile = BackProfile(
                bulge=BULGE if count < 2 else last_bulge,
                lean_deg=lean_deg,
                hip_drop=0.0,
                confidence=0.8,
            )
            coach.record_back(BackReading(time_s=pose.time_s, yaw_deg=body.yaw_deg, back=profile))
    record = coach.finish().current
    assert record is not None
    assert len(record.counted) == 3
    checks = record.counted[-1].checks
    return [checks[one.id] for one in rules]


@pytest.mark.parametrize(("exercise", "rule"), CASES)
def test_every_limit_of_every_check_decides_its_verdict(
    exercise: Exercise, rule: CheckRule
) -> None:
    (seen,) = results(exercise, rule, [{}])
    assert seen.value is not None, seen.reason
    side = "above" if rule.above is not None else "below"
    apart = APART[rule.unit]
    fine, fault = seen.value + apart, seen.value - apart
    if side == "below":
        fine, fault = fault, fine
    expected: list[tuple[dict[str, float | None], Verdict, str | None]] = [
        ({side: fault}, Verdict.FAULT, None),
        ({side: fine}, Verdict.OK, None),
        ({side: fine, "band": 0.9 * apart}, Verdict.OK, None),
        ({side: fine, "band": 1.1 * apart}, Verdict.NOT_ASSESSED, "too_close_to_call"),
        ({side: fine, "least_yaw_deg": 85.0}, Verdict.NOT_ASSESSED, "turn_side_on"),
        ({side: fine, "most_yaw_deg": 5.0}, Verdict.NOT_ASSESSED, "turn_side_on"),
        ({side: fine, "least_fps": FPS - 1}, Verdict.OK, None),
        ({side: fine, "least_fps": FPS + 1}, Verdict.NOT_ASSESSED, "too_few_frames"),
    ]
    if rule.measure != "back_bulge":
        expected.append(({side: fault, "quiet_knee_deg": 120.0}, Verdict.OK, None))
    if rule.least_yaw_deg <= SIDE_DEG:
        expected.append(
            ({side: fine, "least_hip_share": 0.99}, Verdict.NOT_ASSESSED, "other_movement")
        )
    else:
        assert rule.least_hip_share == 0, "from the front there is no share to hold against it"
    found = results(exercise, rule, [limits for limits, _, _ in expected])
    for (limits, verdict, reason), result in zip(expected, found, strict=True):
        assert (result.verdict, result.reason) == (verdict, reason), limits
