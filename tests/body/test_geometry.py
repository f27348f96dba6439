"""Angles and lengths in the picture, as properties of any points."""

import math
from math import dist

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kiosk.body.geometry import Point, bend_deg, lean_deg, middle, vector
from people import FEW

coordinate = st.floats(-2000, 2000, width=32)
points = st.tuples(coordinate, coordinate)
turns = st.floats(-math.pi, math.pi)


def joint_deg(a: Point, joint: Point, b: Point) -> float | None:
    """The bend of a joint between two points."""
    return bend_deg(vector(joint, a), vector(b, joint))


def turned(point: Point, radians: float) -> Point:
    c, s = math.cos(radians), math.sin(radians)
    return c * point[0] - s * point[1], s * point[0] + c * point[1]


def scaled(point: Point, factor: float, by: Point) -> Point:
    return factor * point[0] + by[0], factor * point[1] + by[1]


@pytest.mark.parametrize(
    ("high", "degrees"),
    [
        ((0, -10), 0),
        ((10, -10), 45),
        ((-10, -10), -45),
        ((10, 0), 90),
        ((-10, 0), -90),
        ((0, 10), 180),
        ((0, 0), 0),
    ],
)
def test_lean_is_from_the_vertical_and_to_the_right(high: Point, degrees: float) -> None:
    assert lean_deg((0, 0), high) == pytest.approx(degrees)


@pytest.mark.parametrize(
    ("b", "degrees"), [((0, 10), 0), ((10, 0), 90), ((-10, 0), 90), ((0, -10), 180)]
)
def test_bend_is_from_straight_either_way(b: Point, degrees: float) -> None:
    assert joint_deg((0, -10), (0, 0), b) == pytest.approx(degrees)


@given(points, points, turns)
@FEW
def test_a_limb_without_length_has_no_bend(a: Point, b: Point, turn: float) -> None:
    assert joint_deg(a, a, b) is None
    assert joint_deg(b, a, a) is None
    assert lean_deg(a, a) == 0


@given(points, points, points)
@FEW
def test_angles_are_finite_and_in_range(a: Point, joint: Point, b: Point) -> None:
    bend = joint_deg(a, joint, b)
    assert bend is None or 0 <= bend <= 180
    assert -180 <= lean_deg(a, b) <= 180
    assert bend == pytest.approx(joint_deg(b, joint, a))
    assert middle(a, b) == middle(b, a)


@given(points, points, points, st.floats(0.1, 10), points)
@FEW
def test_angles_do_not_see_place_and_size(
    a: Point, joint: Point, b: Point, factor: float, by: Point
) -> None:
    assume(min(dist(a, joint), dist(b, joint)) > 1)
    there = [scaled(p, factor, by) for p in (a, joint, b)]
    assert joint_deg(*there) == pytest.approx(joint_deg(a, joint, b), abs=0.01)
    difference = lean_deg(there[0], there[1]) - lean_deg(a, joint)
    assert math.cos(math.radians(difference)) == pytest.approx(1)
    assert dist(there[0], there[1]) == pytest.approx(factor * dist(a, joint), rel=1e-6)


@given(points, points, points, turns)
@FEW
def test_a_bend_does_not_see_how_the_camera_is_turned(
    a: Point, joint: Point, b: Point, turn: float
) -> None:
    assume(min(dist(a, joint), dist(b, joint)) > 1)
    there = [turned(p, turn) for p in (a, joint, b)]
    assert joint_deg(*there) == pytest.approx(joint_deg(a, joint, b), abs=0.01)


@given(points, points, points)
@FEW
def test_a_mirror_turns_the_lean_and_keeps_the_bend(a: Point, joint: Point, b: Point) -> None:
    assume(abs(lean_deg(a, b)) < 179)
    (ax, ay), (jx, jy), (bx, by) = a, joint, b
    assert lean_deg((-ax, ay), (-bx, by)) == pytest.approx(-lean_deg(a, b))
    assert joint_deg((-ax, ay), (-jx, jy), (-bx, by)) == pytest.approx(joint_deg(a, joint, b))
