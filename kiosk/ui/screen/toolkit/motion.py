"""Computes values that change over time from the scene's clock alone."""

import math
from collections.abc import Hashable

DIM = 0.35
"""Light that is left when nobody has been there for long: still legible in passing. Our default."""
DIM_FROM_S, DIM_S = 90.0, 4.0
"""When the picture begins to dim, and how long it takes."""
DRIFT_S = 60.0
"""A waiting picture moves this seldom: nobody sees it move."""
_DIM_STEPS = 32  # each redraws the whole picture
_FORGET_S = 1.0  # after a gap this long the thing was off the screen: start afresh


def ease_out(share: float) -> float:
    """Cubic ease: quick to leave, gentle to arrive. 0 to 1 in, 0 to 1 out."""
    share = min(1.0, max(0.0, share))
    return 1.0 - (1.0 - share) ** 3


def swell(now_s: float, period_s: float) -> float:
    """A calm swing between 0 and 1 and back, once in a period."""
    return 0.5 - 0.5 * math.cos(2 * math.pi * now_s / period_s)


class Follow:
    """Follows a target smoothly, so that 10 poses a second appear as 60.

    63 % of the way to a new target are done after the time constant.
    """

    def __init__(self, tau_s: float) -> None:
        self._tau_s = tau_s
        self._value = 0.0
        self._then_s: float | None = None

    def update(self, target: float, now_s: float) -> float:
        """The followed value at this time."""
        step_s = math.inf if self._then_s is None else now_s - self._then_s
        if step_s > _FORGET_S:
            self._value = target
        elif step_s > 0:
            self._value += (target - self._value) * -math.expm1(-step_s / self._tau_s)
        self._then_s = now_s
        return self._value


class ChangeTimer:
    """Measures for how long a value has been what it is."""

    def __init__(self) -> None:
        self._value: Hashable = self  # equal to no value
        self._since_s = -math.inf

    def age_s(self, value: Hashable, now_s: float) -> float:
        """Seconds since the value last changed; infinite while it never has."""
        if self._value is not self and value != self._value:
            self._since_s = now_s
        self._value = value
        return max(0.0, now_s - self._since_s)


def brightness(idle_s: float) -> float:
    """Brightness of the picture after so long without anybody: 1, gently down to DIM."""
    share = min(1.0, max(0.0, (idle_s - DIM_FROM_S) / DIM_S))
    eased = share * share * (3 - 2 * share)
    return 1.0 - (1.0 - DIM) * round(_DIM_STEPS * eased) / _DIM_STEPS


def waiting_s(now_s: float, idle_s: float) -> float:
    """The time by which a waiting picture moves: it stands still for nobody once it is dimmed."""
    # to a millisecond, or rounding would redraw it
    return round(now_s - max(0.0, idle_s - DIM_FROM_S - DIM_S), 3)


def burn_in_offset(now_s: float, reach_px: int) -> tuple[int, int]:
    """Pixels by which a waiting picture is moved, so that none of it burns in.

    Every minute another place, on a path that comes near each within `reach_px` in some hours.
    """
    turn = 2 * math.pi * (now_s // DRIFT_S)
    return round(reach_px * math.sin(turn / 13)), round(reach_px * math.sin(turn / 17))
