"""A ring of the time that this way down or up has taken, against the exercise's own pace."""

from pygame import Rect, Surface

from kiosk.coaching.snapshot import RepPhase, Snapshot
from kiosk.exercises.exercise import Stroke
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Canvas, draw_letters
from kiosk.ui.screen.toolkit.layout import rows
from kiosk.ui.screen.toolkit.text import BOLD, Letters
from kiosk.ui.screen.toolkit.theme import Colour, Level, Role, Space

_TITLE = 3  # grid steps
_RING = 0.12  # thickness in diameters
_FIGURES = 0.26  # height of the seconds in diameters
_STEPS = 120
_LONGEST_S = 9.9  # more does not fit, and nobody who waits longer is doing a rep


def place_tempo_ring(canvas: Canvas, snapshot: Snapshot, box: Rect) -> None:
    """Places a ring that fills on the way down and empties on the way up, the seconds within it."""
    grid = canvas.theme.grid
    title, rest = rows(box, (grid(_TITLE), 1.0), grid(Space.SMALL))
    canvas.label("tempo.title", canvas.words("tempo.title"), title, Level.CAPTION)
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
    return round(min(1.0, max(0.0, share)) * _STEPS) / _STEPS, min(_LONGEST_S, seconds)


def _draw_ring(surface: Surface, share: float, letters: Letters, colour: Colour) -> None:
    size = surface.get_width()
    middle = (size / 2, size / 2)
    line = max(3.0, size * _RING)
    draw.circle(surface, Role.TRACK, middle, size / 2 - 1, line)
    filled = Role.GOOD if share >= 1 else Role.TEXT
    draw.ring(surface, filled, middle, size / 2 - 1, line, share)
    draw_letters(surface, letters, colour, middle)
