"""Reads a body's angles as side-on, from wherever it is seen.

Seen at an angle, a movement in the sagittal plane is foreshortened sideways by the cosine of that
angle, and only sideways. Two cameras on the same 50 reps, one side-on and one at about 45 degrees,
agree to 5 degrees of lean, 8 of knee flexion and .03 of the hip's share once the sideways parts are
divided by the cosine.
"""

import math
from collections.abc import Iterable
from statistics import median

from kiosk.body.geometry import Point, bend_deg, direction_deg
from kiosk.body.state import Angles, Limbs, Outline, Side

FRONTAL_DEG = 65.0
"""Turned farther than this from side-on, nobody has a left or right to face."""
FAR_FROM_DEG, FAR_WHOLE_DEG = 15.0, 35.0
"""Side-on the far leg is guessed by the model and takes no part. Turned by the second figure both
legs are seen, and their middle is free of how far knees and feet stand apart."""

LEANS = 0.3
"""A trunk leans when it reaches this far sideways, in trunk lengths."""
BENT = 0.45
"""A trunk shows the yaw when it is bent so far that side-on it would reach this far sideways, in
trunk lengths: by 27 degrees."""
DEEP, BEYOND_DEG = 0.7, 6.0
"""And by 44 degrees, its yaw is read up to so far beyond `FRONTAL_DEG`."""


def stretch(yaw_deg: float) -> float:
    """How many times wider a sideways length is than it looks; 1 of somebody seen from the front.

    There nothing that goes on in the sagittal plane shows sideways.
    """
    return 1.0 if yaw_deg >= FRONTAL_DEG else 1 / math.cos(math.radians(yaw_deg))


def sagittal(outline: Outline, side: Side, yaw_deg: float, trunk_px: float = math.inf) -> Limbs:
    """Trunk and leg of one side as they would look side-on, of a body turned this far from it.

    `trunk_px` is the length of the same person's trunk when standing: no trunk grows by bending, so
    where it would, the yaw was read too large and less is stretched.
    """
    far = min(max((yaw_deg - FAR_FROM_DEG) / (FAR_WHOLE_DEG - FAR_FROM_DEG), 0.0), 1.0) / 2
    wider = min(stretch(yaw_deg), _widest(outline, trunk_px))
    here, there = outline.limbs[side], outline.limbs[1 - side]
    return Limbs(
        trunk=_mixed(here.trunk, there.trunk, far, wider),
        thigh=_mixed(here.thigh, there.thigh, far, wider),
        shin=_mixed(here.shin, there.shin, far, wider),
    )


def angles_of(outline: Outline, side: Side, yaw_deg: float, trunk_px: float = math.inf) -> Angles:
    """The angles of one side of a body; what is given is as in `sagittal`."""
    left, right = outline.limbs
    limbs = sagittal(outline, side, yaw_deg, trunk_px)
    wider = min(stretch(yaw_deg), _widest(outline, trunk_px))
    return Angles(
        lean_deg=direction_deg(_mixed(left.trunk, right.trunk, 0.5, wider)),
        hip_deg=bend_deg(limbs.trunk, limbs.thigh),
        knee_deg=bend_deg(limbs.thigh, limbs.shin),
        shin_deg=direction_deg(limbs.shin),
    )


def yaw_of_bend(yaw_deg: float, trunk_px: float, bent: Iterable[Outline]) -> float:
    """The yaw of a body that has bent, from its width and from its trunk.

    Standing, only the width shows the yaw, as its sine: near 60 degrees an error of a tenth of it
    becomes 12 degrees. Bent, the trunk reaches sideways as far as the cosine lets it, and its
    height in the picture shows how far it leans, whatever the yaw. Sine and cosine together are
    exact everywhere. `yaw_deg` is the one from the width, `trunk_px` the length when standing.

    Since even so it errs by 6 degrees, a deep bend a little beyond `FRONTAL_DEG` is read as from
    there, which stretches it less than it should.
    """
    cosines, deep = [], True
    for outline in bent:
        left, right = outline.limbs
        across, up = _mixed(left.trunk, right.trunk, 0.5, 1.0)
        reach = math.sqrt(max(trunk_px**2 - up**2, 0.0))
        if reach < BENT * trunk_px:
            return yaw_deg
        cosines.append(min(abs(across) / reach, 1.0))
        deep = deep and reach > DEEP * trunk_px
    if not cosines:
        return yaw_deg
    found = math.degrees(math.atan2(math.sin(math.radians(yaw_deg)), median(cosines)))
    return min(found, FRONTAL_DEG - 0.1) if deep and found < FRONTAL_DEG + BEYOND_DEG else found


def _widest(outline: Outline, trunk_px: float) -> float:
    """The stretch at which the trunk looks as long as when standing; at least 1.

    Of an upright trunk noise would decide it.
    """
    left, right = outline.limbs
    across, up = _mixed(left.trunk, right.trunk, 0.5, 1.0)
    if abs(across) < LEANS * trunk_px:
        return math.inf
    return max(1.0, math.sqrt(max(trunk_px**2 - up**2, 0.0)) / abs(across))


def _mixed(a: Point, b: Point, share: float, wider: float) -> Point:
    return (a[0] + share * (b[0] - a[0])) * wider, a[1] + share * (b[1] - a[1])
