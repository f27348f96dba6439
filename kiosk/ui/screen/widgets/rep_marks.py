"""One sign for each rep, the same wherever reps are shown; told apart by shape, then by colour."""

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


class Mark(Enum):
    """What is told of a rep at a glance."""

    CLEAN = "clean"
    FAULT = "fault"
    UNJUDGED = "unjudged"
    PARTIAL = "partial"

    @property
    def colour(self) -> Colour:
        """The colour that goes with the shape."""
        return _COLOURS[self]


_COLOURS: dict[Mark, Colour] = {
    Mark.CLEAN: Role.GOOD.value,
    Mark.FAULT: Role.WARN.value,
    Mark.UNJUDGED: Role.QUIET.value,
    Mark.PARTIAL: Role.WARN.value,
}


def mark_of(rep: Rep) -> Mark:
    """The rep's mark: by its score, so that no mark says more than the summary does."""
    if not rep.counted:
        return Mark.PARTIAL
    if rep.score is None:
        return Mark.UNJUDGED
    return Mark.CLEAN if rep.score >= _FULL_SCORE else Mark.FAULT


def paint_mark(surface: Surface, mark: Mark, centre: Point, radius: float) -> None:
    """Draws a mark that fills a circle of the radius.

    A full dot is a clean rep, a ring with a dot one with a fault, a small dot one that was not
    judged, an empty ring a movement that did not count.
    """
    if mark is Mark.CLEAN:
        draw.dot(surface, mark.colour, centre, radius)
    elif mark is Mark.UNJUDGED:
        draw.dot(surface, mark.colour, centre, radius * _SMALL)
    else:
        draw.circle(surface, mark.colour, centre, radius, max(2.0, radius * _LINE))
    if mark is Mark.FAULT:
        draw.dot(surface, mark.colour, centre, radius * _CORE)
