"""Finds the dorsal contour between hip and shoulder, along rays from the trunk's line. Pure.

A rounded back shows as a contour that bows outwards between hip and shoulder, an over-arched one as
a contour that hollows.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.body.geometry import Point

RAYS = 26
ALONG = np.linspace(-0.1, 1.1, RAYS)
"""Where the rays leave the hip-shoulder line: 0 the hip, 1 the shoulder."""
INWARDS, OUTWARDS, STEP = 0.12, 0.60, 0.005
"""Where they begin and end beside that line, and their samples, in standing torso lengths."""
REACH = np.arange(-INWARDS, OUTWARDS, STEP)
GAP = 0.05
"""A shorter hole within the body is no edge, in standing torso lengths: a stripe of the colour of
the wall, or a patch of which the segmenter is not sure."""
AGREE = 0.06
"""Two edges nearer than this are the same, in standing torso lengths: the segmenter's is soft."""


@dataclass(frozen=True, slots=True)
class Trunk:
    """The trunk in one frame.

    Attributes:
        hip, shoulder: middles of both sides in pixels.
        facing: +1 faces the picture's right, -1 its left.
        torso_px: length of the same person's trunk when standing.
    """

    hip: Point
    shoulder: Point
    facing: int
    torso_px: float

    @property
    def axes(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Unit vectors in pixels: hip to shoulder, and from there to the back."""
        along = np.subtract(self.shoulder, self.hip)
        along = along / max(float(np.hypot(*along)), 1e-6)
        return along, self.facing * np.array((along[1], -along[0]))

    @property
    def length(self) -> float:
        """Hip to shoulder in standing torso lengths."""
        return float(np.hypot(*np.subtract(self.shoulder, self.hip))) / self.torso_px

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Places a point along the trunk (0 hip, 1 shoulder), and behind it in torso lengths."""
        along, back = self.axes
        off = np.subtract((x, y), self.hip)
        span = max(self.length * self.torso_px, 1e-6)
        return float(off @ along) / span, float(off @ back) / self.torso_px


def grid_points(
    trunk: Trunk, alongs: NDArray[np.float64], behinds: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Computes x and y in pixels, [alongs, behinds] each, of places along and behind the trunk."""
    along, back = trunk.axes
    span = trunk.length * trunk.torso_px
    out = behinds * trunk.torso_px
    x = trunk.hip[0] + (alongs * span * along[0])[:, np.newaxis] + out * back[0]
    y = trunk.hip[1] + (alongs * span * along[1])[:, np.newaxis] + out * back[1]
    return x, y


def ray_points(trunk: Trunk) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Computes x and y in pixels, [26, samples] each, of every sample along every ray."""
    return grid_points(trunk, ALONG, REACH)


def edges(inside: NDArray[np.floating]) -> NDArray[np.float64]:
    """Finds where each ray leaves the body, whose samples, 0 to 1, are [26, samples].

    Returns:
        [26] in standing torso lengths from the hip-shoulder line, between two samples where the
        body ends at .5; NaN where a ray meets no body at its beginning or does not leave it.
    """
    gap = round(GAP / STEP)
    start = round(INWARDS / STEP) + gap
    found = np.full(len(inside), np.nan)
    within = inside > 0.5
    for ray, body in enumerate(within):
        steps = np.flatnonzero(body)
        if not steps.size or steps[0] > start:
            continue
        holes = np.flatnonzero(np.diff(steps) > gap)
        last = int(steps[holes[0]] if holes.size else steps[-1])
        if last + 1 >= body.size:
            continue
        high, low = float(inside[ray, last]), float(inside[ray, last + 1])
        found[ray] = REACH[last] + STEP * (high - 0.5) / max(high - low, 1e-6)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Contour:
    """The dorsal edge at the 26 rays.

    Attributes:
        reach: [26] in standing torso lengths from the hip-shoulder line; NaN where there is none.
        sure: [26] bool: two sources agree, or there is only one.
    """

    reach: NDArray[np.float64]
    sure: NDArray[np.bool_]

    def at(self, along: float) -> float:
        """Reach at a place along the trunk, beyond the rays the nearest one's; NaN without any."""
        found = np.isfinite(self.reach)
        if not found.any():
            return math.nan
        return float(np.interp(along, ALONG[found], self.reach[found]))


def fuse(sources: Sequence[NDArray[np.floating]]) -> Contour | None:
    """Fuses the samples of several sources along the rays, [26, samples] each, to one contour.

    The reach of a ray is the median of its edges. A source fails grossly here and there, and
    elsewhere than another one: of rendered looks the segmenter failed in 11 in 100, the median of
    three in 7.
    """
    if not sources:
        return None
    found = np.sort([edges(inside) for inside in sources], axis=0)  # NaN comes last
    known, ray = np.isfinite(found).sum(axis=0), np.arange(RAYS)
    reach = (found[(known - 1) // 2, ray] + found[known // 2, ray]) / 2
    agree = np.diff(found, axis=0) < AGREE
    alone = (known == 1) & (len(sources) == 1)
    return Contour(reach, np.asarray(agree.any(axis=0) | alone))


HIP, SHOULDER = -0.1, 0.9
"""Ends of the chord. The shoulder blade moves with the arm above the upper one. The lower one lies
on the buttock: the model's hip moves to the back by .001 torso lengths for each degree of rounding,
and a chord that begins at the hip takes that for a bow."""
END = 0.05
"""The contour at an end is the mean of the rays this near to it."""
MARGIN = 0.1
"""The bow is measured this far inside the chord."""
CHORD = 0.75
"""Share of the chord that is taken off. All of it, and each end's noise counts fully; none, and
every shift of the hip-shoulder line resembles a bow. On 36 rendered sets reps without a fault of
the back spread by .0054 torso lengths with these ends and this share, from the hip with half by
.0067.
"""
MISSING = 0.25
"""Most rays between the ends that may have no edge."""
ROUGH = 0.03
"""Most that the contour may stray from a smooth curve, in standing torso lengths: clothes and
limbs that stick out."""
_INNER = (ALONG > HIP + MARGIN) & (ALONG < SHOULDER - MARGIN)
_WHOLE = (ALONG > HIP - END) & (ALONG < SHOULDER + END)


@dataclass(frozen=True, slots=True)
class Bow:
    """How a contour bows.

    Attributes:
        bulge: mean distance of the contour between the ends, less CHORD of their chord's, in
            standing torso lengths; it means something only against the same person's other one.
        clear: 0 to 1, share of the rays whose edge is sure.
    """

    bulge: float
    clear: float


def bow(contour: Contour) -> Bow | None:
    """Measures the bow of a contour; None where it is broken or rough."""
    reach = contour.reach
    found = np.isfinite(reach) & _WHOLE
    if found.sum() < (1 - MISSING) * _WHOLE.sum():
        return None
    low = found & (np.abs(ALONG - HIP) < END)
    high = found & (np.abs(ALONG - SHOULDER) < END)
    if not low.any() or not high.any():
        return None
    curve = np.polynomial.Polynomial.fit(ALONG[found], reach[found], 4)
    stray = reach[found] - curve(ALONG[found])
    if float(np.sqrt(np.mean(stray**2))) > ROUGH:
        return None
    start, end = reach[low].mean(), reach[high].mean()
    inner = found & _INNER
    chord = start + (end - start) * (ALONG[inner] - HIP) / (SHOULDER - HIP)
    bulge = float(np.mean(reach[inner] - CHORD * chord))
    return Bow(bulge, float((contour.sure & found).sum() / _WHOLE.sum()))
