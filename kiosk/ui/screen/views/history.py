"""Places the screens of stored sets: today, the week, twelve weeks, earlier sets, and erasing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from pygame import Rect, Surface

from kiosk.history.overview import DayTotals, Overview
from kiosk.history.rows import StoredSet
from kiosk.training.facts import GUEST
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import Area, arrange, columns, middle, rows
from kiosk.ui.screen.toolkit.text import SEMIBOLD
from kiosk.ui.screen.toolkit.theme import Colour, Level, Role, Space, Theme
from kiosk.ui.screen.widgets.lifter_line import place_lifter_line
from kiosk.ui.screen.widgets.rep_marks import place_verdict
from kiosk.ui.summary_text import name_checks
from kiosk.ui.training_text import lifter_text, load_text
from kiosk.ui.words.words import Words

_FOOT = 4
_EMPTY_TALL, _EMPTY_TITLE, _EMPTY_LINE, _EMPTY_WIDE = 18, 10, 8, 24
_ERASE = _TOTALS = 29
_ROW, _COUNT = 11, 7
_TITLE, _LINE, _SIGN, _FIGURE, _UNIT = 5, 3, 11, 11, 5
"""Heights in grid steps, and a width."""
_COLUMNS, _SCORE, _FACTS = (6.0, 27.0), (21.0, 6.0), (16.0, 11.0)
"""Columns of a row, and of the two lines beside its count."""
_SINCE = (3.0, 1.0)  # of a chart's foot: a date is longer than "now"
_NAMES = 1  # of the checks behind a score; more would be too small to read
_WEEK, _TREND, _FIXED = 1, 2, 3
"""Subpages of their own behind today's; then comes what is left of the list."""
_MINUTE_S = 60
_ENOUGH_DAYS, _MOST_DAYS = 2, 4
"""Training days a week that the hinge is trained on; more than the second leaves no rest."""
_DAY_DOT = 0.34  # radius of a day's sign, in sizes of its box
_FULL = 1.15  # top of the depths, in full depths
_WEEK_BAR = 0.56  # of a week's column

_Shares = tuple[float | None, ...]


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
        _place_week(canvas, scene, history, page)
    elif subpage == _TREND:
        _place_trend(canvas, scene, history, page)
    else:
        _place_list(canvas, scene, history, page, max(0, subpage - _FIXED + 1))
    text, lifter = (
        canvas.words("history.page", page=subpage + 1, pages=total),
        scene.lifting.facts.lifter,
    )
    if lifter != GUEST:
        text = f"{lifter_text(lifter, canvas.words)} · {text}"
    place_lifter_line(canvas, "page", lifter, text, foot, Level.CAPTION, Role.QUIET)


def place_erase(scene: Scene, box: Rect, canvas: Canvas) -> None:
    """Asks once more before all is gone: how many sets would go, whose, and how to let them."""
    grid, words, erasing = canvas.theme.grid, canvas.words, scene.erasing
    block = middle(box, min(box.height, grid(_ERASE)))
    title, who, line = rows(block, (3.0, 1.0, 2.0), grid(Space.GAP))
    count = erasing.sets
    ask = words("erase.unread") if count is None else words("erase.title", count=count)
    canvas.text("title", ask, title, Level.DISPLAY, lines=2)
    lifter = GUEST if erasing.lifter is None else erasing.lifter
    text = words("erase.everybody") if erasing.lifter is None else lifter_text(lifter, words)
    place_lifter_line(canvas, "who", lifter, text, who, Level.BODY, Role.TEXT)
    canvas.label("line", words("erase.line"), line, Level.BODY, Role.WARN, lines=3)


def history_subpages(box: Rect, theme: Theme, history: Overview | None) -> int:
    """Number of subpages that the history takes; at least one."""
    if history is None or not history.total_sets:
        return 1
    page, _ = _page_and_foot(box, theme)
    left = len(history.latest) - _rows_in(_totals_and_rest(page, theme)[1], theme)
    return _FIXED + max(0, -(-left // _rows_in(page, theme)))


def _page_and_foot(box: Rect, theme: Theme) -> list[Rect]:
    return rows(box, (1.0, theme.grid(_FOOT)), theme.grid(Space.TIGHT))


def _totals_and_rest(box: Rect, theme: Theme) -> list[Rect]:
    areas = (Area("left", theme.grid(_TOTALS), 1.0), Area("right"))
    return arrange(theme, box, areas, gap=Space.LARGE, widths=(3.0, 5.0))


def _rows_in(box: Rect, theme: Theme) -> int:
    """How many sets a list in this box holds; at least one."""
    return max(1, box.height // (theme.grid(_ROW) + theme.grid(Space.GAP)))


def _place_list(canvas: Canvas, scene: Scene, history: Overview, box: Rect, further: int) -> None:
    """The newest sets under today's totals, or a further part of them over the whole box."""
    theme = canvas.theme
    head, listed = _totals_and_rest(box, theme)
    start, count = 0, _rows_in(listed, theme)
    if further:
        listed, first, count = box, count, _rows_in(box, theme)
        start = first + (further - 1) * count
    else:
        _place_today(canvas, history, head)
    shown = history.latest[start : start + count]
    cells = rows(listed, [1.0] * count)
    for number, (stored, cell) in enumerate(zip(shown, cells, strict=False)):
        row = middle(cell, theme.grid(_ROW))
        _place_set(canvas, scene, stored, row, f"row.{number}")


def _place_today(canvas: Canvas, history: Overview, box: Rect) -> None:
    words, today = canvas.words, history.today_totals
    if not today.sets:
        canvas.text("title", words("history.title"), box, Level.DISPLAY)
        return
    totals = (
        ("sets", today.sets, words("history.sets", count=today.sets)),
        ("reps", today.reps, words("set.reps", count=today.reps)),
    )
    _place_totals(canvas, box, words("history.today"), totals)


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


def _place_set(canvas: Canvas, scene: Scene, stored: StoredSet, row: Rect, name: str) -> None:
    """Places a set into a row, which has _ROW grid steps at best.

    A corrected count stands in the place of the one that was counted, which follows in the facts.
    """
    grid, words = canvas.theme.grid, canvas.words
    corrected, load_kg = stored.facts.corrected, stored.facts.load_kg
    reps = stored.reps if corrected is None else corrected
    count, rest = columns(row, _COLUMNS, grid(Space.GAP))
    size = min(row.height, grid(_COUNT))
    canvas.text(f"{name}.count", str(reps), count, size, Role.COUNT, align=Align.RIGHT)
    above, below = rows(rest, (1.0, 1.0), grid(Space.TIGHT))
    title, score = columns(above, _SCORE, grid(Space.GAP))
    facts, unit = columns(below, _FACTS, grid(Space.GAP))
    text = words.name_of(stored.exercise)
    canvas.label(f"{name}.exercise", text, title, Level.BODY, Role.TEXT, align=Align.LEFT)
    if stored.score is not None:
        # grey where it rests on little, as in the summary
        colour = Role.QUIET if stored.mostly_open else Role.TEXT
        text = str(stored.score)
        canvas.text(f"{name}.score", text, score, Level.TITLE, colour, align=Align.RIGHT)
        text = format_score(stored, words)
        canvas.label(f"{name}.score.unit", text, unit, Level.CAPTION, align=Align.RIGHT)
    parts = [format_time(stored, scene.today, words)]
    parts += [] if load_kg is None else [load_text(load_kg, scene.lifting.unit, words)]
    if corrected is not None:
        parts.append(words("lifter.counted", count=stored.reps))
    elif load_kg is None:
        parts.append(format_duration(stored, words))
    text = " · ".join(parts)
    canvas.label(f"{name}.facts", text, facts, Level.CAPTION, align=Align.LEFT)


def format_score(stored: StoredSet, words: Words) -> str:
    """What a set's score rests on, the main checks first; its unit where that is not known."""
    exercise = words.exercises.get(stored.exercise)
    main = () if exercise is None else exercise.main
    checks = name_checks(
        sorted(stored.rests_on, key=lambda check: check not in main), words, _NAMES
    )
    return words("summary.rests_on", checks=checks) if checks else words("summary.score")


def format_time(stored: StoredSet, today: date | None, words: Words) -> str:
    """The time of a set of today or yesterday, the day of an older one."""
    day, clock = stored.started_at.date(), f"{stored.started_at:%H:%M}"
    if day == today:
        return clock
    if today is not None and day == today - timedelta(days=1):
        return f"{words('history.yesterday')} {clock}"
    return format_day(day, words)


def format_day(day: date, words: Words) -> str:
    """A date without its year."""
    return words("history.day", day=day.day, month=words(f"month.{day.month}"))


def format_duration(stored: StoredSet, words: Words) -> str:
    """Minutes and seconds of a set, or that it never ended."""
    if stored.duration_s is None:
        return words("history.open")
    minutes, seconds = divmod(round(stored.duration_s), _MINUTE_S)
    return words("history.lasted", minutes=minutes, seconds=seconds)


def _place_week(canvas: Canvas, scene: Scene, history: Overview, box: Rect) -> None:
    """Places seven days, which of them were trained on, and the exercise's best set."""
    theme, words = canvas.theme, canvas.words
    grid = theme.grid
    head, days = _totals_and_rest(box, theme)
    trained = history.training_days
    unit = words("history.days", count=trained)
    _place_totals(canvas, head, words("history.week"), (("days", trained, unit),))
    line, rest = rows(days, (grid(_TITLE), 1.0), grid(Space.GAP))
    if _ENOUGH_DAYS <= trained <= _MOST_DAYS:
        text = words("history.goal_met")
        place_verdict(canvas, "goal", text, line, good=True, level=Level.BODY)
    else:
        key = "history.goal" if trained < _ENOUGH_DAYS else "history.goal_over"
        canvas.label("goal", words(key), line, Level.BODY, lines=2)
    if history.best is not None:
        rest, best = rows(rest, (1.0, grid(_ROW) + grid(_TITLE)), grid(Space.LARGE))
        label, row = rows(best, (grid(_LINE), 1.0), grid(Space.SMALL))
        canvas.label("best.label", words("history.best"), label, Level.CAPTION, lines=2)
        _place_set(canvas, scene, history.best, row, "best")
    cells = columns(rest, [1.0] * len(history.week))
    for number, (day, cell) in enumerate(zip(history.week, cells, strict=True)):
        _place_day(canvas, day, cell, number, now=day.day == scene.today)


def _place_totals(
    canvas: Canvas, box: Rect, title: str, totals: tuple[tuple[str, int, str], ...]
) -> None:
    """Places large figures side by side under a title, each with its unit: (name, figure, unit)."""
    grid = canvas.theme.grid
    head, figures = rows(middle(box, grid(_TOTALS)), (grid(_TITLE), 1.0), grid(_TITLE))
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


def _place_trend(canvas: Canvas, scene: Scene, history: Overview, box: Rect) -> None:
    """Places depth, clean reps, reps and, where any was entered, the load, week by week."""
    theme, words = canvas.theme, canvas.words
    title, rest = rows(box, (theme.grid(_TITLE), 1.0), theme.grid(Space.LARGE))
    canvas.text("title", words.name_of(scene.judged.exercise), title, Level.TITLE)
    weeks = history.trend
    if not any(week.sets for week in weeks):
        canvas.label("none", words("history.no_trend"), rest, Level.BODY, lines=2)
        return
    unit, since = scene.lifting.unit, format_day(weeks[0].monday, words)
    charts = [
        _Chart("depth", tuple(week.depth for week in weeks), _FULL, 1 / _FULL, _percent),
        _Chart("clean", tuple(week.clean_share for week in weeks), 1.0, None, _percent),
    ]
    reps = tuple(week.reps or None for week in weeks)
    charts.append(
        _Chart("reps", reps, max(week.reps for week in weeks) or 1, None, "{:.0f}".format)
    )
    loads = tuple(week.heaviest_kg for week in weeks)
    heaviest = max((load for load in loads if load is not None), default=None)
    if heaviest is not None:
        text = partial(load_text, unit=unit, words=words)
        charts.append(_Chart("load", loads, heaviest, None, text))
    across, gap = (2 if theme.portrait else len(charts)), theme.grid(Space.GROUP)
    lines = [charts[first : first + across] for first in range(0, len(charts), across)]
    for line, row in zip(
        lines, rows(rest, [1.0] * len(lines), theme.grid(Space.LARGE)), strict=True
    ):
        for chart, cell in zip(line, columns(row, [1.0] * across, gap), strict=False):
            _place_chart(canvas, chart, since, cell)


def _percent(share: float) -> str:
    return f"{share:.0%}"


@dataclass(frozen=True, slots=True)
class _Chart:
    """A bar a week up to the top value, the newest on the right and as a text.

    Attributes:
        full: the share of the height at which a bar is full; None along the upper edge.
    """

    name: str
    values: tuple[float | None, ...]
    top: float
    full: float | None
    format: Callable[[float], str]


def _place_chart(canvas: Canvas, chart: _Chart, since: str, box: Rect) -> None:
    grid, words, name = canvas.theme.grid, canvas.words, chart.name
    head, rest = rows(box, (grid(_TITLE), 1.0), grid(Space.GAP))
    bars, foot = rows(rest, (1.0, grid(_LINE)), grid(Space.TIGHT))
    label, figure = columns(head, (1.0, 1.0))
    newest = next((value for value in reversed(chart.values) if value is not None), None)
    if newest is not None:
        text = chart.format(newest)
        canvas.text(f"{name}.newest", text, figure, Level.TITLE, align=Align.RIGHT)
    text = words(f"history.trend_{name}")
    canvas.label(f"{name}.label", text, label, Level.BODY, align=Align.LEFT)
    shares = tuple(None if value is None else value / chart.top for value in chart.values)
    colour = Role.GOOD if name == "clean" else Role.TEXT
    canvas.place(name, bars, _draw_chart, shares, chart.full or 1.0, colour)
    first, last = columns(foot, _SINCE)
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
