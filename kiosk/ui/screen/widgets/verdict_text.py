"""Words behind a sign, centred together: the shape says what the colour says."""

from pygame import Rect, Surface

from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Canvas
from kiosk.ui.screen.toolkit.layout import columns
from kiosk.ui.screen.toolkit.text import BOLD
from kiosk.ui.screen.toolkit.theme import Level, Role
from kiosk.ui.screen.widgets.rep_marks import RepMark, draw_rep_sign

_GAP = 0.4  # between sign and words, in sizes of the sign


def place_praise(
    canvas: Canvas, name: str, text: str, box: Rect, *, level: Level, lines: int = 1
) -> None:
    """Places words of praise behind a tick."""
    canvas.place(f"sign.{name}", _place(canvas, name, text, box, level, lines, good=True), _tick)


def place_fault(
    canvas: Canvas, name: str, text: str, box: Rect, *, level: Level, lines: int = 1
) -> None:
    """Places what to change behind the mark that a rep with a fault bears."""
    sign = _place(canvas, name, text, box, level, lines, good=False)
    canvas.place(f"sign.{name}", sign, draw_rep_sign, RepMark.FAULT)


def _tick(surface: Surface) -> None:
    size = surface.get_height()
    draw.tick(surface, Role.GOOD, (size / 2, size / 2), size * 0.8, size * 0.16)


def _place(
    canvas: Canvas, name: str, text: str, box: Rect, level: Level, lines: int, *, good: bool
) -> Rect:
    """Places the words; returns the box of their sign."""
    size = min(box.height, canvas.theme.grid(5))
    gap = round(size * _GAP)
    room = columns(box, (size, 1.0), gap)[1]
    fitted = canvas.text(name, text, room, level, Role.GOOD if good else Role.WARN, lines=lines)
    widest = max(canvas.type.letters(ln, BOLD, fitted.em_px).advance_px for ln in fitted.lines)
    sign = Rect(0, 0, size, size)
    sign.midleft = (box.left + (box.width - widest - size - gap) // 2, box.centery)
    return sign
