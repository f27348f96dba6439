"""Draws whose turn it is: the animal of the chosen place, and words beside it."""

from pygame import Rect, Surface

from kiosk.training.facts import GUEST
from kiosk.training.lifters import LIFTERS, Lifter
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.text import CAP_RATIO, SEMIBOLD
from kiosk.ui.screen.toolkit.theme import Colour, Level, Role, Space
from kiosk.ui.screen.widgets.animals import draw_animal

_SIGN = 2.4
"""Size of the animal beside a text, in heights of its capitals; at most the height of its box."""


def place_lifter_line(
    canvas: Canvas,
    name: str,
    lifter: int,
    text: str,
    box: Rect,
    level: Level,
    colour: Colour = Role.TEXT,
    *,
    align: Align = Align.CENTRE,
) -> None:
    """Places one line of text behind the animal of a place; a guest has none."""
    if lifter == GUEST:
        canvas.label(name, text, box, level, colour, align=align)
        return
    cap_px, gap = canvas.theme.cap_px(level), canvas.theme.grid(Space.TIGHT)
    size = min(box.height, round(_SIGN * cap_px))
    fitted = canvas.type.fit(text, SEMIBOLD, cap_px, (box.width - size - gap, box.height), 1)
    wide = canvas.type.letters(text, SEMIBOLD, round(fitted.cap_px / CAP_RATIO)).advance_px
    left = box.left + round((box.width - size - gap - wide) * align.value)
    sign = Rect(max(box.left, left), box.centery - size // 2, size, size)
    canvas.place(f"{name}.animal", sign, draw_place, LIFTERS[lifter - 1])
    rest = Rect(sign.right + gap, box.top, box.right - sign.right - gap, box.height)
    canvas.label(name, text, rest, fitted.cap_px, colour, align=Align.LEFT)


def draw_place(surface: Surface, lifter: Lifter) -> None:
    """Draws the animal of a place in its colour."""
    draw_animal(surface, lifter.animal, lifter.colour)
