"""Movements side by side: how deep each went, and its mark; the marks in words under them."""

from collections import Counter

from pygame import Rect, Surface

from kiosk.coaching.record import Rep
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import cut_bottom, cut_top
from kiosk.ui.screen.toolkit.text import SEMIBOLD
from kiosk.ui.screen.toolkit.theme import BLACK, Level, Role
from kiosk.ui.screen.widgets.rep_marks import Mark, mark_of, paint_mark

LEAST, MOST = 16.5, 42
"""Heights in grid steps."""
_FULL = 1.15  # top of the strip, in full depths
_WIDEST = 12  # a strip of fewer reps leaves room, so that bars never become slabs
_SHOWN = 40  # marks of more would be too small to tell apart
_TOLD = 3  # kinds of mark in words; more would be too small to read

_Bars = tuple[tuple[Mark, float], ...]


def place_strip(canvas: Canvas, reps: tuple[Rep, ...], box: Rect) -> None:
    """Places the strip with its title and its legend."""
    theme = canvas.theme
    title, rest = cut_top(box, theme.grid(2.2), theme.grid(1.6))
    legend, rest = cut_bottom(rest, theme.grid(3), theme.grid(2))
    marks, bars = cut_bottom(rest, theme.grid(2.4), theme.grid(1))
    canvas.quiet(
        "strip.title",
        canvas.words(
            "summary.strip" if len(reps) <= _SHOWN else "summary.strip_last", shown=_SHOWN
        ),
        title,
        level=Level.CAPTION,
        align=Align.LEFT,
    )
    shown = tuple((mark_of(rep), min(_FULL, rep.measures.depth or 0.0)) for rep in reps[-_SHOWN:])

    def paint_bars(surface: Surface) -> None:
        _paint_bars(surface, shown)

    def paint_marks(surface: Surface) -> None:
        _paint_marks(surface, shown)

    canvas.place("strip", bars, shown, paint_bars)
    canvas.place("strip.marks", marks, shown, paint_marks)
    _place_legend(canvas, Counter(mark_of(rep) for rep in reps), legend)


def _place_legend(canvas: Canvas, counts: Counter[Mark], box: Rect) -> None:
    theme = canvas.theme
    sign, near, far = theme.grid(2.4), theme.grid(1), theme.grid(3)
    order = (Mark.CLEAN, Mark.FAULT, Mark.PARTIAL, Mark.UNJUDGED)
    told = [mark for mark in order if counts[mark]][:_TOLD]
    texts = [canvas.words(f"summary.mark.{mark.value}", count=counts[mark]) for mark in told]
    room = box.width - len(told) * (sign + near) - (len(told) - 1) * far
    # one size for all, as if they were one line
    level = theme.cap_px(Level.CAPTION)
    fitted = canvas.type.fit(" ".join(texts), SEMIBOLD, level, (room, box.height), 1)
    widths = [canvas.type.letters(text, SEMIBOLD, fitted.em_px).advance_px for text in texts]
    left = box.left + (room - sum(widths)) // 2
    for mark, text, width in zip(told, texts, widths, strict=True):
        place = Rect(left, box.centery - sign // 2, sign, sign)

        def paint(surface: Surface, mark: Mark = mark) -> None:
            paint_mark(surface, mark, (sign / 2, sign / 2), sign / 2 - 1)

        canvas.place(f"legend.mark.{mark.value}", place, mark, paint)
        canvas.quiet(
            f"legend.mark.{mark.value}.text",
            text,
            Rect(place.right + near, box.top, width + far // 2, box.height),
            level=fitted.cap_px,
            align=Align.LEFT,
        )
        left = place.right + near + width + far


def _columns(width: int, bars: _Bars) -> tuple[float, float]:
    """Middle of the first column, and from one to the next."""
    pitch = width / max(_WIDEST, len(bars))
    return (width - pitch * (len(bars) - 1)) / 2, pitch


def _paint_bars(surface: Surface, bars: _Bars) -> None:
    """Bars hang from standing, as the body went down; the line is full depth."""
    width, height = surface.get_size()
    first, pitch = _columns(width, bars)
    thick = max(2, round(pitch * 0.44))
    line = max(2, height // 90)
    full = round(height / _FULL)
    surface.fill(Role.QUIET.value, Rect(0, full - line // 2, width, line))
    for number, (mark, depth) in enumerate(bars):
        tall = max(thick, round(depth / _FULL * height))
        bar = Rect(round(first + number * pitch - thick / 2), 0, thick, tall)
        draw.bar(surface, mark.colour, bar)
        if mark is Mark.PARTIAL:
            rim = max(2, thick // 6)
            draw.bar(surface, BLACK, bar.inflate(-2 * rim, -2 * rim))


def _paint_marks(surface: Surface, bars: _Bars) -> None:
    width, height = surface.get_size()
    first, pitch = _columns(width, bars)
    radius = min(height / 2, pitch * 0.42) - 1
    for number, (mark, _) in enumerate(bars):
        paint_mark(surface, mark, (first + number * pitch, height / 2), radius)
