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
STEP_PRIOR = 4.0
"""Belief that it is the same on the way down and up, in readings. A load pulls the back round on
the way up: of one recorded lifter by .03 torso lengths, more than twice the limit."""
TO_SD = 1.25
"""Standard deviation over mean distance from the curve, of normal noise. The mean distance minds a
single wrong reading less, and a departure is a median."""
OTHER_HIP_DROP = 0.06
"""Hips this much lower or higher than in another rep at the same lean make another posture, and
another contour:
what knees bent by 20 to 30 degrees more do. On rendered sets reps alike lie within .02, and knees
bent by 30 degrees more lower the hips by .07. The knees themselves are not asked: behind plates the
model's jumped by 60 degrees in mid-set, and every rep was another posture."""
OTHER_BOW = 0.45
"""What each further standing height of that may change the bow, in standing torso lengths: rendered
knees bent by 90 degrees, hips .13 lower, changed it by up to .042; by 60 degrees, .07, by .009."""
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


@dataclass(frozen=True, slots=True)
class _Point:
    """A profile and whether it was read on the way down, -1, or up, 1."""

    profile: BackProfile
    phase: float

    def lean_apart(self, other: "_Point") -> float:
        return abs(self.profile.lean_deg - other.profile.lean_deg)


class BackReference:
    """Gathers good reps of one person, and judges the others against those of the same posture.

    A departure beyond `limit` in standing torso lengths, either way, is a fault.
    """

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._reps: list[list[_Point]] = []
        self._others: deque[list[_Point]] = deque(maxlen=MOST_REPS)

    def judge(self, readings: Sequence[BackProfile | Reason]) -> Departure | Reason:
        """How a rep departs from the reference, or why that is not known.

        Of a rep in another posture than the reference, or of noisy readings, only a departure that
        neither can explain is known.
        """
        rep = _usable(readings)
        if isinstance(rep, Reason):
            return rep
        seen = _seen_alike(self._reps, rep)
        alike = _alike(seen, rep)
        if len(alike) >= GOOD_REPS:
            found = self._departure(alike, rep)
            known = found is None or found.limit <= NOISIEST * self._limit
            unknown = Reason.UNCLEAR
        else:
            apart = min((abs(_apart(other, rep)) for other in seen), default=0.0)
            shift = OTHER_BOW * max(0.0, apart - OTHER_HIP_DROP)
            found = self._departure(seen, rep, shift)
            known, unknown = False, Reason.NO_REFERENCE
        if found is None:
            return Reason.NO_REFERENCE
        return found if known or abs(found.bulge) > found.limit else unknown

    def _departure(
        self, reps: Sequence[list[_Point]], rep: list[_Point], shift: float = 0.0
    ) -> Departure | None:
        """How a rep departs from others at equal lean; None if too little of it can be compared.

        `shift` is what another posture may have changed.
        """
        if len(reps) < GOOD_REPS:
            return None
        known = [point for other in reps for point in other]
        curve = _Curve.through(known)
        near = curve.near(rep)
        if len(near) < LEAST_READINGS:
            return None
        noise = max(USUAL_NOISE, curve.noise)
        error = noise * math.sqrt(ALIKE_READINGS * (1 / len(near) + 1 / len(known)))
        confidence = sum(p.profile.confidence for p in near) / len(near) * min(1.0, len(near) / 5)
        return Departure(
            bulge=median(p.profile.bulge - curve.at(p) for p in near),
            limit=max(self._limit, SURE * error) + shift,
            confidence=confidence,
        )

    def learn(self, readings: Sequence[BackProfile | Reason]) -> None:
        """Adds a rep to the reference by the evidence of its own back alone.

        The first two of a posture that agree begin a reference. From then on a rep joins only when
        its back is well within the limit, however noisy the readings: more of them are less so.
        """
        rep = _usable(readings)
        if isinstance(rep, Reason):
            return
        alike = _alike(_seen_alike(self._reps, rep), rep)
        if (found := self._departure(alike, rep)) is not None:
            if len(alike) < MOST_REPS and abs(found.bulge) <= self._limit / 2:
                self._reps.append(rep)
            return
        if isinstance(self.judge(readings), Departure):
            return
        for other in _alike(_seen_alike(self._others, rep), rep):
            if self._agree(other, rep):
                self._others.remove(other)
                self._reps += [other, rep]
                return
        self._others.append(rep)

    def _agree(self, first: list[_Point], other: list[_Point]) -> bool:
        """Whether two reps' backs are alike: two unlike ones are no habit yet."""
        curve = _Curve.through(first)
        apart = median(p.profile.bulge - curve.at(p) for p in curve.near(other))
        return abs(apart) <= ALIKE * self._limit


def _seen_alike(reps: Iterable[list[_Point]], rep: list[_Point]) -> list[list[_Point]]:
    """The reps that were seen at enough of the same leans."""
    enough = min(LEAST_READINGS, len(rep) / 2)
    return [other for other in reps if len(_Curve.through(other).near(rep)) >= enough]


def _alike(reps: Iterable[list[_Point]], rep: list[_Point]) -> list[list[_Point]]:
    """Those of the reps that were of the same posture."""
    return [other for other in reps if abs(_apart(other, rep)) <= OTHER_HIP_DROP]


def _apart(other: list[_Point], rep: list[_Point]) -> float:
    """How much lower the hips are than in another rep at the same lean.

    The median over pairs: at the floor plates hide the hips, and the model's jump by .3.
    """
    pairs = ((p.profile, min(other, key=p.lean_apart).profile) for p in rep)
    return median(one.hip_drop - another.hip_drop for one, another in pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Curve:
    """A straight line of bulge over lean, at two levels: on the way down, and up."""

    middle_deg: float
    level: float
    slope: float
    step: float
    lowest_deg: float
    highest_deg: float
    noise: float

    @classmethod
    def through(cls, points: Sequence[_Point]) -> "_Curve":
        lean = np.array([p.profile.lean_deg for p in points])
        bulge = np.array([p.profile.bulge for p in points])
        middle, level = float(lean.mean()), float(bulge.mean())
        on = np.column_stack(((lean - middle) / SPREAD_DEG, [p.phase for p in points]))
        prior = np.diag([SLOPE_PRIOR, STEP_PRIOR])
        slope, step = np.linalg.solve(on.T @ on + prior, on.T @ (bulge - level))
        stray = bulge - level - on @ (slope, step)
        return cls(
            middle_deg=middle,
            level=level,
            slope=float(slope),
            step=float(step),
            lowest_deg=float(lean.min()),
            highest_deg=float(lean.max()),
            noise=TO_SD * float(np.abs(stray).mean()),
        )

    def near(self, points: Iterable[_Point]) -> list[_Point]:
        low, high = self.lowest_deg - OUTSIDE_DEG, self.highest_deg + OUTSIDE_DEG
        return [point for point in points if low < point.profile.lean_deg < high]

    def at(self, point: _Point) -> float:
        over = (point.profile.lean_deg - self.middle_deg) / SPREAD_DEG
        return self.level + self.slope * over + self.step * point.phase


def _usable(readings: Sequence[BackProfile | Reason]) -> list[_Point] | Reason:
    """The profiles, or what kept the others from being read; none at all is too shallow."""
    profiles = [reading for reading in readings if isinstance(reading, BackProfile)]
    reasons = Counter(reading for reading in readings if isinstance(reading, Reason))
    reason, times = (reasons.most_common(1) or [(Reason.NOT_BENT_ENOUGH, 0)])[0]
    if len(profiles) < LEAST_READINGS or times > MOST_KEPT * len(readings):
        return reason
    deepest = max(range(len(profiles)), key=lambda k: profiles[k].lean_deg)
    return [_Point(profile, 1.0 if k >= deepest else -1.0) for k, profile in enumerate(profiles)]
