"""Compares counted reps with those that people say they did: how accurate the mirror is."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

_Z = 1.959963984540054
"""Two-sided 95 % of a normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """How far counts and corrections agree.

    Attributes:
        sets: those with a counted rep or a correction.
        corrected: sets of which somebody said another number.
        counted_reps: of all those sets.
        over, under: reps that were counted too many, and too few, in the corrected sets.
    """

    sets: int
    corrected: int
    counted_reps: int
    over: int
    under: int

    @classmethod
    def of(cls, counts: Iterable[tuple[int, int | None]]) -> Self:
        """Returns it for sets given as counted reps and what they were corrected to."""
        known = [(reps, said) for reps, said in counts if reps or said]
        errors = [reps - said for reps, said in known if said is not None and said != reps]
        return cls(
            sets=len(known),
            corrected=len(errors),
            counted_reps=sum(reps for reps, _ in known),
            over=sum(error for error in errors if error > 0),
            under=sum(-error for error in errors if error < 0),
        )

    @property
    def mean_error(self) -> float | None:
        """Counted minus corrected reps of a corrected set; None where none was corrected."""
        return (self.over - self.under) / self.corrected if self.corrected else None

    @property
    def share_right(self) -> float | None:
        """Part of the sets that nobody corrected, 0 to 1: no more are right; None without sets."""
        return (self.sets - self.corrected) / self.sets if self.sets else None

    @property
    def interval(self) -> tuple[float, float]:
        """The share's 95 % interval. All is possible where nothing is known.

        Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
        J Am Stat Assoc 22:209-212. It takes sets for independent of each other, which those of one
        person are not quite.
        """
        share, sets = self.share_right, self.sets
        if share is None:
            return 0.0, 1.0
        square = _Z**2
        middle = share + square / (2 * sets)
        reach = _Z * math.sqrt(share * (1 - share) / sets + square / (4 * sets**2))
        return (middle - reach) / (1 + square / sets), (middle + reach) / (1 + square / sets)


def format_accuracy(found: Accuracy) -> str:
    """Formats it for a terminal, with what it rests on."""
    share, error = found.share_right, found.mean_error
    if share is None:
        return "no sets yet"
    low, high = found.interval
    right = found.sets - found.corrected
    mean = "unknown" if error is None else f"{error:+.1f} reps a corrected set"
    return (
        f"sets                {found.sets}, with {found.counted_reps} counted reps\n"
        f"corrected by hand   {found.corrected}\n"
        f"mean error          {mean}; {found.over} too many and {found.under} too few in all\n"
        f"exactly right       {right} of {found.sets}, {100 * share:.1f} % "
        f"(95 % interval {100 * low:.1f} % to {100 * high:.1f} %), or fewer\n"
        "\n"
        "This rests on people who saw a wrong count and corrected it with a button. A set that\n"
        "nobody corrected is taken for exactly right, which is no proof that it was."
    )
