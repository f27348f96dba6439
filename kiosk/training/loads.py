"""Steps and formats loads, which are kept in kilograms and shown in kilograms or pounds."""

import math
from typing import Literal

from kiosk.exercises.exercise import WeightRule

Unit = Literal["kg", "lb"]

KG_OF: dict[Unit, float] = {"kg": 1.0, "lb": 0.45359237}
"""Kilograms in each unit. The pound is exactly this much by the agreement of 1959."""
STEP_LB = 5.0
"""Pounds that one press adds or takes; kilograms are the exercise's own."""
MOST_KG = 500.0
"""The heaviest load that can be entered; the heaviest deadlift so far had 501 kg."""

_SLACK = 1e-6
"""Parts of a step by which a multiple may be missed: what conversion and storage round off."""


def stepped(load_kg: float | None, by: int, unit: Unit, weight: WeightRule) -> float | None:
    """Returns the load after presses of plus or minus, in kilograms; None is unknown.

    It is a whole multiple of the unit's step, computed from that multiple each time, so that no
    error adds up. A load between two multiples, entered in the other unit, goes to the next one.

    Args:
        load_kg: the load before.
        by: how many presses; negative for minus.
        unit: in which it is shown.
        weight: the exercise's step, and what plus gives where nothing is known, rounded to a step.
    """
    step_kg = weight.step_kg if unit == "kg" else STEP_LB * KG_OF["lb"]
    if load_kg is not None:
        steps = stepped_multiple(load_kg, step_kg, by)
    elif by > 0:
        steps = max(1, round(weight.first_kg / step_kg))
    else:
        return None
    steps = min(steps, math.floor(MOST_KG / step_kg))
    return steps * step_kg if steps > 0 else None


def stepped_multiple(value: float, step: float, by: int) -> int:
    """Returns which multiple of `step` lies `by` multiples beyond the value, up or down.

    The first of them is the next multiple that the value is not on.
    """
    if by < 0:
        return -stepped_multiple(-value, step, -by)
    return math.floor(value / step + _SLACK) + by


def format_load(load_kg: float, unit: Unit, mark: str = ".") -> str:
    """Formats a load as "62.5 kg" or "135 lb", to a tenth; `mark` is the language's decimal one."""
    return f"{load_kg / KG_OF[unit]:.1f}".removesuffix(".0").replace(".", mark) + f" {unit}"
