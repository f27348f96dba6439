"""Stored sets: today's, the week, twelve weeks of the exercise, and the sets before."""

from datetime import date

from pygame import Rect, Surface

from kiosk.history.overview import Overview
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Canvas
from kiosk.ui.screen.toolkit.layout import columns, cut_bottom, cut_top, middle, rows
from kiosk.ui.screen.toolkit.theme import Level, Role, Space, Theme
from kiosk.ui.screen.widgets.set_row import ROW, place_set
from kiosk.ui.screen.widgets.totals import place_figures
from kiosk.ui.screen.widgets.trend_chart import place_trend
from kiosk.ui.screen.widgets.week_row import place_week

_HEAD, _FOOT, _TITLE = 29, 4, 5
_EMPTY_TALL, _EMPTY_TITLE, _EMPTY_LINE, _EMPTY_WIDE = 18, 10, 8, 24
"""Heights in grid steps, and a width."""
_WEEK, _TREND, _FIXED = 1, 2, 3
"""Leaves of their own behind today's; then comes what is left of the list."""


class HistoryView:
    """One leaf at a time: the newest first, and never more than three metres can read."""

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the screen."""
        history = scene.history
        if history is None or not history.total_sets:
            _place_nothing(canvas, "unreadable" if history is None else "empty", box)
            return
        assert scene.snapshot is not None
        exercise = scene.snapshot.exercise
        total = leaves(box, canvas.theme, history)
        leaf = scene.leaf % total
        foot, page = cut_bottom(box, canvas.theme.grid(_FOOT), canvas.theme.space(Space.TIGHT))
        if leaf == _WEEK:
            place_week(canvas, history, scene.today, page)
        elif leaf == _TREND:
            place_trend(canvas, history, exercise, page)
        else:
            _place_list(canvas, history, scene.today, page, max(0, leaf - _FIXED + 1))
        canvas.quiet(
            "page",
            canvas.words("history.page", page=leaf + 1, pages=total),
            foot,
            level=Level.CAPTION,
        )


def leaves(box: Rect, theme: Theme, history: Overview | None) -> int:
    """How many leaves the history takes; at least one."""
    if history is None or not history.total_sets:
        return 1
    page = cut_bottom(box, theme.grid(_FOOT), theme.space(Space.TIGHT))[1]
    left = len(history.latest) - _fitting(page, theme)
    whole = max(1, page.height // _pitch(theme))
    return _FIXED + max(0, -(-left // whole))


def _split(box: Rect, theme: Theme) -> tuple[Rect, Rect]:
    if theme.portrait:
        return cut_top(box, theme.grid(_HEAD), theme.space(Space.LARGE))
    head, listed = columns(box, (3, 5), theme.space(Space.LARGE))
    return head, listed


def _fitting(box: Rect, theme: Theme) -> int:
    """How many sets the first leaf holds beside its heading; at least one."""
    return max(1, _split(box, theme)[1].height // _pitch(theme))


def _place_list(
    canvas: Canvas, history: Overview, today: date | None, box: Rect, further: int
) -> None:
    """The newest sets under today's totals, or a further leaf of them over the whole box."""
    theme = canvas.theme
    first = _fitting(box, theme)
    if further == 0:
        head, listed = _split(box, theme)
        _place_today(canvas, history, head)
        text_key_for, shown = first, history.latest[:first]
    else:
        listed = box
        text_key_for = max(1, box.height // _pitch(theme))
        start = first + (further - 1) * text_key_for
        shown = history.latest[start : start + text_key_for]
    cells = rows(listed, [1] * text_key_for)
    for number, (stored, cell) in enumerate(zip(shown, cells, strict=False)):
        row = middle(cell, theme.grid(ROW))
        place_set(canvas, stored, today, row, f"row.{number}")


def _place_today(canvas: Canvas, history: Overview, box: Rect) -> None:
    theme, words = canvas.theme, canvas.words
    totals = history.today_totals
    if not totals.sets:
        canvas.text("title", words("history.title"), box, level=Level.DISPLAY)
        return
    title, figures = cut_top(middle(box, theme.grid(_HEAD)), theme.grid(_TITLE), theme.grid(_TITLE))
    canvas.quiet("title", words("history.today"), title, level=Level.TITLE, lines=2)
    place_figures(
        canvas,
        figures,
        (
            ("sets", str(totals.sets), words("history.sets", count=totals.sets)),
            ("reps", str(totals.reps), words("set.reps", count=totals.reps)),
        ),
    )


def _pitch(theme: Theme) -> int:
    """From one row to the next at least."""
    return theme.grid(ROW) + theme.space(Space.GAP)


def _place_nothing(canvas: Canvas, why: str, box: Rect) -> None:
    """There is nothing yet, or it cannot be read: never one for the other."""
    theme = canvas.theme
    sign = Rect(0, 0, theme.grid(_EMPTY_WIDE), theme.grid(_EMPTY_TALL))
    sign.midbottom = (box.centerx, box.centery - theme.space(Space.SMALL))
    canvas.place("empty.sign", sign, (), _paint_empty)
    title = Rect(
        box.left, box.centery + theme.space(Space.SMALL), box.width, theme.grid(_EMPTY_TITLE)
    )
    canvas.text("empty", canvas.words(f"history.{why}"), title, level=Level.DISPLAY, lines=2)
    canvas.quiet(
        "empty.line",
        canvas.words(f"history.{why}_line"),
        Rect(box.left, title.bottom + theme.space(Space.SMALL), box.width, theme.grid(_EMPTY_LINE)),
        level=Level.BODY,
        lines=2,
    )


def _paint_empty(surface: Surface) -> None:
    """Three grooves of the bars to come."""
    width, height = surface.get_size()
    thick = width // 6
    for number, share in enumerate((0.45, 0.7, 1.0)):
        tall = round(height * share)
        left = round(width * (0.25 + 0.25 * number)) - thick // 2
        draw.bar(surface, Role.TRACK.value, Rect(left, height - tall, thick, tall))
