"""What is planned for a lifter and an exercise, and how buttons change it."""

from itertools import accumulate, repeat

import msgspec
import pytest

from kiosk.exercises.catalogue import catalogue
from kiosk.exercises.exercise import PlanRule
from kiosk.training.facts import GUEST
from kiosk.training.plan import Part, Plan, Plans, changed, plan_for

DEADLIFT = catalogue()["deadlift"]
CHOSEN = Plan(reps=3, sets=2, rest_s=60)
WRITTEN = Plan(reps=6, sets=6, rest_s=120)
PLAN = Plan(reps=8, sets=3, rest_s=90)


@pytest.mark.parametrize(
    ("chosen", "programme", "expected"),
    [
        ({}, {}, DEADLIFT.plan),
        ({}, {(2, "deadlift"): WRITTEN}, WRITTEN),
        ({(2, "deadlift"): CHOSEN}, {(2, "deadlift"): WRITTEN}, CHOSEN),
        ({(2, "deadlift"): CHOSEN}, {}, CHOSEN),
        ({(3, "deadlift"): CHOSEN, (2, "squat"): CHOSEN}, {(GUEST, "deadlift"): WRITTEN}, None),
    ],
)
def test_a_lifters_choice_comes_before_the_programme_and_the_programme_before_the_file(
    chosen: Plans, programme: Plans, expected: Plan | None
) -> None:
    assert plan_for(2, DEADLIFT, chosen, programme) == (expected or DEADLIFT.plan)


@pytest.mark.parametrize(
    ("part", "by", "value"),
    [
        *(("reps", 1, 9), ("reps", -1, 7), ("sets", 1, 4), ("sets", -2, 1)),
        *(("rest_s", 1, 105), ("rest_s", -1, 75), ("rest_s", 3, 135)),
    ],
)
def test_a_press_changes_one_part_by_one_step(part: Part, by: int, value: float) -> None:
    after = changed(PLAN, part, by)
    assert getattr(after, part) == value
    assert msgspec.structs.replace(after, **{part: getattr(PLAN, part)}) == PLAN


def test_a_rest_between_two_quarters_of_a_minute_goes_to_the_next() -> None:
    odd = Plan(reps=8, sets=3, rest_s=100)
    assert changed(odd, "rest_s", 1).rest_s == 105
    assert changed(odd, "rest_s", -1).rest_s == 90


@pytest.mark.parametrize("part", ["reps", "sets", "rest_s"])
@pytest.mark.parametrize("by", [1, -1])
def test_no_press_leads_to_a_plan_that_a_file_may_not_hold(part: Part, by: int) -> None:
    plans = list(
        accumulate(repeat(by, 150), lambda plan, by: changed(plan, part, by), initial=PLAN)
    )
    for plan in plans:
        assert msgspec.convert(msgspec.structs.asdict(plan), PlanRule) == plan
    beyond = {**msgspec.structs.asdict(plans[-1]), part: getattr(plans[-1], part) + by}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(beyond, PlanRule)
    assert changed(plans[-1], part, -by) != plans[-1]
