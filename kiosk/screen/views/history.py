"""Stored sets, newest first, page by page."""

from datetime import date, timedelta

from pygame import Rect, Surface

from kiosk.history.stored import StoredSet
from kiosk.screen import draw
from kiosk.screen.canvas import Align, Canvas
from kiosk.screen.layout import columns, cut_bottom, cut_top, middle, rows
from kiosk.screen.scene import Scene
from kiosk.screen.text import SEMIBOLD
from kiosk.screen.theme import Level, Role, Theme
from kiosk.words.words import Words

_HEAD = 29  # grid steps
_ROW = 11  # grid steps
_GAP = 3
_MINUTE_S = 60


class HistoryView:
    """What was done today, and the latest sets under it."""

    def draw(self, scene: Scene, box: Rect, canvas: Canvas) -> None:
        """Places the screen."""
        if not scene.history:
            _place_empty(canvas, box)
            return
        head, listed, foot = _split(box, canvas.theme)
        _place_today(canvas, scene, head)
        fitting = rows_a_page(box, canvas.theme)
        pages = -(-len(scene.history) // fitting)
        page = scene.history_page % pages
        shown = scene.history[page * fitting : (page + 1) * fitting]
        cells = rows(listed, [1] * fitting)
        for number, (stored, cell) in enumerate(zip(shown, cells, strict=False)):
            row = middle(cell, canvas.theme.grid(_ROW))
            _place_set(canvas, stored, scene.today, row, f"row.{number}")
        if pages > 1:
            canvas.text(
                "page",
                canvas.words("history.page", page=page + 1, pages=pages),
                foot,
                level=Level.CAPTION,
                colour=Role.QUIET.value,
                weight=SEMIBOLD,
            )


def rows_a_page(box: Rect, theme: Theme) -> int:
    """How many sets the box holds under its heading; at least one."""
    listed = _split(box, theme)[1]
    return max(1, listed.height // theme.grid(_ROW + _GAP))


def _split(box: Rect, theme: Theme) -> tuple[Rect, Rect, Rect]:
    if theme.portrait:
        head, rest = cut_top(box, theme.grid(_HEAD), theme.grid(6))
    else:
        head, rest = columns(box, (3, 5), theme.grid(6))
    foot, listed = cut_bottom(rest, theme.grid(4), theme.grid(1))
    return head, listed, foot


def _place_today(canvas: Canvas, scene: Scene, box: Rect) -> None:
    theme, words = canvas.theme, canvas.words
    today = [stored for stored in scene.history if stored.started_at.date() == scene.today]
    title, figures = cut_top(middle(box, theme.grid(_HEAD)), theme.grid(5), theme.grid(5))
    if not today:
        canvas.text("title", words("history.title"), box, level=Level.DISPLAY)
        return
    canvas.text(
        "title",
        words("history.today"),
        title,
        level=Level.TITLE,
        colour=Role.QUIET.value,
        weight=SEMIBOLD,
    )
    reps = sum(stored.reps for stored in today)
    for (name, figure, unit), cell in zip(
        (
            ("sets", len(today), words("history.sets", count=len(today))),
            ("reps", reps, words("set.reps", count=reps)),
        ),
        columns(figures, (1, 1), theme.grid(4)),
        strict=True,
    ):
        above, below = cut_top(cell, theme.grid(11), theme.grid(3))
        canvas.text(
            f"today.{name}", str(figure), above, level=theme.grid(11), colour=Role.COUNT.value
        )
        canvas.text(
            f"today.{name}.unit",
            unit,
            below,
            level=Level.BODY,
            colour=Role.QUIET.value,
            weight=SEMIBOLD,
        )


def _place_set(canvas: Canvas, stored: StoredSet, today: date | None, row: Rect, name: str) -> None:
    theme, words = canvas.theme, canvas.words
    count, left, right = columns(row, (6, 21, 6), theme.grid(3))
    canvas.text(
        f"{name}.count",
        str(stored.reps),
        count,
        level=theme.grid(7),
        colour=Role.COUNT.value,
        align=Align.RIGHT,
    )
    above, below = cut_top(left, theme.grid(5), theme.grid(1.5))
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
    theme = canvas.theme
    above, below = cut_top(box, theme.grid(5), theme.grid(1.5))
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


def _when(stored: StoredSet, today: date | None, words: Words) -> str:
    day, clock = stored.started_at.date(), f"{stored.started_at:%H:%M}"
    if day == today:
        return clock
    if today is not None and day == today - timedelta(days=1):
        return f"{words('history.yesterday')} {clock}"
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
