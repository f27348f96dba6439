"""The mark of a rep: one sign for each kind, told apart by shape first and by colour second."""

from enum import Enum

from pygame import Surface

from kiosk.coaching.record import Rep
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.draw import Point
from kiosk.ui.screen.toolkit.theme import Colour, Role

_FULL_SCORE = 100
_LINE = 0.24  # of the radius
_CORE = 0.46
_SMALL = 0.62


class RepMark(Enum):
    """The kinds of reps that are told apart."""

    CLEAN = "clean"
    FAULT = "fault"
    PARTIAL = "partial"
    UNJUDGED = "unjudged"

    @property
    def colour(self) -> Colour:
        """The colour that goes with the shape."""
        return {RepMark.CLEAN: Role.GOOD, RepMark.UNJUDGED: Role.QUIET}.get(self, Role.WARN)


def rep_mark(rep: Rep) -> RepMark:
    """The rep's mark: by its score, so that no mark says more than the summary does."""
    if not rep.counted:
        return RepMark.PARTIAL
    if rep.score is None:
        return RepMark.UNJUDGED
    return RepMark.CLEAN if rep.score >= _FULL_SCORE else RepMark.FAULT


def draw_rep_mark(surface: Surface, mark: RepMark, centre: Point, radius: float) -> None:
    """Draws a mark that fills a circle of the radius.

    A full dot is a clean rep, a ring with a dot one with a fault, a small dot one that was not
    judged, an empty ring a movement that did not count.
    """
    if mark is RepMark.CLEAN:
        draw.dot(surface, mark.colour, centre, radius)
    elif mark is RepMark.UNJUDGED:
        draw.dot(surface, mark.colour, centre, radius * _SMALL)
    else:
        draw.circle(surface, mark.colour, centre, radius, max(2.0, radius * _LINE))
    if mark is RepMark.FAULT:
        draw.dot(surface, mark.colour, centre, radius * _CORE)


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
