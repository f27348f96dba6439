"""What each button does now, written along the edge where the buttons sit."""

import math

from pygame import Rect, Surface

from kiosk.settings import Edge
from kiosk.ui.panel.button import Button
from kiosk.ui.screen.scene import Action, Choice, Scene
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import columns, cut_bottom, cut_left, cut_right, cut_top, rows
from kiosk.ui.screen.toolkit.text import SEMIBOLD
from kiosk.ui.screen.toolkit.theme import BLACK, Colour, Level, Pace, Role, Space, mix
from kiosk.ui.screen.widgets.icons import paint_icon

_STEPS = 16
_RING_STEPS = 120
_DEEP, _WIDE = 6, 15
"""What the legend takes of the screen's height or width, in grid steps."""
_ICON = 5.5
_ALIGN = (Align.LEFT, Align.CENTRE, Align.RIGHT)
_SIDES: frozenset[Edge] = frozenset(("left", "right"))


class Legend:
    """Icon and words of each button; lit while it is down, ringed as it becomes a long press.

    Args:
        edge: of the screen, behind which the buttons sit, in their order from left to right or
            from top to bottom.
    """

    def __init__(self, edge: Edge) -> None:
        self._edge = edge
        self._down_s = dict.fromkeys(Button, -math.inf)

    def cut(self, box: Rect, canvas: Canvas) -> tuple[Rect, Rect]:
        """The legend's strip of the box, and the rest."""
        gap = canvas.theme.space(Space.GROUP)
        size = canvas.theme.grid(_WIDE if self._edge in _SIDES else _DEEP)
        cuts = {"top": cut_top, "bottom": cut_bottom, "left": cut_left, "right": cut_right}
        return cuts[self._edge](box, size, gap)

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the legend into its strip."""
        held = {hold.button: hold.progress for hold in scene.pressed}
        for button in held:
            self._down_s[button] = scene.now_s
        beside = self._edge in _SIDES
        cells = (rows if beside else columns)(box, (1, 1, 1))
        for button, cell, align in zip(Button, cells, _ALIGN, strict=True):
            choice = scene.choices.get(button)
            if choice is None:
                continue
            since_s = max(0.0, scene.now_s - self._down_s[button])
            glow = math.ceil(max(0.0, 1 - since_s / Pace.ANSWER_S) * _STEPS) / _STEPS
            share = held.get(button, 0.0) if choice.long else 0.0
            place = _upright if beside else _level
            place(canvas, button, choice, cell, align, glow, share)


def _level(
    canvas: Canvas,
    button: Button,
    choice: Choice,
    cell: Rect,
    align: Align,
    glow: float,
    share: float,
) -> None:
    """Icon, and the words beside it."""
    theme = canvas.theme
    gap, size = theme.space(Space.TIGHT), min(cell.height, theme.grid(_ICON))
    room = cell.width - size - gap - theme.space(Space.SMALL)
    texts = _texts(canvas, choice, room, theme.grid(_ICON))
    width = max(_width(canvas, text, level) for _, text, level in texts)
    left = cell.left + round((cell.width - size - gap - width) * align.value)
    icon = Rect(left, cell.centery - size // 2, size, size)
    _place_icon(canvas, button, choice.short, icon, glow, share)
    lines = rows(
        Rect(icon.right + gap, icon.top, width + gap, size),
        [1] * len(texts),
        theme.space(Space.HAIR),
    )
    _place_texts(canvas, button, texts, lines, glow, Align.LEFT)


def _upright(
    canvas: Canvas,
    button: Button,
    choice: Choice,
    cell: Rect,
    _: Align,
    glow: float,
    share: float,
) -> None:
    """Icon, and the words below it."""
    theme = canvas.theme
    gap, size = theme.space(Space.TIGHT), theme.grid(_ICON)
    texts = _texts(canvas, choice, cell.width, theme.grid(_ICON))
    line = round(theme.cap_px(Level.CAPTION) * 1.6)
    block = Rect(0, 0, cell.width, size + gap + line * len(texts))
    block.center = cell.center
    icon, below = cut_top(block, size, gap)
    _place_icon(
        canvas,
        button,
        choice.short,
        Rect(icon.centerx - size // 2, icon.top, size, size),
        glow,
        share,
    )
    lines = rows(below, [1] * len(texts))
    _place_texts(canvas, button, texts, lines, glow, Align.CENTRE)


_Text = tuple[str, str, int]


def _texts(canvas: Canvas, choice: Choice, width: int, height: int) -> list[_Text]:
    """(name, text, capital height) of what is written: the press, and under it the long press."""
    words, theme = canvas.words, canvas.theme
    told = [("name", words(f"action.{choice.short.value}"), theme.cap_px(Level.CAPTION))]
    if choice.long is not None:
        long = words("action.hold", action=words(f"action.{choice.long.value}"))
        told.append(("hold", long, theme.cap_px(Level.HINT)))
    return [
        (name, text, canvas.type.fit(text, SEMIBOLD, cap_px, (width, height), 1).cap_px)
        for name, text, cap_px in told
    ]


def _width(canvas: Canvas, text: str, cap_px: int) -> int:
    fitted = canvas.type.fit(text, SEMIBOLD, cap_px, (10**6, 10**6), 1)
    return canvas.type.letters(text, SEMIBOLD, fitted.em_px).advance_px


def _place_texts(
    canvas: Canvas, button: Button, texts: list[_Text], lines: list[Rect], glow: float, align: Align
) -> None:
    colour = mix(Role.QUIET.value, Role.GOOD.value, glow)
    for (name, text, cap_px), line in zip(texts, lines, strict=True):
        canvas.text(
            f"legend.{button.value}.{name}",
            text,
            line,
            level=cap_px,
            colour=colour if name == "name" else Role.QUIET.value,
            weight=SEMIBOLD,
            align=align,
        )


def _place_icon(
    canvas: Canvas, button: Button, action: Action, box: Rect, glow: float, share: float
) -> None:
    colour = mix(Role.QUIET.value, Role.GOOD.value, glow)
    share = round(min(1.0, share) * _RING_STEPS) / _RING_STEPS

    def paint(surface: Surface) -> None:
        _paint_button(surface, action, colour, glow, share)

    canvas.place(f"legend.{button.value}.icon", box, (action, colour, glow, share), paint)


def _paint_button(
    surface: Surface, action: Action, colour: Colour, glow: float, share: float
) -> None:
    size = surface.get_height()
    middle = size / 2
    centre = (middle, middle)
    line = max(2, size // 18)
    draw.circle(surface, Role.TRACK.value, centre, middle - 1, line)
    draw.dot(surface, mix(BLACK, colour, glow), centre, (middle - 2.5 * line) * glow)
    draw.ring(surface, Role.GOOD.value, centre, middle - 1, line * 1.5, share)
    paint_icon(surface, action, mix(colour, BLACK, glow), size, line)
