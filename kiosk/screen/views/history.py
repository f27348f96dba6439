"""Stored sets: today's, the week, twelve weeks of the exercise, and the sets before."""

from datetime import date, timedelta

from pygame import Rect, Surface

from kiosk.history.overview import DayTotals, Overview, WeekTrend
from kiosk.history.stored import StoredSet
from kiosk.screen import draw
from kiosk.screen.canvas import Align, Canvas
from kiosk.screen.layout import columns, cut_bottom, cut_left, cut_right, cut_top, middle, rows
from kiosk.screen.scene import Scene
from kiosk.screen.signed import place_good
from kiosk.screen.text import SEMIBOLD
from kiosk.screen.theme import Colour, Level, Role, Space, Theme
from kiosk.words.words import Words

_HEAD, _ROW, _FOOT = 29, 11, 4
_FIGURE, _TITLE, _LINE, _BEST = 11, 5, 3, 16
"""Heights in grid steps."""
_COLUMNS = (6, 21, 6)
_MINUTE_S = 60
_ENOUGH_DAYS, _MOST_DAYS = 2, 4
"""Training days a week that the hinge is trained on; more than the second leaves no rest."""
_FIXED = 3  # today, the week, the weeks; then what is left of the list
_FULL = 1.15  # top of the depth trend, in full depths
_DAY_DOT, _WEEK_BAR = 0.34, 0.56  # of a column


class HistoryView:
    """One leaf at a time: the newest first, and never more than three metres can read."""

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the screen."""
        history = scene.history
        if history is None or not history.total_sets:
            _place_empty(canvas, box)
            return
        total = leaves(box, canvas.theme, history)
        leaf = scene.leaf % total
        foot, page = cut_bottom(box, canvas.theme.grid(_FOOT), canvas.theme.space(Space.TIGHT))
        if leaf == 1:
            _place_week(canvas, history, scene.today, page)
        elif leaf == 2:
            _place_trend(canvas, scene, history, page)
        else:
            _place_list(canvas, history, scene.today, page, max(0, leaf - _FIXED + 1))
        canvas.text(
            "page",
            canvas.words("history.page", page=leaf + 1, pages=total),
            foot,
            level=Level.CAPTION,
            colour=Role.QUIET.value,
            weight=SEMIBOLD,
        )


def leaves(box: Rect, theme: Theme, history: Overview | None) -> int:
    """How many leaves the history takes; at least one."""
    if history is None or not history.total_sets:
        return 1
    page = cut_bottom(box, theme.grid(_FOOT), theme.space(Space.TIGHT))[1]
    left = len(history.latest) - _fitting(page, theme)
    whole = max(1, page.height // theme.grid(_ROW + Space.GAP.value))
    return _FIXED + max(0, -(-left // whole))


class EraseView:
    """Asks once more before everything is gone."""

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the screen."""
        theme, words = canvas.theme, canvas.words
        total = 0 if scene.history is None else scene.history.total_sets
        block = middle(box, min(box.height, theme.grid(_HEAD)))
        title, line = rows(block, (3, 2), theme.space(Space.GAP))
        canvas.text("title", words("erase.title", count=total), title, level=Level.DISPLAY, lines=2)
        canvas.text(
            "line",
            words("erase.line"),
            line,
            level=Level.BODY,
            colour=Role.WARN.value,
            weight=SEMIBOLD,
            lines=3,
        )


def _split(box: Rect, theme: Theme) -> tuple[Rect, Rect]:
    if theme.portrait:
        return cut_top(box, theme.grid(_HEAD), theme.space(Space.LARGE))
    head, listed = columns(box, (3, 5), theme.space(Space.LARGE))
    return head, listed


def _fitting(box: Rect, theme: Theme) -> int:
    """How many sets the first leaf holds beside its heading; at least one."""
    return max(1, _split(box, theme)[1].height // theme.grid(_ROW + Space.GAP.value))


def _place_list(
    canvas: Canvas, history: Overview, today: date | None, box: Rect, further: int
) -> None:
    """The newest sets under today's totals, or a further leaf of them over the whole box."""
    theme = canvas.theme
    first = _fitting(box, theme)
    if further == 0:
        head, listed = _split(box, theme)
        _place_today(canvas, history, head)
        fitting, shown = first, history.latest[:first]
    else:
        listed = box
        fitting = max(1, box.height // theme.grid(_ROW + Space.GAP.value))
        start = first + (further - 1) * fitting
        shown = history.latest[start : start + fitting]
    cells = rows(listed, [1] * fitting)
    for number, (stored, cell) in enumerate(zip(shown, cells, strict=False)):
        row = middle(cell, theme.grid(_ROW))
        _place_set(canvas, stored, today, row, f"row.{number}")


def _place_today(canvas: Canvas, history: Overview, box: Rect) -> None:
    theme, words = canvas.theme, canvas.words
    totals = history.today_totals
    if not totals.sets:
        canvas.text("title", words("history.title"), box, level=Level.DISPLAY)
        return
    title, figures = cut_top(middle(box, theme.grid(_HEAD)), theme.grid(_TITLE), theme.grid(_TITLE))
    _quiet(canvas, "title", words("history.today"), title, Level.TITLE)
    _place_figures(
        canvas,
        figures,
        (
            ("sets", str(totals.sets), words("history.sets", count=totals.sets)),
            ("reps", str(totals.reps), words("set.reps", count=totals.reps)),
        ),
    )


def _place_figures(canvas: Canvas, box: Rect, told: tuple[tuple[str, str, str], ...]) -> None:
    """Large figures side by side: (name, figure, unit)."""
    theme = canvas.theme
    cells = columns(box, [1] * len(told), theme.space(Space.GROUP))
    for (name, figure, unit), cell in zip(told, cells, strict=True):
        above, below = cut_top(cell, theme.grid(_FIGURE), theme.space(Space.GAP))
        canvas.text(
            f"total.{name}", figure, above, level=theme.grid(_FIGURE), colour=Role.COUNT.value
        )
        unit_box = Rect(below.left, below.top, below.width, min(below.height, theme.grid(_TITLE)))
        _quiet(canvas, f"total.{name}.unit", unit, unit_box, Level.BODY)


def _place_week(canvas: Canvas, history: Overview, today: date | None, box: Rect) -> None:
    """Seven days, which of them were trained on, and the exercise's best set."""
    theme, words = canvas.theme, canvas.words
    head, days = _split(box, theme)
    title, figures = cut_top(
        middle(head, theme.grid(_HEAD)), theme.grid(_TITLE), theme.grid(_TITLE)
    )
    _quiet(canvas, "title", words("history.week"), title, Level.TITLE)
    trained = history.training_days
    _place_figures(canvas, figures, (("days", str(trained), words("history.days", count=trained)),))
    line, rest = cut_top(days, theme.grid(_TITLE), theme.space(Space.GAP))
    if _ENOUGH_DAYS <= trained <= _MOST_DAYS:
        place_good(canvas, "goal", words("history.goal_met"), line, level=Level.BODY)
    else:
        key = "history.goal" if trained < _ENOUGH_DAYS else "history.goal_over"
        _quiet(canvas, "goal", words(key), line, Level.BODY)
    if history.best is not None:
        best, rest = cut_bottom(rest, theme.grid(_BEST), theme.space(Space.LARGE))
        label, row = cut_top(best, theme.grid(_LINE), theme.space(Space.SMALL))
        _quiet(canvas, "best.label", words("history.best"), label, Level.CAPTION)
        _place_set(canvas, history.best, today, row, "best")
    cells = columns(rest, [1] * len(history.week))
    for number, (day, cell) in enumerate(zip(history.week, cells, strict=True)):
        _place_day(canvas, day, cell, number, now=day.day == today)


def _place_day(canvas: Canvas, day: DayTotals, cell: Rect, number: int, *, now: bool) -> None:
    theme, words = canvas.theme, canvas.words
    size = min(cell.height, cell.width, theme.grid(_FIGURE))
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


def _place_trend(canvas: Canvas, scene: Scene, history: Overview, box: Rect) -> None:
    """Depth and clean reps of the chosen exercise, week by week."""
    theme, words = canvas.theme, canvas.words
    exercise = scene.snapshot.exercise if scene.snapshot is not None else ""
    title, rest = cut_top(box, theme.grid(_TITLE), theme.space(Space.LARGE))
    key = f"exercise.{exercise}.name"
    canvas.text("title", words(key) if key in words else "", title, level=Level.TITLE)
    weeks = history.trend
    if not any(week.sets for week in weeks):
        _quiet(canvas, "none", words("history.no_trend"), rest, Level.BODY)
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
    canvas.text(
        f"{name}.label",
        words(f"history.trend_{name}"),
        label,
        level=Level.BODY,
        colour=Role.QUIET.value,
        weight=SEMIBOLD,
        align=Align.LEFT,
    )

    def paint(surface: Surface) -> None:
        _paint_chart(surface, shares, line_at, colour)

    canvas.place(name, bars, (shares, line_at, colour), paint)
    ends = cut_left(foot, foot.width // 2)
    for which, text, align, cell in (
        ("first", _date(weeks[0].monday, words), Align.LEFT, ends[0]),
        ("last", words("history.this_week"), Align.RIGHT, ends[1]),
    ):
        canvas.text(
            f"{name}.{which}",
            text,
            cell,
            level=Level.CAPTION,
            colour=Role.QUIET.value,
            weight=SEMIBOLD,
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


def _place_set(canvas: Canvas, stored: StoredSet, today: date | None, row: Rect, name: str) -> None:
    theme, words = canvas.theme, canvas.words
    count, left, right = columns(row, _COLUMNS, theme.space(Space.GAP))
    canvas.text(
        f"{name}.count",
        str(stored.reps),
        count,
        level=min(row.height, theme.grid(_ROW) * 2 // 3),
        colour=Role.COUNT.value,
        align=Align.RIGHT,
    )
    above, below = rows(left, (5, 5), theme.space(Space.TIGHT))
    key = f"exercise.{stored.exercise}.name"
    canvas.text(
        f"{name}.exercise",
        words(key) if key in words else stored.exercise,
        above,
        level=Level.BODY,
        weight=SEMIBOLD,
        align=Align.LEFT,
    )
    if stored.score is not None:
        _place_score(canvas, stored.score, right, name)
    facts = _when(stored, today, words), _lasted(stored, words)
    canvas.text(
        f"{name}.facts",
        " · ".join(facts),
        below,
        level=Level.CAPTION,
        colour=Role.QUIET.value,
        weight=SEMIBOLD,
        align=Align.LEFT,
    )


def _place_score(canvas: Canvas, score: int, box: Rect, name: str) -> None:
    """On the two lines of the set's name and facts."""
    above, below = rows(box, (5, 5), canvas.theme.space(Space.TIGHT))
    canvas.text(f"{name}.score", str(score), above, level=Level.TITLE, align=Align.RIGHT)
    canvas.text(
        f"{name}.score.unit",
        canvas.words("summary.score"),
        below,
        level=Level.CAPTION,
        colour=Role.QUIET.value,
        weight=SEMIBOLD,
        align=Align.RIGHT,
    )


def _quiet(canvas: Canvas, name: str, text: str, box: Rect, level: Level) -> None:
    canvas.text(name, text, box, level=level, colour=Role.QUIET.value, weight=SEMIBOLD, lines=2)


def _when(stored: StoredSet, today: date | None, words: Words) -> str:
    day, clock = stored.started_at.date(), f"{stored.started_at:%H:%M}"
    if day == today:
        return clock
    if today is not None and day == today - timedelta(days=1):
        return f"{words('history.yesterday')} {clock}"
    return _date(day, words)


def _date(day: date, words: Words) -> str:
    return words("history.day", day=day.day, month=words(f"month.{day.month}"))


def _lasted(stored: StoredSet, words: Words) -> str:
    if stored.duration_s is None:
        return words("history.open")
    minutes, seconds = divmod(round(stored.duration_s), _MINUTE_S)
    return words("history.lasted", minutes=minutes, seconds=seconds)


def _place_empty(canvas: Canvas, box: Rect) -> None:
    theme = canvas.theme
    sign = Rect(0, 0, theme.grid(24), theme.grid(18))
    sign.midbottom = (box.centerx, box.centery - theme.grid(2))
    canvas.place("empty.sign", sign, (), _paint_empty)
    title = Rect(box.left, box.centery + theme.grid(2), box.width, theme.grid(10))
    canvas.text("empty", canvas.words("history.empty"), title, level=Level.DISPLAY)
    canvas.text(
        "empty.line",
        canvas.words("history.empty_line"),
        Rect(box.left, title.bottom + theme.grid(2), box.width, theme.grid(8)),
        level=Level.BODY,
        colour=Role.QUIET.value,
        weight=SEMIBOLD,
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
