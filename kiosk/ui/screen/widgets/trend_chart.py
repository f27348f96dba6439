"""Depth and clean reps of an exercise, week by week."""

from pygame import Rect, Surface

from kiosk.history.overview import Overview, WeekTrend
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import columns, cut_bottom, cut_left, cut_right, cut_top, rows
from kiosk.ui.screen.toolkit.theme import Colour, Level, Role, Space
from kiosk.ui.screen.widgets.set_row import day_line

_TITLE, _LINE = 5, 3
"""Heights in grid steps."""
_FULL = 1.15  # top of the depths, in full depths
_WEEK_BAR = 0.56  # of a week's column


def place_trend(canvas: Canvas, history: Overview, exercise: str, box: Rect) -> None:
    """Depth and clean reps of the chosen exercise, week by week."""
    theme, words = canvas.theme, canvas.words
    title, rest = cut_top(box, theme.grid(_TITLE), theme.space(Space.LARGE))
    key = f"exercise.{exercise}.name"
    canvas.text("title", words(key) if key in words else "", title, level=Level.TITLE)
    weeks = history.trend
    if not any(week.sets for week in weeks):
        canvas.quiet("none", words("history.no_trend"), rest, level=Level.BODY, lines=2)
        return
    halves = (rows if theme.portrait else columns)(rest, (1, 1), theme.space(Space.LARGE))
    depths = tuple(None if week.depth is None else week.depth / _FULL for week in weeks)
    full = 1 / _FULL
    _place_chart(canvas, "depth", depths, weeks, full, halves[0], Role.TEXT.value)
    shares = tuple(week.clean_share for week in weeks)
    _place_chart(canvas, "clean", shares, weeks, None, halves[1], Role.GOOD.value)


def _place_chart(
    canvas: Canvas,
    name: str,
    shares: tuple[float | None, ...],
    weeks: tuple[WeekTrend, ...],
    line_at: float | None,
    box: Rect,
    colour: Colour,
) -> None:
    """A bar a week, the newest on the right and told in figures."""
    theme, words = canvas.theme, canvas.words
    head, rest = cut_top(box, theme.grid(_TITLE), theme.space(Space.GAP))
    foot, bars = cut_bottom(rest, theme.grid(_LINE), theme.space(Space.TIGHT))
    newest = next((s for s in reversed(shares) if s is not None), None)
    told, label = cut_right(head, head.width // 3)
    if newest is not None:
        figure = newest * _FULL if line_at is not None else newest
        canvas.text(f"{name}.newest", f"{figure:.0%}", told, level=Level.TITLE, align=Align.RIGHT)
    canvas.quiet(
        f"{name}.label",
        words(f"history.trend_{name}"),
        label,
        level=Level.BODY,
        align=Align.LEFT,
    )

    def paint(surface: Surface) -> None:
        _paint_chart(surface, shares, line_at, colour)

    canvas.place(name, bars, (shares, line_at, colour), paint)
    ends = cut_left(foot, foot.width // 2)
    for which, text, align, cell in (
        ("first", day_line(weeks[0].monday, words), Align.LEFT, ends[0]),
        ("last", words("history.this_week"), Align.RIGHT, ends[1]),
    ):
        canvas.quiet(
            f"{name}.{which}",
            text,
            cell,
            level=Level.CAPTION,
            align=align,
        )


def _paint_chart(
    surface: Surface, shares: tuple[float | None, ...], line_at: float | None, colour: Colour
) -> None:
    width, height = surface.get_size()
    pitch = width / len(shares)
    thick = round(pitch * _WEEK_BAR)
    if line_at is not None:
        y = round(height * (1 - line_at))
        surface.fill(Role.QUIET.value, Rect(0, y, width, max(2, height // 120)))
    for number, share in enumerate(shares):
        left = round((number + 0.5) * pitch - thick / 2)
        if share is None:
            # a week without: a stub, so that the gap is seen as one
            stub = Rect(left, height - thick // 4, thick, max(2, thick // 4))
            draw.bar(surface, Role.TRACK.value, stub)
            continue
        tall = max(thick, round(min(1.0, share) * height))
        draw.bar(surface, colour, Rect(left, height - tall, thick, tall))
