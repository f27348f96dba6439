"""Another exercise is suggested to whoever does another one, and to nobody else."""

import json
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

import pytest
from msgspec import structs

from kiosk.body.pose import Pose
from kiosk.coaching import recording
from kiosk.coaching.coach import Coach
from kiosk.coaching.record import Ended, Grade, Rep, SetRecord
from kiosk.coaching.snapshot import Snapshot, Stage
from kiosk.exercises.catalogue import catalogue, exercise_by_id
from kiosk.vision.pose.trace import read_trace
from paths import TRACES
from people import Beat, hinges, nobody, shifted
from replaying import coached

EXPECTED = json.loads((TRACES / "expected.json").read_text(encoding="utf-8"))
SQUATS = {"lean_deg": 25.0, "knee_deg": 105.0}
SLOW = Beat(down=1.2, hold=0.4, up=1.2, top=0.8)


def coach_of(exercise: str) -> Coach:
    return Coach(exercise_by_id(exercise), catalogue().values())


def watched(coach: Coach, poses: Iterable[Pose]) -> list[Snapshot]:
    return [coach.update(pose) for pose in poses]


def suggested(exercise: str, poses: Iterable[Pose]) -> list[str]:
    """What was suggested, in turn."""
    offers = [s.suggested for s in watched(coach_of(exercise), poses) if s.suggested is not None]
    return [one for i, one in enumerate(offers) if i == 0 or one != offers[i - 1]]


def trace(name: str) -> list[Pose]:
    return list(read_trace(TRACES / f"{name}.npz"))


def accepted(coach: Coach) -> Snapshot:
    rejudged = coach.rejudge()
    assert rejudged is not None
    return coach.move(rejudged)


def record_of(snapshot: Snapshot) -> SetRecord:
    assert snapshot.current is not None
    return snapshot.current


def as_if_chosen(poses: list[Pose], exercise: str) -> tuple[Rep, ...]:
    """The reps of a set of which the exercise had been chosen from the start."""
    (record,) = coached(poses, exercise)[0]
    return record.reps


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_nothing_is_suggested_to_real_people_who_do_what_they_chose(name: str) -> None:
    assert suggested(EXPECTED[name]["exercise"], trace(name)) == []


@pytest.mark.parametrize("lift", [e.id for e in catalogue().values() if e.kind == "lift"])
@pytest.mark.parametrize("name", ["kbt_curl", "kbt_jacks", "kbt_row", "s2d_walk", "kbt_lunge_rev"])
def test_nothing_is_suggested_for_what_is_no_exercise(name: str, lift: str) -> None:
    assert suggested(lift, trace(name)) == []


@pytest.mark.parametrize(
    ("name", "chosen", "done"),
    [
        ("kbt_squat_goblet", "hip_hinge", "squat"),
        ("ven_squat", "romanian_deadlift", "squat"),
        ("kbt_swing_ame", "romanian_deadlift", "kettlebell_swing"),
        ("kbt_swing_rus", "hip_hinge", "kettlebell_swing"),
        ("kbt_goodmorning_kb", "romanian_deadlift", "good_morning"),
        ("kbt_goodmorning_kb", "kettlebell_swing", "good_morning"),
    ],
)
def test_the_exercise_that_real_people_do_is_suggested(name: str, chosen: str, done: str) -> None:
    assert suggested(chosen, trace(name)) == [done]


def test_it_takes_two_reps() -> None:
    for reps in (1, 2):
        offers = suggested("hip_hinge", hinges(reps, SLOW, **SQUATS))
        assert offers == ["squat"] * (reps - 1)


def test_a_rep_of_the_chosen_exercise_takes_the_suggestion_back() -> None:
    coach = coach_of("hip_hinge")
    squats = hinges(2, SLOW, **SQUATS)
    assert watched(coach, squats)[-1].suggested == "squat"
    hinge = shifted(hinges(1, SLOW), squats[-1].time_s + 1 / 15)
    assert watched(coach, hinge)[-1].suggested is None


def test_a_drill_is_never_left() -> None:
    assert suggested("wall_tap", hinges(4, SLOW, **SQUATS)) == []


def test_an_accepted_set_is_the_one_that_choosing_it_first_would_have_given() -> None:
    poses = hinges(4, SLOW, **SQUATS)
    wanted = as_if_chosen(poses, "squat")
    for pressed in (len(poses) - 30, len(poses) * 3 // 4):  # in a set, at rest and in mid-rep
        coach = coach_of("hip_hinge")
        before = watched(coach, islice(poses, pressed))[-1]
        after = accepted(coach)
        assert (before.exercise, after.exercise) == ("hip_hinge", "squat")
        assert record_of(after).serial == record_of(before).serial
        assert after.count == before.count
        assert after.suggested is None
        watched(coach, poses[pressed:])
        record = record_of(coach.finish(Ended.SOURCE_ENDED))
        assert record.exercise == "squat"
        assert record.reps == wanted


def test_a_set_that_is_over_moves_too_and_is_summed_up_anew() -> None:
    poses = hinges(3, SLOW, **SQUATS)
    coach = coach_of("hip_hinge")
    watched(coach, poses)
    before = coach.finish()
    assert before.suggested == "squat"
    after = accepted(coach)
    assert (before.stage, after.stage) == (Stage.SUMMARY, Stage.SUMMARY)
    record = record_of(after)
    assert (record.exercise, record.ended) == ("squat", Ended.BUTTON)
    assert record.reps == as_if_chosen(poses, "squat")
    assert after.summary is not None
    assert "hips_late" not in after.summary.assessed
    assert after.summary.grades[Grade.CLEAN] == 3


def test_the_set_before_stays_where_it_was() -> None:
    coach = coach_of("hip_hinge")
    first = hinges(3, SLOW)
    watched(coach, first)
    one = record_of(coach.finish())
    second = shifted(hinges(2, SLOW, **SQUATS), first[-1].time_s + 1 / 15)
    watched(coach, second)
    assert [r.number for r in record_of(accepted(coach)).counted] == [1, 2]
    assert one.exercise == "hip_hinge"
    assert len(one.counted) == 3


def test_a_new_set_forgets_what_was_suggested_in_the_one_before() -> None:
    coach = coach_of("hip_hinge")
    watched(coach, hinges(2, SLOW, **SQUATS))
    assert coach.finish().suggested == "squat"
    assert coach.finish().suggested is None  # the summary is dismissed
    assert coach.rejudge() is None


def test_reps_from_before_the_recording_still_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "KEPT_S", 12.0)
    poses = hinges(9, SLOW, **SQUATS)
    coach = coach_of("hip_hinge")
    before = watched(coach, poses)[-1]
    assert before.count == 9
    record = record_of(accepted(coach))
    assert [r.number for r in record.counted] == list(range(1, 10))
    grades = [r.grade for r in record.counted]
    assert set(grades[:5]) == {Grade.UNJUDGED}
    assert set(grades[-2:]) == {Grade.CLEAN}


def test_somebody_else_does_not_inherit_the_set() -> None:
    coach = coach_of("hip_hinge")
    poses = hinges(2, SLOW, **SQUATS)
    watched(coach, poses)
    rejudged = coach.rejudge()
    assert rejudged is not None
    watched(coach, shifted([nobody(n / 15) for n in range(300)], poses[-1].time_s))
    assert coach.move(rejudged).exercise == "hip_hinge"


def test_where_nothing_counts_as_the_other_one_the_set_stays() -> None:
    coach = coach_of("hip_hinge")
    watched(coach, hinges(2, SLOW, **SQUATS))
    rejudged = coach.rejudge()
    assert rejudged is not None
    after = coach.move(replace(rejudged, reps=[]))
    assert after.exercise == "squat"
    assert record_of(after).exercise == "hip_hinge"
    assert record_of(after).ended is Ended.SWITCHED


def test_lifts_that_do_not_count_as_the_chosen_one_open_a_set_of_the_other() -> None:
    strict = exercise_by_id("hip_hinge")
    strict = structs.replace(strict, rep=structs.replace(strict.rep, longest_s=1.0))
    coach = Coach(strict, catalogue().values())
    after = watched(coach, hinges(2, SLOW, **SQUATS))[-1]
    assert (after.count, after.suggested) == (0, "squat")
    moved = accepted(coach)
    assert (moved.stage, moved.count, record_of(moved).exercise) == (Stage.SET, 2, "squat")
