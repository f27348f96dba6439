"""Measures how often something happens and how long it takes, in a sliding window."""

import threading
from collections import deque
from statistics import median

WINDOW_S = 5.0
"""Long enough for a steady figure at 5 frames a second, short enough to show a change at once."""
_KEPT = 1024  # twice what a camera of 100 frames a second gives in a window


class Rate:
    """Counts events in a sliding window: one thread records, any may ask. Its memory is bounded.

    Args:
        window_s: seconds of the window.
        kept: events that are kept; with more of them in the window, it is the shorter for it.
    """

    def __init__(self, *, window_s: float = WINDOW_S, kept: int = _KEPT) -> None:
        self._window_s = window_s
        self._events: deque[tuple[float, float]] = deque(maxlen=kept)
        self._lock = threading.Lock()

    def record(self, at_s: float, *, took_ms: float = 0.0) -> None:
        """Records one event at a monotonic time, and how long it took for `median_ms`."""
        with self._lock:
            self._events.append((at_s, took_ms))

    def per_second(self, now_s: float) -> float | None:
        """Returns events a second; None before the second one, 0 when they have ceased."""
        with self._lock:
            if len(self._events) < 2:
                return None
            # the oldest event opens the count and is not in it
            since_s = max(now_s - self._window_s, self._events[0][0])
            count = sum(at_s > since_s for at_s, _ in self._events)
        return count / (now_s - since_s) if now_s > since_s else None

    def median_ms(self, now_s: float) -> float | None:
        """Returns the median of how long they took; None where none is in the window."""
        with self._lock:
            lately = [ms for at_s, ms in self._events if at_s > now_s - self._window_s]
        return median(lately) if lately else None
