"""Draws the gauges of a set: depth, time of this way down or up, and the share of the hips."""

import math
from dataclasses import dataclass

from pygame import Rect, Surface

from kiosk.coaching.record import HINGE_FROM, SQUAT_TO
from kiosk.coaching.snapshot import RepPhase, Snapshot
from kiosk.exercises.exercise import Exercise, Stroke
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas, draw_letters
from kiosk.ui.screen.toolkit.layout import centred, columns, rows
from kiosk.ui.screen.toolkit.motion import Follow
from kiosk.ui.screen.toolkit.text import BOLD, Letters
from kiosk.ui.screen.toolkit.theme import BLACK, Colour, Level, Pace, Role, Space

_SCALE_END = 1.25  # the groove goes on below full depth, so that deeper still shows
_BAND_FROM, _BAND_TO = 0.95, 1.15
"""The band around full depth where no check sets from where on a rep is deep enough."""
_STEPS = 400
_TITLE, _WIDE = 3, 11  # grid steps
_GROOVE, _BAND, _RIM = 0.40, 0.86, 0.05  # of the width
_RING = 0.12  # thickness in diameters
_FIGURES = 0.26  # height of the seconds in diameters
_RING_STEPS = 120
_LONGEST_S = 9.9  # more does not fit, and nobody who waits longer is doing a rep

SHARE_FROM, SHARE_TO = 0.35, 1.0
"""What the meter spans; a share beyond stands at its end."""
_KEPT_S = 1.0  # between two reps the meter waits where it was
_ZONES = ("squat", "between", "hinge")
"""From left to right; two bear the name of the pattern that wants them."""
_WORDS = {"squat": Align.RIGHT, "hinge": Align.LEFT}
_BOUNDS = (SHARE_FROM, SQUAT_TO, HINGE_FROM, SHARE_TO)


class DepthGauge:
    """A groove that fills downward as the body goes down, into a band that is deep enough."""

    def __init__(self) -> None:
        self._depth = Follow(Pace.GLIDE_S)

    def draw(self, snapshot: Snapshot, box: Rect, canvas: Canvas, now_s: float) -> None:
        """Places the gauge with its title."""
        groove = _place_title(canvas, "depth.title", box)
        depth = self._depth.update(min(max(snapshot.depth, 0.0), _SCALE_END), now_s)
        share = round(depth / _SCALE_END * _STEPS) / _STEPS
        place = centred(groove, min(groove.width, canvas.theme.grid(_WIDE)), groove.height)
        band = depth_band(canvas.words.exercises[snapshot.exercise])
        canvas.place("depth", place, _draw_gauge, share, band)


def depth_band(exercise: Exercise) -> tuple[float, float]:
    """From where to where a rep is deep enough, in full depths.

    It begins where the exercise's own check no longer reports shallow, so that gauge and verdict
    agree.
    """
    for rule in exercise.checks:
        if rule.id == "shallow" and rule.measure == "trunk_lean":
            return (rule.limit + rule.band) / exercise.rep.full_lean_deg, _BAND_TO
    return _BAND_FROM, _BAND_TO


def _draw_gauge(surface: Surface, share: float, band: tuple[float, float]) -> None:
    width, height = surface.get_size()
    top, end = (height * part / _SCALE_END for part in band)
    inside = share * height >= top
    thick = round(width * _GROOVE)
    groove = Rect((width - thick) // 2, 0, thick, height)
    wide = round(width * _BAND)
    rim = max(2, round(width * _RIM))
    target = Rect((width - wide) // 2, round(top), wide, round(end - top))
    draw.bar(surface, Role.TRACK, groove)
    draw.rounded(surface, Role.GOOD, target, target.width / 4)
    inner = target.inflate(-2 * rim, -2 * rim)
    draw.rounded(surface, BLACK, inner, inner.width / 4)
    draw.bar(surface, Role.TRACK, groove.inflate(-2, 0).clip(inner))
    if share > 0:
        fill = Rect(groove.left, 0, thick, max(thick, round(height * share)))
        draw.bar(surface, Role.GOOD if inside else Role.TEXT, fill)
    if inside:
        y = max(top + thick * 0.5, share * height - thick * 0.5)
        draw.tick(surface, BLACK, (width / 2, y), thick * 0.42, max(2.0, width * 0.06))


def _place_title(canvas: Canvas, key: str, box: Rect) -> Rect:
    """Places the title of a gauge; returns the box below it."""
    title, rest = rows(box, (canvas.theme.grid(_TITLE), 1.0), canvas.theme.grid(Space.SMALL))
    canvas.label(key, canvas.words(key), title, Level.CAPTION)
    return rest


def place_tempo_ring(canvas: Canvas, snapshot: Snapshot, box: Rect) -> None:
    """Places a ring that fills on the way down and empties on the way up, the seconds within it."""
    rest = _place_title(canvas, "tempo.title", box)
    size = min(rest.size)
    place = Rect(0, 0, size, size)
    place.midtop = rest.midtop
    share, seconds = ring_of(snapshot, canvas.words.exercises[snapshot.exercise].appearance.stroke)
    letters = canvas.lettering(f"{seconds:.1f}", BOLD, round(size * _FIGURES))
    colour = Role.QUIET if snapshot.phase is RepPhase.TOP else Role.COUNT
    canvas.place("tempo", place, _draw_ring, share, letters, colour)


def ring_of(snapshot: Snapshot, stroke: Stroke) -> tuple[float, float]:
    """How full the ring is, and the seconds in it: of this phase, else of the last rep."""
    age_s = snapshot.phase_s
    if snapshot.phase is RepPhase.ECCENTRIC:
        share, seconds = age_s / stroke.down_s, age_s
    elif snapshot.phase is RepPhase.CONCENTRIC:
        share, seconds = 1 - age_s / stroke.up_s, age_s
    elif snapshot.phase is RepPhase.BOTTOM:
        share, seconds = 1.0, age_s
    else:
        last = snapshot.last
        share, seconds = 0.0, last.tempo.eccentric_s if last else 0.0
    return round(min(1.0, max(0.0, share)) * _RING_STEPS) / _RING_STEPS, min(_LONGEST_S, seconds)


def _draw_ring(surface: Surface, share: float, letters: Letters, colour: Colour) -> None:
    size = surface.get_width()
    middle = (size / 2, size / 2)
    line = max(3.0, size * _RING)
    draw.circle(surface, Role.TRACK, middle, size / 2 - 1, line)
    filled = Role.GOOD if share >= 1 else Role.TEXT
    draw.ring(surface, filled, middle, size / 2 - 1, line, share)
    draw_letters(surface, letters, colour, middle)


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
