"""The joint that plates hide at the bottom is named, and only where it is known."""

import pytest
from msgspec.structs import replace

from kiosk.body.observer import BodyObserver
from kiosk.body.pose import Keypoint, Pose
from kiosk.coaching.checks import judge
from kiosk.coaching.counter import sample_of
from kiosk.coaching.hidden import COVERED, MOST_YAW_DEG, hidden_joint
from kiosk.coaching.movement import Movement
from kiosk.coaching.record import Verdict
from kiosk.exercises.catalogue import exercise_by_id
from people import STANDS_S, Beat, hinges

HINGE = exercise_by_id("hip_hinge")
BEAT = Beat(down=1.2, hold=0.4, up=1.0, top=0.6)
DOWN_S = STANDS_S + BEAT.down
HIP, KNEE, ANKLE = Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE
NEAR, FAR, BEHIND = 0.8, 0.5, 0.2


def lifted(
    low: dict[Keypoint, float], shifted: dict[Keypoint, float] | None = None, near: float = NEAR
) -> Movement:
    """A hinge in which joints of the near side get other scores, and places, while it is low."""
    observer, samples = BodyObserver(), []
    for pose in hinges(1, BEAT, lean_deg=70, knee_deg=15):
        points = pose.keypoints.copy()
        points[Keypoint.LEFT_SHOULDER :: 2, 2] = near
        points[Keypoint.RIGHT_SHOULDER :: 2, 2] = min(near, FAR)
        if DOWN_S - 0.5 < pose.time_s < DOWN_S + BEAT.hold + 0.5:
            for joint, score in low.items():
                points[joint, 2] = score
            for joint, down_px in (shifted or {}).items():
                points[joint, 1] += down_px
        body = observer.observe(Pose.of(pose.time_s, points, pose.size))
        sample = body and sample_of(body, HINGE.rep)
        if sample is not None and sample.time_s > STANDS_S - 0.5:
            samples.append(sample)
    return Movement.around(tuple(samples))


@pytest.mark.parametrize(
    ("joint", "reason"), [(HIP, "hidden_hips"), (KNEE, "hidden_knees"), (ANKLE, "hidden_feet")]
)
def test_the_joint_seen_worst_is_the_hidden_one(joint: Keypoint, reason: str) -> None:
    assert hidden_joint(lifted({HIP: 0.4, KNEE: 0.4, ANKLE: 0.4, joint: BEHIND})) == reason


@pytest.mark.parametrize(
    ("shifted", "reason"),
    [({KNEE: 40.0}, "hidden_knees"), ({HIP: 70.0}, "hidden_hips"), ({ANKLE: -40.0}, "hidden_feet")],
)
def test_limbs_that_do_not_fit_tell_which_joints_it_can_be(
    shifted: dict[Keypoint, float], reason: str
) -> None:
    low = dict.fromkeys((HIP, KNEE, ANKLE), 0.45) | dict.fromkeys(shifted, 0.4)
    # the worst score alone would name another joint, where the odd limbs leave a choice
    assert hidden_joint(lifted(low, shifted)) == reason


def test_a_joint_of_an_odd_limb_is_meant_and_none_farther_off() -> None:
    seen_badly = {HIP: BEHIND, KNEE: 0.45, ANKLE: 0.4}
    assert hidden_joint(lifted(seen_badly, {ANKLE: -40.0})) == "hidden_feet"


@pytest.mark.parametrize("score", [COVERED + 0.05, NEAR])
def test_a_joint_that_was_seen_is_not_hidden(score: float) -> None:
    assert hidden_joint(lifted({KNEE: score}, {KNEE: 40.0})) is None


def test_whoever_is_badly_seen_all_the_time_is_not_hidden() -> None:
    assert hidden_joint(lifted({KNEE: 0.35}, near=0.4)) is None


def test_farther_from_side_on_no_joint_is_named() -> None:
    movement = lifted({KNEE: BEHIND})
    assert hidden_joint(turned(movement, MOST_YAW_DEG - 1)) == "hidden_knees"
    assert hidden_joint(turned(movement, MOST_YAW_DEG + 1)) is None


def turned(movement: Movement, yaw_deg: float) -> Movement:
    """The same pictures, of somebody who is known to stand at this angle."""
    standing = movement.reference.body.standing
    assert standing is not None
    standing = replace(standing, yaw_deg=yaw_deg)
    samples = tuple(replace(s, body=replace(s.body, standing=standing)) for s in movement.samples)
    return Movement.around(samples)


def test_a_silent_check_names_the_hidden_joint() -> None:
    results = judge(lifted({KNEE: BEHIND, ANKLE: 0.3, HIP: 0.3}), HINGE.checks)
    reasons = {result.reason for result in results.values()}
    assert "hidden_knees" in reasons
    assert "unclear" not in reasons
    odd = judge(lifted({KNEE: 0.45}, {KNEE: 40.0}), HINGE.checks)["knee_dominance"]
    assert odd.verdict is Verdict.NOT_ASSESSED
    assert odd.reason == "hidden_knees"


def test_a_rep_that_somebody_covered_on_the_way_down_is_not_judged() -> None:
    seen = lifted({})
    verdicts = {result.verdict for result in judge(seen, HINGE.checks).values()}
    assert Verdict.OK in verdicts
    gap_s = (DOWN_S - 0.6, DOWN_S - 0.1)
    kept = tuple(s for s in seen.samples if not gap_s[0] < s.time_s < gap_s[1])
    results = judge(Movement.around(kept), HINGE.checks)
    assert {result.verdict for result in results.values()} == {Verdict.NOT_ASSESSED}
    assert results["knee_dominance"].reason == "unclear"
