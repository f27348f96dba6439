"""Lowers the rate of poses while the processor is hot or held back."""

import logging
import time
from collections.abc import Callable

from kiosk.system.firmware import Limit
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


class Cooling:
    """Slows a loop down while the processor is hot. Updated by one thread, waited on by another.

    Begins at once, and ends when the processor has been cool for a while.

    Args:
        wait: waits that many seconds, or less when the end has come.
        clock: monotonic seconds.

    Attributes:
        active: whether the loop is slowed down.
    """

    def __init__(
        self, wait: Callable[[float], object], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.active = False
        self._wait = wait
        self._clock = clock
        self._cool_since_s: float | None = None
        self._began_s: float | None = None

    def update(self, now_s: float, health: Health | None) -> None:
        """Takes in the newest health of the machine.

        What cannot be measured counts neither as hot nor as cool: without any sensor the
        rate is full, and the firmware alone sees to the processor. Of what throttles it only what
        does so now counts; a weak supply does where it slows, since a processor with less to do
        also draws less.

        Args:
            now_s: monotonic seconds, not before those of the last call.
            health: None before it was read for the first time.
        """
        if health is None:
            return
        celsius = health.temperature_c
        slowed = health.throttling is not None and not health.throttling.now.isdisjoint(_SLOWED)
        if slowed or (celsius is not None and celsius > COOL_C):
            self._cool_since_s = None
        elif self._cool_since_s is None:
            self._cool_since_s = now_s
        cooled = self._cool_since_s is not None and now_s - self._cool_since_s >= COOL_FOR_S
        hot = slowed or (celsius is not None and celsius >= HOT_C)
        before, self.active = self.active, hot or (self.active and not cooled)
        degrees = "" if celsius is None else f" ({celsius:.0f} °C)"
        if self.active and not before:
            text = "the processor is hot or held back%s: %.0f poses a second; give it air"
            _log.warning(text, degrees, COOLING_FPS)
        elif before and not self.active:
            _log.info("the processor is cool again%s: full speed", degrees)

    def limit_rate(self) -> None:
        """Waits, while active, until `COOLING_FPS` allows the next round. Call it in each round."""
        now_s = self._clock()
        due_s = now_s if self._began_s is None else self._began_s + 1 / COOLING_FPS
        if self.active and due_s > now_s:
            self._wait(due_s - now_s)
        self._began_s = max(due_s, now_s) if self.active else now_s
