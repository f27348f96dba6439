"""Keeps the newest warnings and errors, for the operator's page."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

KEPT = 8
"""Those that fit on a page; the journal of the system has them all."""
_LETTERS = 160


@dataclass(frozen=True, slots=True)
class LoggedError:
    """A line that was logged as a warning or an error.

    Attributes:
        at: the last time, by the wall clock, in the zone of this machine.
        text: one line of 160 characters at most.
        times: how often since it began to be remembered.
    """

    at: datetime
    text: str
    times: int = 1


class RecentErrors(logging.Handler):
    """Keeps the newest errors. Add it to a logger; any thread may log and any may read.

    What the same logger writes in the same words again is one error that happened more often.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._found: dict[tuple[str, str], LoggedError] = {}

    @property
    def newest(self) -> tuple[LoggedError, ...]:
        """The newest errors, the last one first."""
        self.acquire()
        try:
            return tuple(reversed(self._found.values()))
        finally:
            self.release()

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps one record of the log, under the handler's lock."""
        try:
            text = _line(record)
        except Exception:  # noqa: BLE001 - whatever formatting raises, as every handler does
            self.handleError(record)
            return
        at = datetime.fromtimestamp(record.created, UTC).astimezone()
        key = (record.name, text)
        before = self._found.pop(key, None)
        self._found[key] = LoggedError(at, text, before.times + 1 if before else 1)
        if len(self._found) > KEPT:
            del self._found[next(iter(self._found))]  # the one that has been quiet for longest


def _line(record: logging.LogRecord) -> str:
    text = record.getMessage()
    if record.exc_info and record.exc_info[1] is not None:
        error = record.exc_info[1]
        text = f"{text} ({type(error).__name__}: {error})"
    text = " ".join(text.split())
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1]}…"
