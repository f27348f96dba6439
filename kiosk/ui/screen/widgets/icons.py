"""The icon of each thing that a button can do."""

from collections.abc import Mapping

from pygame import Surface

from kiosk.ui.screen.scene import Action
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.draw import Point
from kiosk.ui.screen.toolkit.theme import Colour

Lines = tuple[tuple[Point, ...], ...]


def _lines(text: str) -> Lines:
    """Lines from text: points "x,y" in percent of the icon's size, and "|" between two lines."""
    return tuple(
        tuple((int(x) / 100, int(y) / 100) for x, y in (p.split(",") for p in line.split()))
        for line in text.split("|")
    )


def draw_icon(surface: Surface, action: Action, ink: Colour, size: int, line: float) -> None:
    """Draws the action's icon into a square of `size` pixels in the surface's corner."""
    icon = _ICONS[action]
    if icon is None:
        draw.tick(surface, ink, (size / 2, size / 2), size * 0.32, line * 1.2)
        return
    for points in icon:
        draw.path(surface, ink, [(x * size, y * size) for x, y in points], line * 1.2)
    if icon is _PERSON:
        draw.dot(surface, ink, (0.68 * size, 0.35 * size), 0.055 * size)


_TICK = None  # has a shape of its own
_PERSON = _lines("44,70 44,52 38,40 58,36")  # somebody in a hinge, without the head: a drill
_DUMBBELL = _lines("30,50 70,50 | 30,40 30,60 | 37,35 37,65 | 63,35 63,65 | 70,40 70,60")
_BARS = _lines("36,66 36,54 | 50,66 50,44 | 64,66 64,34")
_SPEAKER = _lines(
    "34,44 42,44 52,34 52,66 42,56 34,56 34,44 | 60,43 63,50 60,57 | 67,36 73,50 67,64"
)
_BOOK = _lines(
    "50,40 40,35 30,37 30,63 40,61 50,66 | 50,40 60,35 70,37 70,63 60,61 50,66 | 50,40 50,66"
)
_FORWARD = _lines("32,50 68,50 | 54,36 68,50 54,64")
_BACK = _lines("68,50 32,50 | 46,36 32,50 46,64")
_MINUS = _lines("34,50 66,50")
_PLUS = _lines("34,50 66,50 | 50,34 50,66")
_BIN = _lines("33,40 67,40 | 45,33 55,33 | 37,40 40,68 60,68 63,40")

_ICONS: Mapping[Action, Lines | None] = {
    Action.NEXT_EXERCISE: _DUMBBELL,
    Action.DRILL: _PERSON,
    Action.NEXT_DRILL: _PERSON,
    Action.LIFT: _DUMBBELL,
    Action.FINISH: _TICK,
    Action.DONE: _TICK,
    Action.SOUND: _SPEAKER,
    Action.HISTORY: _BARS,
    Action.LEARN: _BOOK,
    Action.NEXT_PAGE: _FORWARD,
    Action.CLOSE: _BACK,
    Action.ASK_ERASE: _BIN,
    Action.ERASE: _BIN,
    Action.KEEP: _BACK,
    Action.QUIETER: _MINUS,
    Action.LOUDER: _PLUS,
}
