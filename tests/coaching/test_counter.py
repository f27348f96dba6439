"""Counting paper figures: full cycles, whatever the camera; and nothing else."""

import math
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.body.pose import Pose
from kiosk.coaching.record import Rep, Verdict
from kiosk.exercises.catalogue import catalogue, exercise_by_id
from people import (
    FEW,
    STANDS_S,
    Beat,
    bending,
    cycles,
    figure,
    film,
    hinges,
    mirrored,
    nobody,
    shifted,
    through,
)
from replaying import coached, counted

SLOW = Beat(down=1.2, hold=0.3, up=1.2, top=0.4)
HINGE = exercise_by_id("hip_hinge")

# lean and knee bend at the bottom of each exercise
DEEP = {
    "hip_hinge": (70, 15),
    "romanian_deadlift": (75, 20),
    "good_morning": (80, 15),
    "deadlift": (60, 70),
    "kettlebell_swing": (60, 25),
    "squat": (35, 100),
}


def partials(poses: Iterable[Pose], exercise: str = "hip_hinge") -> list[str | None]:
    """Why movements did not count, in sets and outside, each as often as it was told."""
    reasons: list[str | None] = []
    told: Rep | None = None
    for snapshot in coached(poses, exercise)[1]:
        last = snapshot.last
        if last is not None and not last.counted and (told is None or last.end_s != told.end_s):
            reasons.append(last.partial_reason)
            told = last
    return reasons


# -- what counts ----------------------------------------------------------------------------------


@pytest.mark.parametrize("exercise", catalogue())
@pytest.mark.parametrize("fps", [8, 15, 30])
def test_every_exercise_counts_its_own_reps(exercise: str, fps: float) -> None:
    lean_deg, knee_deg = DEEP.get(exercise, DEEP["hip_hinge"])  # drills are hinges
    poses = hinges(3, SLOW, lean_deg=lean_deg, knee_deg=knee_deg, fps=fps, noise_px=1)
    assert len(counted(poses, exercise)) == 3


@given(
    reps=st.integers(0, 5),
    fps=st.sampled_from([5, 7, 8, 12, 15, 24, 30, 60]),
    noise_px=st.floats(0, 2),
    stature_px=st.floats(150, 430),
    facing=st.sampled_from([-1, 1]),
    yaw_deg=st.floats(0, 40),
    uneven=st.floats(0, 0.9),
    seed=st.integers(0, 99),
)
@FEW
def test_n_hinges_count_n_whatever_the_camera(
    reps: int,
    fps: float,
    noise_px: float,
    stature_px: float,
    facing: int,
    yaw_deg: float,
    uneven: float,
    seed: int,
) -> None:
    poses = hinges(
        reps,
        SLOW,
        fps=fps,
        noise_px=noise_px * stature_px / 300,
        uneven=uneven,
        seed=seed,
        stature_px=stature_px,
        facing=facing,
        yaw_deg=yaw_deg,
    )
    assert [rep.number for rep in counted(poses, "hip_hinge")] == list(range(1, reps + 1))


@given(lean_deg=st.floats(50, 90), knee_deg=st.floats(0, 45), down=st.floats(0.8, 3.5))
@FEW
def test_any_full_hinge_counts(lean_deg: float, knee_deg: float, down: float) -> None:
    poses = hinges(2, Beat(down, 0.2, down, 0.4), lean_deg=lean_deg, knee_deg=knee_deg)
    assert len(counted(poses, "hip_hinge")) == 2


def test_a_hinge_seen_from_the_front_counts() -> None:
    assert len(counted(hinges(3, SLOW, yaw_deg=90, noise_px=1), "hip_hinge")) == 3


def times(reps: Iterable[Rep]) -> list[float]:
    return [t for rep in reps for t in (rep.start_s, rep.bottom_s, rep.end_s)]


@given(seconds=st.floats(-100, 1e6), noise_px=st.floats(0, 2))
@FEW
def test_the_same_film_at_another_time_gives_the_same_reps_then(
    seconds: float, noise_px: float
) -> None:
    poses = hinges(2, SLOW, noise_px=noise_px)
    before = times(counted(poses, "hip_hinge"))
    after = times(counted(shifted(poses, seconds), "hip_hinge"))
    assert after == pytest.approx([t + seconds for t in before], abs=1 / 15)


@given(seed=st.integers(0, 99), facing=st.sampled_from([-1, 1]))
@FEW
def test_a_mirror_image_gives_the_same_reps(seed: int, facing: int) -> None:
    poses = hinges(2, SLOW, noise_px=2, seed=seed, facing=facing)
    here, there = counted(poses, "hip_hinge"), counted(mirrored(poses), "hip_hinge")
    assert times(there) == pytest.approx(times(here), abs=1e-6)
    assert [r.measures.trunk_lean_deg for r in there] == pytest.approx(
        [r.measures.trunk_lean_deg for r in here], abs=1e-6
    )


@pytest.mark.parametrize("fps", [15, 30])
@pytest.mark.parametrize("period_s", [0.7, 0.8, 1.0, 1.25, 1.5])
def test_swings_follow_one_another_without_a_rest(period_s: float, fps: float) -> None:
    swing = Beat(down=period_s / 2, hold=0.0, up=period_s / 2, top=0.0)
    poses = hinges(8, swing, fps=fps, lean_deg=60, knee_deg=25, noise_px=1)
    assert len(counted(poses, "kettlebell_swing")) == 8


def test_a_rep_that_began_before_the_first_stretch_of_standing_is_not_lost() -> None:
    """It is read later, against the first baseline that there is."""
    course = through((0, 0), (0.5, 1), (1.7, 0), (2.3, 0), (3.5, 1), (4.7, 0))
    poses = film(7, bending(course))
    assert [rep.start_s < 1 for rep in counted(poses, "hip_hinge")] == [True, False]


# -- what does not --------------------------------------------------------------------------------


@pytest.mark.parametrize("fps", [8, 15, 30])
def test_half_reps_are_partial_and_are_told_why(fps: float) -> None:
    poses = hinges(5, SLOW, depths=(1, 0.35, 1, 0.35, 1), fps=fps)
    ((record),) = coached(poses, "hip_hinge")[0]
    assert [(r.counted, r.partial_reason) for r in record.reps] == [
        (True, None),
        (False, "too_shallow"),
        (True, None),
        (False, "too_shallow"),
        (True, None),
    ]
    assert [r.number for r in record.reps] == [1, 1, 2, 2, 3]


def test_small_movements_are_nothing_at_all() -> None:
    small = 0.7 * HINGE.rep.partial_deg / 70
    poses = hinges(4, SLOW, depths=(small,) * 4, noise_px=1)
    assert partials(poses) == []
    assert counted(poses, "hip_hinge") == []


@pytest.mark.parametrize("stop", [0.45, 0.5, 0.55])
def test_half_way_up_and_down_again_is_one_rep(stop: float) -> None:
    course = through((3, 0), (4.2, 1), (5.2, stop), (5.5, stop), (6.5, 1), (7.7, 0))
    poses = film(9, bending(course), noise_px=1)
    assert len(counted(poses, "hip_hinge")) == 1
    assert partials(poses) == ["not_back_up"]


def test_stopping_half_way_again_and_again_is_told_once() -> None:
    keys = [(3, 0), (4.2, 1), (5.2, 0.5), (6.2, 1), (7.2, 0.5), (8.2, 1), (9.4, 0)]
    poses = film(11, bending(through(*keys)))
    assert len(counted(poses, "hip_hinge")) == 1
    assert partials(poses) == ["not_back_up"]
    assert coached(poses, "hip_hinge")[1][-1].partials == 1


@pytest.mark.parametrize("stop", [0.75, 0.9])
def test_a_little_dip_at_the_bottom_is_no_news(stop: float) -> None:
    course = through((3, 0), (4.2, 1), (4.7, stop), (5.2, 1), (6.4, 0))
    poses = film(8, bending(course), noise_px=1)
    assert len(counted(poses, "hip_hinge")) == 1
    assert partials(poses) == []


def test_a_film_that_starts_at_the_bottom_does_not_count_the_first_rise() -> None:
    rise_first = through((0, 1), (1, 1), (2.2, 0), (4, 0), (5.2, 1), (6.4, 0))
    (rep,) = counted(film(8, bending(rise_first)), "hip_hinge")
    assert rep.start_s > 3.5


def lunge(depth: float, time_s: float) -> Pose:
    return figure(time_s, lean_deg=50 * depth, knee_deg=60 * depth, step=(0.4 * depth, 0.0))


def one_leg(depth: float, time_s: float) -> Pose:
    return figure(time_s, lean_deg=70 * depth, knee_deg=15 * depth, lift=(0.2 * depth, 0.0))


def knee_raise(depth: float, time_s: float) -> Pose:
    left = round(time_s / SLOW.whole) % 2
    lift = (0.25 * depth * left, 0.25 * depth * (1 - left))
    return figure(time_s, lean_deg=8 * depth, lift=lift)


@pytest.mark.parametrize("exercise", catalogue())
@pytest.mark.parametrize("move", [lunge, one_leg, knee_raise])
def test_one_leg_alone_is_no_rep(move: Callable[[float, float], Pose], exercise: str) -> None:
    course = cycles(3, SLOW)
    assert counted(film(13, lambda t: move(course(t), t)), exercise) == []


@pytest.mark.parametrize("exercise", catalogue())
def test_walking_is_no_rep(exercise: str) -> None:
    def walk(time_s: float) -> Pose:
        stride = 0.15 * math.sin(5 * time_s)
        lift = (max(0.0, 0.05 * math.cos(5 * time_s)), max(0.0, -0.05 * math.cos(5 * time_s)))
        feet = (100 + 50 * time_s, 440.0)
        return figure(time_s, feet=feet, step=(stride, -stride), lift=lift, lean_deg=5)

    assert counted(film(9, walk, noise_px=1), exercise) == []


def test_an_empty_room_is_no_rep() -> None:
    assert counted(film(10, nobody, noise_px=5), "hip_hinge") == []


# -- pace -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fps", [15, 30, 60])
@pytest.mark.parametrize("exercise", ["hip_hinge", "kettlebell_swing"])
@pytest.mark.parametrize(("part", "reps"), [(0.6, 0), (1.5, 3)])
def test_too_fast_is_too_fast_at_any_frame_rate(
    part: float, reps: int, exercise: str, fps: float
) -> None:
    half_s = part * exercise_by_id(exercise).rep.shortest_s / 2
    poses = hinges(3, Beat(half_s, 0, half_s, 0.5), fps=fps)
    assert len(counted(poses, exercise)) == reps
    assert partials(poses, exercise) == ([] if reps else ["too_fast"] * 3)


@pytest.mark.parametrize("fps", [8, 15, 30])
@pytest.mark.parametrize(("part", "reps"), [(0.8, 1), (1.4, 0)])
def test_too_slow_is_too_slow_at_any_frame_rate(part: float, reps: int, fps: float) -> None:
    half_s = part * HINGE.rep.longest_s / 2
    poses = hinges(1, Beat(half_s, 0, half_s, 0.5), fps=fps)
    assert len(counted(poses, "hip_hinge")) == reps
    assert partials(poses) == ([] if reps else ["too_slow"])


# -- lost and found -------------------------------------------------------------------------------


@pytest.mark.parametrize(("unseen_s", "reps"), [(0.3, 3), (0.9, 2), (3.0, 2)])
def test_somebody_lost_in_mid_rep_is_counted_from_the_next_full_rep(
    unseen_s: float, reps: int
) -> None:
    beat = Beat(down=1.2, hold=3.2, up=1.2, top=0.4)
    lost_s = STANDS_S + beat.whole + 0.9  # in the second rep, nearly down

    def seen(pose: Pose) -> Pose:
        return nobody(pose.time_s) if lost_s < pose.time_s < lost_s + unseen_s else pose

    lost = [seen(pose) for pose in hinges(3, beat)]
    assert len(counted(lost, "hip_hinge")) == reps


def test_a_gap_in_the_film_is_no_movement() -> None:
    """Standing before it and at the bottom after it, or the other way round."""
    poses = hinges(1, Beat(1.2, 2.0, 1.2, 0.3))
    down_s = STANDS_S + 2
    cut = [p for p in poses if not STANDS_S - 0.2 < p.time_s < down_s]
    assert len(counted(cut, "hip_hinge")) <= 1
    cut = [p for p in poses if not down_s < p.time_s < down_s + 4]
    assert len(counted(cut, "hip_hinge")) <= 1


# -- lifts from the floor -------------------------------------------------------------------------


def lifts(holds_s: list[float], *, stands_first: bool = True, fps: float = 15.0) -> list[Pose]:
    """Bends to a bar, holds it at the floor for each of these times, lifts it and stands."""
    keys = [(0.0, 0.0), (STANDS_S, 0.0), (STANDS_S + 1.2, 1.0)] if stands_first else [(0.0, 1.0)]
    for number, hold_s in enumerate(holds_s):
        start_s = keys[-1][0]
        if number:
            keys += [(start_s + 1.0, 0.0), (start_s + 2.2, 1.0)]
            start_s += 2.2
        keys += [(start_s + hold_s, 1.0), (start_s + hold_s + 1.2, 0.0)]
    lift = bending(through(*keys), lean_deg=60.0, knee_deg=65.0)
    return film(keys[-1][0] + 1.5, lift, fps=fps)


@pytest.mark.parametrize("fps", [8, 15, 30])
@pytest.mark.parametrize("hold_s", [2.0, 12.0, 25.0])
def test_a_lift_counts_at_its_lockout_however_long_the_grip(hold_s: float, fps: float) -> None:
    assert len(counted(lifts([hold_s], fps=fps), "deadlift")) == 1


@pytest.mark.parametrize("hold_s", [0.1, 3.0, 25.0])
def test_dead_stops_may_last(hold_s: float) -> None:
    found = counted(lifts([2.0] + 4 * [hold_s]), "deadlift")
    assert len(found) == 5
    assert all(rep.end_s - rep.bottom_s < 4 for rep in found)


def test_whoever_is_first_seen_at_the_bar_has_lifted_it() -> None:
    found = counted(lifts([3.0, 1.0, 1.0], stands_first=False), "deadlift")
    assert len(found) == 3
    assert "eccentric" not in found[0].checks
    assert counted(lifts([3.0, 1.0, 1.0], stands_first=False), "hip_hinge") != found


def test_only_a_lift_from_the_floor_may_rest_there() -> None:
    assert counted(lifts([12.0]), "romanian_deadlift") == []


# -- what is no rep -------------------------------------------------------------------------------


def test_sitting_down_and_standing_up_is_no_rep() -> None:
    """The seat carries the body: its mass is far behind the feet."""
    sits = through((3.0, 0.0), (4.2, 1.0), (6.5, 1.0), (7.7, 0.0))

    def pose(time_s: float) -> Pose:
        deep = sits(time_s)
        seen = figure(time_s, lean_deg=10.0 * deep, knee_deg=95.0 * deep)
        points = seen.keypoints.copy()
        points[:13, 0] -= 100.0 * deep  # all above the knees goes back
        return Pose.of(time_s, points, seen.size)

    for exercise in ("hip_hinge", "squat"):
        assert counted(film(10, pose), exercise) == []


def test_hands_that_rest_at_the_floor_are_no_hinge() -> None:
    ties = through((3.0, 0.0), (4.2, 1.0), (7.5, 1.0), (8.7, 0.0))
    bend = bending(ties, lean_deg=95.0, knee_deg=60.0)
    assert counted(film(11, bend), "hip_hinge") == []
    assert len(counted(film(11, bend), "deadlift")) == 1


# -- the baseline ---------------------------------------------------------------------------------


def test_a_rep_is_judged_against_the_best_baseline_known_at_its_end() -> None:
    """A film that begins in mid-ascent has its first baseline at the lockout."""
    begins = through((0.0, 1.0), (1.2, 0.0), (2.2, 0.0), (3.4, 1.0), (3.7, 1.0), (4.9, 0.0))
    found = counted(film(7, bending(begins, lean_deg=60.0, knee_deg=65.0)), "deadlift")
    assert len(found) == 2
    for rep in found:
        assert rep.checks["lean_back"].verdict is Verdict.OK
        assert rep.checks["no_lockout"].verdict is Verdict.OK
