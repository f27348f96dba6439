"""One small drawing for each thing that a button can do."""

from collections.abc import Callable, Mapping

from pygame import Surface

from kiosk.ui.screen.scene import Action
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.draw import Point
from kiosk.ui.screen.toolkit.theme import Colour

_Stroke = tuple[Point, ...]


def paint_icon(surface: Surface, action: Action, ink: Colour, size: int, line: float) -> None:
    """Draws the action's sign into the square in the surface's corner.

    Args:
        surface: at least `size` pixels wide and tall.
        action: what the button does.
        ink: colour of the lines.
        size: of the square in pixels.
        line: thickness in pixels.
    """
    shape = _SIGNS[action]
    if callable(shape):
        shape(surface, ink, size, line)
        return
    for stroke in shape:
        draw.path(surface, ink, [(x * size, y * size) for x, y in stroke], line * 1.2)


def _person(surface: Surface, ink: Colour, size: int, line: float) -> None:
    """Somebody in a hinge: a drill."""
    points = ((0.44, 0.70), (0.44, 0.52), (0.38, 0.40), (0.58, 0.36))
    draw.path(surface, ink, [(x * size, y * size) for x, y in points], line * 1.2)
    draw.dot(surface, ink, (0.68 * size, 0.35 * size), 0.055 * size)


def _tick(surface: Surface, ink: Colour, size: int, line: float) -> None:
    draw.tick(surface, ink, (size / 2, size / 2), size * 0.32, line * 1.2)


_DUMBBELL: tuple[_Stroke, ...] = (
    ((0.30, 0.5), (0.70, 0.5)),
    ((0.30, 0.40), (0.30, 0.60)),
    ((0.37, 0.35), (0.37, 0.65)),
    ((0.63, 0.35), (0.63, 0.65)),
    ((0.70, 0.40), (0.70, 0.60)),
)
_BARS: tuple[_Stroke, ...] = (
    ((0.36, 0.66), (0.36, 0.54)),
    ((0.50, 0.66), (0.50, 0.44)),
    ((0.64, 0.66), (0.64, 0.34)),
)
_NOTE: tuple[_Stroke, ...] = (
    (
        (0.34, 0.44),
        (0.42, 0.44),
        (0.52, 0.34),
        (0.52, 0.66),
        (0.42, 0.56),
        (0.34, 0.56),
        (0.34, 0.44),
    ),
    ((0.60, 0.43), (0.63, 0.50), (0.60, 0.57)),
    ((0.67, 0.36), (0.73, 0.50), (0.67, 0.64)),
)
_BOOK: tuple[_Stroke, ...] = (
    ((0.50, 0.40), (0.40, 0.35), (0.30, 0.37), (0.30, 0.63), (0.40, 0.61), (0.50, 0.66)),
    ((0.50, 0.40), (0.60, 0.35), (0.70, 0.37), (0.70, 0.63), (0.60, 0.61), (0.50, 0.66)),
    ((0.50, 0.40), (0.50, 0.66)),
)
_ON: tuple[_Stroke, ...] = (((0.32, 0.5), (0.68, 0.5)), ((0.54, 0.36), (0.68, 0.5), (0.54, 0.64)))
_BACK: tuple[_Stroke, ...] = (((0.68, 0.5), (0.32, 0.5)), ((0.46, 0.36), (0.32, 0.5), (0.46, 0.64)))
_MINUS: tuple[_Stroke, ...] = (((0.34, 0.5), (0.66, 0.5)),)
_PLUS: tuple[_Stroke, ...] = (*_MINUS, ((0.5, 0.34), (0.5, 0.66)))
_BIN: tuple[_Stroke, ...] = (
    ((0.33, 0.40), (0.67, 0.40)),
    ((0.45, 0.33), (0.55, 0.33)),
    ((0.37, 0.40), (0.40, 0.68), (0.60, 0.68), (0.63, 0.40)),
)

_SIGNS: Mapping[Action, tuple[_Stroke, ...] | Callable[[Surface, Colour, int, float], None]] = {
    Action.NEXT_EXERCISE: _DUMBBELL,
    Action.DRILL: _person,
    Action.NEXT_DRILL: _person,
    Action.LIFT: _DUMBBELL,
    Action.FINISH: _tick,
    Action.DONE: _tick,
    Action.SOUND: _NOTE,
    Action.HISTORY: _BARS,
    Action.LEARN: _BOOK,
    Action.NEXT_PAGE: _ON,
    Action.CLOSE: _BACK,
    Action.ASK_ERASE: _BIN,
    Action.ERASE: _BIN,
    Action.KEEP: _BACK,
    Action.QUIETER: _MINUS,
    Action.LOUDER: _PLUS,
}
