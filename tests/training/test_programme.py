"""What a coach may write into a programme, and how a mistake in it is reported."""

import tomllib
from dataclasses import dataclass

import pytest

from kiosk.errors import ProgrammeError
from kiosk.exercises.catalogue import catalogue
from kiosk.training.facts import GUEST
from kiosk.training.plan import Plan, plan_for
from kiosk.training.programme import check_programme

DEADLIFT, SQUAT = catalogue()["deadlift"], catalogue()["squat"]
TEXT = """
[all.deadlift]
reps = 4
sets = 5
rest_s = 200

[lifter.3.deadlift]
reps = 3

[lifter.8.squat]
rest_s = 30
"""


def plans(text: str) -> object:
    return check_programme(tomllib.loads(text), catalogue(), "p.toml")


@pytest.mark.parametrize(
    ("lifter", "expected"),
    [
        (GUEST, Plan(reps=4, sets=5, rest_s=200)),
        (1, Plan(reps=4, sets=5, rest_s=200)),
        (3, Plan(reps=3, sets=5, rest_s=200)),
        (8, Plan(reps=4, sets=5, rest_s=200)),
    ],
)
def test_a_places_own_plan_comes_before_that_of_all(lifter: int, expected: Plan) -> None:
    assert plan_for(lifter, DEADLIFT, {}, plans(TEXT)) == expected


def test_what_a_programme_leaves_out_is_as_in_the_exercises_file() -> None:
    own = plan_for(8, SQUAT, {}, plans(TEXT))
    assert own == Plan(reps=SQUAT.plan.reps, sets=SQUAT.plan.sets, rest_s=30)
    assert plan_for(7, SQUAT, {}, plans(TEXT)) == SQUAT.plan


def test_an_empty_programme_plans_nothing() -> None:
    assert plans("") == {}
    assert plans("[all]\n[lifter.2]\n") == {}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[all.deadlfit]\nreps = 5", ["all.deadlfit", "unknown", "did you mean deadlift?"]),
        ("[lifter.3.pull_up]\nreps = 5", ["lifter.3.pull_up", "unknown", "known here: ", "squat"]),
        ('[all."a.b"]\nreps = 5', ['all."a.b"', "unknown"]),
        ("[lifter.9.squat]\nreps = 5", ["lifter.9", "unknown", "known here: 1, 2, 3", "8"]),
        ("[lifter.0.squat]\nreps = 5", ["lifter.0", "unknown"]),
        ('[lifter."01".squat]\nreps = 5', ["lifter.01", "unknown"]),
        ("[lifters.3.squat]\nreps = 5", ["lifters", "did you mean lifter?", "all, lifter"]),
        ("[all.squat]\nrep = 5", ["all.squat.rep", "did you mean reps?", "reps, sets, rest_s"]),
        ("[all.squat]\nreps = 0", ["all.squat.reps = 0", "whole number from 1 to 100"]),
        ("[all.squat]\nreps = 5.5", ["all.squat.reps = 5.5", "whole number"]),
        ("[lifter.2.squat]\nrest_s = 5", ["lifter.2.squat.rest_s = 5", "from 10 to 900"]),
        ('[all.squat]\nsets = "3"', ['all.squat.sets = "3"', "whole number from 1 to 20"]),
        ("all = 3", ["all = 3", "a section"]),
        ("all.squat = 3", ["all.squat = 3", "section with keys among: reps, sets, rest_s"]),
        ("lifter.3 = 5", ["lifter.3 = 5", "a section"]),
        ("lifter.3.squat = [1]", ["lifter.3.squat = [1]", "a section with keys"]),
    ],
)
def test_what_is_wrong_is_named_with_what_is_allowed(text: str, parts: list[str]) -> None:
    with pytest.raises(ProgrammeError) as caught:
        plans(text)
    message = str(caught.value)
    assert message.startswith("p.toml: ")
    assert message.isprintable()
    for part in parts:
        assert part in message


def test_an_owners_exercise_with_an_odd_name_can_be_planned() -> None:
    @dataclass
    class Own:
        id: str
        plan: Plan

    own = Own("sled. push", Plan(reps=8, sets=3, rest_s=90))
    text = '[all."sled. push"]\nreps = '
    found = check_programme(tomllib.loads(f"{text}5"), {own.id: own}, "p.toml")
    assert found[2, own.id] == Plan(reps=5, sets=3, rest_s=90)
    with pytest.raises(ProgrammeError, match=r'all\."sled\. push"\.reps = 0 is not allowed'):
        check_programme(tomllib.loads(f"{text}0"), {own.id: own}, "p.toml")
