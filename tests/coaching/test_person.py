"""What is known of one person, and what of it stays when they leave or change the exercise."""

import pytest
from msgspec.structs import replace

from kiosk.body.back import BackProfile, BackReading
from kiosk.body.observer import BodyObserver
from kiosk.body.pose import Pose
from kiosk.body.state import BodyState
from kiosk.coaching.coach import Coach
from kiosk.coaching.person import WallTarget
from kiosk.coaching.record import Grade, Rep, Verdict
from kiosk.coaching.snapshot import Snapshot, Stage
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.exercises.exercise import TargetRule
from people import STANDS_S, Beat, figure, film, hinges, joints, nobody, shifted
from replaying import coached, counted

RULE = TargetRule(first_legs=0.2, step_legs=0.03, most_legs=0.25)
SHIPPED = exercise_by_id("wall_tap").target
SLOW = Beat(down=1.2, hold=0.5, up=1.2, top=0.6)


def body(travel_legs: float | None) -> BodyState:
    seen = BodyObserver().observe(figure(0.0))
    assert seen is not None
    return replace(seen, hip_travel_legs=travel_legs)


def reached(wall: WallTarget, *travels: float | None) -> list[float]:
    found = []
    for travel in travels:
        wall.update(body(travel))
        found.append(wall.reach)
    return found


def test_it_tells_the_part_of_the_way() -> None:
    wall = WallTarget(RULE)
    assert reached(wall, 0.0, 0.1, 0.2, 0.3) == pytest.approx([0, 0.5, 1, 1.5])
    assert reached(wall, -0.1) == [0.0]


@pytest.mark.parametrize("travels", [(0.2,), (0.25, 0.19, 0.25), (0.3, 0.11, 0.3, 0.11, 0.3)])
def test_one_tap_a_rep_whoever_wavers_at_the_wall(travels: tuple[float, ...]) -> None:
    wall = WallTarget(RULE)
    reached(wall, 0.0, *travels)
    assert wall.taps == 1


def test_short_of_the_wall_is_no_tap() -> None:
    wall = WallTarget(RULE)
    reached(wall, 0.0, 0.199, 0.0, 0.199, 0.0)
    assert (wall.taps, wall.distance_legs) == (0, RULE.first_legs)


def test_it_moves_back_only_after_the_hips_have_come_forward() -> None:
    wall = WallTarget(RULE)
    reached(wall, 0.1, 0.2, 0.24, 0.15, 0.1)
    assert wall.distance_legs == RULE.first_legs
    reached(wall, 0.09)
    assert wall.distance_legs == pytest.approx(RULE.first_legs + RULE.step_legs)
    # what was enough before is not any more
    reached(wall, 0.2, 0.0)
    assert wall.taps == 1


def test_it_never_goes_beyond_the_farthest() -> None:
    wall = WallTarget(RULE)
    stood = []
    for _ in range(5):
        reached(wall, 0.3, 0.0)
        stood.append(wall.distance_legs)
    assert wall.taps == 5
    assert stood == pytest.approx([0.23, 0.25, 0.25, 0.25, 0.25])


def test_unseen_hips_reach_nothing_and_have_not_come_forward() -> None:
    wall = WallTarget(RULE)
    assert reached(wall, None) == [0.0]
    reached(wall, 0.2)
    assert reached(wall, None) == [0.0]
    reached(wall, 0.2)
    assert (wall.taps, wall.distance_legs) == (1, RULE.first_legs)


# -- the wall through the coach --------------------------------------------------------------------


def drilled(reps: int, lean_deg: float, **how: object) -> list[Snapshot]:
    return coached(hinges(reps, SLOW, lean_deg=lean_deg, knee_deg=10, **how), "wall_tap")[1]  # type: ignore[arg-type]  # figure's own keywords


@pytest.mark.parametrize("facing", [1, -1])
@pytest.mark.parametrize("fps", [10, 15, 30])
def test_full_hinges_tap_once_each_and_count(fps: float, facing: int) -> None:
    snapshots = drilled(4, 70.0, fps=fps, facing=facing)
    assert (snapshots[-1].taps, snapshots[-1].count) == (4, 4)
    taps = [s.taps for s in snapshots]
    assert taps == sorted(taps)


def test_the_depth_is_the_part_of_the_way_to_the_wall() -> None:
    assert SHIPPED is not None
    snapshots = drilled(2, 70.0)
    travel = joints(70.0, 10.0).hip_travel_legs
    first = max(s.depth for s in snapshots if s.time_s < 6)
    second = max(s.depth for s in snapshots if s.time_s > 6.5)
    assert first == pytest.approx(travel / SHIPPED.first_legs, rel=0.04)
    assert second == pytest.approx(travel / (SHIPPED.first_legs + SHIPPED.step_legs), rel=0.04)
    assert snapshots[-1].depth == pytest.approx(0.0, abs=0.03)


def test_a_wall_that_has_moved_away_asks_for_more() -> None:
    assert SHIPPED is not None
    enough_once = 28.0
    travel = joints(enough_once, 10.0).hip_travel_legs
    assert SHIPPED.first_legs < 0.97 * travel < SHIPPED.first_legs + SHIPPED.step_legs
    assert drilled(3, enough_once)[-1].taps == 1


def test_hips_that_stay_forward_do_not_tap() -> None:
    snapshots = drilled(3, 22.0)
    assert snapshots[-1].taps == 0
    assert 0.7 < max(s.depth for s in snapshots) < 1


def test_from_the_front_the_travel_cannot_be_told() -> None:
    snapshots = drilled(3, 70.0, yaw_deg=90.0)
    assert (snapshots[-1].taps, snapshots[-1].count) == (0, 3)
    assert {s.depth for s in snapshots} == {0.0}


def test_other_exercises_have_no_wall() -> None:
    _, snapshots = coached(hinges(2, SLOW), "hip_hinge")
    assert {s.taps for s in snapshots} == {0}


def test_whoever_has_gone_reaches_nothing() -> None:
    poses = hinges(1, Beat(hold=3.0))
    away_s = 5.0
    gone = [*(p for p in poses if p.time_s < away_s), *shifted(film(4, nobody), away_s)]
    _, snapshots = coached(gone, "wall_tap")
    assert snapshots[-1].stage in (Stage.WAITING, Stage.FRAMING)
    assert snapshots[-1].depth == 0.0


# -- coming and going -----------------------------------------------------------------------------


RED, BLUE = (0.8, 0.1, 0.1) * 3, (0.1, 0.1, 0.8) * 3


def hinged(
    coach: Coach, reps: int, bulge: float, start_s: float, clothes: tuple[float, ...] = RED
) -> list[Rep]:
    """Somebody comes, does reps whose back bows by `bulge`, and is gone for long enough."""
    poses = [*hinges(reps, SLOW), *shifted(film(12, nobody), STANDS_S + reps * SLOW.whole + 1.5)]
    record = None
    for pose in shifted(poses, start_s):
        record = coach.update(pose).current
        body = coach.body
        if body is not None and (lean_deg := body.trunk_lean_deg or 0.0) > 45:
            back = BackProfile(
                bulge=bulge, lean_deg=lean_deg, hip_drop=0.02, confidence=0.8, clothes=clothes
            )
            reading = BackReading(time_s=pose.time_s, yaw_deg=body.yaw_deg, back=back)
            coach.record_back(reading)
    assert coach.snapshot().stage is Stage.WAITING
    assert record is not None
    return list(record.counted)


def test_nobody_is_judged_by_the_back_of_whoever_was_there_before() -> None:
    coach = Coach(exercise_by_id("hip_hinge"))
    reasons = [
        [rep.checks["rounded_back"].reason for rep in hinged(coach, 4, bulge, start_s, clothes)]
        for bulge, start_s, clothes in ((0.05, 0.0, RED), (0.15, 60.0, BLUE))
    ]
    assert reasons == [["no_reference", "no_reference", None, None]] * 2


def test_whoever_returns_from_a_rest_is_judged_from_the_first_rep() -> None:
    coach = Coach(exercise_by_id("hip_hinge"))
    hinged(coach, 3, 0.05, 0.0)
    results = [rep.checks["rounded_back"].verdict for rep in hinged(coach, 2, 0.15, 60.0)]
    assert results == [Verdict.FAULT] * 2


def test_everything_of_a_person_leaves_with_them() -> None:
    coach = Coach(exercise_by_id("wall_tap"))
    first = coach.person
    hinged(coach, 2, 0.05, 0.0)
    left = coach.person
    assert left is not first
    for part in ("observer", "practice"):
        assert getattr(left, part) is not getattr(first, part)
    fresh = Coach(exercise_by_id("wall_tap")).snapshot()
    now = coach.snapshot()
    assert first.practice.wall is not None
    assert first.practice.wall.taps == 2
    for known in ("pose", "stillness", "phase", "phase_s", "depth", "taps", "count", "hip_share"):
        assert getattr(now, known) == getattr(fresh, known), known


def test_an_absence_too_short_to_leave_changes_nothing() -> None:
    coach = Coach(exercise_by_id("wall_tap"))
    for pose in hinges(2, SLOW):
        coach.update(pose)
    person = coach.person
    for pose in shifted(film(0.8, nobody), STANDS_S + 2 * SLOW.whole + 1.5):
        coach.update(pose)
    assert coach.person is person
    assert coach.snapshot().taps == 2


def test_another_exercise_begins_anew_with_the_same_person() -> None:
    coach = Coach(exercise_by_id("wall_tap"))
    for pose in hinges(2, SLOW):
        coach.update(pose)
    before, practice = coach.snapshot(), coach.person.practice
    after = coach.switch(exercise_by_id("hip_hinge"))
    assert coach.person.practice is not practice
    assert coach.person.practice.exercise is coach.exercise
    assert (after.taps, after.phase_s, after.pose) == (0, 0.0, before.pose)
    assert after.stillness == before.stillness > 0


@pytest.mark.parametrize("exercise", ["hip_hinge", "wall_tap"])
def test_whoever_is_lost_from_sight_has_no_hip_share_any_more(exercise: str) -> None:
    coach = Coach(exercise_by_id(exercise))
    bottom_s = STANDS_S + SLOW.down
    for pose in hinges(1, SLOW):
        if pose.time_s < bottom_s:
            seen = coach.update(pose)
    assert seen.hip_share is not None
    lost = coach.update(nobody(bottom_s))
    assert (lost.hip_share, lost.pose, coach.body) == (None, None, None)


# -- somebody passes ------------------------------------------------------------------------------


def test_a_rep_counts_of_which_half_the_ascent_was_seen_after_somebody_had_passed() -> None:
    """When it is sure that it is them, they are nearly up."""
    coach = Coach(exercise_by_id("hip_hinge"))
    bottom_s = STANDS_S + SLOW.whole + SLOW.down
    for pose in hinges(3, SLOW):
        passes = bottom_s - 1.0 <= pose.time_s < bottom_s + 1.0
        x = 150.0 + 170.0 * (pose.time_s - bottom_s + 1.0)
        coach.update(figure(pose.time_s, feet=(x, 440.0)) if passes else pose)
    record = coach.finish().current
    assert record is not None
    assert [rep.counted for rep in record.reps] == [True] * 3
    assert record.reps[1].checks["knee_dominance"].reason == "unclear"
    own = [pose.time_s for pose in coach.person.recording.poses(bottom_s, bottom_s + 1.2)]
    assert own[0] == pytest.approx(bottom_s + 1.0, abs=0.1)


def squats_for_hinges(*, somebody: bool) -> list[Rep]:
    """Three squats of whoever should hinge; somebody passes as the second one comes up."""
    poses = hinges(3, SLOW, lean_deg=45, knee_deg=95)
    from_s = STANDS_S + SLOW.whole + SLOW.down + SLOW.hold + 0.6

    def seen(pose: Pose) -> Pose:
        passes = somebody and from_s <= pose.time_s < from_s + 0.5
        at = (500.0 - 300 * (pose.time_s - from_s), 440.0)
        return figure(pose.time_s, feet=at, stature_px=330) if passes else pose

    return counted(map(seen, poses), "hip_hinge")


def test_a_rep_that_somebody_crossed_shows_no_fault() -> None:
    clear, crossed = squats_for_hinges(somebody=False), squats_for_hinges(somebody=True)
    assert [rep.checks["knee_dominance"].verdict for rep in clear] == [Verdict.FAULT] * 3
    assert [rep.grade for rep in crossed] == [Grade.FAULTY, Grade.PARTLY, Grade.FAULTY]
    assert crossed[1].checks["knee_dominance"].reason == "crossed"
    assert not [r for r in crossed[1].checks.values() if r.verdict is Verdict.FAULT]


def test_whoever_passes_does_not_change_how_the_person_stands() -> None:
    """For a moment the model mixes both of them, and shows somebody taller."""

    def pose(time_s: float) -> Pose:
        if 1.5 <= time_s < 1.9:
            return figure(time_s, stature_px=310)
        if 1.9 <= time_s < 2.4:
            return figure(time_s, feet=(150.0, 440.0), stature_px=330)
        return figure(time_s)

    coach = Coach(exercise_by_id("hip_hinge"))
    heights: dict[float, float] = {}
    for seen in film(3.4, pose):
        coach.update(seen)
        if coach.body is not None and coach.body.standing is not None:
            heights[seen.time_s] = coach.body.standing.outline.height_px
    own_px = heights[min(heights)]
    assert max(heights.values()) > own_px
    assert list(heights.values())[-1] == pytest.approx(own_px)
