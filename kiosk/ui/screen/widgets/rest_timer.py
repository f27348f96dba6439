"""Draws the rest between two sets: minutes and seconds, as large as the box allows."""

from pygame import Rect

from kiosk.training.visits import Rest
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import middle, rows
from kiosk.ui.screen.toolkit.theme import Level, Role, Space
from kiosk.ui.training_text import rest_clock

_LABEL, _MOST = 4, 16
"""Heights in grid steps: of the words, and of the figures at most."""


def place_rest(canvas: Canvas, rest: Rest, box: Rect, align: Align = Align.CENTRE) -> None:
    """Places the timer, green once the planned rest is over."""
    grid, words = canvas.theme.grid, canvas.words
    sizes = (grid(_LABEL), min(grid(_MOST), box.height - grid(_LABEL + Space.SMALL)))
    block = middle(box, sum(sizes) + grid(Space.SMALL))
    label, clock = rows(block, sizes, grid(Space.SMALL))
    colour = Role.GOOD if rest.over else Role.COUNT
    text = words("lifter.rest_over" if rest.over else "lifter.rest")
    canvas.label(
        "rest.label", text, label, Level.BODY, colour if rest.over else Role.QUIET, align=align
    )
    canvas.text("rest", rest_clock(rest), clock, clock.height, colour, align=align)
