"""Why a movement is no rep: each reason alone, on a hinge that is otherwise a rep."""

import dataclasses
from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from kiosk.body.observer import BodyObserver
from kiosk.body.pose import Pose
from kiosk.coaching.counter import sample_of
from kiosk.coaching.gates import refusal, trunk_shortening
from kiosk.coaching.movement import Movement
from kiosk.exercises.catalogue import exercise_by_id
from people import STANDS_S, Beat, bending, cycles, figure, film, hinges, through

RULE = exercise_by_id("hip_hinge").rep
BEAT = Beat(down=1.2, hold=0.4, up=1.2, top=0.6)


def movement(poses: Iterable[Pose]) -> Movement:
    observer = BodyObserver()
    bodies = [body for pose in poses if (body := observer.observe(pose)) is not None]
    samples = [sample for body in bodies if (sample := sample_of(body, RULE)) is not None]
    return Movement.around(tuple(s for s in samples if s.time_s > STANDS_S - 0.5))


def stepping(*, lift: float = 0.0, step: float = 0.0) -> list[Pose]:
    """A hinge in which one foot goes ahead or up on the way down."""
    depth = cycles(1, BEAT)

    def pose(t: float) -> Pose:
        d = depth(t)
        return figure(t, lean_deg=70 * d, knee_deg=15 * d, lift=(lift * d, 0), step=(step * d, 0))

    return film(STANDS_S + BEAT.whole + 1.0, pose)


@pytest.mark.parametrize("fps", [8, 15, 30])
@pytest.mark.parametrize("yaw_deg", [0.0, 90.0])
def test_a_hinge_is_a_rep_from_the_side_and_from_the_front(fps: float, yaw_deg: float) -> None:
    assert refusal(movement(hinges(1, BEAT, fps=fps, yaw_deg=yaw_deg)), RULE) is None


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"bottom_deg": 75.0}, "too_shallow"),
        ({"shortest_s": 4.0}, "too_fast"),
        ({"longest_s": 1.5}, "too_slow"),
        ({"fold_lean_deg": 80.0, "fold": 0.9}, "no_fold"),
    ],
)
def test_each_limit_of_the_rule_refuses_by_its_name(limits: dict[str, float], reason: str) -> None:
    assert refusal(movement(hinges(1, BEAT)), replace(RULE, **limits)) == reason


@pytest.mark.parametrize(("part", "refused"), [(0.8, True), (1.2, False)])
def test_feet_and_knees_may_move_as_far_as_the_rule_says(part: float, *, refused: bool) -> None:
    stepped, lifted = movement(stepping(step=0.3)), movement(stepping(lift=0.2))
    far = replace(RULE, feet_moved=0.3 * part * 300 / 264, knees_apart=2.0)
    assert (refusal(stepped, far) == "feet_moved") is refused
    assert refusal(lifted, replace(RULE, feet_moved=2.0, knees_apart=0.05)) == "one_leg"
    assert refusal(lifted, replace(RULE, feet_moved=2.0, knees_apart=2.0)) is None


def test_from_the_front_a_trunk_that_shortens_is_a_fold_and_from_the_side_only_its_lean() -> None:
    side, front = movement(hinges(1, BEAT)), movement(hinges(1, BEAT, yaw_deg=90.0))
    assert refusal(side, replace(RULE, fold_lean_deg=60.0, fold=1.0)) is None
    assert refusal(front, replace(RULE, fold_lean_deg=180.0, fold=0.05)) is None
    assert refusal(side, replace(RULE, fold_lean_deg=180.0, fold=0.05)) == "no_fold"


def test_hardly_seen_it_is_unclear_whatever_else_is_wrong() -> None:
    poses = hinges(1, BEAT, score=0.31)
    assert refusal(movement(poses), RULE) is None
    seen = movement(poses)
    dim = tuple(replace(s, body=replace(s.body, confidence=0.29)) for s in seen.samples)
    hidden = dataclasses.replace(seen, samples=dim)
    assert refusal(hidden, replace(RULE, bottom_deg=80.0)) == "unclear"


def test_a_lean_whose_shoulders_do_not_come_down_is_a_misread_pose() -> None:
    seen = movement(hinges(1, BEAT))
    flat = tuple(replace(s, body=replace(s.body, shoulder_drop=0.03)) for s in seen.samples)
    floating = dataclasses.replace(seen, samples=flat)
    assert refusal(floating, RULE) == "unclear"


def test_a_movement_that_does_not_end_tall_is_not_upright() -> None:
    keys = ((STANDS_S, 0.0), (STANDS_S + 1.2, 1.0), (STANDS_S + 1.6, 1.0), (STANDS_S + 2.8, 0.75))
    assert refusal(movement(film(STANDS_S + 4, bending(through(*keys)))), RULE) == "not_upright"


@pytest.mark.parametrize(("fps", "refused"), [(30.0, True), (5.0, False)])
def test_less_depth_is_asked_where_frames_are_few(fps: float, *, refused: bool) -> None:
    seen = movement(hinges(1, BEAT, fps=fps))
    strict = replace(RULE, bottom_deg=1.05 * seen.vertex_deg)
    assert (refusal(seen, strict) == "too_shallow") is refused


def test_the_trunk_shortens_from_the_front_and_hardly_from_the_side() -> None:
    found = []
    for yaw_deg in (0.0, 90.0):
        bottom = movement(hinges(1, BEAT, lean_deg=70, yaw_deg=yaw_deg)).bottom[0]
        found.append(trunk_shortening(bottom))
        assert trunk_shortening(replace(bottom, standing=None)) is None
    side, front = found
    assert side is not None
    assert front is not None
    assert side > 0.15
    assert front > 0.15
