"""An exponential mean whose time constant is in seconds and not in frames."""

import math


def newest_share(elapsed_s: float, constant_s: float) -> float:
    """Share of the newest value in the mean, this long after the one before it."""
    return -math.expm1(-max(elapsed_s, 0.0) / constant_s)


class RunningMean:
    """Exponential mean of values that come at any times; None before the first value."""

    def __init__(self, constant_s: float) -> None:
        self.value: float | None = None
        self._constant_s = constant_s
        self._time_s = 0.0

    def update(self, value: float, time_s: float) -> float:
        """Takes the value at a moment; returns the mean."""
        mean = value if self.value is None else self.value
        self.value = mean + newest_share(time_s - self._time_s, self._constant_s) * (value - mean)
        self._time_s = time_s
        return self.value
