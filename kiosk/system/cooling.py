"""Looks less often while the processor is hot."""

import logging
import time
from collections.abc import Callable

from kiosk.system.health import Health
from kiosk.system.thermal import Pace, Thermostat

EASED_FPS = 10.0
"""A third of a camera's 30: counts hold down to 5 frames a second, as the tests of the recordings
show; a swing's form needs more, and is then not judged."""

_log = logging.getLogger(__name__)


class Cooling:
    """Told of the machine by one thread, and asked for a rest after every look by another.

    Args:
        wait: waits that many seconds, or less when the end has come.
        clock: monotonic seconds.
    """

    def __init__(
        self, wait: Callable[[float], object], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._wait = wait
        self._clock = clock
        self._thermostat = Thermostat()
        self._began_s: float | None = None

    @property
    def eased(self) -> bool:
        """Whether the looks are held back."""
        return self._thermostat.pace is Pace.EASED

    def note(self, now_s: float, health: Health | None) -> None:
        """Takes the newest look at the machine.

        Args:
            now_s: monotonic seconds.
            health: None before the first one.
        """
        if health is None:
            return
        before = self._thermostat.pace
        pace = self._thermostat.update(now_s, health.temperature_c, health.throttling)
        if pace is before:
            return
        degrees = "" if health.temperature_c is None else f" ({health.temperature_c:.0f} °C)"
        if pace is Pace.EASED:
            text = "the processor is hot or held back%s: %.0f looks a second; give it air"
            _log.warning(text, degrees, EASED_FPS)
        else:
            _log.info("the processor is cool again%s: full speed", degrees)

    def rest(self) -> None:
        """Waits, while eased, until `EASED_FPS` allows the next look. Call it after each look."""
        now_s = self._clock()
        due_s = now_s if self._began_s is None else self._began_s + 1 / EASED_FPS
        if self.eased and due_s > now_s:
            self._wait(due_s - now_s)
        self._began_s = max(due_s, now_s) if self.eased else now_s
