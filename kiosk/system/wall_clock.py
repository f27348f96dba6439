"""Reads the wall clock for the history, with a substitute where it cannot be right."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

RELEASED_S = datetime(2026, 1, 1, 12, tzinfo=UTC).timestamp()
"""First noon of the year of this release, in whatever zone: no set was done before it. A
Raspberry Pi without a clock of its own wakes up in 1970 or in the year of its image, until the
network sets its time."""

_SET_S = 60.0
"""The newest set went on for about so long after it began."""

_log = logging.getLogger(__name__)


class WallClock:
    """Returns the wall clock's time where that can be right. Any thread may ask.

    A clock that stands before the release is not believed: time then goes on from the newest set in
    the history, or from the release where there is none. So a set is filed behind those before it,
    on a day that can be true, and nothing ever shows 1970. A clock that is wrong in another way
    cannot be found out; the history is sorted by the order of the sets and not by their times.

    Args:
        wall_clock: seconds since 1970.
        newest_set_s: when the newest set began, in the same seconds; None without one. Asked once,
            if ever.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        wall_clock: Callable[[], float],
        newest_set_s: Callable[[], float | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.wrong = False
        self._wall_clock = wall_clock
        self._newest_set_s = newest_set_s
        self._clock = clock
        self._lock = threading.Lock()
        self._offset_s: float | None = None

    def __call__(self) -> float:
        """Seconds since 1970, not before the release."""
        wall_s = self._wall_clock()
        with self._lock:
            wrong = wall_s < RELEASED_S
            if wrong and not self.wrong:
                _log.warning("the clock is wrong; connect the network once, or set it by hand")
            elif self.wrong and not wrong:
                _log.info("the clock is right again")
            self.wrong = wrong
            return self._guess_s() if wrong else wall_s

    def _guess_s(self) -> float:
        if self._offset_s is None:
            newest_s = self._newest_set_s() or 0.0
            self._offset_s = max(RELEASED_S, newest_s) + _SET_S - self._clock()
        return self._clock() + self._offset_s
