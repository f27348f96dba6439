"""Draws the set's movements as a strip: depth and mark of each, and the marks in words."""

from collections import Counter
from collections.abc import Sequence

from pygame import Rect, Surface

from kiosk.coaching.record import Rep
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import rows, sign_beside
from kiosk.ui.screen.toolkit.text import SEMIBOLD
from kiosk.ui.screen.toolkit.theme import BLACK, Level, Role
from kiosk.ui.screen.widgets.rep_marks import RepMark, draw_rep_marks, draw_rep_sign, rep_mark

MOST = 42
"""Greatest height in grid steps."""
_LEAST, _LEGEND, _BETWEEN = 16.5, 3, 1
_FULL = 1.15  # top of the strip, in full depths
_WIDEST = 12  # a strip of fewer reps leaves places empty, so that bars stay slim
_MARK = 0.42  # radius of a mark, in widths of its column
_SHOWN = 40  # marks of more would be too small to distinguish
_IN_A_ROW = 3  # kinds of mark in words; more would be too small to read

_Bars = tuple[tuple[RepMark, float], ...]


def least_steps(reps: Sequence[Rep]) -> float:
    """The least height of the strip in grid steps: a further row of its legend makes it taller."""
    return _LEAST + (_LEGEND + _BETWEEN) * (len(_legend_rows(reps)) - 1)


def place_rep_strip(canvas: Canvas, reps: tuple[Rep, ...], box: Rect) -> None:
    """Places the strip with its title and its legend."""
    grid = canvas.theme.grid
    title, rest = rows(box, (grid(2.2), 1.0), grid(1.6))
    listed = _legend_rows(reps)
    legend_px = grid(_LEGEND) * len(listed) + grid(_BETWEEN) * (len(listed) - 1)
    rest, legend = rows(rest, (1.0, legend_px), grid(2))
    bars, marks = rows(rest, (1.0, grid(2.4)), grid(1))
    key = "summary.strip" if len(reps) <= _SHOWN else "summary.strip_last"
    text = canvas.words(key, shown=_SHOWN)
    canvas.label("strip.title", text, title, Level.CAPTION, align=Align.LEFT)
    shown = tuple((rep_mark(rep), min(_FULL, rep.measures.depth or 0.0)) for rep in reps[-_SHOWN:])
    canvas.place("strip", bars, _draw_bars, shown)
    signs, places = tuple(mark for mark, _ in shown), max(_WIDEST, len(shown))
    canvas.place("strip.marks", marks, draw_rep_marks, signs, places, _MARK)
    _place_legend(canvas, listed, legend)


def _legend_rows(reps: Sequence[Rep]) -> list[list[tuple[RepMark, int]]]:
    """The kinds of marks and how often each comes, in rows of about equal length."""
    counts = Counter(rep_mark(rep) for rep in reps)
    listed = [(mark, counts[mark]) for mark in RepMark if counts[mark]]
    lines = -(-len(listed) // _IN_A_ROW)
    across = -(-len(listed) // lines)
    return [listed[start : start + across] for start in range(0, len(listed), across)]


def _place_legend(canvas: Canvas, listed: list[list[tuple[RepMark, int]]], box: Rect) -> None:
    theme = canvas.theme
    sign_px, near, far = theme.grid(2.4), theme.grid(1), theme.grid(3)
    level = theme.cap_px(Level.CAPTION)
    texts = [
        [canvas.words(f"summary.mark.{mark.value}", count=count) for mark, count in line]
        for line in listed
    ]
    lines = rows(box, [1.0] * len(listed), theme.grid(_BETWEEN))
    free_px = [box.width - len(line) * (sign_px + near) - (len(line) - 1) * far for line in listed]
    # one size for all, as if they were one text
    fitted = min(
        (
            canvas.type.fit(" ".join(line), SEMIBOLD, level, (free, lines[0].height), 1)
            for line, free in zip(texts, free_px, strict=True)
        ),
        key=lambda fit: fit.cap_px,
    )
    for marks, line, free, row in zip(listed, texts, free_px, lines, strict=True):
        widths = [canvas.type.letters(text, SEMIBOLD, fitted.em_px).advance_px for text in line]
        left = box.left + (free - sum(widths)) // 2
        for (mark, _), text, width in zip(marks, line, widths, strict=True):
            whole = Rect(left, row.top, sign_px + near + width + far // 2, row.height)
            sign, beside = sign_beside(whole, sign_px, near)
            canvas.place(f"legend.mark.{mark.value}", sign, draw_rep_sign, mark)
            name = f"legend.mark.{mark.value}.text"
            canvas.label(name, text, beside, fitted.cap_px, align=Align.LEFT)
            left = beside.left + width + far


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
