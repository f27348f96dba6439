"""Tells systemd how the mirror is, once a picture was drawn."""

import logging
import math
from collections.abc import Callable

from kiosk.system.liveness import Heartbeats, Liveness
from kiosk.system.sd_notify import FED, READY, STOPPING, TRIGGER, notify, status

FEED_S = 1.0
"""At most so often: a tenth of the unit's WatchdogSec."""
GRACE_S = 5.0
"""Stale for so long, the mirror calls the watchdog, which was fed until then and would wait for
another WatchdogSec: a part that hangs is away no longer than a program that hangs."""

_log = logging.getLogger(__name__)


class Watchdog:
    """Feeds the watchdog while the mirror is fresh, lets it starve when it is not, then calls it.

    Args:
        tell: takes the words for systemd.
    """

    def __init__(self, tell: Callable[..., None] = notify) -> None:
        self._tell = tell
        self._freshness = Liveness()
        self._fed_s: float | None = None
        self._stale_s: float | None = None
        self._status: str | None = None

    def drawn(self, now_s: float, signs: Heartbeats, fault: str | None) -> None:
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
        if stale is not None:
            self._starve(now_s)
            return
        self._stale_s = None
        if self._fed_s is None or now_s - self._fed_s >= FEED_S:
            self._tell(FED)
            self._fed_s = now_s

    def close(self) -> None:
        """Says that the end has begun."""
        self._tell(STOPPING)

    def _starve(self, now_s: float) -> None:
        if self._stale_s is None:
            self._stale_s = now_s
        if now_s - self._stale_s >= GRACE_S:
            self._tell(TRIGGER)
            self._stale_s = math.inf  # once is enough

    def _say(self, text: str, *, warn: bool) -> None:
        if text == self._status:
            return
        self._status = text
        self._tell(status(text))
        if warn:
            _log.warning("%s; the watchdog is fed no more", text)
