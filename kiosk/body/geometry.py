"""Angles and lengths in the picture, in plain floats: seventeen points are too few for arrays."""

import math

Point = tuple[float, float]


def middle(a: Point, b: Point) -> Point:
    """The point half-way."""
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def vector(low: Point, high: Point) -> Point:
    """From one point to another: pixels to the right and pixels up."""
    return high[0] - low[0], low[1] - high[1]


def lean_deg(low: Point, high: Point) -> float:
    """Angle of the line low → high from the vertical, -180 to 180, to the picture's right positive.

    0 where the two points are one: a line without length leans nowhere.
    """
    return math.degrees(math.atan2(high[0] - low[0], low[1] - high[1]))


def direction_deg(vector: Point) -> float:
    """Angle from the vertical of a vector of pixels right and pixels up, as `lean_deg`."""
    return math.degrees(math.atan2(vector[0], vector[1]))


def bend_deg(upper: Point, lower: Point) -> float | None:
    """How far a joint between two vectors is bent: 0 straight, 180 folded.

    Both point the same way along the limb. None where one of them has no length.
    """
    if upper == (0.0, 0.0) or lower == (0.0, 0.0):
        return None
    return abs(turned(direction_deg(upper) - direction_deg(lower)))


def turned(angle_deg: float) -> float:
    """The same direction as an angle from -180 to 180 degrees."""
    return (angle_deg + 180) % 360 - 180
