"""Figures read off the paper figure, whose every angle is known."""

import math
from collections.abc import Iterable
from statistics import fmean

import pytest
from msgspec.structs import replace

from kiosk.body.observer import BodyObserver
from kiosk.body.pose import Keypoint, Pose
from kiosk.body.state import BodyState
from kiosk.coaching.counter import sample_of
from kiosk.coaching.measures import MEASURES, Measured, over
from kiosk.coaching.movement import Movement, Sample
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.exercises.stick_figure import SHIN, THIGH, TRUNK
from people import (
    STANDS_S,
    Beat,
    Depth,
    figure,
    film,
    hinges,
    joints,
    through,
)

RULE = exercise_by_id("hip_hinge").rep
BEAT = Beat(down=1.2, hold=0.4, up=1.0, top=0.6)
DOWN_S = STANDS_S + BEAT.down
UP_S = DOWN_S + BEAT.hold
END_S = UP_S + BEAT.up
FPS = [10, 15, 30]
AT_BOTTOM = ["knee_flexion", "hip_share", "hip_drop_share", "trunk_lean", "shoulder_drop"]


def samples_of(poses: Iterable[Pose]) -> tuple[Sample, ...]:
    observer = BodyObserver()
    bodies = [body for pose in poses if (body := observer.observe(pose)) is not None]
    read = [sample_of(body, RULE) for body in bodies]
    return tuple(sample for sample in read if sample is not None)


def movement(poses: Iterable[Pose]) -> Movement:
    """The only movement of a film, from shortly before it on."""
    return Movement.around(tuple(s for s in samples_of(poses) if s.time_s > STANDS_S - 0.5))


def read(name: str, poses: Iterable[Pose]) -> Measured:
    reading = MEASURES[name](movement(poses))
    assert isinstance(reading, Measured), reading
    return reading


def reason(name: str, poses: Iterable[Pose]) -> str:
    reading = MEASURES[name](movement(poses))
    assert isinstance(reading, str), reading
    return reading


def moves(
    lean: Depth, knee: Depth, seconds: float = END_S + 1.5, *, fps: float = 15.0, **how: object
) -> list[Pose]:
    """A figure whose lean and knee bend, in degrees, go their own ways."""
    return film(
        seconds,
        lambda t: figure(t, lean_deg=lean(t), knee_deg=knee(t), **how),  # type: ignore[arg-type]  # figure's own keywords
        fps=fps,
    )


def _lean(body: BodyState) -> float | None:
    return body.trunk_lean_deg


def expected(lean_deg: float, knee_deg: float) -> dict[str, float]:
    """The figures at the bottom, from the lengths and angles of the figure."""
    legs = joints(lean_deg, knee_deg)
    hips_down = (
        SHIN
        + THIGH
        - SHIN * math.cos(math.radians(legs.shin_deg))
        - THIGH * math.cos(math.radians(legs.thigh_deg))
    )
    shoulders_down = hips_down + TRUNK * (1 - math.cos(math.radians(lean_deg)))
    return {
        "knee_flexion": knee_deg,
        "hip_share": legs.hip_deg / (legs.hip_deg + knee_deg),
        "hip_drop_share": hips_down / shoulders_down,
        "trunk_lean": lean_deg,
        "shoulder_drop": shoulders_down / (SHIN + THIGH + TRUNK),
    }


# -- at the bottom --------------------------------------------------------------------------------


@pytest.mark.parametrize("facing", [1, -1])
@pytest.mark.parametrize("fps", FPS)
@pytest.mark.parametrize(("lean_deg", "knee_deg"), [(70, 15), (55, 75), (35, 100)])
@pytest.mark.parametrize("name", AT_BOTTOM)
def test_figures_at_the_bottom_are_those_of_the_paper_figure(
    name: str, lean_deg: float, knee_deg: float, fps: float, facing: int
) -> None:
    poses = hinges(1, BEAT, lean_deg=lean_deg, knee_deg=knee_deg, fps=fps, facing=facing)
    known = expected(lean_deg, knee_deg)[name]
    # the drop of the hips is counted from where the descent is first noticed
    rel = 0.05 if name == "hip_drop_share" else 0.02
    assert read(name, poses).value == pytest.approx(known, rel=rel, abs=0.01)


@pytest.mark.parametrize("name", ["hip_share", "hip_drop_share"])
def test_a_small_bend_says_nothing_of_shares(name: str) -> None:
    assert reason(name, hinges(1, BEAT, lean_deg=12, knee_deg=0)) == "not_bent_enough"


def test_a_view_from_the_front_tells_a_squat_from_a_hinge() -> None:
    hinge = read("hip_drop_share", hinges(1, BEAT, lean_deg=75, knee_deg=15, yaw_deg=90))
    squat = read("hip_drop_share", hinges(1, BEAT, lean_deg=35, knee_deg=110, yaw_deg=90))
    assert hinge.value < 0.45
    assert squat.value > 0.7


@pytest.mark.parametrize("facing", [1, -1])
@pytest.mark.parametrize("back_deg", [-30, 0, 30])
def test_a_head_thrown_back_is_positive(back_deg: float, facing: int) -> None:
    def nodded(pose: Pose) -> Pose:
        points = pose.keypoints.copy()
        if abs(pose.time_s - DOWN_S - BEAT.hold / 2) < 0.5:
            pivot = points[[Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER], :2].mean(axis=0)
            turn = math.radians(-facing * back_deg)
            for ear in (Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR):
                x, y = points[ear, :2] - pivot
                points[ear, 0] = pivot[0] + x * math.cos(turn) - y * math.sin(turn)
                points[ear, 1] = pivot[1] + x * math.sin(turn) + y * math.cos(turn)
        return Pose.of(pose.time_s, points, pose.size)

    poses = [nodded(pose) for pose in hinges(1, BEAT, facing=facing)]
    assert read("neck", poses).value == pytest.approx(back_deg, abs=1)


# -- hidden joints --------------------------------------------------------------------------------


NEAR, FAR = 0.8, 0.5


def behind_a_plate(
    near: int, joint: Keypoint, shift_px: tuple[float, float], facing: int = 1
) -> list[Pose]:
    """A hinge whose joint the model puts elsewhere while the bar is low; `near` is seen better."""
    poses = []
    for pose in hinges(1, BEAT, lean_deg=70, knee_deg=15, facing=facing):
        points = pose.keypoints.copy()
        points[Keypoint.LEFT_SHOULDER + near :: 2, 2] = NEAR
        points[Keypoint.RIGHT_SHOULDER - near :: 2, 2] = FAR
        if DOWN_S - 0.5 < pose.time_s < UP_S + 0.5:
            points[joint, :2] += shift_px
        poses.append(Pose.of(pose.time_s, points, pose.size))
    return poses


ON_LIMBS = ["knee_flexion", "hip_share", "trunk_lean", "shoulder_drop", "hips_lead"]


@pytest.mark.parametrize("name", [*ON_LIMBS, "hips_rise_first"])
@pytest.mark.parametrize(
    ("joint", "shift_px"),
    [(Keypoint.LEFT_KNEE, (0.0, 30.0)), (Keypoint.LEFT_ANKLE, (0.0, -30.0))],
)
@pytest.mark.parametrize("near", [0, 1])
def test_a_joint_of_the_near_side_behind_a_plate_is_hidden(
    name: str, joint: Keypoint, shift_px: tuple[float, float], near: int
) -> None:
    poses = behind_a_plate(near, Keypoint(joint + near), shift_px)
    assert reason(name, poses) == "hidden"


@pytest.mark.parametrize("name", ON_LIMBS)
@pytest.mark.parametrize("near", [0, 1])
def test_a_knee_of_the_far_side_changes_no_figure(name: str, near: int) -> None:
    far = Keypoint(Keypoint.RIGHT_KNEE - near)
    seen, moved = behind_a_plate(near, far, (0, 0)), behind_a_plate(near, far, (0, 30))
    assert read(name, moved).value == pytest.approx(read(name, seen).value)


# -- the top --------------------------------------------------------------------------------------


def comes_up(top_deg: float, later_deg: float | None = None, **how: object) -> list[Pose]:
    """Hinges, rests at a lean of `top_deg` for 0.8 s, and goes on to `later_deg`."""
    keys = [(STANDS_S, 0.0), (DOWN_S, 70.0), (UP_S, 70.0), (END_S, top_deg), (END_S + 0.8, top_deg)]
    if later_deg is not None:
        keys.append((END_S + 1.3, later_deg))
    knee = through((STANDS_S, 0.0), (DOWN_S, 15.0), (UP_S, 15.0), (END_S, 0.0))
    return moves(through(*keys), knee, END_S + 2.0, **how)  # type: ignore[arg-type]  # figure's own keywords


@pytest.mark.parametrize("facing", [1, -1])
@pytest.mark.parametrize("fps", [8, *FPS])
@pytest.mark.parametrize("top_deg", [0, 12, 25])
def test_the_lean_after_is_what_is_left_of_the_way_up(
    top_deg: float, fps: float, facing: int
) -> None:
    poses = comes_up(top_deg, fps=fps, facing=facing)
    assert read("lean_after", poses).value == pytest.approx(top_deg, abs=2.5)


@pytest.mark.parametrize("facing", [1, -1])
@pytest.mark.parametrize("fps", FPS)
@pytest.mark.parametrize("top_deg", [12, 25])
def test_standing_up_later_is_no_lockout(top_deg: float, fps: float, facing: int) -> None:
    poses = comes_up(top_deg, 0.0, fps=fps, facing=facing)
    assert read("lean_after", poses).value == pytest.approx(top_deg, abs=2.5)


@pytest.mark.parametrize("fps", FPS)
@pytest.mark.parametrize("left_deg", [8.0, 20.0])
def test_a_set_ended_on_the_way_up_has_shown_no_lockout(left_deg: float, fps: float) -> None:
    poses = hinges(1, BEAT, fps=fps)
    cut_s = next(
        s.time_s
        for s in samples_of(poses)
        if s.time_s > UP_S and (s.body.trunk_lean_deg or 0.0) < left_deg
    )
    assert reason("lean_after", [p for p in poses if p.time_s <= cut_s]) == "unclear"


@pytest.mark.parametrize("fps", FPS)
def test_who_is_covered_on_the_way_up_is_read_where_they_stand_again(fps: float) -> None:
    """And not on the way down into the next rep."""
    keys = [(STANDS_S, 0.0), (DOWN_S, 70.0), (UP_S, 70.0), (END_S, -6.0), (END_S + 0.6, -6.0)]
    poses = moves(through(*keys, (END_S + 1.8, 70.0)), lambda _: 0.0, fps=fps)
    rep = [s for s in samples_of(poses) if STANDS_S - 0.5 < s.time_s < END_S + 1.1]
    seen = tuple(s for s in rep if not UP_S + 0.1 < s.time_s < END_S + 0.1)
    read = MEASURES["lean_after"](Movement.around(seen))
    assert isinstance(read, Measured)
    assert read.value == pytest.approx(-6, abs=1)


@pytest.mark.parametrize("facing", [1, -1])
@pytest.mark.parametrize("fps", FPS)
@pytest.mark.parametrize(("top_deg", "back_deg"), [(0, 0), (-14, 14), (10, -10)])
def test_a_lean_back_is_positive_and_a_lean_forward_is_not(
    top_deg: float, back_deg: float, fps: float, facing: int
) -> None:
    poses = comes_up(top_deg, fps=fps, facing=facing)
    assert read("lean_back", poses).value == pytest.approx(back_deg, abs=1)


def test_a_lean_back_that_is_over_in_a_moment_is_none() -> None:
    keys = [(STANDS_S, 0.0), (DOWN_S, 70.0), (UP_S, 70.0), (END_S, 0.0)]
    lean = through(*keys, (END_S + 0.4, 0.0))
    poses = moves(lean, lambda _: 0.0, fps=30)
    late = next(n for n, p in enumerate(poses) if p.time_s > END_S + 0.2)
    poses[late] = figure(poses[late].time_s, lean_deg=-14.0)
    (rule,) = (r for r in exercise_by_id("hip_hinge").checks if r.id == "lean_back")
    assert read("lean_back", poses).value < rule.limit - 2


@pytest.mark.parametrize("fps", [12, *FPS])
def test_a_lean_back_at_the_top_of_a_swing_is_short_and_seen(fps: float) -> None:
    keys = [(STANDS_S, 0.0), (DOWN_S, 70.0), (UP_S, 70.0), (UP_S + 0.5, -14.0)]
    lean = through(*keys, (UP_S + 0.7, 10.0), (UP_S + 1.0, 0.0))
    seen = read("lean_back", moves(lean, lambda _: 0.0, fps=fps))
    assert seen.value > 10
    assert seen.error < 1


@pytest.mark.parametrize("name", ["lean_back", "neck"])
def test_without_a_facing_back_and_forth_are_unknown(name: str) -> None:
    assert reason(name, hinges(1, BEAT, yaw_deg=90)) == "turn_side_on"


# -- who leads ------------------------------------------------------------------------------------


def descends(first: str, fps: float, facing: int) -> list[Pose]:
    """Hips and knees bend one after the other, or together."""
    half_s = STANDS_S + BEAT.down / 2
    early, late = (STANDS_S, half_s), (half_s, DOWN_S)
    hips = {"hips": early, "knees": late}.get(first, (STANDS_S, DOWN_S))
    knees = {"hips": late, "knees": early}.get(first, (STANDS_S, DOWN_S))
    lean = through((hips[0], 0.0), (hips[1], 45.0), (UP_S, 45.0), (END_S, 0.0))
    knee = through((knees[0], 0.0), (knees[1], 80.0), (UP_S, 80.0), (END_S, 0.0))
    return moves(lean, knee, fps=fps, facing=facing)


@pytest.mark.parametrize("facing", [1, -1])
@pytest.mark.parametrize("fps", FPS)
def test_who_leads_the_way_down(fps: float, facing: int) -> None:
    knees, both, hips = (
        read("hips_lead", descends(first, fps, facing)).value for first in ("knees", "both", "hips")
    )
    assert knees < 0.5 < hips
    assert knees < both < hips
    assert hips > 0.9


@pytest.mark.parametrize("facing", [1, -1])
@pytest.mark.parametrize("fps", FPS)
@pytest.mark.parametrize(
    ("knees_up_s", "trunk_up_s", "low", "high"),
    [
        pytest.param((0.0, 0.5), (0.5, 1.0), 0.8, 1.01, id="knees first"),
        pytest.param((0.0, 1.0), (0.0, 1.0), -0.1, 0.1, id="together"),
        pytest.param((0.5, 1.0), (0.0, 0.5), -1.01, -0.8, id="trunk first"),
    ],
)
def test_who_leads_the_way_up_in_a_deadlift(
    knees_up_s: tuple[float, float],
    trunk_up_s: tuple[float, float],
    low: float,
    high: float,
    fps: float,
    facing: int,
) -> None:
    def course(deep: float, up_s: tuple[float, float]) -> Depth:
        down = ((STANDS_S, 0.0), (DOWN_S, deep), (UP_S + up_s[0], deep))
        return through(*down, (UP_S + up_s[1], 0.0))

    poses = moves(course(60.0, trunk_up_s), course(70.0, knees_up_s), fps=fps, facing=facing)
    assert low < read("hips_rise_first", poses).value < high


def test_knees_that_hardly_bend_do_not_lead_the_way_up() -> None:
    assert reason("hips_rise_first", hinges(1, BEAT, knee_deg=15)) == "not_bent_enough"


# -- pace and noise -------------------------------------------------------------------------------


@pytest.mark.parametrize("fps", FPS)
@pytest.mark.parametrize(("name", "seconds"), [("eccentric", 1.2), ("concentric", 1.0)])
def test_strokes_are_timed_to_a_tenth(name: str, seconds: float, fps: float) -> None:
    reading = read(name, hinges(1, BEAT, fps=fps))
    assert reading.value == pytest.approx(seconds, abs=0.12)
    assert reading.error == pytest.approx(0.5 / fps, rel=0.05)


@pytest.mark.parametrize("name", [*AT_BOTTOM, "lean_after", "hips_lead", "neck"])
def test_errors_grow_with_noise(name: str) -> None:
    def error(noise_px: float) -> float:
        films = (hinges(1, BEAT, knee_deg=30, noise_px=noise_px, seed=n) for n in range(6))
        return fmean(read(name, poses).error for poses in films)

    calm, some, much = map(error, (0.0, 0.5, 2.0))
    assert calm < some < much


def test_the_error_is_that_of_a_median_and_falls_with_the_frames() -> None:
    def reading(fps: float, seed: int) -> Measured | str:
        poses = film(8, figure, fps=fps, noise_px=2, seed=seed)
        return over((s for s in samples_of(poses) if s.time_s > 4), _lean)

    for fps in (8.0, 32.0):
        readings = [r for n in range(30) if isinstance(r := reading(fps, n), Measured)]
        # shoulders and hips are each the middle of two points
        scatter_deg = math.degrees(2 / (300 * TRUNK))
        true = 1.25 * scatter_deg / math.sqrt(4 * fps)
        assert fmean(r.error for r in readings) == pytest.approx(true, rel=0.25)


def test_an_even_movement_is_no_noise() -> None:
    poses = film(5, lambda t: figure(t, lean_deg=max(0.0, 15 * (t - 3))))
    reading = over((s for s in samples_of(poses) if s.time_s > 3.2), _lean)
    assert isinstance(reading, Measured)
    assert reading.error < 0.01


def test_nothing_seen_is_unclear() -> None:
    assert over((), _lean) == "unclear"
    unseen = movement(hinges(1, BEAT)).samples[0]
    blank = replace(unseen, body=replace(unseen.body, trunk_lean_deg=None))
    assert over([blank], _lean) == "unclear"
