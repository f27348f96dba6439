"""The three buttons, named along the bottom edge above where they sit."""

import math
from collections.abc import Callable

from pygame import Rect, Surface

from kiosk.panel.button import Button
from kiosk.screen import draw
from kiosk.screen.canvas import Align, Canvas
from kiosk.screen.layout import columns
from kiosk.screen.scene import Scene
from kiosk.screen.text import SEMIBOLD
from kiosk.screen.theme import BLACK, Colour, Level, Role, mix

_GLOW_S = 0.35  # how long a button stays lit after it was let go
_STEPS = 16
_ALIGN = (Align.LEFT, Align.CENTRE, Align.RIGHT)


class Legend:
    """Icon and name of each button; lit while it is down, ringed as it becomes a long press."""

    def __init__(self) -> None:
        self._down_s = dict.fromkeys(Button, -math.inf)

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the legend into its strip."""
        held = {hold.button: hold.progress for hold in scene.pressed}
        for button in held:
            self._down_s[button] = scene.now_s
        for button, cell, align in zip(Button, columns(box, (1, 1, 1)), _ALIGN, strict=True):
            since_s = max(0.0, scene.now_s - self._down_s[button])
            glow = math.ceil(max(0.0, 1 - since_s / _GLOW_S) * _STEPS) / _STEPS
            self._cell(canvas, button, cell, align, glow, held.get(button, 0.0))

    @staticmethod
    def _cell(
        canvas: Canvas, button: Button, cell: Rect, align: Align, glow: float, held: float
    ) -> None:
        gap = canvas.theme.grid(1)
        label = canvas.words(f"legend.{button.value}")
        room = cell.width - cell.height - 2 * gap
        fitted = canvas.type.fit(
            label, SEMIBOLD, canvas.theme.cap_px(Level.CAPTION), (room, cell.height), 1
        )
        width = canvas.type.letters(fitted.lines[0], SEMIBOLD, fitted.em_px).advance_px
        left = cell.left + round((cell.width - cell.height - gap - width) * align.value)
        icon = Rect(left, cell.top, cell.height, cell.height)
        colour = mix(Role.QUIET.value, Role.GOOD.value, glow)
        share = round(min(1.0, held) * 120) / 120

        def paint(surface: Surface) -> None:
            _paint_icon(surface, button, colour, glow, share)

        canvas.place(f"legend.{button.value}.icon", icon, (button, colour, glow, share), paint)
        canvas.text(
            f"legend.{button.value}.name",
            label,
            Rect(icon.right + gap, cell.top, room, cell.height),
            level=Level.CAPTION,
            colour=colour,
            weight=SEMIBOLD,
            align=Align.LEFT,
        )


def _paint_icon(
    surface: Surface, button: Button, colour: Colour, glow: float, share: float
) -> None:
    size = surface.get_height()
    middle = size / 2
    centre = (middle, middle)
    line = max(2, size // 18)
    draw.circle(surface, Role.TRACK.value, centre, middle - 1, line)
    draw.dot(surface, mix(BLACK, colour, glow), centre, (middle - 2.5 * line) * glow)
    draw.ring(surface, Role.GOOD.value, centre, middle - 1, line * 1.5, share)
    ink = mix(colour, BLACK, glow)
    _ICONS[button](surface, ink, size, line)


def _dumbbell(surface: Surface, ink: Colour, size: int, line: int) -> None:
    middle = size / 2
    draw.limb(surface, ink, (0.30 * size, middle), (0.70 * size, middle), line)
    for x, reach in ((0.30, 0.10), (0.37, 0.15), (0.63, 0.15), (0.70, 0.10)):
        draw.limb(
            surface, ink, (x * size, middle - reach * size), (x * size, middle + reach * size), line
        )


def _check(surface: Surface, ink: Colour, size: int, line: int) -> None:
    draw.tick(surface, ink, (size / 2, size / 2), size * 0.32, line * 1.2)


def _bars(surface: Surface, ink: Colour, size: int, line: int) -> None:
    for x, height in ((0.36, 0.12), (0.50, 0.22), (0.64, 0.32)):
        foot = 0.66 * size
        draw.limb(surface, ink, (x * size, foot), (x * size, foot - height * size), line * 1.6)


_ICONS: dict[Button, Callable[[Surface, Colour, int, int], None]] = {
    Button.EXERCISE: _dumbbell,
    Button.FINISH: _check,
    Button.HISTORY: _bars,
}
