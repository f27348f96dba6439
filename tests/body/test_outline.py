"""What one pose tells before anything is known of the person."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.body.outline import SEEN, read_outline
from kiosk.body.pose import Keypoint, Pose
from kiosk.body.state import Side
from people import FEW, changed, figure, mirrored

FEET = [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]


def test_a_figure_inside_the_picture_is_whole() -> None:
    assert read_outline(figure(0)).whole_body


@pytest.mark.parametrize(
    "feet",
    [
        pytest.param((320.0, 479.0), id="feet at the border"),
        pytest.param((320.0, 520.0), id="feet below it"),
        pytest.param((320.0, 200.0), id="head above it"),
        pytest.param((2.0, 440.0), id="half out on the left"),
        pytest.param((639.0, 440.0), id="half out on the right"),
    ],
)
def test_a_figure_that_is_cut_off_is_not_whole(feet: tuple[float, float]) -> None:
    assert not read_outline(figure(0, feet=feet)).whole_body


@pytest.mark.parametrize("k", [Keypoint.NOSE, Keypoint.LEFT_HIP, *FEET])
def test_a_figure_whose_feet_hips_or_head_are_guessed_is_not_whole(k: Keypoint) -> None:
    assert not read_outline(changed(figure(0), (k, 2), SEEN - 0.01)).whole_body


def test_hands_may_be_hidden() -> None:
    wrists = [Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST]
    assert read_outline(changed(figure(0), (wrists, 2), 0.0)).whole_body


@given(lean_deg=st.floats(-20, 90), knee_deg=st.floats(0, 110), yaw_deg=st.floats(0, 90))
@FEW
def test_a_mirror_turns_leans_and_keeps_lengths_and_bends(
    lean_deg: float, knee_deg: float, yaw_deg: float
) -> None:
    pose = figure(0, lean_deg=lean_deg, knee_deg=knee_deg, yaw_deg=yaw_deg)
    (turned,) = mirrored([pose])
    here, there = read_outline(pose), read_outline(turned)
    assert there.lean_deg == pytest.approx(-here.lean_deg)
    assert there.gaze == pytest.approx(-here.gaze)
    for name in ("height_px", "trunk_px", "leg_px", "shoulders_px", "hips_px"):
        assert getattr(there, name) == pytest.approx(getattr(here, name))
    for mine, other in zip(here.limbs, there.limbs[::-1], strict=True):
        for name in ("trunk", "thigh", "shin"):
            (across, up), (back, high) = getattr(mine, name), getattr(other, name)
            assert (back, high) == pytest.approx((-across, up))


def test_a_trunk_of_no_length_tells_a_finite_gaze() -> None:
    pose = changed(figure(0), np.s_[5:13, :2], 0.0)
    pose = changed(pose, (Keypoint.LEFT_HIP, 1), 1e-310)
    assert math.isfinite(read_outline(pose).gaze)


def test_the_middle_of_both_sides_does_not_notice_swapped_sides() -> None:
    pose = figure(0, lean_deg=50, knee_deg=20, yaw_deg=15)
    points = pose.keypoints.copy()
    points[[5, 6, 11, 12, 13, 14, 15, 16]] = points[[6, 5, 12, 11, 14, 13, 16, 15]]
    here, there = read_outline(pose), read_outline(Pose.of(0, points, pose.size))
    assert (there.lean_deg, there.height_px) == pytest.approx((here.lean_deg, here.height_px))


@pytest.mark.parametrize(("hidden", "side"), [("HIP", "LEFT"), ("KNEE", "LEFT"), ("KNEE", "RIGHT")])
def test_a_leg_is_seen_as_well_as_its_hip_and_knee(hidden: str, side: str) -> None:
    pose = changed(figure(0, score=0.8), (Keypoint[f"{side}_{hidden}"], 2), 0.3)
    scores = read_outline(pose).scores
    assert min(scores[Side[side]]) == pytest.approx(0.3)
    assert min(scores[1 - Side[side]]) == pytest.approx(0.8)
