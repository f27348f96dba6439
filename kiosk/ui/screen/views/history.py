"""The screens of stored sets: today's, the week, twelve weeks, the sets before, and erasing."""

from datetime import date

from pygame import Rect, Surface

from kiosk.history.overview import Overview
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Canvas
from kiosk.ui.screen.toolkit.layout import Area, arrange, middle, rows
from kiosk.ui.screen.toolkit.theme import Level, Role, Space, Theme
from kiosk.ui.screen.widgets.set_row import ROW, place_set_row
from kiosk.ui.screen.widgets.trend_chart import place_trend_charts
from kiosk.ui.screen.widgets.week_row import HEAD, place_totals, place_week_row

_FOOT = 4
_EMPTY_TALL, _EMPTY_TITLE, _EMPTY_LINE, _EMPTY_WIDE = 18, 10, 8, 24
_ERASE = 29
"""Heights in grid steps, and a width."""
_WEEK, _TREND, _FIXED = 1, 2, 3
"""Subpages of their own behind today's; then comes what is left of the list."""


def place_history(scene: Scene, box: Rect, canvas: Canvas) -> None:
    """Places one subpage: the newest first, and never more than three metres can read."""
    history = scene.history
    if history is None or not history.total_sets:
        _place_nothing(canvas, "unreadable" if history is None else "empty", box)
        return
    total = history_subpages(box, canvas.theme, history)
    subpage = scene.subpage % total
    page, foot = _page_and_foot(box, canvas.theme)
    if subpage == _WEEK:
        place_week_row(canvas, history, scene.today, page)
    elif subpage == _TREND:
        place_trend_charts(canvas, history, scene.judged.exercise, page)
    else:
        _place_list(canvas, history, scene.today, page, max(0, subpage - _FIXED + 1))
    text = canvas.words("history.page", page=subpage + 1, pages=total)
    canvas.label("page", text, foot, Level.CAPTION)


def place_erase(scene: Scene, box: Rect, canvas: Canvas) -> None:
    """Asks once more before all is gone: how many sets would go, and how to let them."""
    grid, words = canvas.theme.grid, canvas.words
    total = 0 if scene.history is None else scene.history.total_sets
    block = middle(box, min(box.height, grid(_ERASE)))
    title, line = rows(block, (3.0, 2.0), grid(Space.GAP))
    canvas.text("title", words("erase.title", count=total), title, Level.DISPLAY, lines=2)
    canvas.label("line", words("erase.line"), line, Level.BODY, Role.WARN, lines=3)


def history_subpages(box: Rect, theme: Theme, history: Overview | None) -> int:
    """Number of subpages that the history takes; at least one."""
    if history is None or not history.total_sets:
        return 1
    page, _ = _page_and_foot(box, theme)
    left = len(history.latest) - _rows_in(_today_and_list(page, theme)[1], theme)
    return _FIXED + max(0, -(-left // _rows_in(page, theme)))


def _page_and_foot(box: Rect, theme: Theme) -> list[Rect]:
    return rows(box, (1.0, theme.grid(_FOOT)), theme.grid(Space.TIGHT))


def _today_and_list(box: Rect, theme: Theme) -> list[Rect]:
    areas = (Area("left", theme.grid(HEAD), 1.0), Area("right"))
    return arrange(theme, box, areas, gap=Space.LARGE, widths=(3.0, 5.0))


def _rows_in(box: Rect, theme: Theme) -> int:
    """How many sets a list in this box holds; at least one."""
    return max(1, box.height // (theme.grid(ROW) + theme.grid(Space.GAP)))


def _place_list(
    canvas: Canvas, history: Overview, today: date | None, box: Rect, further: int
) -> None:
    """The newest sets under today's totals, or a further part of them over the whole box."""
    theme = canvas.theme
    head, listed = _today_and_list(box, theme)
    start, count = 0, _rows_in(listed, theme)
    if further:
        listed, first, count = box, count, _rows_in(box, theme)
        start = first + (further - 1) * count
    else:
        _place_today(canvas, history, head)
    shown = history.latest[start : start + count]
    cells = rows(listed, [1.0] * count)
    for number, (stored, cell) in enumerate(zip(shown, cells, strict=False)):
        row = middle(cell, theme.grid(ROW))
        place_set_row(canvas, stored, today, row, f"row.{number}")


def _place_today(canvas: Canvas, history: Overview, box: Rect) -> None:
    words, today = canvas.words, history.today_totals
    if not today.sets:
        canvas.text("title", words("history.title"), box, Level.DISPLAY)
        return
    totals = (
        ("sets", today.sets, words("history.sets", count=today.sets)),
        ("reps", today.reps, words("set.reps", count=today.reps)),
    )
    place_totals(canvas, box, words("history.today"), totals)


def _place_nothing(canvas: Canvas, why: str, box: Rect) -> None:
    """There is nothing yet, or it cannot be read: never one for the other."""
    grid, words = canvas.theme.grid, canvas.words
    gap = grid(Space.SMALL)
    sign = Rect(0, 0, grid(_EMPTY_WIDE), grid(_EMPTY_TALL))
    sign.midbottom = (box.centerx, box.centery - gap)
    canvas.place("empty.sign", sign, _draw_empty)
    below = Rect(box.left, box.centery + gap, box.width, box.bottom - box.centery - gap)
    title, line, _ = rows(below, (grid(_EMPTY_TITLE), grid(_EMPTY_LINE), 1.0), gap)
    canvas.text("empty", words(f"history.{why}"), title, Level.DISPLAY, lines=2)
    canvas.label("empty.line", words(f"history.{why}_line"), line, Level.BODY, lines=2)


def _draw_empty(surface: Surface) -> None:
    """Three grooves of the bars to come."""
    width, height = surface.get_size()
    thick = width // 6
    for number, share in enumerate((0.45, 0.7, 1.0)):
        tall = round(height * share)
        left = round(width * (0.25 + 0.25 * number)) - thick // 2
        draw.bar(surface, Role.TRACK, Rect(left, height - tall, thick, tall))
