"""The seven days of the week with those trained on, and the exercise's best set."""

from datetime import date

from pygame import Rect, Surface

from kiosk.history.overview import DayTotals, Overview
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Canvas
from kiosk.ui.screen.toolkit.layout import Area, arrange, columns, middle, rows
from kiosk.ui.screen.toolkit.text import SEMIBOLD
from kiosk.ui.screen.toolkit.theme import Level, Role, Space
from kiosk.ui.screen.widgets.set_row import ROW, place_set_row
from kiosk.ui.screen.widgets.verdict_text import place_verdict

HEAD = 29
"""Height of the totals with their title, in grid steps."""
_TITLE, _LINE, _SIGN, _FIGURE, _UNIT = 5, 3, 11, 11, 5
"""Heights in grid steps."""
_ENOUGH_DAYS, _MOST_DAYS = 2, 4
"""Training days a week that the hinge is trained on; more than the second leaves no rest."""
_DAY_DOT = 0.34  # radius of a day's sign, in sizes of its box


def place_week_row(canvas: Canvas, history: Overview, today: date | None, box: Rect) -> None:
    """Places seven days, which of them were trained on, and the exercise's best set."""
    theme, words = canvas.theme, canvas.words
    grid = theme.grid
    areas = (Area("left", grid(HEAD), 1.0), Area("right"))
    head, days = arrange(theme, box, areas, gap=Space.LARGE, widths=(3.0, 5.0))
    trained = history.training_days
    unit = words("history.days", count=trained)
    place_totals(canvas, head, words("history.week"), (("days", trained, unit),))
    line, rest = rows(days, (grid(_TITLE), 1.0), grid(Space.GAP))
    if _ENOUGH_DAYS <= trained <= _MOST_DAYS:
        text = words("history.goal_met")
        place_verdict(canvas, "goal", text, line, good=True, level=Level.BODY)
    else:
        key = "history.goal" if trained < _ENOUGH_DAYS else "history.goal_over"
        canvas.label("goal", words(key), line, Level.BODY, lines=2)
    if history.best is not None:
        rest, best = rows(rest, (1.0, grid(ROW) + grid(_TITLE)), grid(Space.LARGE))
        label, row = rows(best, (grid(_LINE), 1.0), grid(Space.SMALL))
        canvas.label("best.label", words("history.best"), label, Level.CAPTION, lines=2)
        place_set_row(canvas, history.best, today, row, "best")
    cells = columns(rest, [1.0] * len(history.week))
    for number, (day, cell) in enumerate(zip(history.week, cells, strict=True)):
        _place_day(canvas, day, cell, number, now=day.day == today)


def place_totals(
    canvas: Canvas, box: Rect, title: str, totals: tuple[tuple[str, int, str], ...]
) -> None:
    """Places large figures side by side under a title, each with its unit: (name, figure, unit)."""
    grid = canvas.theme.grid
    head, figures = rows(middle(box, grid(HEAD)), (grid(_TITLE), 1.0), grid(_TITLE))
    canvas.label("title", title, head, Level.TITLE, lines=2)
    cells = columns(figures, [1.0] * len(totals), grid(Space.GROUP))
    unit_px = min(
        canvas.type.fit(unit, SEMIBOLD, canvas.theme.cap_px(Level.BODY), cell.size, 1).cap_px
        for (_, _, unit), cell in zip(totals, cells, strict=True)
    )
    for (name, figure, unit), cell in zip(totals, cells, strict=True):
        above, below = rows(cell, (grid(_FIGURE), 1.0), grid(Space.GAP))
        canvas.text(f"total.{name}", str(figure), above, grid(_FIGURE), Role.COUNT)
        below.height = min(below.height, grid(_UNIT))
        canvas.label(f"total.{name}.unit", unit, below, unit_px, lines=2)


def _place_day(canvas: Canvas, day: DayTotals, cell: Rect, number: int, *, now: bool) -> None:
    grid = canvas.theme.grid
    size = min(cell.height, cell.width, grid(_SIGN))
    block = middle(cell, min(cell.height, size + grid(_TITLE)))
    sign, below = rows(block, (min(size, block.height), 1.0), grid(Space.TIGHT))
    canvas.place(f"day.{number}", sign, _draw_day, day.sets > 0, now)
    below.height = max(1, min(below.height, grid(_LINE)))
    text = canvas.words(f"weekday.{number}")
    colour = Role.TEXT if now else Role.QUIET
    canvas.label(f"day.{number}.name", text, below, Level.CAPTION, colour)


def _draw_day(surface: Surface, trained: bool, now: bool) -> None:
    centre = surface.get_rect().center
    radius = min(surface.get_size()) * _DAY_DOT
    line = max(3, radius / 5)
    if trained:
        draw.dot(surface, Role.GOOD, centre, radius)
    else:
        draw.circle(surface, Role.TRACK, centre, radius, line)
    if now:
        draw.circle(surface, Role.TEXT, centre, radius + 2 * line, line)
