"""Seven days, which of them were trained on, and the exercise's best set."""

from datetime import date

from pygame import Rect, Surface

from kiosk.history.overview import DayTotals, Overview
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Canvas
from kiosk.ui.screen.toolkit.layout import columns, cut_bottom, cut_top, middle
from kiosk.ui.screen.toolkit.text import SEMIBOLD
from kiosk.ui.screen.toolkit.theme import Level, Role, Space
from kiosk.ui.screen.widgets.set_row import ROW, place_set
from kiosk.ui.screen.widgets.signed_text import place_good
from kiosk.ui.screen.widgets.totals import place_figures

_HEAD, _TITLE, _LINE, _SIGN = 29, 5, 3, 11
"""Heights in grid steps."""
_ENOUGH_DAYS, _MOST_DAYS = 2, 4
"""Training days a week that the hinge is trained on; more than the second leaves no rest."""
_DAY_DOT = 0.34  # radius of a day's sign, in sizes of its box


def place_week(canvas: Canvas, history: Overview, today: date | None, box: Rect) -> None:
    """Seven days, which of them were trained on, and the exercise's best set."""
    theme, words = canvas.theme, canvas.words
    if theme.portrait:
        head, days = cut_top(box, theme.grid(_HEAD), theme.space(Space.LARGE))
    else:
        head, days = columns(box, (3, 5), theme.space(Space.LARGE))
    title, figures = cut_top(
        middle(head, theme.grid(_HEAD)), theme.grid(_TITLE), theme.grid(_TITLE)
    )
    canvas.quiet("title", words("history.week"), title, level=Level.TITLE, lines=2)
    trained = history.training_days
    place_figures(canvas, figures, (("days", str(trained), words("history.days", count=trained)),))
    line, rest = cut_top(days, theme.grid(_TITLE), theme.space(Space.GAP))
    if _ENOUGH_DAYS <= trained <= _MOST_DAYS:
        place_good(canvas, "goal", words("history.goal_met"), line, level=Level.BODY)
    else:
        key = "history.goal" if trained < _ENOUGH_DAYS else "history.goal_over"
        canvas.quiet("goal", words(key), line, level=Level.BODY, lines=2)
    if history.best is not None:
        best, rest = cut_bottom(
            rest, theme.grid(ROW) + theme.grid(_TITLE), theme.space(Space.LARGE)
        )
        label, row = cut_top(best, theme.grid(_LINE), theme.space(Space.SMALL))
        canvas.quiet("best.label", words("history.best"), label, level=Level.CAPTION, lines=2)
        place_set(canvas, history.best, today, row, "best")
    cells = columns(rest, [1] * len(history.week))
    for number, (day, cell) in enumerate(zip(history.week, cells, strict=True)):
        _place_day(canvas, day, cell, number, now=day.day == today)


def _place_day(canvas: Canvas, day: DayTotals, cell: Rect, number: int, *, now: bool) -> None:
    theme, words = canvas.theme, canvas.words
    size = min(cell.height, cell.width, theme.grid(_SIGN))
    block = middle(cell, min(cell.height, size + theme.grid(_TITLE)))
    sign, below = cut_top(block, min(size, block.height), theme.space(Space.TIGHT))

    def paint(surface: Surface) -> None:
        middle_of = surface.get_rect().center
        radius = min(surface.get_size()) * _DAY_DOT
        line = max(3, radius / 5)
        if day.sets:
            draw.dot(surface, Role.GOOD.value, middle_of, radius)
        else:
            draw.circle(surface, Role.TRACK.value, middle_of, radius, line)
        if now:
            draw.circle(surface, Role.TEXT.value, middle_of, radius + 2 * line, line)

    canvas.place(f"day.{number}", sign, (day.sets > 0, now), paint)
    canvas.text(
        f"day.{number}.name",
        words(f"weekday.{number}"),
        Rect(below.left, below.top, below.width, max(1, min(below.height, theme.grid(_LINE)))),
        level=Level.CAPTION,
        colour=(Role.TEXT if now else Role.QUIET).value,
        weight=SEMIBOLD,
    )
