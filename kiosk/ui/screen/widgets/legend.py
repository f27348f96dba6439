"""Draws the legend of the buttons: what each does now, along the edge where they sit."""

import math
from collections.abc import Mapping

from pygame import Rect, Surface

from kiosk.settings import Edge
from kiosk.ui.panel.button import Button
from kiosk.ui.screen.scene import Action, ButtonActions, Scene
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.draw import Point
from kiosk.ui.screen.toolkit.layout import centred, columns, rows
from kiosk.ui.screen.toolkit.text import CAP_RATIO, SEMIBOLD
from kiosk.ui.screen.toolkit.theme import BLACK, Colour, Level, Pace, Role, Space, mix

_STEPS = 16
_RING_STEPS = 120
_DEEP, _WIDE = 6, 15
"""What the legend takes of the screen's height or width, in grid steps."""
_ICON = 5.5
_ALIGN = (Align.LEFT, Align.CENTRE, Align.RIGHT)

_Text = tuple[str, str, int]
"""Name, text and capital height of a line."""


class Legend:
    """Icon and words of each button; lit while it is down, ringed as it becomes a long press.

    The buttons sit behind the edge, in their order from left to right or from top to bottom.
    """

    def __init__(self, edge: Edge) -> None:
        self._upright = edge in ("left", "right")
        self._first = edge in ("left", "top")
        self._down_s = dict.fromkeys(Button, -math.inf)

    def cut(self, box: Rect, canvas: Canvas) -> tuple[Rect, Rect]:
        """The legend's part of the box, and the rest."""
        cut, steps = (columns, _WIDE) if self._upright else (rows, _DEEP)
        size, gap = canvas.theme.grid(steps), canvas.theme.grid(Space.GROUP)
        one, other = cut(box, (size, 1.0) if self._first else (1.0, size), gap)
        return (one, other) if self._first else (other, one)

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the legend into its part."""
        held = {hold.button: hold.progress for hold in scene.pressed}
        self._down_s |= dict.fromkeys(held, scene.now_s)
        cells = (rows if self._upright else columns)(box, (1.0, 1.0, 1.0))
        for button, cell, across in zip(Button, cells, _ALIGN, strict=True):
            actions = scene.actions.get(button)
            if actions is None:
                continue
            since_s = max(0.0, scene.now_s - self._down_s[button])
            glow = math.ceil(max(0.0, 1 - since_s / Pace.ANSWER_S) * _STEPS) / _STEPS
            share = held.get(button, 0.0) if actions.long else 0.0
            if self._upright:
                icon, texts, lines = _words_below(canvas, actions, cell)
            else:
                icon, texts, lines = _words_beside(canvas, actions, cell, across)
            align = Align.CENTRE if self._upright else Align.LEFT
            share = round(min(1.0, share) * _RING_STEPS) / _RING_STEPS
            colour = mix(Role.QUIET, Role.GOOD, glow)
            name = f"legend.{button.value}"
            canvas.place(f"{name}.icon", icon, _draw_button, actions.short, colour, glow, share)
            for (line, text, cap_px), place in zip(texts, lines, strict=True):
                ink = colour if line == "name" else Role.QUIET
                canvas.label(f"{name}.{line}", text, place, cap_px, ink, align=align)


def _words_beside(
    canvas: Canvas, actions: ButtonActions, cell: Rect, align: Align
) -> tuple[Rect, list[_Text], list[Rect]]:
    """Boxes of the icon and of the lines beside it, and the lines."""
    grid = canvas.theme.grid
    gap, size = grid(Space.TIGHT), min(cell.height, grid(_ICON))
    texts = _texts(canvas, actions, cell.width - size - gap - grid(Space.SMALL), grid(_ICON))
    width = max(
        canvas.type.letters(text, SEMIBOLD, int(cap_px / CAP_RATIO)).advance_px
        for _, text, cap_px in texts
    )
    left = cell.left + round((cell.width - size - gap - width) * align.value)
    icon = Rect(left, cell.centery - size // 2, size, size)
    words = Rect(icon.right + gap, icon.top, width + gap, size)
    return icon, texts, rows(words, [1.0] * len(texts), grid(Space.HAIR))


def _words_below(
    canvas: Canvas, actions: ButtonActions, cell: Rect
) -> tuple[Rect, list[_Text], list[Rect]]:
    """Boxes of the icon and of the lines below it, and the lines."""
    grid = canvas.theme.grid
    gap, size = grid(Space.TIGHT), grid(_ICON)
    texts = _texts(canvas, actions, cell.width, size)
    line = round(canvas.theme.cap_px(Level.CAPTION) * 1.6)
    block = centred(cell, cell.width, size + gap + line * len(texts))
    above, below = rows(block, (size, 1.0), gap)
    return centred(above, size, size), texts, rows(below, [1.0] * len(texts))


def _texts(canvas: Canvas, actions: ButtonActions, width: int, height: int) -> list[_Text]:
    """What is written: the press, and under it the long press."""
    words, theme = canvas.words, canvas.theme
    texts = [("name", words(f"action.{actions.short.value}"), theme.cap_px(Level.CAPTION))]
    if actions.long is not None:
        long = words("action.hold", action=words(f"action.{actions.long.value}"))
        texts.append(("hold", long, theme.cap_px(Level.HINT)))
    return [
        (name, text, canvas.type.fit(text, SEMIBOLD, cap_px, (width, height), 1).cap_px)
        for name, text, cap_px in texts
    ]


def _draw_button(
    surface: Surface, action: Action, colour: Colour, glow: float, share: float
) -> None:
    size = surface.get_height()
    middle = size / 2
    centre = (middle, middle)
    line = max(2, size // 18)
    draw.circle(surface, Role.TRACK, centre, middle - 1, line)
    draw.dot(surface, mix(BLACK, colour, glow), centre, (middle - 2.5 * line) * glow)
    draw.ring(surface, Role.GOOD, centre, middle - 1, line * 1.5, share)
    draw_icon(surface, action, mix(colour, BLACK, glow), size, line)


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


_Lines = tuple[tuple[Point, ...], ...]


def _lines(text: str) -> _Lines:
    """Lines from text: points "x,y" in percent of the icon's size, and "|" between two lines."""
    return tuple(
        tuple((int(x) / 100, int(y) / 100) for x, y in (p.split(",") for p in line.split()))
        for line in text.split("|")
    )


_TICK = None  # has a shape of its own
_PERSON = _lines("44,70 44,52 38,40 58,36")  # somebody in a hinge, without the head: a drill
_DUMBBELL = _lines("30,50 70,50 | 30,40 30,60 | 37,35 37,65 | 63,35 63,65 | 70,40 70,60")
_BACK = _lines("68,50 32,50 | 46,36 32,50 46,64")
_FORWARD = _lines("32,50 68,50 | 54,36 68,50 54,64")
_MINUS, _PLUS = _lines("34,50 66,50"), _lines("34,50 66,50 | 50,34 50,66")
_LIFTER = _lines("34,68 36,58 44,54 56,54 64,58 66,68 | 50,32 57,36 57,44 50,48 43,44 43,36 50,32")
_BIN = _lines("33,40 67,40 | 45,33 55,33 | 37,40 40,68 60,68 63,40")
_UNDO = _lines("42,34 32,44 42,54 | 32,44 58,44 66,50 66,60 58,66 40,66")

_ICONS: Mapping[Action, _Lines | None] = {
    Action.NEXT_EXERCISE: _DUMBBELL,
    Action.ACCEPT: _lines("30,42 68,42 | 60,34 68,42 60,50 | 70,58 32,58 | 40,50 32,58 40,66"),
    Action.DRILL: _PERSON,
    Action.NEXT_DRILL: _PERSON,
    Action.LIFT: _DUMBBELL,
    Action.FINISH: _TICK,
    Action.DONE: _TICK,
    Action.NEXT_LIFTER: _LIFTER,
    Action.PLAN: _lines("34,38 40,44 48,34 | 54,40 68,40 | 34,58 40,64 48,54 | 54,60 68,60"),
    Action.LESS: _MINUS,
    Action.MORE: _PLUS,
    Action.ENTER: _TICK,
    Action.ONE_FEWER: _MINUS,
    Action.ONE_MORE: _PLUS,
    Action.REPLAY: _lines("42,34 68,50 42,66 42,34"),
    Action.HISTORY: _lines("36,66 36,54 | 50,66 50,44 | 64,66 64,34"),
    Action.LEARN: _lines(
        "50,40 40,35 30,37 30,63 40,61 50,66 | 50,40 60,35 70,37 70,63 60,61 50,66 | 50,40 50,66"
    ),
    Action.NEXT_PAGE: _FORWARD,
    Action.CLOSE: _BACK,
    Action.ASK_ERASE: _BIN,
    Action.ERASE: _BIN,
    Action.UNDO_ERASE: _UNDO,
    Action.KEEP: _BACK,
    Action.DELETE: _BIN,
    Action.KEEP_SET: _UNDO,
    Action.QUIETER: _MINUS,
    Action.LOUDER: _PLUS,
    Action.OTHER_SETS: _LIFTER,
    Action.PREVIOUS_PLACE: _BACK,
    Action.NEXT_PLACE: _FORWARD,
    Action.TAKE_PLACE: _TICK,
    Action.SET_UP: _lines("32,40 68,40 | 42,34 42,46 | 32,60 68,60 | 58,54 58,66"),
    Action.PREVIOUS_CHOICE: _BACK,
    Action.NEXT_CHOICE: _FORWARD,
    Action.SOFTER: _MINUS,
    Action.STRONGER: _PLUS,
    Action.TAKE_CHOICE: _TICK,
    Action.SKIP_STEP: _lines("34,36 48,50 34,64 | 52,36 66,50 52,64"),
    Action.FIRST_BUTTON: _TICK,
    Action.LAST_BUTTON: _TICK,
    Action.NEXT_EDGE: _FORWARD,
    Action.TURN_CAMERA: _lines("36,60 36,42 60,42 | 52,34 60,42 52,50"),
}
