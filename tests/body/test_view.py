"""The same body has the same angles from wherever it is seen."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.body.outline import read_outline
from kiosk.body.pose import Pose
from kiosk.body.state import Angles, Side
from kiosk.body.view import FRONTAL_DEG, angles_of, sagittal, stretch, yaw_of_bend
from people import FEW, figure


def seen(pose: Pose, yaw_deg: float, trunk_px: float = float("inf")) -> Angles:
    return angles_of(read_outline(pose), Side.LEFT, yaw_deg, trunk_px)


@given(st.floats(0, 80), st.floats(0, 60), st.sampled_from((-1, 1)))
@FEW
@pytest.mark.parametrize("yaw_deg", [40.0, 50.0, 60.0])
def test_seen_at_an_angle_a_body_has_the_angles_it_has_side_on(
    yaw_deg: float, lean_deg: float, knee_deg: float, facing: int
) -> None:
    side = seen(figure(0, lean_deg=lean_deg, knee_deg=knee_deg, facing=facing), 0.0)
    turned = seen(
        figure(0, lean_deg=lean_deg, knee_deg=knee_deg, facing=facing, yaw_deg=yaw_deg), yaw_deg
    )
    # the figure's own perspective lifts what is ahead by .04 of it
    assert turned.lean_deg == pytest.approx(side.lean_deg, abs=4)
    assert turned.hip_deg == pytest.approx(side.hip_deg, abs=6)
    assert turned.knee_deg == pytest.approx(side.knee_deg, abs=6)


def test_without_the_stretch_an_oblique_lean_looks_smaller() -> None:
    pose = figure(0, lean_deg=60.0, yaw_deg=50.0)
    assert seen(pose, 0.0).lean_deg < 52
    assert seen(pose, 50.0).lean_deg == pytest.approx(60, abs=4)


def test_nothing_is_stretched_from_the_front() -> None:
    assert stretch(0) == 1
    assert stretch(60) == pytest.approx(2)
    assert stretch(FRONTAL_DEG) == 1


def test_a_yaw_read_too_large_makes_no_trunk_longer_than_standing() -> None:
    standing = read_outline(figure(0))
    bent = figure(0, lean_deg=80.0, yaw_deg=20.0)
    fooled, limited = seen(bent, 60.0), seen(bent, 60.0, standing.trunk_px)
    trunk = sagittal(read_outline(bent), Side.LEFT, 60.0, standing.trunk_px).trunk
    assert (trunk[0] ** 2 + trunk[1] ** 2) ** 0.5 == pytest.approx(standing.trunk_px, rel=0.02)
    right = seen(bent, 20.0).lean_deg
    assert abs(limited.lean_deg - right) < abs(fooled.lean_deg - right)


def test_an_upright_trunk_is_stretched_all_the_same() -> None:
    standing = read_outline(figure(0))
    leans_back = figure(0, lean_deg=-10.0, yaw_deg=50.0)
    assert seen(leans_back, 50.0, standing.trunk_px).lean_deg == seen(leans_back, 50.0).lean_deg


def test_side_on_the_far_leg_takes_no_part_and_turned_both_do() -> None:
    pose = figure(0, knee_deg=40.0, step=(0.2, 0.0))
    outline = read_outline(pose)
    left, right = outline.limbs
    assert sagittal(outline, Side.LEFT, 0.0).shin == left.shin
    turned = sagittal(outline, Side.LEFT, 40.0).shin
    assert turned[1] == pytest.approx((left.shin[1] + right.shin[1]) / 2)


@given(st.floats(40, 80), st.floats(0, 60), st.sampled_from((-1, 1)))
@FEW
@pytest.mark.parametrize(
    ("yaw_deg", "width"), [(45.0, 0.85), (45.0, 1.3), (60.0, 0.85), (60.0, 1.3)]
)
def test_a_bend_corrects_the_yaw_of_somebody_broader_or_narrower_than_most(
    yaw_deg: float, width: float, lean_deg: float, knee_deg: float, facing: int
) -> None:
    trunk_px = read_outline(figure(0)).trunk_px
    pose = figure(0, lean_deg=lean_deg, knee_deg=knee_deg, facing=facing, yaw_deg=yaw_deg)
    by_width = math.degrees(math.asin(min(1.0, width * math.sin(math.radians(yaw_deg)))))
    corrected = yaw_of_bend(by_width, trunk_px, [read_outline(pose)])
    assert abs(corrected - yaw_deg) < max(abs(by_width - yaw_deg) - 2, 9)


@pytest.mark.parametrize("lean_deg", [-10.0, 0.0, 15.0])
def test_a_trunk_that_hardly_bends_says_nothing_of_the_yaw(lean_deg: float) -> None:
    trunk_px = read_outline(figure(0)).trunk_px
    outline = read_outline(figure(0, lean_deg=lean_deg, yaw_deg=40.0))
    assert yaw_of_bend(55.0, trunk_px, [outline]) == 55.0
    assert yaw_of_bend(55.0, trunk_px, []) == 55.0


@pytest.mark.parametrize(
    ("yaw_deg", "lean_deg", "within"),
    [(67.0, 70.0, True), (67.0, 32.0, False), (80.0, 70.0, False)],
)
def test_a_deep_bend_a_little_beyond_is_read_as_from_the_last_oblique_view(
    yaw_deg: float, lean_deg: float, within: bool
) -> None:
    trunk_px = read_outline(figure(0)).trunk_px
    outline = read_outline(figure(0, lean_deg=lean_deg, yaw_deg=yaw_deg))
    assert (yaw_of_bend(yaw_deg, trunk_px, [outline]) < FRONTAL_DEG) == within
