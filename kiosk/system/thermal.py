"""When to go easy on the processor. No clock and no sensor: it is told both."""

from enum import Enum

from kiosk.system.throttling import Limit, Throttling

HOT_C = 80.0
"""From 80 °C on the firmware slows the processor down by steps, from 85 °C on the graphics too:
https://www.raspberrypi.com/documentation/computers/raspberry-pi.html, "Frequency management and
thermal control". Eased in time, what is left out is chosen, and the screen stays smooth. The soft
limit of 60 °C is there for the Pi 3B+ alone."""
COOL_C = 72.0
"""Under the 75 °C at which the fan of a Pi 5 reaches full speed (same page), so that a fan gets its
turn first. The step of 8 °C and the half minute keep the pace from swinging with every set: a
judgement, to be tried on a Pi."""
COOL_FOR_S = 30.0

_SLOWED = frozenset({Limit.THROTTLED, Limit.FREQUENCY_CAPPED})


class Pace(Enum):
    """How much the kiosk may ask of the processor."""

    FULL = "full"
    EASED = "eased"


class Thermostat:
    """Eases as soon as it is hot or slowed down, and goes back when it has been cool for a while.

    Attributes:
        pace: as of the last update; FULL before the first.
    """

    def __init__(self) -> None:
        self.pace = Pace.FULL
        self._cool_since_s: float | None = None

    def update(
        self, now_s: float, temperature_c: float | None, throttling: Throttling | None
    ) -> Pace:
        """Takes one look at the machine.

        What cannot be measured speaks neither for hot nor against cool: without any sensor the pace
        is full, and the firmware alone sees to the processor.

        Args:
            now_s: monotonic seconds, not before those of the last call.
            temperature_c: of the processor.
            throttling: what slows it down. Only what does so now counts; a weak supply does where
                it slows, since an eased processor also draws less.
        """
        slowed = throttling is not None and not throttling.now.isdisjoint(_SLOWED)
        if slowed or (temperature_c is not None and temperature_c >= HOT_C):
            self.pace = Pace.EASED
        if slowed or (temperature_c is not None and temperature_c > COOL_C):
            self._cool_since_s = None
        elif self._cool_since_s is None:
            self._cool_since_s = now_s
        if self._cool_since_s is not None and now_s - self._cool_since_s >= COOL_FOR_S:
            self.pace = Pace.FULL
        return self.pace
