"""What is known of a set beside its reps: chosen, entered or corrected by people.

Nothing of it reaches the counter or a verdict.
"""

from msgspec import Struct

GUEST = 0
"""The place of whoever has chosen none; the others are those of `LIFTERS`."""


class Facts(Struct, frozen=True, kw_only=True):
    """What is known of one set; None is unknown.

    Attributes:
        lifter: the place that was chosen when it began, `GUEST` for none.
        load_kg: entered by hand after it; of dumbbells one of them.
        corrected: how many reps the lifter says they did, where that differs from the count.
        target_reps, target_sets: what was planned.
        set_number: 1, 2, 3 … among this lifter's sets of the exercise, one after the other.
        rest_s: seconds from the end of this lifter's set before it, of whichever exercise.
    """

    lifter: int = GUEST
    load_kg: float | None = None
    corrected: int | None = None
    target_reps: int | None = None
    target_sets: int | None = None
    set_number: int | None = None
    rest_s: float | None = None


NOTHING_SAID = Facts()
"""Of a set of a guest of whom nothing more is known."""
