"""A running mean that forgets, in seconds and not in frames."""

import math


class RunningMean:
    """Follows a figure with a time constant.

    Attributes:
        value: the mean so far; None before the first figure.
    """

    def __init__(self, constant_s: float) -> None:
        self.value: float | None = None
        self._constant_s = constant_s
        self._time_s = 0.0

    def follow(self, figure: float, time_s: float) -> float:
        """Takes the figure at a moment; returns the mean."""
        if self.value is None:
            self.value = figure
        else:
            alpha = -math.expm1(-max(time_s - self._time_s, 0.0) / self._constant_s)
            self.value += alpha * (figure - self.value)
        self._time_s = time_s
        return self.value
