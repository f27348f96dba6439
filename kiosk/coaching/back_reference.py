"""Compares a rep's back with the same person's own good reps. Pure.

A contour carries the body's shape, its clothes and the lean: against standing alone it is no
measure. Against the same person's own good reps at equal lean it does.
"""

import math
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from kiosk.body.back import BackProfile, Reason

GOOD_REPS = 2
"""Good reps that make a reference."""
MOST_REPS = 6
"""Good reps that are kept: the first ones, so that a slow drift does not become the rule."""
ALIKE = 1.0
"""Two reps that begin a reference must agree within this part of the limit: one of them may have
been round. A smaller part found no two too often."""
LEAST_READINGS = 3
"""Readings that a rep needs."""
MOST_KEPT = 0.4
"""Where one reason stands in more of the readings than this, it holds for the rep."""
OUTSIDE_DEG = 6.0
"""A reading at a lean this far outside those of the reference is not compared."""
SLOPE_PRIOR = 2.0
SPREAD_DEG = 15.0
"""Belief that the bow does not change with the lean: so many readings, so far from the mean."""
OTHER_HIP_DROP = 0.06
"""Hips this much lower or higher than in another rep at the same lean make another posture, and
another contour:
what knees bent by 20 to 30 degrees more do. On rendered sets reps alike lie within .02, and knees
bent by 30 degrees more lower the hips by .07. The knees themselves are not asked: behind plates the
model's jumped by 60 degrees in mid-set, and every rep was another posture."""
OTHER_BOW = 0.12
"""What each standing height of that may change the bow, in standing torso lengths: of 13 rendered
reps with knees bent by 60 to 90 degrees, hips .06 to .13 lower, the farthest departed by .019."""
SURE = 2.0
"""A departure within this many standard errors is no fault, however large."""
ALIKE_READINGS = 2.0
"""So many readings of a rep tell as much as one: at neighbouring leans they err alike, as where the
segmenter takes a part of the wall for a shirt of its colour."""
NOISIEST = 1.5
"""Where the limit would have to be this many times as wide, no back is called good."""
USUAL_NOISE = 0.008
"""Spread of single readings about their curve, in standing torso lengths, which a reference of few
readings may underrate: .0036 on rendered films, .0083 on real ones."""


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
    """Gathers good reps of one person, and judges the others against those of the same posture.

    A departure beyond `limit` in standing torso lengths, either way, is a fault.
    """

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._reps: list[list[BackProfile]] = []
        self._others: deque[list[BackProfile]] = deque(maxlen=MOST_REPS)

    def judge(self, readings: Sequence[BackProfile | Reason]) -> Departure | Reason:
        """How a rep departs from the reference, or why that is not known.

        Of a rep in another posture than the reference, or of noisy readings, only a departure that
        neither can explain is known.
        """
        profiles = _usable(readings)
        if isinstance(profiles, Reason):
            return profiles
        seen = _seen_alike(self._reps, profiles)
        alike = _alike(seen, profiles)
        if len(alike) >= GOOD_REPS:
            return self._departure(alike, profiles)
        if len(seen) < GOOD_REPS:
            return Reason.NO_REFERENCE
        apart = min(abs(_apart(rep, profiles)) for rep in seen)
        return self._departure(seen, profiles, shift=OTHER_BOW * apart)

    def _departure(
        self, reps: Sequence[list[BackProfile]], profiles: list[BackProfile], shift: float = 0.0
    ) -> Departure | Reason:
        """How a rep departs from others; in another posture that may shift the bow itself."""
        known = [profile for rep in reps for profile in rep]
        curve = _Curve.through(known)
        near = curve.near(profiles)
        if len(near) < LEAST_READINGS:
            return Reason.NO_REFERENCE
        noise = max(USUAL_NOISE, curve.noise)
        error = noise * math.sqrt(ALIKE_READINGS * (1 / len(near) + 1 / len(known)))
        limit = max(self._limit, SURE * error) + shift
        bulge = median(p.bulge - curve.at(p.lean_deg) for p in near)
        if abs(bulge) <= limit and shift > 0:
            return Reason.NO_REFERENCE
        if abs(bulge) <= limit and limit > NOISIEST * self._limit:
            return Reason.UNCLEAR
        confidence = sum(p.confidence for p in near) / len(near) * min(1.0, len(near) / 5)
        return Departure(bulge=bulge, limit=limit, confidence=confidence)

    def learn(self, readings: Sequence[BackProfile | Reason]) -> None:
        """Adds a rep to the reference by the evidence of its own back alone.

        The first two of a posture that agree begin a reference. From then on a rep joins only when
        its back is well within the limit.
        """
        profiles = _usable(readings)
        if isinstance(profiles, Reason):
            return
        departure = self.judge(readings)
        if isinstance(departure, Departure):
            few = len(_alike(_seen_alike(self._reps, profiles), profiles)) < MOST_REPS
            if few and abs(departure.bulge) <= departure.limit / 2:
                self._reps.append(profiles)
            return
        if departure is not Reason.NO_REFERENCE:
            return
        for other in _alike(_seen_alike(self._others, profiles), profiles):
            if self._agree(other, profiles):
                self._others.remove(other)
                self._reps += [other, profiles]
                return
        self._others.append(profiles)

    def _agree(self, first: list[BackProfile], other: list[BackProfile]) -> bool:
        """Whether two reps' backs are alike: two unlike ones are no habit yet."""
        curve = _Curve.through(first)
        apart = median(p.bulge - curve.at(p.lean_deg) for p in curve.near(other))
        return abs(apart) <= ALIKE * self._limit


def _seen_alike(
    reps: Iterable[list[BackProfile]], profiles: list[BackProfile]
) -> list[list[BackProfile]]:
    """The reps that were seen at enough of the same leans."""
    enough = min(LEAST_READINGS, len(profiles) / 2)
    return [rep for rep in reps if len(_Curve.through(rep).near(profiles)) >= enough]


def _alike(
    reps: Iterable[list[BackProfile]], profiles: list[BackProfile]
) -> list[list[BackProfile]]:
    """Those of the reps that were of the same posture."""
    return [rep for rep in reps if abs(_apart(rep, profiles)) <= OTHER_HIP_DROP]


def _apart(rep: list[BackProfile], profiles: list[BackProfile]) -> float:
    """How much lower the hips are than in another rep at the same lean.

    The median over pairs: at the floor plates hide the hips, and the model's jump by .3.
    """
    pairs = ((p, min(rep, key=lambda other: abs(other.lean_deg - p.lean_deg))) for p in profiles)
    return median(p.hip_drop - other.hip_drop for p, other in pairs)


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

    def near(self, profiles: Iterable[BackProfile]) -> list[BackProfile]:
        low, high = self.lowest_deg - OUTSIDE_DEG, self.highest_deg + OUTSIDE_DEG
        return [profile for profile in profiles if low < profile.lean_deg < high]

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
