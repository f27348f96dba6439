"""Lowers the rate of poses while the processor is hot or held back."""

import logging
import time
from collections.abc import Callable

from kiosk.system.firmware import Limit, Throttling
from kiosk.system.health import Health

COOLING_FPS = 10.0
"""A third of a camera's 30: counts hold down to 5 frames a second, as the tests of the recordings
show; a swing's form needs more, and is then not judged."""
HOT_C = 80.0
"""From 80 °C on the firmware slows the processor down by steps, from 85 °C on the graphics too:
https://www.raspberrypi.com/documentation/computers/raspberry-pi.html, "Frequency management and
thermal control". Slowed in time, what is left out is chosen, and the screen stays smooth. The soft
limit of 60 °C is there for the Pi 3B+ alone."""
COOL_C = 72.0
"""Under the 75 °C at which the fan of a Pi 5 reaches full speed (same page), so that a fan gets its
turn first. The step of 8 °C and the half minute keep the rate from swinging with every set: a
judgement, to be tried on a Pi."""
COOL_FOR_S = 30.0

_SLOWED = frozenset({Limit.THROTTLED, Limit.FREQUENCY_CAPPED})

_log = logging.getLogger(__name__)


class Thermostat:
    """Decides that the processor is hot at once, and that it is cool again after a while.

    Attributes:
        hot: as of the last update; False before the first.
    """

    def __init__(self) -> None:
        self.hot = False
        self._cool_since_s: float | None = None

    def update(
        self, now_s: float, temperature_c: float | None, throttling: Throttling | None
    ) -> bool:
        """Takes the next measurement; whether the processor is hot.

        What cannot be measured speaks neither for hot nor against cool: without any sensor the
        rate is full, and the firmware alone sees to the processor.

        Args:
            now_s: monotonic seconds, not before those of the last call.
            temperature_c: of the processor.
            throttling: what slows it down. Only what does so now counts; a weak supply does where
                it slows, since a processor with less to do also draws less.
        """
        slowed = throttling is not None and not throttling.now.isdisjoint(_SLOWED)
        if slowed or (temperature_c is not None and temperature_c >= HOT_C):
            self.hot = True
        if slowed or (temperature_c is not None and temperature_c > COOL_C):
            self._cool_since_s = None
        elif self._cool_since_s is None:
            self._cool_since_s = now_s
        if self._cool_since_s is not None and now_s - self._cool_since_s >= COOL_FOR_S:
            self.hot = False
        return self.hot


class Cooling:
    """Slows a loop down while the processor is hot. Updated by one thread, waited on by another.

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
    def active(self) -> bool:
        """Whether the loop is slowed down."""
        return self._thermostat.hot

    def update(self, now_s: float, health: Health | None) -> None:
        """Takes the newest health of the machine.

        Args:
            now_s: monotonic seconds.
            health: None before it was read for the first time.
        """
        if health is None:
            return
        before = self.active
        hot = self._thermostat.update(now_s, health.temperature_c, health.throttling)
        if hot is before:
            return
        degrees = "" if health.temperature_c is None else f" ({health.temperature_c:.0f} °C)"
        if hot:
            text = "the processor is hot or held back%s: %.0f looks a second; give it air"
            _log.warning(text, degrees, COOLING_FPS)
        else:
            _log.info("the processor is cool again%s: full speed", degrees)

    def limit_rate(self) -> None:
        """Waits, while active, until `COOLING_FPS` allows the next round. Call it in each round."""
        now_s = self._clock()
        due_s = now_s if self._began_s is None else self._began_s + 1 / COOLING_FPS
        if self.active and due_s > now_s:
            self._wait(due_s - now_s)
        self._began_s = max(due_s, now_s) if self.active else now_s
