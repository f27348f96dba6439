"""Draws the mark of a rep, one shape for each kind, and a verdict in words behind such a mark."""

from enum import Enum

from pygame import Rect, Surface

from kiosk.coaching.record import Grade, Rep
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Canvas
from kiosk.ui.screen.toolkit.draw import Point
from kiosk.ui.screen.toolkit.layout import columns
from kiosk.ui.screen.toolkit.text import BOLD
from kiosk.ui.screen.toolkit.theme import Colour, Level, Role

_LINE, _THIN = 0.24, 0.12  # of the radius
_CORE = 0.46
_SMALL = 0.62
_GAP = 0.4  # between sign and words, in sizes of the sign


class RepMark(Enum):
    """The kinds of reps that have a mark of their own: every grade, and what did not count."""

    CLEAN = Grade.CLEAN.value
    FAULTY = Grade.FAULTY.value
    PARTLY = Grade.PARTLY.value
    UNJUDGED = Grade.UNJUDGED.value
    PARTIAL = "partial"

    @property
    def colour(self) -> Colour:
        """The colour that goes with the shape."""
        if self is RepMark.CLEAN:
            return Role.GOOD
        return Role.QUIET if self in (RepMark.PARTLY, RepMark.UNJUDGED) else Role.WARN


def rep_mark(rep: Rep) -> RepMark:
    """The rep's mark, by its grade."""
    if not rep.counted:
        return RepMark.PARTIAL
    return RepMark.UNJUDGED if rep.grade is None else RepMark(rep.grade.value)


def draw_rep_mark(surface: Surface, mark: RepMark, centre: Point, radius: float) -> None:
    """Draws a mark that fills a circle of the radius.

    A full dot is a clean rep, a ring with a dot one with a fault, a half dot one that was judged in
    part, a small dot one that was not judged, an empty ring a movement that did not count.
    """
    if mark is RepMark.CLEAN:
        draw.dot(surface, mark.colour, centre, radius)
    elif mark is RepMark.UNJUDGED:
        draw.dot(surface, mark.colour, centre, radius * _SMALL)
    elif mark is RepMark.PARTLY:
        _draw_half_dot(surface, mark.colour, centre, radius)
    else:
        draw.circle(surface, mark.colour, centre, radius, max(2.0, radius * _LINE))
    if mark is RepMark.FAULTY:
        draw.dot(surface, mark.colour, centre, radius * _CORE)


def _draw_half_dot(surface: Surface, colour: Colour, centre: Point, radius: float) -> None:
    """Draws a thin ring whose left half is filled."""
    draw.circle(surface, colour, centre, radius, max(1.0, radius * _THIN))
    clip = surface.get_clip()
    surface.set_clip(clip.clip(Rect(0, 0, round(centre[0]), surface.get_height())))
    draw.dot(surface, colour, centre, radius)
    surface.set_clip(clip)


def draw_rep_marks(
    surface: Surface, marks: tuple[RepMark, ...], places: int, radius: float
) -> None:
    """Draws marks side by side in the middle of so many places; the radius in widths of a place."""
    width, height = surface.get_size()
    pitch = width / places
    left = (width - pitch * (len(marks) - 1)) / 2
    radius_px = min(height / 2, pitch * radius) - 1
    for number, mark in enumerate(marks):
        draw_rep_mark(surface, mark, (left + number * pitch, height / 2), radius_px)


def draw_rep_sign(surface: Surface, mark: RepMark) -> None:
    """Draws a mark that fills a square surface."""
    half = surface.get_width() / 2
    draw_rep_mark(surface, mark, (half, half), half - 1)


def place_verdict(
    canvas: Canvas, name: str, text: str, box: Rect, *, good: bool, level: Level, lines: int = 1
) -> None:
    """Places praise behind a tick, or what to change behind the mark that a faulty rep bears."""
    size = min(box.height, canvas.theme.grid(5))
    gap = round(size * _GAP)
    beside = columns(box, (size, 1.0), gap)[1]
    fitted = canvas.text(name, text, beside, level, Role.GOOD if good else Role.WARN, lines=lines)
    widest = max(canvas.type.letters(ln, BOLD, fitted.em_px).advance_px for ln in fitted.lines)
    sign = Rect(0, 0, size, size)
    sign.midleft = (box.left + (box.width - widest - size - gap) // 2, box.centery)
    if good:
        canvas.place(f"sign.{name}", sign, _draw_tick)
    else:
        canvas.place(f"sign.{name}", sign, draw_rep_sign, RepMark.FAULTY)


def _draw_tick(surface: Surface) -> None:
    size = surface.get_height()
    draw.tick(surface, Role.GOOD, (size / 2, size / 2), size * 0.8, size * 0.16)
