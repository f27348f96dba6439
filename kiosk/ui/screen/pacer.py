"""Decides when the next picture is drawn: with the next snapshot, else at the display's rate."""

import threading
import time
from collections.abc import Callable

SOONEST = 0.5
"""In parts of a picture's time: news that comes sooner waits, or twice as many would be drawn."""
LATEST = 1.1
"""The same: poses that come at the pictures' own rate, or at half of it, would otherwise come just
too late for each second picture, and be shown when they are old."""


class Pacer:
    """Waits between two pictures: so many a second where there is no news; with 0 never."""

    def __init__(
        self,
        fps: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval_s = 1 / fps if fps else 0.0
        self._clock = clock
        self._sleep = sleep
        self._began_s = clock()

    def wait(self, news: threading.Event) -> None:
        """Waits until the next picture is due.

        Another thread sets the news when there is something to show; they are cleared here, before
        they are read.
        """
        soonest_s = self._began_s + SOONEST * self._interval_s
        latest_s = self._began_s + LATEST * self._interval_s
        if (early_s := soonest_s - self._clock()) > 0:
            self._sleep(early_s)
        if (left_s := latest_s - self._clock()) > 0:
            news.wait(left_s)
        news.clear()
        self._began_s = self._clock()
