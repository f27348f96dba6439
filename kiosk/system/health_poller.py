"""Looks at the machine every few seconds, in a thread of its own."""

import logging
import threading
from collections.abc import Callable

from kiosk.system.health import Health

EVERY_S = 2.0
"""A processor warms up in tens of seconds, and each look costs the firmware a question."""

_log = logging.getLogger(__name__)


class HealthWatch:
    """Keeps the newest look at the machine.

    Args:
        look: at the machine; may take a second, so it never runs in the main thread.
        wait: waits that many seconds or until told to stop; returns whether to stop.
    """

    def __init__(
        self, look: Callable[[], Health], wait: Callable[[float], bool] | None = None
    ) -> None:
        self.newest: Health | None = None
        self._look = look
        self._stop = threading.Event()
        self._wait = wait or self._stop.wait
        self._thread = threading.Thread(target=self._run, name="health", daemon=True)

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def close(self) -> None:
        """Looks no more. Safe to call twice, and without a start."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=EVERY_S)

    def _run(self) -> None:
        failed = False
        while True:
            try:
                self.newest = self._look()
                failed = False
            except Exception:  # noqa: BLE001 - a mirror works without knowing its temperature
                if not failed:
                    _log.exception("the machine cannot be looked at")
                failed = True
            if self._wait(EVERY_S):
                return
