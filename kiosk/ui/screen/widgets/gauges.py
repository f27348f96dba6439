"""Draws the gauges beside the body in a set: its depth, and the time of this way down or up."""

from pygame import Rect, Surface

from kiosk.coaching.snapshot import RepPhase, Snapshot
from kiosk.exercises.exercise import Exercise, Stroke
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Canvas, draw_letters
from kiosk.ui.screen.toolkit.layout import centred, rows
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
