"""Words behind a sign, centred together: the shape says what the colour says."""

from pygame import Rect, Surface

from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Canvas
from kiosk.ui.screen.toolkit.layout import columns
from kiosk.ui.screen.toolkit.text import BOLD
from kiosk.ui.screen.toolkit.theme import Level, Role
from kiosk.ui.screen.widgets.rep_marks import RepMark, draw_rep_sign

_GAP = 0.4  # between sign and words, in sizes of the sign


def place_verdict(
    canvas: Canvas, name: str, text: str, box: Rect, *, good: bool, level: Level, lines: int = 1
) -> None:
    """Places praise behind a tick, or what to change behind the mark that a faulty rep bears."""
    size = min(box.height, canvas.theme.grid(5))
    gap = round(size * _GAP)
    room = columns(box, (size, 1.0), gap)[1]
    fitted = canvas.text(name, text, room, level, Role.GOOD if good else Role.WARN, lines=lines)
    widest = max(canvas.type.letters(ln, BOLD, fitted.em_px).advance_px for ln in fitted.lines)
    sign = Rect(0, 0, size, size)
    sign.midleft = (box.left + (box.width - widest - size - gap) // 2, box.centery)
    if good:
        canvas.place(f"sign.{name}", sign, _draw_tick)
    else:
        canvas.place(f"sign.{name}", sign, draw_rep_sign, RepMark.FAULT)


def _draw_tick(surface: Surface) -> None:
    size = surface.get_height()
    draw.tick(surface, Role.GOOD, (size / 2, size / 2), size * 0.8, size * 0.16)
