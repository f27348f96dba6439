"""Somebody on the mark is told one thing about the camera, the most important first."""

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.body.pose import Keypoint, Pose
from kiosk.coaching.camera_check import (
    BRIGHT,
    DARK,
    EVERY_S,
    OVER_S,
    SHADOW,
    TILTED_DEG,
    CameraCheck,
    Finding,
    Light,
    find,
    read_light,
    tilt_deg,
)
from kiosk.coaching.session import FAR_PART, NEAR_PART
from kiosk.ui.screen.gallery.scenes import person

STEP_S = 1.01 * EVERY_S
LIT = Light(mean=120.0, person=60.0, beside=140.0)
HEAD = tuple(Keypoint)[:5]
FEET = (Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE)


def moved(pose: Pose, *, down: float = 0.0, degrees: float = 0.0, scale: float = 1.0) -> Pose:
    """The person turned clockwise about the middle of the picture, scaled, and moved by heights."""
    width, height = pose.size
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    marks = []
    for x, y, score in pose.marks:
        across, along = (x - width / 2) * scale, (y - height / 2) * scale
        at = (across * cos - along * sin, across * sin + along * cos)
        marks.append((at[0] + width / 2, at[1] + height / 2 + down * height, score))
    return Pose(pose.time_s, tuple(marks), pose.size)


def unseen(pose: Pose, points: tuple[Keypoint, ...]) -> Pose:
    """The same with points that the model only guesses."""
    marks = list(pose.marks)
    for one in points:
        marks[one] = (*marks[one][:2], 0.1)
    return Pose(pose.time_s, tuple(marks), pose.size)


STANDS = moved(person(share=0.7), down=-0.08)


def test_somebody_who_stands_well_in_a_lit_room_is_fine() -> None:
    assert find(STANDS, LIT) is Finding.GOOD


@pytest.mark.parametrize("facing_camera", [False, True])
@pytest.mark.parametrize("share", [0.5, 0.6, 0.8])
def test_whoever_stands_well_is_fine_near_or_far_and_from_any_side(
    facing_camera: bool, share: float
) -> None:
    assert find(person(share=share, front=facing_camera), LIT) is Finding.GOOD


@pytest.mark.parametrize("by", [-2.0, 2.0])
def test_a_rolled_camera_is_found_beyond_the_limit_alone(by: float) -> None:
    own = tilt_deg(STANDS)
    for side in (-1, 1):
        turned = moved(STANDS, degrees=side * (TILTED_DEG + by) - own)
        assert tilt_deg(turned) == pytest.approx(side * (TILTED_DEG + by), abs=0.1)
        assert find(turned, LIT) is (Finding.TILTED if by > 0 else Finding.GOOD)


def test_whoever_bends_is_not_taken_for_a_rolled_camera() -> None:
    assert find(person(lean_deg=70.0, knee_deg=15.0, share=0.8), LIT) is not Finding.TILTED


def test_the_size_tells_who_is_too_near_or_too_far() -> None:
    assert find(moved(STANDS, scale=0.4), LIT) is Finding.FAR
    assert find(moved(person(share=1.0), down=-0.04, scale=0.97), LIT) is Finding.NEAR
    assert FAR_PART < NEAR_PART


@pytest.mark.parametrize("guessed_inside", [False, True])
def test_feet_that_are_cut_off_below_a_free_ceiling_ask_for_the_camera_to_be_tilted_down(
    guessed_inside: bool,
) -> None:
    low = moved(STANDS, down=0.15) if guessed_inside else moved(STANDS, down=0.25)
    low = unseen(low, FEET) if guessed_inside else low
    assert find(low, LIT) is Finding.AIMED_HIGH


def test_a_head_that_is_cut_off_above_a_free_floor_asks_for_the_camera_to_be_tilted_up() -> None:
    assert find(moved(STANDS, down=-0.25), LIT) is Finding.AIMED_LOW
    assert find(unseen(moved(STANDS, down=-0.15), HEAD), LIT) is Finding.AIMED_LOW


def test_who_is_cut_off_at_both_ends_is_too_near() -> None:
    assert find(moved(STANDS, scale=1.6), LIT) is Finding.NEAR


def test_a_dark_room_comes_before_everything_else() -> None:
    dark = replace(LIT, mean=DARK - 1)
    assert find(moved(STANDS, scale=0.4), dark) is Finding.DARK
    assert find(moved(STANDS, degrees=15.0), replace(LIT, mean=DARK + 1)) is Finding.TILTED


def test_a_shadow_before_brightness_is_a_window_and_neither_alone() -> None:
    for person_, beside, finding in (
        (SHADOW - 1, BRIGHT + 1, Finding.WINDOW),
        (SHADOW + 1, BRIGHT + 1, Finding.GOOD),
        (SHADOW - 1, BRIGHT - 1, Finding.GOOD),
        (None, BRIGHT + 1, Finding.GOOD),
        (SHADOW - 1, None, Finding.GOOD),
    ):
        assert find(STANDS, Light(120.0, person_, beside)) is finding


def room(person_: int, beside: int, pose: Pose = STANDS) -> NDArray[np.uint8]:
    """A picture of an even wall with a person painted as a column from head to feet."""
    width, height = pose.size
    picture = np.full((height, width, 4), beside, np.uint8)
    xs = [x for x, _, _ in pose.marks]
    ys = [y for _, y, _ in pose.marks]
    wide = 0.06 * (max(ys) - min(ys))
    left, right = round(min(xs) - wide), round(max(xs) + wide)
    picture[round(min(ys)) : round(max(ys)), left:right] = person_
    return picture


def test_light_is_read_from_the_person_and_from_beside_them() -> None:
    light = read_light(room(10, 200)[::8, ::8, 0].astype(float), STANDS)
    assert (light.person, light.beside) == (10.0, 200.0)
    assert 150 < light.mean < 200


def test_somebody_outside_the_picture_has_no_light() -> None:
    light = read_light(np.full((60, 80), 99.0), moved(STANDS, down=3.0))
    assert light == Light(99.0, None, None)


def watch(
    check: CameraCheck, poses: list[Pose | None], picture: NDArray[np.uint8]
) -> list[Finding | None]:
    return [check.update(10 + n * STEP_S, pose, picture) for n, pose in enumerate(poses)]


def test_nothing_is_said_before_enough_was_seen() -> None:
    seen = watch(CameraCheck(), [STANDS] * 12, room(60, 140))
    assert seen[0] is None
    assert seen[-1] is Finding.GOOD
    assert set(seen) == {None, Finding.GOOD}


def test_single_poses_that_are_off_change_nothing() -> None:
    poses: list[Pose | None] = [STANDS] * 20
    poses[12] = None
    poses[16] = moved(STANDS, degrees=20.0)
    assert set(watch(CameraCheck(), poses, room(60, 140))[8:]) == {Finding.GOOD}


def test_whoever_walks_off_is_missed_soon() -> None:
    poses: list[Pose | None] = [STANDS] * 10 + [None] * round(OVER_S / EVERY_S)
    assert watch(CameraCheck(), poses, room(60, 140))[-1] is Finding.NOBODY


def test_a_camera_whose_clock_begins_anew_is_looked_at_anew() -> None:
    check = CameraCheck()
    watch(check, [STANDS] * 12, room(60, 140))
    found = [check.update(n * STEP_S, None, room(60, 140)) for n in range(12)]
    assert found[-1] is Finding.NOBODY


def test_pictures_in_between_cost_nothing() -> None:
    check = CameraCheck()
    first = watch(check, [STANDS] * 12, room(60, 140))[-1]
    broken = np.zeros((0, 0, 4), np.uint8)  # looking at it would fail
    assert check.update(10 + 11 * STEP_S + 0.01, STANDS, broken) is first


def test_a_finding_stays_until_most_pictures_say_another() -> None:
    check = CameraCheck()
    tilted, far = moved(STANDS, degrees=20.0), moved(STANDS, scale=0.4)
    watch(check, [STANDS] * 12, room(60, 140))
    mixed = [STANDS, tilted, far] * 6
    found = [check.update(20 + n * STEP_S, pose, room(60, 140)) for n, pose in enumerate(mixed)]
    assert set(found) == {Finding.GOOD}
