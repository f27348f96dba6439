"""What a rule, a target and a stroke of an exercise file may hold, and what follows from them."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.exercises.catalogue import catalogue, exercise_by_id
from kiosk.exercises.exercise import (
    LEAST_FPS,
    LIMITS,
    CheckRule,
    Exercise,
    ExerciseWords,
    Stroke,
    TargetRule,
    rules_by_priority,
)

GOOD: dict[str, Any] = {
    "id": "shallow",
    "measure": "trunk_lean",
    "phase": "bottom",
    "below": 45.0,
    "unit": "deg",
    "priority": 3,
    "source": "a test",
}


def rule(**changes: object) -> CheckRule:
    """The good rule with other values; None takes a key away."""
    tree = {key: value for key, value in (GOOD | changes).items() if value is not None}
    return msgspec.convert(tree, CheckRule)


@given(unit=st.sampled_from(sorted(LIMITS)), share=st.floats(0.0, 1.0), above=st.booleans())
def test_a_limit_is_taken_from_whichever_side_it_lies_on(
    unit: str, share: float, *, above: bool
) -> None:
    low, high = LIMITS[unit]
    value = min(high, low + share * (high - low))
    sides = {"above": value, "below": None} if above else {"below": value}
    assert rule(unit=unit, **sides).limit == value


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"above": 60.0}, "either `above` or `below`"),
        ({"below": None}, "either `above` or `below`"),
        ({"below": 181.0}, "limit 181 is not within -180 to 180 deg"),
        ({"below": -0.1, "unit": "s"}, "limit -0.1 is not within 0 to 60 s"),
        ({"measure": "back_bulge", "unit": "trunks", "below": 0.0}, "`below` less"),
        ({"measure": "back_bulge", "unit": "trunks", "below": 0.1}, "`below` less"),
        ({"speak": [3, 2]}, "more faults than reps"),
        ({"band": -1.0}, "band"),
        ({"phase": "middle"}, "phase"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_rule_that_does_not_hold_together_is_refused(
    changes: dict[str, object], message: str
) -> None:
    with pytest.raises(msgspec.ValidationError, match=message):
        rule(**changes)


def test_a_back_may_depart_to_either_side() -> None:
    measured = {"measure": "back_bulge", "unit": "trunks"}
    assert rule(**measured, below=-0.02).limit == -0.02
    assert rule(**measured, below=None, above=0.02).limit == 0.02


def test_of_two_rules_of_a_check_the_better_priority_is_kept_and_experiments_are_left_out() -> None:
    rules = [
        rule(id="tempo", priority=9),
        rule(id="shallow", priority=5),
        rule(id="shallow", priority=2, band=1.0),
        rule(id="stance", priority=1, experimental=True),
    ]
    kept = rules_by_priority(rules)
    assert [(one.id, one.priority) for one in kept] == [("shallow", 2), ("tempo", 9)]


def test_a_wall_does_not_end_before_it_begins() -> None:
    assert TargetRule(first_legs=0.2, step_legs=0.0, most_legs=0.2).most_legs == 0.2
    with pytest.raises(ValueError, match="most_legs must not be smaller"):
        TargetRule(first_legs=0.2, step_legs=0.0, most_legs=0.19)


def test_a_trait_does_not_end_before_it_begins() -> None:
    hinge = msgspec.to_builtins(exercise_by_id("hip_hinge"))
    hinge["fits"]["lasts_s"] = (3.0, 2.0)
    with pytest.raises(msgspec.ValidationError, match=r"fits\.lasts_s must begin with the smaller"):
        msgspec.convert(hinge, Exercise)


def test_a_stroke_takes_the_time_of_its_parts() -> None:
    stroke = Stroke(lean_deg=60.0, knee_deg=20.0, down_s=1.0, hold_s=0.25, up_s=0.5, top_s=2.0)
    assert stroke.whole_s == 3.75


@pytest.mark.parametrize("exercise_id", list(catalogue()))
def test_an_exercise_needs_the_rate_of_its_most_demanding_check(exercise_id: str) -> None:
    exercise = exercise_by_id(exercise_id)
    rates = [check.least_fps for check in exercise.checks]
    assert exercise.needed_fps == max([LEAST_FPS, *rates])
    slow = msgspec.structs.replace(exercise, checks=())
    assert slow.needed_fps == LEAST_FPS


@pytest.mark.parametrize("name", ["", "Hinge {reps}"])
def test_words_are_neither_empty_nor_to_be_filled_in(name: str) -> None:
    good = {"name": "Hinge", "three": ["a", "b", "c"], "steps": ["1", "2", "3"]}
    assert msgspec.convert(good, ExerciseWords).line is None
    with pytest.raises(msgspec.ValidationError, match="name"):
        msgspec.convert(good | {"name": name}, ExerciseWords)
