"""The body of a paper figure against the figure's own angles."""

import math
from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import astuple, replace

from kiosk.body.observer import (
    GONE_S,
    PRESENT,
    SHARE_FROM_DEG,
    SIDE_MARGIN,
    SIDE_S,
    BodyObserver,
)
from kiosk.body.pose import Keypoint, Pose
from kiosk.body.standing import FRONTAL_DEG
from kiosk.body.state import BodyState, Side
from people import FEW, changed, figure, film, hinges, joints, mirrored, nobody

LEFT = [Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE]
RIGHT = [k + 1 for k in LEFT]
ANGLES = (
    "trunk_lean_deg",
    "shoulder_drop",
    "hip_flexion_deg",
    "knee_flexion_deg",
    "shin_angle_deg",
    "hip_travel_legs",
    "knee_travel_legs",
)


def bodies(poses: Iterable[Pose]) -> list[BodyState | None]:
    observer = BodyObserver()
    return [observer.observe(pose) for pose in poses]


def body_after_standing(pose: Pose, stood: Pose) -> BodyState:
    """The body of `pose`, of a person who stood like `stood` before."""
    poses = film(2.5, lambda t: replace(stood, time_s=t))
    body = bodies([*poses, replace(pose, time_s=poses[-1].time_s + 0.3)])[-1]
    assert body is not None
    return body


def known(value: float | None) -> float:
    assert value is not None
    return value


@given(
    lean_deg=st.floats(0, 90),
    knee_deg=st.floats(0, 110),
    facing=st.sampled_from([-1, 1]),
    stature_px=st.floats(120, 430),
    x=st.floats(200, 440),
)
@FEW
def test_angles_are_those_of_the_figure(
    lean_deg: float, knee_deg: float, facing: int, stature_px: float, x: float
) -> None:
    how: dict[str, Any] = {"facing": facing, "stature_px": stature_px, "feet": (x, 440.0)}
    body = body_after_standing(
        figure(0, lean_deg=lean_deg, knee_deg=knee_deg, **how), figure(0, **how)
    )
    truth = joints(lean_deg, knee_deg)
    assert body.standing is not None
    assert body.standing.facing == facing
    assert body.yaw_deg == pytest.approx(0, abs=1)
    assert known(body.trunk_lean_deg) == pytest.approx(lean_deg, abs=0.5)
    assert known(body.knee_flexion_deg) == pytest.approx(knee_deg, abs=0.5)
    assert known(body.hip_flexion_deg) == pytest.approx(truth.hip_deg, abs=0.5)
    assert known(body.shin_angle_deg) == pytest.approx(truth.shin_deg, abs=0.5)
    assert known(body.hip_travel_legs) == pytest.approx(truth.hip_travel_legs, abs=0.01)
    assert known(body.knee_travel_legs) == pytest.approx(truth.knee_travel_legs, abs=0.01)
    assert known(body.feet_moved) == pytest.approx(0, abs=0.01)
    if truth.hip_deg > SHARE_FROM_DEG + 0.5:
        share = truth.hip_deg / (truth.hip_deg + knee_deg)
        assert known(body.hip_share) == pytest.approx(share, abs=0.02)
    elif truth.hip_deg < SHARE_FROM_DEG - 0.5:
        assert body.hip_share is None


def test_hips_go_back_and_knees_forward_in_their_own_exercises() -> None:
    hinge = body_after_standing(figure(0, lean_deg=70, knee_deg=10), figure(0))
    squat = body_after_standing(figure(0, lean_deg=25, knee_deg=100), figure(0))
    assert known(hinge.hip_travel_legs) > 0.2
    assert known(squat.knee_travel_legs) > 0.1
    assert known(hinge.hip_share) > 0.8 > known(squat.hip_share)
    assert known(squat.shin_angle_deg) > 10


def test_travels_are_against_the_ankles_wherever_they_went() -> None:
    truth = joints(60, 20)
    body = body_after_standing(figure(0, lean_deg=60, knee_deg=20, feet=(345, 440)), figure(0))
    assert known(body.hip_travel_legs) == pytest.approx(truth.hip_travel_legs, abs=0.01)
    assert known(body.knee_travel_legs) == pytest.approx(truth.knee_travel_legs, abs=0.01)


def test_everything_is_minus_standing() -> None:
    """Somebody who stands a little bent is at zero all the same."""
    stood = figure(0, lean_deg=6, knee_deg=8)
    still = body_after_standing(stood, stood)
    for name in ANGLES:
        assert known(getattr(still, name)) == pytest.approx(0, abs=1e-6)
    deep = body_after_standing(figure(0, lean_deg=66, knee_deg=28), stood)
    assert known(deep.trunk_lean_deg) == pytest.approx(60, abs=0.5)
    assert known(deep.knee_flexion_deg) == pytest.approx(20, abs=0.5)


def test_leaning_back_is_negative() -> None:
    body = body_after_standing(figure(0, lean_deg=-15), figure(0))
    assert known(body.trunk_lean_deg) == pytest.approx(-15, abs=0.5)


def test_the_drop_of_the_shoulders_is_in_standing_heights() -> None:
    small, large = (
        body_after_standing(
            figure(0, lean_deg=60, knee_deg=20, stature_px=px), figure(0, stature_px=px)
        )
        for px in (150.0, 400.0)
    )
    assert known(small.shoulder_drop) == pytest.approx(known(large.shoulder_drop), abs=1e-3)
    assert 0.1 < known(small.shoulder_drop) < 0.4


def test_without_having_stood_nothing_is_measured() -> None:
    for body in bodies(film(2, lambda t: figure(t, lean_deg=70, knee_deg=20))):
        assert body is not None
        assert body.standing is None
        assert [getattr(body, name) for name in ANGLES] == [None] * len(ANGLES)


@pytest.mark.parametrize("facing", [1, -1])
def test_a_mirror_changes_the_facing_and_nothing_else(facing: int) -> None:
    poses = hinges(1, facing=facing, noise_px=1.0)
    for here, there in zip(bodies(poses), bodies(mirrored(poses)), strict=True):
        assert here is not None
        assert there is not None
        if here.standing is not None:
            assert there.standing is not None
            assert there.standing.facing == -(here.standing.facing or 0)
        assert (there.trunk_lean_deg is None) == (here.trunk_lean_deg is None)
        assert there.trunk_lean_deg == pytest.approx(here.trunk_lean_deg)
        assert there.shoulder_drop == pytest.approx(here.shoulder_drop)


@given(yaw_deg=st.floats(0, 55), facing=st.sampled_from([-1, 1]), stature_px=st.floats(150, 430))
@FEW
def test_yaw_and_facing_of_somebody_who_stands(
    yaw_deg: float, facing: int, stature_px: float
) -> None:
    stood = figure(0, yaw_deg=yaw_deg, facing=facing, stature_px=stature_px)
    body = body_after_standing(stood, stood)
    assert body.standing is not None
    assert body.standing.facing == facing
    assert body.yaw_deg == pytest.approx(yaw_deg, abs=5)
    assert body.standing.yaw_deg == pytest.approx(yaw_deg, abs=5)


def test_nobody_who_faces_the_camera_has_a_facing() -> None:
    ahead, nose_x = figure(0, yaw_deg=90), (Keypoint.NOSE, 0)
    stood = changed(ahead, nose_x, ahead.keypoints[nose_x] + 20)  # looks aside
    body = body_after_standing(figure(0, yaw_deg=90, lean_deg=60), stood)
    assert body.standing is not None
    assert body.standing.yaw_deg > FRONTAL_DEG
    assert body.standing.facing is None
    assert known(body.trunk_lean_deg) >= 0
    assert (body.hip_travel_legs, body.knee_travel_legs, body.shin_angle_deg) == (None,) * 3


def test_bending_over_does_not_look_like_turning() -> None:
    """A folded trunk is short in the picture, and its width would look like a turn."""
    for body in bodies(hinges(1, lean_deg=85)):
        assert body is not None
        assert body.yaw_deg < 10


# -- who is there ---------------------------------------------------------------------------------


def test_a_phantom_in_an_empty_room_is_nobody() -> None:
    assert set(bodies(film(3, nobody))) == {None}


@pytest.mark.parametrize(("score", "there"), [(PRESENT - 0.02, False), (PRESENT + 0.02, True)])
def test_one_side_must_be_seen_well_enough(score: float, there: bool) -> None:
    pose = changed(changed(figure(0), np.s_[:, 2], 0.05), (RIGHT, 2), score)
    body = BodyObserver().observe(pose)
    assert (body is not None) == there
    if body is not None:
        assert body.side is Side.RIGHT
        assert body.confidence == pytest.approx(score)


def test_the_baseline_outlives_a_blink_and_not_an_absence() -> None:
    for absent_s, kept in ((GONE_S - 0.2, True), (GONE_S + 0.2, False)):
        observer = BodyObserver()
        for pose in film(3, figure):
            observer.observe(pose)
        assert observer.stillness == 1
        for pose in film(absent_s, nobody):
            observer.observe(replace(pose, time_s=3 + pose.time_s))
        body = observer.observe(figure(3 + absent_s, lean_deg=60))
        assert body is not None
        assert (body.standing is not None) == kept


def sided(time_s: float, left: float, right: float) -> Pose:
    return changed(changed(figure(time_s), (LEFT, 2), left), (RIGHT, 2), right)


def test_single_frames_do_not_change_the_side() -> None:
    def pose(time_s: float) -> Pose:
        flips = round(time_s * 15) % 5 == 4
        return sided(time_s, *((0.5, 0.9) if flips else (0.8, 0.6)))

    assert {body.side for body in bodies(film(6, pose)) if body} == {Side.LEFT}


def test_a_side_seen_better_for_long_is_taken_and_a_small_lead_is_not() -> None:
    def changing(lead: float) -> list[Pose]:
        return film(
            5 * SIDE_S, lambda t: sided(t, 0.7, 0.5) if t < 1 else sided(t, 0.6, 0.6 + lead)
        )

    turned, stayed = bodies(changing(4 * SIDE_MARGIN)), bodies(changing(0.5 * SIDE_MARGIN))
    assert turned[-1] is not None
    assert turned[-1].side is Side.RIGHT
    assert {body.side for body in stayed if body} == {Side.LEFT}


# -- whatever the model says ----------------------------------------------------------------------


def numbers(value: object) -> list[float]:
    """Every number inside a body, however deep."""
    if isinstance(value, msgspec.Struct):
        return [n for held in astuple(value) for n in numbers(held)]
    if isinstance(value, tuple):
        return [n for item in value for n in numbers(item)]
    return [] if value is None else [float(value)]  # type: ignore[arg-type]  # numbers are left


coordinates = st.one_of(
    st.sampled_from([0.0, 1.0, 320.0, 640.0, -50.0]),
    st.floats(-3000, 3000, width=32),
    st.floats(-1e-300, 1e-300),
)
wild_poses = st.builds(
    lambda flat, scores: np.column_stack((np.reshape(flat, (17, 2)), scores)),
    st.one_of(
        st.lists(coordinates, min_size=34, max_size=34),
        coordinates.map(lambda c: [c] * 34),
    ),
    st.one_of(
        st.lists(st.floats(0, 1), min_size=17, max_size=17),
        st.sampled_from([0.0, 1.0]).map(lambda s: [s] * 17),
    ),
)


@given(st.lists(wild_poses, min_size=1, max_size=4), st.booleans())
@FEW
def test_every_number_of_every_body_is_finite(wild: list[Any], stood: bool) -> None:
    observer = BodyObserver()
    poses = film(2.5 if stood else 0, figure)
    poses += [Pose.of(3 + n / 10, points, (640, 480)) for n, points in enumerate(wild)]
    for pose in poses:
        body = observer.observe(pose)
        if body is not None:
            assert all(map(math.isfinite, numbers(body)))


@given(wild_poses)
@FEW
def test_somebody_who_stood_in_any_shape_is_measured_in_finite_numbers(points: Any) -> None:
    """A baseline of no length at all must not divide anything by it."""
    poses = film(2.5, lambda t: Pose.of(t, points, (640, 480)))
    poses += [figure(2.6, lean_deg=50), figure(2.7, lean_deg=90, knee_deg=120)]
    for body in bodies(poses):
        if body is not None:
            assert all(map(math.isfinite, numbers(body)))


@pytest.mark.parametrize(("faced_s", "read"), [(3.0, False), (6.0, True)])
def test_who_stood_side_on_has_to_face_the_mirror_for_a_while(faced_s: float, read: bool) -> None:
    """Somebody who stops right in front of the person faces it as well."""
    stood = film(3, figure)
    faces = film(faced_s, lambda t: figure(t + 3, yaw_deg=90.0, stance=1.5))
    last = bodies([*stood, *faces, figure(faced_s + 3.1)])[-1]
    assert last is not None
    assert (last.stance_hips is not None) is read
