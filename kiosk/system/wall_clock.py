"""Reads the wall clock for the history, with a substitute where it cannot be right."""

import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from kiosk.errors import HistoryError

RELEASED_S = datetime(2026, 1, 1, 12, tzinfo=UTC).timestamp()
"""First noon of the year of this release, in whatever zone: no set was done before it. A
Raspberry Pi without a clock of its own wakes up in 1970 or in the year of its image, until the
network sets its time."""

_SET_S = 60.0
"""The newest set went on for about so long after it began."""

ZONES_S = 14 * 3600.0
"""A clock that is behind by less may be set to the local time of another place, up to UTC+14."""
APART_S = 31 * 86400.0
"""Sets that are so much later than the others were dated by a wrong clock, unless most are: a
mirror is used more than once a month."""
TOO_FAR_S = 5 * 365 * 86400.0
"""A clock is not behind by so much without being before the release; the set is wrong then."""
ASKED = 20
"""So many of the newest sets are looked at."""
_ASK_S = 1.0
"""A history that cannot be read yet, such as one being migrated, is asked again so often."""

_log = logging.getLogger(__name__)


class WallClock:
    """Returns the wall clock's time where that can be right. Any thread may ask.

    A clock that stands before the release is not believed, and neither is one that stands before
    the newest set of earlier runs by more than a time zone: a Raspberry Pi that was not shut down
    wakes up in the hour that it last wrote to its card, and a new card in the month of its image.
    Time then goes on from the newest set in the history, or from the release where there is none.
    So a set is filed behind those before it, on a day that can be true, and nothing ever shows
    1970. A clock that is ahead cannot be found out; the history is sorted by the order of the sets
    and not by their times.

    Args:
        wall_clock: seconds since 1970.
        newest_set_s: when the newest set began, in the same seconds; None without one. Asked once;
            asked again only where it raises HistoryError.
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
        self._newest_s: float | None = None
        self._ask_s: float | None = -math.inf  # None once it has answered

    def __call__(self) -> float:
        """Seconds since 1970, not before the release.

        Before every picture and every set: so a time zone that was changed holds from then on.
        """
        time.tzset()
        wall_s = self._wall_clock()
        with self._lock:
            self._ask()
            wrong = wall_s < RELEASED_S or self._is_behind(wall_s)
            if wrong and not self.wrong:
                _log.warning("the clock is wrong; connect the network once, or set it by hand")
            elif self.wrong and not wrong:
                _log.info("the clock is right again")
            self.wrong = wrong
            return self._guess_s() if wrong else wall_s

    def _ask(self) -> None:
        now_s = self._clock()
        if self._ask_s is not None and now_s >= self._ask_s:
            try:
                self._newest_s = self._newest_set_s()
                self._ask_s = self._offset_s = None
            except HistoryError:
                self._ask_s = now_s + _ASK_S

    def _is_behind(self, wall_s: float) -> bool:
        behind_s = 0.0 if self._newest_s is None else self._newest_s - wall_s
        return ZONES_S < behind_s < TOO_FAR_S

    def _guess_s(self) -> float:
        if self._offset_s is None:
            newest_s = self._newest_s or 0.0
            self._offset_s = max(RELEASED_S, newest_s) + _SET_S - self._clock()
        return self._clock() + self._offset_s


def newest_of(starts_s: Sequence[float]) -> float | None:
    """Returns the latest start of the newest sets that most of them agree with; None without any.

    One set that a wrong clock has dated years ahead would make every right clock a wrong one. The
    sets later than a gap of a month count only where they are more than those before it.
    """
    left = sorted(starts_s)
    for place in reversed(range(1, len(left))):
        later = len(left) - place
        if left[place] - left[place - 1] > APART_S and later <= place:
            left = left[:place]
    return left[-1] if left else None
