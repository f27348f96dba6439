"""Draws the set's movements as a strip: depth and mark of each, and the marks in words."""

from collections import Counter

from pygame import Rect, Surface

from kiosk.coaching.record import Rep
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import rows, sign_beside
from kiosk.ui.screen.toolkit.text import SEMIBOLD
from kiosk.ui.screen.toolkit.theme import BLACK, Level, Role
from kiosk.ui.screen.widgets.rep_marks import RepMark, draw_rep_marks, draw_rep_sign, rep_mark

LEAST, MOST = 16.5, 42
"""Heights in grid steps."""
_FULL = 1.15  # top of the strip, in full depths
_WIDEST = 12  # a strip of fewer reps leaves places empty, so that bars stay slim
_MARK = 0.42  # radius of a mark, in widths of its column
_SHOWN = 40  # marks of more would be too small to distinguish
_LISTED = 3  # kinds of mark in words; more would be too small to read

_Bars = tuple[tuple[RepMark, float], ...]


def place_rep_strip(canvas: Canvas, reps: tuple[Rep, ...], box: Rect) -> None:
    """Places the strip with its title and its legend."""
    grid = canvas.theme.grid
    title, rest = rows(box, (grid(2.2), 1.0), grid(1.6))
    rest, legend = rows(rest, (1.0, grid(3)), grid(2))
    bars, marks = rows(rest, (1.0, grid(2.4)), grid(1))
    key = "summary.strip" if len(reps) <= _SHOWN else "summary.strip_last"
    text = canvas.words(key, shown=_SHOWN)
    canvas.label("strip.title", text, title, Level.CAPTION, align=Align.LEFT)
    shown = tuple((rep_mark(rep), min(_FULL, rep.measures.depth or 0.0)) for rep in reps[-_SHOWN:])
    canvas.place("strip", bars, _draw_bars, shown)
    signs, places = tuple(mark for mark, _ in shown), max(_WIDEST, len(shown))
    canvas.place("strip.marks", marks, draw_rep_marks, signs, places, _MARK)
    _place_legend(canvas, Counter(rep_mark(rep) for rep in reps), legend)


def _place_legend(canvas: Canvas, counts: Counter[RepMark], box: Rect) -> None:
    theme = canvas.theme
    sign_px, near, far = theme.grid(2.4), theme.grid(1), theme.grid(3)
    listed = [mark for mark in RepMark if counts[mark]][:_LISTED]
    texts = [canvas.words(f"summary.mark.{mark.value}", count=counts[mark]) for mark in listed]
    free_px = box.width - len(listed) * (sign_px + near) - (len(listed) - 1) * far
    # one size for all, as if they were one line
    level = theme.cap_px(Level.CAPTION)
    fitted = canvas.type.fit(" ".join(texts), SEMIBOLD, level, (free_px, box.height), 1)
    widths = [canvas.type.letters(text, SEMIBOLD, fitted.em_px).advance_px for text in texts]
    left = box.left + (free_px - sum(widths)) // 2
    for mark, text, width in zip(listed, texts, widths, strict=True):
        whole = Rect(left, box.top, sign_px + near + width + far // 2, box.height)
        sign, line = sign_beside(whole, sign_px, near)
        canvas.place(f"legend.mark.{mark.value}", sign, draw_rep_sign, mark)
        name = f"legend.mark.{mark.value}.text"
        canvas.label(name, text, line, fitted.cap_px, align=Align.LEFT)
        left = line.left + width + far


def _draw_bars(surface: Surface, bars: _Bars) -> None:
    """Bars hang from standing, as the body went down; the line is full depth."""
    width, height = surface.get_size()
    pitch = width / max(_WIDEST, len(bars))
    first = (width - pitch * (len(bars) - 1)) / 2
    thick = max(2, round(pitch * 0.44))
    line = max(2, height // 90)
    full = round(height / _FULL)
    surface.fill(Role.QUIET, Rect(0, full - line // 2, width, line))
    for number, (mark, depth) in enumerate(bars):
        tall = max(thick, round(depth / _FULL * height))
        bar = Rect(round(first + number * pitch - thick / 2), 0, thick, tall)
        draw.bar(surface, mark.colour, bar)
        if mark is RepMark.PARTIAL:
            rim = max(2, thick // 6)
            draw.bar(surface, BLACK, bar.inflate(-2 * rim, -2 * rim))
