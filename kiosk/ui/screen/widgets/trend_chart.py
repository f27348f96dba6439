"""Charts of depth and clean reps of an exercise, week by week."""

from pygame import Rect, Surface

from kiosk.history.overview import Overview
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import Area, arrange, columns, rows
from kiosk.ui.screen.toolkit.theme import Colour, Level, Role, Space
from kiosk.ui.screen.widgets.set_row import format_day

_TITLE, _LINE = 5, 3
"""Heights in grid steps."""
_FULL = 1.15  # top of the depths, in full depths
_WEEK_BAR = 0.56  # of a week's column

_Shares = tuple[float | None, ...]


def place_trend_charts(canvas: Canvas, history: Overview, exercise: str, box: Rect) -> None:
    """Places depth and clean reps of the chosen exercise, week by week."""
    theme, words = canvas.theme, canvas.words
    title, rest = rows(box, (theme.grid(_TITLE), 1.0), theme.grid(Space.LARGE))
    canvas.text("title", words.name_of(exercise), title, Level.TITLE)
    weeks = history.trend
    if not any(week.sets for week in weeks):
        canvas.label("none", words("history.no_trend"), rest, Level.BODY, lines=2)
        return
    left, right = arrange(theme, rest, (Area("left"), Area("right")), gap=Space.LARGE)
    since = format_day(weeks[0].monday, words)
    depths = tuple(week.depth for week in weeks)
    _place_chart(canvas, "depth", depths, since, left, top=_FULL)
    _place_chart(canvas, "clean", tuple(week.clean_share for week in weeks), since, right, top=1.0)


def _place_chart(
    canvas: Canvas, name: str, values: _Shares, since: str, box: Rect, *, top: float
) -> None:
    """A bar a week up to the top value, the newest on the right and in figures."""
    grid, words = canvas.theme.grid, canvas.words
    head, rest = rows(box, (grid(_TITLE), 1.0), grid(Space.GAP))
    bars, foot = rows(rest, (1.0, grid(_LINE)), grid(Space.TIGHT))
    label, figure = columns(head, (1.0, head.width // 3))
    newest = next((value for value in reversed(values) if value is not None), None)
    if newest is not None:
        canvas.text(f"{name}.newest", f"{newest:.0%}", figure, Level.TITLE, align=Align.RIGHT)
    text = words(f"history.trend_{name}")
    canvas.label(f"{name}.label", text, label, Level.BODY, align=Align.LEFT)
    shares = tuple(None if value is None else value / top for value in values)
    colour = Role.GOOD if top == 1 else Role.TEXT
    canvas.place(name, bars, _draw_chart, shares, 1 / top, colour)
    first, last = columns(foot, (foot.width // 2, 1.0))
    canvas.label(f"{name}.first", since, first, Level.CAPTION, align=Align.LEFT)
    text = words("history.this_week")
    canvas.label(f"{name}.last", text, last, Level.CAPTION, align=Align.RIGHT)


def _draw_chart(surface: Surface, shares: _Shares, line_at: float, colour: Colour) -> None:
    """Bars, and a line where a bar is full; none along the upper edge."""
    width, height = surface.get_size()
    pitch = width / len(shares)
    thick = round(pitch * _WEEK_BAR)
    if line_at < 1:
        y = round(height * (1 - line_at))
        surface.fill(Role.QUIET, Rect(0, y, width, max(2, height // 120)))
    for number, share in enumerate(shares):
        left = round((number + 0.5) * pitch - thick / 2)
        if share is None:
            # a week without: a stub, so that the gap is seen as one
            stub = Rect(left, height - thick // 4, thick, max(2, thick // 4))
            draw.bar(surface, Role.TRACK, stub)
            continue
        tall = max(thick, round(min(1.0, share) * height))
        draw.bar(surface, colour, Rect(left, height - tall, thick, tall))
