"""Draws a meter between squat and hinge: the share of the bend that the hips take right now."""

import math
from dataclasses import dataclass

from pygame import Rect, Surface

from kiosk.coaching.record import HINGE_FROM, SQUAT_TO
from kiosk.coaching.snapshot import Snapshot
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import columns
from kiosk.ui.screen.toolkit.motion import Follow
from kiosk.ui.screen.toolkit.theme import BLACK, Colour, Level, Pace, Role, Space

SHARE_FROM, SHARE_TO = 0.35, 1.0
"""What the meter spans; a share beyond stands at its end."""

_KEPT_S = 1.0  # between two reps the meter waits where it was


_ZONES = ("squat", "between", "hinge")
"""From left to right; two bear the name of the pattern that wants them."""
_WORDS = {"squat": Align.RIGHT, "hinge": Align.LEFT}
_BOUNDS = (SHARE_FROM, SQUAT_TO, HINGE_FROM, SHARE_TO)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the groove shows: the marker's pixel, its zone, and the exercise's pattern."""

    x: int
    zone: str
    pattern: str

    def colour(self, zone: str) -> Colour:
        """The verdict's colour for the zone that the share is in; quiet for the others."""
        if zone != self.zone:
            return Role.QUIET
        if self.pattern == "either" or zone == "between":
            return Role.TEXT  # where either will do, nothing is judged
        return Role.GOOD if zone == self.pattern else Role.WARN


class HingeMeter:
    """A slim groove between the words squat and hinge, and a marker that glides along it."""

    def __init__(self) -> None:
        self._glide = Follow(Pace.SETTLE_S)
        self._share = SHARE_TO
        self._seen_s = -math.inf

    def draw(self, snapshot: Snapshot, box: Rect, canvas: Canvas, now_s: float) -> None:
        """Places the meter; nothing while the share has been unknown for long."""
        if snapshot.hip_share is not None:
            self._share, self._seen_s = snapshot.hip_share, now_s
        elif not 0 <= now_s - self._seen_s <= _KEPT_S:
            return
        share = self._glide.update(min(max(self._share, SHARE_FROM), SHARE_TO), now_s)
        left, groove, right = columns(box, (1.0, 4.0, 1.0), canvas.theme.grid(Space.SMALL))
        pattern = canvas.words.exercises[snapshot.exercise].pattern
        reading = Reading(round(_at(share, groove.size)), _zone(share), pattern)
        canvas.place("meter", groove, _draw_meter, reading)
        for (zone, align), place in zip(_WORDS.items(), (left, right), strict=True):
            name, text = f"meter.{zone}", canvas.words(f"set.{zone}")
            canvas.label(name, text, place, Level.CAPTION, reading.colour(zone), align=align)


def _zone(share: float) -> str:
    if share >= HINGE_FROM:
        return "hinge"
    return "squat" if share <= SQUAT_TO else "between"


def _at(share: float, size: tuple[int, int]) -> float:
    """Where a share stands across the groove; the marker never leaves it."""
    width, height = size
    return height / 2 + (share - SHARE_FROM) / (SHARE_TO - SHARE_FROM) * (width - height)


def _draw_meter(surface: Surface, reading: Reading) -> None:
    width, height = surface.get_size()
    middle, radius = height / 2, height / 2 - 1
    thick = max(3, round(height * 0.34))
    edges = [0.0, *(_at(share, (width, height)) for share in _BOUNDS[1:-1]), float(width)]
    gap = thick / 3
    for zone, start, end in zip(_ZONES, edges, edges[1:], strict=False):
        segment = Rect(round(start + gap), 0, round(end - start - 2 * gap), thick)
        segment.centery = round(middle)
        colour = Role.GOOD if zone == reading.pattern else Role.TRACK
        draw.bar(surface, colour, segment)
    centre = (reading.x, middle)
    # a dark rim keeps the marker off the groove
    draw.dot(surface, BLACK, centre, radius)
    inner = radius * 0.78
    colour = reading.colour(reading.zone)
    draw.dot(surface, colour, centre, inner)
    if colour == Role.WARN:
        # the ring with a dot, as for a rep with a fault
        draw.dot(surface, BLACK, centre, inner * 0.72)
        draw.dot(surface, colour, centre, inner * 0.42)
