"""Plans reps, sets and rest for a lifter and an exercise, and changes them in steps."""

from collections.abc import Mapping
from typing import Literal

import msgspec
from msgspec.structs import replace

from kiosk.exercises.exercise import Exercise, PlanRule
from kiosk.training.loads import stepped_multiple

Plan = PlanRule
"""Reps of a set, sets, and seconds of rest between them; the exercise files hold the same."""

Plans = Mapping[tuple[int, str], Plan]
"""By lifter and id of the exercise."""

Part = Literal["reps", "sets", "rest_s"]

STEPS: dict[Part, int] = {"reps": 1, "sets": 1, "rest_s": 15}
"""What one press changes of each part; a rest goes to multiples of a quarter of a minute."""


def plan_for(lifter: int, exercise: Exercise, chosen: Plans, programme: Plans) -> Plan:
    """Returns what holds: the lifter's own choice, else the programme, else the exercise's file.

    Args:
        lifter: a place, or `GUEST`.
        exercise: the one that is trained.
        chosen: what lifters have changed by button.
        programme: what a coach has written, as `check_programme` returns it.
    """
    key = (lifter, exercise.id)
    return chosen.get(key) or programme.get(key) or exercise.plan


def changed(plan: Plan, part: Part, by: int) -> Plan:
    """Returns the plan after presses of plus or minus on one part; it stays within the bounds."""
    step = STEPS[part]
    low, high = _BOUNDS[part]
    value = stepped_multiple(getattr(plan, part), step, by) * step
    return replace(plan, **{part: min(max(value, low), high)})


def _bounds() -> Mapping[str, tuple[float, float]]:
    """Least and most of each part, as every plan in a file is checked."""
    kind = msgspec.inspect.type_info(Plan)
    assert isinstance(kind, msgspec.inspect.StructType)
    found = {}
    for field in kind.fields:
        assert isinstance(field.type, msgspec.inspect.IntType | msgspec.inspect.FloatType)
        assert field.type.ge is not None
        assert field.type.le is not None
        found[field.name] = (field.type.ge, field.type.le)
    return found


_BOUNDS = _bounds()
