"""Draws shapes with smooth edges onto a surface."""

import itertools
import math
from collections.abc import Sequence

import pygame
from pygame import Rect, Surface

from kiosk.ui.screen.toolkit.theme import Colour

Point = tuple[float, float]

_ARC_STEP_DEG = 3.0
_CAP_STEPS = 12
_ROUND = tuple(2 * math.pi * step / 72 for step in range(72))


def dot(surface: Surface, colour: Colour, centre: Point, radius: float) -> None:
    """Draws a filled circle."""
    # a dot under 1 px would vanish
    pygame.draw.aacircle(surface, colour, centre, max(1.0, radius))


def full_dot(surface: Surface, colour: Colour) -> None:
    """Draws a filled circle across a square surface."""
    half = surface.get_width() / 2
    dot(surface, colour, (half, half), half - 1)


def circle(surface: Surface, colour: Colour, centre: Point, radius: float, width: float) -> None:
    """Draws an outlined circle; the line lies inside the radius."""
    # a thick smooth circle takes pygame a hundred times as long as a rough one with its edges drawn
    line = max(1, round(width))
    pygame.draw.circle(surface, colour, centre, radius, line)
    for edge in (radius - 0.5, radius - line + 0.5):
        points = [_on_circle(centre, edge, angle) for angle in _ROUND]
        pygame.draw.aalines(surface, colour, True, points)


def polygon(surface: Surface, colour: Colour, points: Sequence[Point]) -> None:
    """Draws a filled polygon; its edge lies half a pixel outside the points."""
    # filling cuts the fraction off, which would leave gaps between the fill and its smooth edge
    pygame.draw.polygon(surface, colour, [(round(x), round(y)) for x, y in points])
    pygame.draw.aalines(surface, colour, True, points)


def limb(surface: Surface, colour: Colour, start: Point, end: Point, width: float) -> None:
    """Draws a thick line with round ends."""
    along = math.atan2(end[1] - start[1], end[0] - start[0])
    radius = max(0.5, width / 2 - 0.5)
    # one outline for the whole limb: circles are set on whole pixels and would stand out as knobs
    far = _arc(end, radius, along - math.pi / 2, math.pi)
    polygon(surface, colour, far + _arc(start, radius, along + math.pi / 2, math.pi))


def taper(
    surface: Surface, colour: Colour, start: Point, wide: float, end: Point, narrow: float
) -> None:
    """Draws a limb that is thicker at one end: the hull of two circles with these radii."""
    apart = math.dist(start, end)
    if apart <= abs(wide - narrow) + 0.5:
        dot(surface, colour, start if wide >= narrow else end, max(wide, narrow))
        return
    along = math.atan2(end[1] - start[1], end[0] - start[0])
    side = math.acos((wide - narrow) / apart)
    far = _arc(end, narrow - 0.5, along - side, 2 * side)
    polygon(surface, colour, far + _arc(start, wide - 0.5, along + side, 2 * math.pi - 2 * side))


def smooth(points: Sequence[Point]) -> list[Point]:
    """Rounds a closed outline: its corners are cut twice, as Chaikin rounds a polygon."""
    for _ in range(2):
        points = [
            (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
            for a, b in itertools.pairwise([*points, points[0]])
            for share in (0.25, 0.75)
        ]
    return list(points)


def path(surface: Surface, colour: Colour, points: Sequence[Point], width: float) -> None:
    """Draws thick lines from point to point, round at ends and joints."""
    for start, end in itertools.pairwise(points):
        limb(surface, colour, start, end, width)


def bar(surface: Surface, colour: Colour, box: Rect) -> None:
    """Draws a filled box whose short sides are round."""
    radius = min(box.size) / 2
    start = (box.left + radius, box.top + radius)
    end = (box.right - radius, box.bottom - radius)
    limb(surface, colour, start, end, radius * 2)


def rounded(surface: Surface, colour: Colour, box: Rect, radius: float) -> None:
    """Draws a filled box with round corners."""
    radius = min(radius, min(box.size) / 2)
    left, right = box.left + radius, box.right - radius
    top, bottom = box.top + radius, box.bottom - radius
    corners = ((right, bottom), (left, bottom), (left, top), (right, top))
    quarter = math.pi / 2
    arcs = [_arc(corner, radius, turn * quarter, quarter) for turn, corner in enumerate(corners)]
    polygon(surface, colour, [point for arc in arcs for point in arc])


def frame(surface: Surface, colour: Colour, box: Rect, corner: float, width: float) -> None:
    """Draws the four corners of a box, like a viewfinder."""
    half = width / 2
    for x, inward_x in ((box.left + half, corner), (box.right - 1 - half, -corner)):
        for y, inward_y in ((box.top + half, corner), (box.bottom - 1 - half, -corner)):
            path(surface, colour, ((x + inward_x, y), (x, y), (x, y + inward_y)), width)


def ring(
    surface: Surface, colour: Colour, centre: Point, radius: float, width: float, share: float
) -> None:
    """Draws an arc clockwise from twelve o'clock: share 0 is nothing, 1 the whole circle.

    The line lies inside the radius.
    """
    if share <= 0:
        return
    if share >= 1:
        circle(surface, colour, centre, radius, width)
        return
    steps = max(2, math.ceil(share * 360 / _ARC_STEP_DEG))
    angles = [2 * math.pi * share * step / steps for step in range(steps + 1)]
    outer = [_on_circle(centre, radius, angle) for angle in angles]
    inner = [_on_circle(centre, radius - width, angle) for angle in angles]
    polygon(surface, colour, [*outer, *reversed(inner)])
    for angle in (angles[0], angles[-1]):
        dot(surface, colour, _on_circle(centre, radius - width / 2, angle), width / 2)


def tick(surface: Surface, colour: Colour, centre: Point, radius: float, width: float) -> None:
    """Draws a check mark that fills a circle of the radius."""
    x, y = centre
    points = (
        (x - 0.52 * radius, y + 0.02 * radius),
        (x - 0.14 * radius, y + 0.40 * radius),
        (x + 0.54 * radius, y - 0.38 * radius),
    )
    path(surface, colour, points, width)


def _on_circle(centre: Point, radius: float, angle: float) -> Point:
    return centre[0] + radius * math.sin(angle), centre[1] - radius * math.cos(angle)


def _arc(centre: Point, radius: float, first: float, sweep: float) -> list[Point]:
    """Points along an arc, by angles in radians, clockwise from three o'clock."""
    x, y = centre
    angles = (first + sweep * step / _CAP_STEPS for step in range(_CAP_STEPS + 1))
    return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles]
