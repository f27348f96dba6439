"""Compares a rep's back with the same person's own good reps. Pure.

A contour carries the body's shape, its clothes and the lean: against standing alone it is no
measure. Against the same person's own good reps at equal lean it does.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from kiosk.body.back import BackProfile, Reason

GOOD_REPS = 2
"""Good reps that make a reference."""
MOST_REPS = 6
"""Good reps that are kept: the first ones, so that a slow drift does not become the rule."""
ALIKE = 0.6
"""The first good reps must agree within this part of the limit, or the reference starts anew with
the newer: one of them may have been round."""
LEAST_READINGS = 3
"""Readings that a rep needs."""
MOST_KEPT = 0.4
"""Where one reason stands in more of the readings than this, it holds for the rep."""
OUTSIDE_DEG = 6.0
"""A reading at a lean this far outside those of the reference is not compared."""
SLOPE_PRIOR = 2.0
SPREAD_DEG = 15.0
"""Belief that the bow does not change with the lean: so many readings, so far from the mean."""
OTHER_KNEE_DEG = 20.0
"""Knees bent this much unlike the reference make another posture, and another contour."""
SURE = 2.0
"""A departure within this many standard errors is no fault, however large."""
NOISIEST = 1.5
"""Where the limit would have to be this many times as wide, nothing is judged."""
USUAL_NOISE = 0.012
"""Spread of single readings about their curve, in standing torso lengths, which a reference of few
readings may underrate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """How a rep's back departs from the person's own good reps at equal lean.

    Attributes:
        bulge: in standing torso lengths; rounder positive, more hollow negative.
        limit: the check's, wider where the readings are few or noisy.
        confidence: 0 to 1.
    """

    bulge: float
    limit: float
    confidence: float


class BackReference:
    """Gathers good reps of one person, and judges the others against them.

    A departure beyond `limit` in standing torso lengths, either way, is a fault.
    """

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._reps: list[list[BackProfile]] = []

    @property
    def ready(self) -> bool:
        """Whether there are good reps enough."""
        return len(self._reps) >= GOOD_REPS

    def judge(self, readings: Sequence[BackProfile | Reason]) -> Departure | Reason:
        """How a rep departs from the reference, or why that is not known."""
        profiles = _usable(readings)
        if isinstance(profiles, Reason):
            return profiles
        if not self.ready:
            return Reason.NO_REFERENCE
        known = [profile for rep in self._reps for profile in rep]
        curve = _Curve.through(known)
        near = [p for p in profiles if curve.covers(p.lean_deg)]
        if len(near) < LEAST_READINGS:
            return Reason.NOT_BENT_ENOUGH
        knee = median(p.knee_deg for p in near)
        if abs(knee - median(p.knee_deg for p in known)) > OTHER_KNEE_DEG:
            return Reason.UNCLEAR
        noise = max(USUAL_NOISE, curve.noise)
        limit = max(self._limit, SURE * noise * math.sqrt(1 / len(near) + 1 / len(known)))
        if limit > NOISIEST * self._limit:
            return Reason.UNCLEAR
        departures = [p.bulge - curve.at(p.lean_deg) for p in near]
        return Departure(
            bulge=median(departures),
            limit=limit,
            confidence=sum(p.confidence for p in near) / len(near) * min(1.0, len(near) / 5),
        )

    def learn(self, readings: Sequence[BackProfile | Reason], *, good: bool) -> None:
        """Adds a rep to the reference if no other check found a fault in it (`good`).

        Once there is a reference, a rep joins it only when its back is well within the limit.
        """
        profiles = _usable(readings)
        if isinstance(profiles, Reason) or not good or len(self._reps) >= MOST_REPS:
            return
        if self.ready:
            departure = self.judge(readings)
            if isinstance(departure, Reason) or abs(departure.bulge) > departure.limit / 2:
                return
        elif self._reps and not self._agrees(profiles):
            self._reps.clear()
        self._reps.append(profiles)

    def _agrees(self, profiles: list[BackProfile]) -> bool:
        """Whether a rep's back is like the first one's: two unlike reps are no habit yet."""
        curve = _Curve.through([profile for rep in self._reps for profile in rep])
        near = [p.bulge - curve.at(p.lean_deg) for p in profiles if curve.covers(p.lean_deg)]
        return bool(near) and abs(median(near)) <= ALIKE * self._limit


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


def _usable(readings: Sequence[BackProfile | Reason]) -> list[BackProfile] | Reason:
    """The profiles, or what kept the others from being read; none at all is too shallow."""
    profiles = [reading for reading in readings if isinstance(reading, BackProfile)]
    reasons = Counter(reading for reading in readings if isinstance(reading, Reason))
    reason, times = (reasons.most_common(1) or [(Reason.NOT_BENT_ENOUGH, 0)])[0]
    if len(profiles) < LEAST_READINGS or times > MOST_KEPT * len(readings):
        return reason
    return profiles
