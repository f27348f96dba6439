"""Gathers what Home Assistant is told: from the mirror's state file and its history."""

import logging
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from kiosk.errors import HistoryError
from kiosk.history.overview import DayTotals
from kiosk.history.reader import Reader
from kiosk.history.rows import StoredSet
from kiosk.outbox.home_discovery import OFF, ON, STATES, UNKNOWN, Topics
from kiosk.system.mirror_state import Doing, MirrorState, read_state
from kiosk.training.facts import GUEST

_STATE_OF: dict[Doing, str] = dict(zip(("waiting", "set", "blind"), STATES, strict=True))
_log = logging.getLogger(__name__)


class Values:
    """Reads the payload of every topic. Reads the history only when it has changed.

    Args:
        folder: of the history.
        topics: of this mirror.
        version: of this program, where no mirror runs that would say its own.
        with_lifter: whether the place and the load of the last set are told.
        now: the local time.
        state: reads the mirror's state.
    """

    def __init__(
        self,
        folder: Path,
        topics: Topics,
        version: str,
        *,
        with_lifter: bool,
        now: Callable[[], datetime],
        state: Callable[[], MirrorState | None] = read_state,
    ) -> None:
        self._reader = Reader(folder)
        self._topics = topics
        self._version = version
        self._with_lifter = with_lifter
        self._now = now
        self._state = state
        self._seen: object = None
        self._today: DayTotals | None = None
        self._last: StoredSet | None = None
        self._failed = False

    def read(self) -> dict[str, str]:
        """Returns the payloads by topic."""
        self._read_history(self._now().date())
        state, topics = self._state(), self._topics
        faults = () if state is None else state.faults
        today = self._today
        return {
            topics.state("state"): UNKNOWN if state is None else _STATE_OF[state.doing],
            topics.state("reps_today"): UNKNOWN if today is None else str(today.reps),
            topics.state("sets_today"): UNKNOWN if today is None else str(today.sets),
            topics.state("last_set"): _time_of(self._last),
            topics.details("last_set"): _json(self._details()),
            topics.state("faults"): UNKNOWN if state is None else ON if faults else OFF,
            topics.details("faults"): _json({"faults": list(faults)}),
            topics.state("temperature"): str(None if state is None else state.temperature_c),
            topics.state("version"): self._version if state is None else state.version,
        }

    def _read_history(self, day: date) -> None:
        path = self._reader.path
        seen = (day, _signature(path), _signature(path.with_name(f"{path.name}-wal")))
        if seen == self._seen:
            return
        try:
            self._today = self._reader.totals_of(day)
            self._last = next(iter(self._reader.recent(1)), None)
        except HistoryError as error:
            if not self._failed:
                _log.warning("%s", error)
            self._failed, self._today, self._last = True, None, None
            return
        self._seen, self._failed = seen, False

    def _details(self) -> dict[str, Any]:
        last = self._last
        if last is None:
            return {}
        found: dict[str, Any] = {
            "exercise": last.exercise,
            "reps": last.reps if last.facts.corrected is None else last.facts.corrected,
            "clean": last.clean,
            "faulty": last.faulty,
        }
        if self._with_lifter:
            lifter = last.facts.lifter
            found |= {
                "place": None if lifter == GUEST else lifter,
                "load_kg": last.facts.load_kg,
            }
        return found


def _time_of(stored: StoredSet | None) -> str:
    return UNKNOWN if stored is None else stored.started_at.isoformat(timespec="seconds")


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _signature(path: Path) -> tuple[int, int, int] | None:
    """What changes with every write to a file; None where there is none, or nothing in it.

    A reader of the history makes an empty write-ahead log.
    """
    try:
        found = path.stat()
    except OSError:
        return None
    if not found.st_size:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
