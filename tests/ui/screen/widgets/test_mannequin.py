"""The figure stands where it should, and its parts move with its joints."""

from typing import get_args

import numpy as np
import pytest
from pygame import Surface, surfarray

from kiosk.exercises.exercise import CheckId, Load, Muscle
from kiosk.exercises.stick_figure import skeleton
from kiosk.ui.screen.toolkit.canvas import offscreen
from kiosk.ui.screen.widgets.mannequin import Mannequin, Place

SIZE = (300, 320)
PLACE = Place(150, 310, 280)
STANDING, BENT = skeleton(0.0, 0.0), skeleton(70.0, 15.0)
WHITE = (255, 255, 255)


def lit(surface: Surface) -> np.ndarray:
    return surfarray.array3d(surface).any(axis=2)


def person(place: Place = PLACE, load: Load = "none", lean_deg: float = 70.0) -> Surface:
    surface = offscreen(SIZE)
    Mannequin(surface, place, skeleton(lean_deg, 15.0)).draw(WHITE, load)
    return surface


def test_a_standing_person_is_as_tall_as_asked_with_the_feet_on_the_floor() -> None:
    surface = offscreen(SIZE)
    Mannequin(surface, PLACE, STANDING).draw(WHITE)
    _, ys = np.nonzero(lit(surface))
    assert abs(ys.max() - PLACE.floor) <= 3
    assert PLACE.floor - ys.min() == pytest.approx(PLACE.stature_px, rel=0.06)


def test_who_faces_left_is_the_mirror_image() -> None:
    right, left = (lit(person(Place(149.5, 310, 280, facing))) for facing in (1, -1))
    assert (right != left[::-1]).mean() < 0.005
    assert (right != left).mean() > 0.05


@pytest.mark.parametrize("load", [load for load in get_args(Load) if load not in ("none", "wall")])
def test_every_load_is_seen(load: Load) -> None:
    assert (lit(person(load=load)) ^ lit(person())).sum() > 100


def test_an_outline_is_bright_at_its_edge_alone() -> None:
    surface = offscreen(SIZE)
    Mannequin(surface, PLACE, STANDING).draw_outline(WHITE)
    grey = surfarray.array3d(surface)[..., 0]
    hip = tuple(round(value) for value in PLACE.at(STANDING.hip))
    assert 0 < grey[hip] < 100
    assert (grey == 255).any()


@pytest.mark.parametrize("muscle", get_args(Muscle))
def test_a_muscle_is_lit_where_its_number_stands(muscle: Muscle) -> None:
    surface = offscreen(SIZE)
    bent = Mannequin(surface, PLACE, BENT)
    bent.draw_muscles((muscle,), WHITE)
    x, y = (round(value) for value in PLACE.at(bent.muscle_centre(muscle)))
    assert lit(surface)[x, y]


def test_muscles_lie_on_their_own_side_of_the_leg_and_the_trunk() -> None:
    standing = Mannequin(offscreen(SIZE), PLACE, STANDING)
    at = {muscle: standing.muscle_centre(muscle) for muscle in get_args(Muscle)}
    assert at["hamstrings"][0] < at["quads"][0]
    assert at["lower_back"][0] < at["core"][0]
    assert at["glutes"][0] < STANDING.hip[0]


@pytest.mark.parametrize("check", get_args(CheckId))
def test_a_mistake_is_marked_on_the_body(check: str) -> None:
    x, y = Mannequin(offscreen(SIZE), PLACE, BENT).mistake_centre(check)
    joints = [BENT.ankle, BENT.knee, BENT.hip, BENT.shoulder, BENT.head]
    assert min(np.hypot(x - jx, y - jy) for jx, jy in joints) < 0.06


def test_knees_head_and_feet_have_their_own_mistakes() -> None:
    bent = Mannequin(offscreen(SIZE), PLACE, BENT)
    assert bent.mistake_centre("knee_dominance") == BENT.knee
    assert bent.mistake_centre("head_up") == BENT.head
    assert bent.mistake_centre("stance") == BENT.ankle
