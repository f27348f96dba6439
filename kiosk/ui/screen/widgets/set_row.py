"""One stored set as a row: reps, exercise, when, how long, and the score."""

from datetime import date, timedelta

from pygame import Rect

from kiosk.history.stored_set import StoredSet
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import columns, rows
from kiosk.ui.screen.toolkit.text import SEMIBOLD
from kiosk.ui.screen.toolkit.theme import Level, Role, Space
from kiosk.ui.words.words import Words

ROW = 11
"""Height in grid steps."""
_COUNT = 7  # grid steps
_COLUMNS = (6, 21, 6)
_MINUTE_S = 60


def place_set(canvas: Canvas, stored: StoredSet, today: date | None, row: Rect, name: str) -> None:
    """Places a set into a row, which has ROW grid steps at best."""
    theme, words = canvas.theme, canvas.words
    count, left, right = columns(row, _COLUMNS, theme.space(Space.GAP))
    canvas.text(
        f"{name}.count",
        str(stored.reps),
        count,
        level=min(row.height, theme.grid(_COUNT)),
        colour=Role.COUNT.value,
        align=Align.RIGHT,
    )
    above, below = rows(left, (1, 1), theme.space(Space.TIGHT))
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
    canvas.quiet(
        f"{name}.facts",
        " · ".join(facts),
        below,
        level=Level.CAPTION,
        align=Align.LEFT,
    )


def _place_score(canvas: Canvas, score: int, box: Rect, name: str) -> None:
    """On the two lines of the set's name and facts."""
    above, below = rows(box, (1, 1), canvas.theme.space(Space.TIGHT))
    canvas.text(f"{name}.score", str(score), above, level=Level.TITLE, align=Align.RIGHT)
    canvas.quiet(
        f"{name}.score.unit",
        canvas.words("summary.score"),
        below,
        level=Level.CAPTION,
        align=Align.RIGHT,
    )


def _when(stored: StoredSet, today: date | None, words: Words) -> str:
    day, clock = stored.started_at.date(), f"{stored.started_at:%H:%M}"
    if day == today:
        return clock
    if today is not None and day == today - timedelta(days=1):
        return f"{words('history.yesterday')} {clock}"
    return day_line(day, words)


def day_line(day: date, words: Words) -> str:
    """A date without its year."""
    return words("history.day", day=day.day, month=words(f"month.{day.month}"))


def _lasted(stored: StoredSet, words: Words) -> str:
    if stored.duration_s is None:
        return words("history.open")
    minutes, seconds = divmod(round(stored.duration_s), _MINUTE_S)
    return words("history.lasted", minutes=minutes, seconds=seconds)
