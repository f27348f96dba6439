"""The person's own good reps, and how far a rep's back departs from them. Pure.

A contour carries the body's shape, its clothes and the lean: against standing alone it tells
nothing. Against the same person's own good reps at equal lean it does.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from kiosk.body.back import BackProfile, Reason

LIMIT = 0.017
"""Departure in standing torso lengths that is a fault. Our default: on 80 rendered sets of three
clean reps and then a fault or none, it found 36 of 42 judged reps rounded by 20 degrees and more,
27 of 35 arched as much, and would have spoken in no set without a fault of the back. At .016 it
would have in one, at .020 it found 30 and 23."""
GOOD_REPS = 2
"""Good reps that make a reference."""
MOST_REPS = 6
"""Good reps that are kept: the first ones, so that a slow drift does not become the rule."""
ALIKE = 0.6
"""The first good reps must agree within this part of the limit, or the reference starts anew with
the newer: one of them may have been round."""
LEAST_LOOKS = 3
"""Looks that a rep needs."""
MOST_KEPT = 0.4
"""Where one reason kept more of the looks than this from seeing the back, it holds for the rep."""
OUTSIDE_DEG = 6.0
"""A look at a lean this far outside those of the reference is not compared."""
SLOPE_PRIOR = 2.0
SPREAD_DEG = 15.0
"""Belief that the bow does not change with the lean: worth so many looks, so far from the mean."""
OTHER_KNEE_DEG = 20.0
"""Knees bent this much unlike the reference make another posture, and another contour."""
SURE = 2.0
"""A departure within this many standard errors is no fault, however large."""
NOISIEST = 1.5
"""Where the limit would have to be this many times as wide, nothing is said."""
USUAL_NOISE = 0.012
"""Spread of single looks about their curve, in standing torso lengths, which a reference of few
looks may underrate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """How a rep's back departs from the person's own good reps at equal lean.

    Attributes:
        bulge: in standing torso lengths; rounder positive, more hollow negative.
        limit: beyond it, either way, it is a fault; never under `LIMIT`, more where the looks are
            few or noisy.
        confidence: 0 to 1.
    """

    bulge: float
    limit: float
    confidence: float

    @property
    def rounded(self) -> bool:
        """Whether the back is rounder than in the person's own good reps."""
        return self.bulge > self.limit

    @property
    def over_arched(self) -> bool:
        """Whether the back is more hollow than in the person's own good reps."""
        return self.bulge < -self.limit


class BackReference:
    """Gathers good reps of one person, and judges the others against them."""

    def __init__(self) -> None:
        self._reps: list[list[BackProfile]] = []

    @property
    def ready(self) -> bool:
        """Whether there are good reps enough."""
        return len(self._reps) >= GOOD_REPS

    def forget(self) -> None:
        """Somebody else, or other clothes."""
        self._reps.clear()

    def judge(self, looks: Sequence[BackProfile | Reason]) -> Departure | Reason:
        """How the rep of these looks departs from the reference, or why that cannot be said."""
        profiles = _usable(looks)
        if isinstance(profiles, Reason):
            return profiles
        if not self.ready:
            return Reason.NO_REFERENCE
        known = [profile for rep in self._reps for profile in rep]
        curve = _Curve.through(known)
        near = [p for p in profiles if curve.covers(p.lean_deg)]
        if len(near) < LEAST_LOOKS:
            return Reason.NOT_BENT_ENOUGH
        knee = median(p.knee_deg for p in near)
        if abs(knee - median(p.knee_deg for p in known)) > OTHER_KNEE_DEG:
            return Reason.UNCLEAR
        limit = _limit(curve, len(near), len(known))
        if limit > NOISIEST * LIMIT:
            return Reason.UNCLEAR
        departures = [p.bulge - curve.at(p.lean_deg) for p in near]
        return Departure(
            bulge=median(departures),
            limit=limit,
            confidence=_mean([p.confidence for p in near]) * min(1.0, len(near) / 5),
        )

    def learn(self, looks: Sequence[BackProfile | Reason], *, good: bool) -> None:
        """Takes a rep into the reference if there is nothing wrong with it.

        Once there is a reference, a rep joins it only when its back is well within the limit.

        Args:
            looks: the rep's.
            good: whether every other check of the rep was content.
        """
        profiles = _usable(looks)
        if isinstance(profiles, Reason) or not good or len(self._reps) >= MOST_REPS:
            return
        if self.ready:
            departure = self.judge(looks)
            if isinstance(departure, Reason) or abs(departure.bulge) > departure.limit / 2:
                return
        elif self._reps and not self._agrees(profiles):
            self._reps.clear()
        self._reps.append(profiles)

    def _agrees(self, profiles: list[BackProfile]) -> bool:
        """Whether a rep's back is like the first one's: two unlike reps are no habit yet."""
        curve = _Curve.through([profile for rep in self._reps for profile in rep])
        near = [p.bulge - curve.at(p.lean_deg) for p in profiles if curve.covers(p.lean_deg)]
        return bool(near) and abs(median(near)) <= ALIKE * LIMIT


def _limit(curve: "_Curve", looks: int, known: int) -> float:
    """The limit, widened where the looks are few or noisy."""
    noise = max(USUAL_NOISE, curve.noise)
    return max(LIMIT, SURE * noise * math.sqrt(1 / looks + 1 / known))


@dataclass(frozen=True, slots=True)
class _Curve:
    """A straight line of bulge over lean."""

    middle_deg: float
    level: float
    slope: float
    lowest_deg: float
    highest_deg: float
    noise: float

    @classmethod
    def through(cls, profiles: Sequence[BackProfile]) -> "_Curve":
        lean = np.array([p.lean_deg for p in profiles])
        bulge = np.array([p.bulge for p in profiles])
        middle = float(lean.mean())
        apart: NDArray[np.float64] = (lean - middle) / SPREAD_DEG
        slope = float(apart @ (bulge - bulge.mean())) / (float(apart @ apart) + SLOPE_PRIOR)
        level = float(bulge.mean())
        stray = bulge - level - slope * apart
        return cls(middle, level, slope, float(lean.min()), float(lean.max()), float(stray.std()))

    def covers(self, lean_deg: float) -> bool:
        return self.lowest_deg - OUTSIDE_DEG < lean_deg < self.highest_deg + OUTSIDE_DEG

    def at(self, lean_deg: float) -> float:
        return self.level + self.slope * (lean_deg - self.middle_deg) / SPREAD_DEG


def _usable(looks: Sequence[BackProfile | Reason]) -> list[BackProfile] | Reason:
    """The looks that saw a back, or what kept the others from it; none at all is too shallow."""
    profiles = [look for look in looks if isinstance(look, BackProfile)]
    reasons = Counter(look for look in looks if isinstance(look, Reason))
    reason, times = (reasons.most_common(1) or [(Reason.NOT_BENT_ENOUGH, 0)])[0]
    if len(profiles) < LEAST_LOOKS or times > MOST_KEPT * len(looks):
        return reason
    return profiles


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
