"""Tells systemd how the mirror is, once a picture was drawn."""

import logging
from collections.abc import Callable

from kiosk.service.freshness import Freshness, Signs
from kiosk.service.notify import FED, READY, STOPPING, notify, status

FEED_S = 1.0
"""At most so often: a tenth of the unit's WatchdogSec."""

_log = logging.getLogger(__name__)


class Lifeline:
    """Feeds the watchdog while the mirror is fresh, and lets it starve when it is not.

    Args:
        tell: takes the words for systemd.
    """

    def __init__(self, tell: Callable[..., None] = notify) -> None:
        self._tell = tell
        self._freshness = Freshness()
        self._fed_s: float | None = None
        self._status: str | None = None

    def drawn(self, now_s: float, signs: Signs, fault: str | None) -> None:
        """To be called after every picture. The first one makes the service ready.

        Args:
            now_s: monotonic seconds.
            signs: of life.
            fault: what keeps the camera from giving frames, which the screen shows.
        """
        if self._status is None:
            self._tell(READY)
        stale = self._freshness.stale(now_s, signs)
        self._say(f"the {stale} hangs" if stale else fault or "running", warn=bool(stale))
        if stale is None and (self._fed_s is None or now_s - self._fed_s >= FEED_S):
            self._tell(FED)
            self._fed_s = now_s

    def close(self) -> None:
        """Says that the end has begun."""
        self._tell(STOPPING)

    def _say(self, text: str, *, warn: bool) -> None:
        if text == self._status:
            return
        self._status = text
        self._tell(status(text))
        if warn:
            _log.warning("%s; the watchdog is fed no more", text)
