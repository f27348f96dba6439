"""What the screens show as right or wrong, the coach judges the same way."""

from itertools import pairwise

import pytest

from kiosk.body.pose import Pose
from kiosk.coaching.coach import Coach
from kiosk.coaching.record import Rep, Verdict
from kiosk.coaching.snapshot import RepPhase
from kiosk.coaching.stroke import moment
from kiosk.exercises.catalogue import catalogue, exercise_by_id
from kiosk.exercises.exercise import Stroke
from kiosk.exercises.stick_figure import as_pose, skeleton

FPS = 30
STANDS_S = 3.0
SEEN_BY_CONTOUR = {"rounded_back", "over_arched_back"}
MISTAKES = [(e.id, check) for e in catalogue().values() for check in e.appearance.mistakes]


def film(stroke: Stroke, reps: int, arms: str) -> list[Pose]:
    seconds = STANDS_S + reps * stroke.whole_s + 1.5
    poses = []
    for frame in range(int(seconds * FPS)):
        time_s = frame / FPS
        began = time_s - STANDS_S
        bent = 0 <= began < reps * stroke.whole_s
        now = moment(stroke, began)
        lean, knee = (now.lean_deg, now.knee_deg) if bent else (0.0, 0.0)
        body = skeleton(lean, knee, arms=arms)  # type: ignore[arg-type]  # as the file has it
        poses.append(as_pose(body, time_s))
    return poses


def judged(exercise_id: str, stroke: Stroke) -> list[Rep]:
    exercise = exercise_by_id(exercise_id)
    coach = Coach(exercise)
    record = None
    for pose in film(stroke, 4, exercise.appearance.arms):
        record = coach.update(pose).current or record
    record = coach.finish().current or record
    assert record is not None
    return list(record.counted)


def faults(reps: list[Rep]) -> list[set[str]]:
    return [
        {check for check, result in rep.checks.items() if result.verdict is Verdict.FAULT}
        for rep in reps
    ]


@pytest.mark.parametrize("exercise_id", catalogue())
def test_every_rep_that_is_shown_counts_and_has_no_fault(exercise_id: str) -> None:
    reps = judged(exercise_id, exercise_by_id(exercise_id).appearance.stroke)
    assert len(reps) == 4
    assert faults(reps) == [set()] * 4
    assert any(r.verdict is Verdict.OK for rep in reps for r in rep.checks.values())


@pytest.mark.parametrize(("exercise_id", "check"), MISTAKES)
def test_every_mistake_that_is_shown_is_found_by_its_own_check(
    exercise_id: str, check: str
) -> None:
    appearance = exercise_by_id(exercise_id).appearance
    wrong = appearance.mistakes[check]
    assert wrong != appearance.stroke
    if check in SEEN_BY_CONTOUR:
        # seventeen keypoints cannot show it; the contour's limit lies far within what is drawn
        rule = next(r for r in exercise_by_id(exercise_id).checks if r.id == check)
        assert wrong.bulge * rule.limit > 0
        assert abs(wrong.bulge) > 2 * abs(rule.limit)
        return
    found = faults(judged(exercise_id, wrong))
    assert found
    # the last rep ends standing, so what is wrong at the top need not show in it
    assert all(check in those for those in found[:-1])


@pytest.mark.parametrize("exercise_id", catalogue())
def test_a_stroke_has_no_jumps_and_comes_round(exercise_id: str) -> None:
    stroke = exercise_by_id(exercise_id).appearance.stroke
    steps = [moment(stroke, stroke.whole_s * n / 500) for n in range(501)]
    for a, b in pairwise(steps):
        assert abs(a.lean_deg - b.lean_deg) < 2
        assert abs(a.knee_deg - b.knee_deg) < 2
    assert steps[0].lean_deg == steps[-1].lean_deg == stroke.top_lean_deg
    assert max(s.lean_deg for s in steps) == pytest.approx(stroke.lean_deg, abs=0.1)
    assert {s.phase for s in steps} == set(RepPhase)
