"""A row for one stored set: reps, exercise, when, how long, and the score."""

from datetime import date, timedelta

from pygame import Rect

from kiosk.history.rows import StoredSet
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import columns, rows
from kiosk.ui.screen.toolkit.theme import Level, Role, Space
from kiosk.ui.words.words import Words

ROW = 11
"""Height in grid steps."""
_COUNT = 7  # grid steps
_COLUMNS = (6.0, 21.0, 6.0)
_MINUTE_S = 60


def place_set_row(
    canvas: Canvas, stored: StoredSet, today: date | None, row: Rect, name: str
) -> None:
    """Places a set into a row, which has ROW grid steps at best."""
    grid, words = canvas.theme.grid, canvas.words
    count, left, right = columns(row, _COLUMNS, grid(Space.GAP))
    size = min(row.height, grid(_COUNT))
    canvas.text(f"{name}.count", str(stored.reps), count, size, Role.COUNT, align=Align.RIGHT)
    (title, facts), (score, unit) = (
        rows(cell, (1.0, 1.0), grid(Space.TIGHT)) for cell in (left, right)
    )
    text = words.name_of(stored.exercise)
    canvas.label(f"{name}.exercise", text, title, Level.BODY, Role.TEXT, align=Align.LEFT)
    if stored.score is not None:
        canvas.text(f"{name}.score", str(stored.score), score, Level.TITLE, align=Align.RIGHT)
        text = words("summary.score")
        canvas.label(f"{name}.score.unit", text, unit, Level.CAPTION, align=Align.RIGHT)
    text = f"{format_time(stored, today, words)} · {format_duration(stored, words)}"
    canvas.label(f"{name}.facts", text, facts, Level.CAPTION, align=Align.LEFT)


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
