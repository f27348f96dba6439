"""A sign and the words that belong to it, centred together: the shape says what the colour says."""

from collections.abc import Callable, Hashable

from pygame import Rect, Surface

from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Canvas
from kiosk.ui.screen.toolkit.text import BOLD
from kiosk.ui.screen.toolkit.theme import Colour, Level, Role
from kiosk.ui.screen.widgets.rep_marks import Mark, paint_mark

_GAP = 0.4  # between sign and words, in sizes of the sign


def place_good(
    canvas: Canvas, name: str, text: str, box: Rect, *, level: Level, lines: int = 1
) -> None:
    """Places words of praise behind a tick."""

    def paint(surface: Surface, size: int) -> None:
        draw.tick(surface, Role.GOOD.value, (size / 2, size / 2), size * 0.8, size * 0.16)

    _place(canvas, name, text, box, level, lines, Role.GOOD.value, "tick", paint)


def place_fault(
    canvas: Canvas, name: str, text: str, box: Rect, *, level: Level, lines: int = 1
) -> None:
    """Places what to change behind the mark that a rep with a fault bears."""

    def paint(surface: Surface, size: int) -> None:
        paint_mark(surface, Mark.FAULT, (size / 2, size / 2), size / 2 - 1)

    _place(canvas, name, text, box, level, lines, Role.WARN.value, Mark.FAULT, paint)


def _place(
    canvas: Canvas,
    name: str,
    text: str,
    box: Rect,
    level: Level,
    lines: int,
    colour: Colour,
    key: Hashable,
    paint: Callable[[Surface, int], None],
) -> None:
    size = min(box.height, canvas.theme.grid(5))
    gap = round(size * _GAP)
    room = Rect(box.left + size + gap, box.top, box.width - size - gap, box.height)
    fitted = canvas.text(name, text, room, level=level, colour=colour, lines=lines)
    widest = max(canvas.type.letters(ln, BOLD, fitted.em_px).advance_px for ln in fitted.lines)
    sign = Rect(0, 0, size, size)
    sign.midleft = (box.left + (box.width - widest - size - gap) // 2, box.centery)
    canvas.place(f"sign.{name}", sign, key, lambda surface: paint(surface, size))
