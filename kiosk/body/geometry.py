"""Angles and lengths in the picture, in plain floats: seventeen points are too few for arrays."""

import math

Point = tuple[float, float]


def middle(a: Point, b: Point) -> Point:
    """The point half-way."""
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def lean_deg(low: Point, high: Point) -> float:
    """Angle of the line low → high from the vertical, -180 to 180, to the picture's right positive.

    0 where the two points are one: a line without length leans nowhere.
    """
    return math.degrees(math.atan2(high[0] - low[0], low[1] - high[1]))


def bend_deg(a: Point, joint: Point, b: Point) -> float | None:
    """How far a limb is bent: 0 straight, 180 folded; None where one of its parts has no length."""
    ux, uy, vx, vy = a[0] - joint[0], a[1] - joint[1], b[0] - joint[0], b[1] - joint[1]
    if (ux == 0 and uy == 0) or (vx == 0 and vy == 0):
        return None
    return 180 - abs(math.degrees(math.atan2(ux * vy - uy * vx, ux * vx + uy * vy)))


def turned(angle_deg: float) -> float:
    """The same direction as an angle from -180 to 180 degrees."""
    return (angle_deg + 180) % 360 - 180
