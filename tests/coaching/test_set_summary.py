"""A set in figures, on sets whose every figure is known."""

from collections.abc import Mapping, Sequence
from typing import get_args

import pytest
from coaching.scripted import rep, reps, result, rule
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk.coaching.record import Grade, Measures, Rep, SetRecord
from kiosk.coaching.set_summary import Fade, Summary, Tally, graded
from kiosk.exercises.catalogue import catalogue, exercise_by_id
from kiosk.exercises.exercise import CheckId, Exercise
from kiosk.ui.words.words import Words, languages
from people import FEW

KNEE = rule("knee_dominance", 2, cost=30, drill="wall_tap")
LOCKOUT = rule("no_lockout", 3, cost=20, drill="band_resisted")
LEAN = rule("lean_back", 1, cost=20)
BACK = rule("rounded_back", 4, (2, 3), cost=100, drill="dowel_rod")
HEAD = rule("head_up", 1, cost=50, experimental=True)
EXERCISE = replace(
    exercise_by_id("hip_hinge"),
    checks=(HEAD, KNEE, LOCKOUT, LEAN, BACK),
    main=("knee_dominance", "no_lockout"),
)


def record(ended: Sequence[Rep]) -> SetRecord:
    return SetRecord(serial=1, exercise="hip_hinge", started_s=0.0, reps=tuple(ended))


def summary(ended: Sequence[Rep], exercise: Exercise = EXERCISE) -> Summary:
    return Summary.of(record(ended), exercise)


def judged(checks: Mapping[str, str], exercise: Exercise = EXERCISE) -> Rep:
    """A rep with these verdicts, graded."""
    return graded(rep(1, {check: result(v) for check, v in checks.items()}), exercise)


@pytest.mark.parametrize(
    ("checks", "grade", "score"),
    [
        ({}, Grade.UNJUDGED, None),
        ({"knee_dominance": "-", "no_lockout": "-"}, Grade.UNJUDGED, None),
        ({"tempo": "F"}, Grade.UNJUDGED, None),
        # experimental
        ({"head_up": "F"}, Grade.UNJUDGED, None),
        ({"knee_dominance": "O", "no_lockout": "O", "head_up": "F"}, Grade.CLEAN, 100),
        # clean needs every main check, and no other
        ({"knee_dominance": "O", "no_lockout": "O", "lean_back": "-"}, Grade.CLEAN, 100),
        ({"knee_dominance": "O"}, Grade.PARTLY, 100),
        ({"knee_dominance": "O", "no_lockout": "-", "lean_back": "O"}, Grade.PARTLY, 100),
        ({"lean_back": "O", "rounded_back": "O"}, Grade.PARTLY, None),
        # any fault
        ({"knee_dominance": "F", "no_lockout": "-"}, Grade.FAULTY, 70),
        ({"knee_dominance": "F", "no_lockout": "F", "lean_back": "O"}, Grade.FAULTY, 50),
        ({"knee_dominance": "O", "no_lockout": "O", "lean_back": "F"}, Grade.FAULTY, 80),
        ({"knee_dominance": "F", "rounded_back": "F"}, Grade.FAULTY, 0),
        ({"lean_back": "F"}, Grade.FAULTY, None),
    ],
)
def test_a_grade_and_a_score_come_from_what_was_judged(
    checks: dict[str, str], grade: Grade, score: int | None
) -> None:
    found = judged(checks)
    assert (found.grade, found.score) == (grade, score)


def test_two_rules_of_one_check_cost_once() -> None:
    exercise = replace(EXERCISE, checks=(rule("knee_dominance", 5, cost=40), KNEE))
    assert judged({"knee_dominance": "F"}, exercise).score == 70


@given(st.dictionaries(st.sampled_from(get_args(CheckId)), st.sampled_from("FO-")))
@FEW
def test_a_score_is_between_0_and_100_and_falls_with_each_fault(checks: dict[str, str]) -> None:
    score = judged(checks).score
    assert score is None or 0 <= score <= 100
    worse = judged({**checks, "lean_back": "F"})
    assert worse.grade is Grade.FAULTY
    assert (worse.score is None) == (score is None)
    if score is not None and worse.score is not None and checks.get("lean_back") != "F":
        assert worse.score == max(0, score - LEAN.cost)


def test_a_set_counts_scores_and_grades() -> None:
    fault, fine, unknown = (
        one.checks for one in reps({"knee_dominance": "FO-", "head_up": "OFF", "no_lockout": "-O-"})
    )
    ended = [
        rep(1, fault, grade=Grade.FAULTY, score=70),
        rep(1, fine, counted=False, score=10),
        rep(2, fine, grade=Grade.CLEAN, score=100),
        rep(3, unknown, grade=Grade.UNJUDGED),
        rep(4, fine, grade=Grade.CLEAN, score=99),
    ]
    one = summary(ended)
    assert (one.reps, one.partials, one.score, one.scored) == (4, 1, 90, 3)
    assert one.grades == {
        Grade.CLEAN: 2,
        Grade.FAULTY: 1,
        Grade.PARTLY: 0,
        Grade.UNJUDGED: 1,
    }
    assert one.assessed["knee_dominance"] == Tally(ok=2, fault=1, not_assessed=1)
    assert one.assessed["no_lockout"] == Tally(ok=2, not_assessed=2)
    assert one.assessed["head_up"].fault == 3
    assert one.assessed["lean_back"] == Tally(not_assessed=4)
    assert list(one.assessed)[-1] == "rounded_back"


@pytest.mark.parametrize(
    ("script", "checks"),
    [
        ({"knee_dominance": "---", "lean_back": "OOO"}, []),
        # the main ones first, then by priority
        (
            {
                "rounded_back": "OFO",
                "lean_back": "OOO",
                "no_lockout": "OOO",
                "knee_dominance": "F--",
            },
            ["no_lockout", "lean_back", "rounded_back"],
        ),
        # in half of the reps that have a score, whatever the others have
        ({"knee_dominance": "OO--", "no_lockout": "O---"}, ["knee_dominance", "no_lockout"]),
        ({"knee_dominance": "OOO---", "no_lockout": "O-----"}, ["knee_dominance"]),
    ],
)
def test_a_score_rests_on_what_was_judged_in_most_of_its_reps(
    script: dict[str, str], checks: list[str]
) -> None:
    ended = [graded(one, EXERCISE) for one in reps(script)]
    assert list(summary(ended).rests_on) == checks


def test_a_score_always_rests_on_something() -> None:
    main = ("knee_dominance", "no_lockout", "lean_back")
    exercise = replace(EXERCISE, main=main)
    script = {"knee_dominance": "O--", "no_lockout": "-O-", "lean_back": "--O"}
    ended = [graded(one, exercise) for one in reps(script)]
    assert summary(ended, exercise).rests_on == main


def test_a_set_without_reps_has_nothing_to_tell() -> None:
    one = summary([])
    assert (one.reps, one.score, one.rests_on, one.one_thing) == (0, None, (), None)
    assert not one.mostly_open
    assert one.fade == Fade()


def test_the_most_common_reason_is_told() -> None:
    reasons = [None, "hidden", None, "turn_side_on", "turn_side_on", None]
    ended = [rep(n, {"knee_dominance": result("-", why)}) for n, why in enumerate(reasons, 1)]
    tally = summary(ended).assessed["knee_dominance"]
    assert tally == Tally(not_assessed=6, reason="turn_side_on")


@pytest.mark.parametrize(
    ("hidden", "reason"),
    [
        ("KK", "hidden_knees"),
        ("K.K", "hidden_knees"),
        ("K..K", None),
        ("KF.F....F", "hidden_feet"),
        ("....", None),
    ],
)
def test_what_plates_kept_hiding_is_told(hidden: str, reason: str | None) -> None:
    reasons = {"K": "hidden_knees", "F": "hidden_feet"}
    ended = [
        rep(n, {"knee_dominance": result("-", reasons.get(letter, "turn_side_on"))})
        for n, letter in enumerate(hidden, 1)
    ]
    assert summary(ended, exercise_by_id("deadlift")).hidden == reason
    assert summary(ended, exercise_by_id("kettlebell_swing")).hidden is None


def lifted(
    leans: Sequence[float | None],
    shares: Sequence[float | None] = (),
    strokes_s: Sequence[float] = (),
) -> list[Rep]:
    return [
        rep(
            n,
            measures=Measures(trunk_lean_deg=lean, hip_share=shares[n] if shares else None),
            stroke_s=strokes_s[n] if strokes_s else 1.0,
        )
        for n, lean in enumerate(leans)
    ]


def test_the_fade_holds_the_last_third_against_the_first() -> None:
    ended = lifted(
        [80, 76, 74, 0, 0, 64, 62, 60],
        [0.8, 0.9, 0, 0, 0, 0, 0.6, 0.7],
        [1.0, 1.2, 9, 9, 9, 9, 0.7, 0.8],
    )
    fade = summary(ended).fade
    assert fade.trunk_lean_deg == 61 - 78
    # down and up, without the pause
    assert fade.tempo_s == pytest.approx(1.5 - 2.2)
    assert fade.hip_share == pytest.approx(-0.2)


def test_partial_reps_do_not_fade() -> None:
    partial = rep(3, counted=False, measures=Measures(trunk_lean_deg=10.0))
    ended = [partial, *lifted([80.0] * 6), partial, partial]
    assert summary(ended).fade.trunk_lean_deg == 0


@pytest.mark.parametrize(
    ("leans", "known"),
    [
        ([70.0] * 5, False),
        ([70.0] * 6, True),
        ([None, 70.0, 70.0, 70.0, 70.0, 70.0], False),
        ([70.0, 70.0, 70.0, 70.0, 70.0, None], False),
        ([70.0, 70.0, None, None, 70.0, 70.0], True),
        ([None, 70.0, 70.0, 70.0, 70.0, 70.0, None, 70.0, 70.0], True),
    ],
)
def test_too_little_known_is_no_fade(leans: list[float | None], known: bool) -> None:
    fade = summary(lifted(leans)).fade
    assert (fade.trunk_lean_deg is not None) == known
    assert (fade.tempo_s is not None) == (len(leans) >= 6)
    assert fade.hip_share is None


@pytest.mark.parametrize(
    ("script", "advice"),
    [
        ({"knee_dominance": "OOO", "no_lockout": "---"}, None),
        ({"knee_dominance": "FOO", "no_lockout": "OOO"}, ("knee_dominance", "wall_tap")),
        # more faults, then dearer ones, then the priority
        ({"knee_dominance": "FOO", "no_lockout": "FFO"}, ("no_lockout", "band_resisted")),
        ({"knee_dominance": "FFO", "no_lockout": "FFO"}, ("knee_dominance", "wall_tap")),
        ({"lean_back": "FFO", "no_lockout": "FFO"}, ("lean_back", "")),
        # too few to be told, and experimental
        ({"rounded_back": "FOO"}, None),
        ({"rounded_back": "FOF", "knee_dominance": "FFF"}, ("rounded_back", "dowel_rod")),
        ({"head_up": "FFF"}, None),
    ],
)
def test_the_one_thing_to_work_on(script: dict[str, str], advice: tuple[str, str] | None) -> None:
    found = summary(reps(script)).one_thing
    assert (found and (found.id, found.drill)) == advice


@pytest.mark.parametrize("language", languages())
def test_every_advice_and_drill_has_its_words(language: str) -> None:
    words = Words.load(language)
    assert len(words("advice.score_rule")) <= 64, "one line of the screen"
    for check in get_args(CheckId):
        assert words(f"advice.{check}")
    drills = {
        one.drill for exercise in catalogue().values() for one in exercise.checks if one.drill
    }
    for drill in drills | {"wall_tap", "dowel_rod", "band_resisted"}:
        assert words(f"drill.{drill}.name")
