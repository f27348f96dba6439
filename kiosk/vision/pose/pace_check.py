"""Detects a source that gives too few poses a second to count by them. Pure."""

from collections import deque

COUNTING_FPS = 3.8
"""Least frames a second. Of 78 counts of recorded sets, 69 to 74 were right at 4 a second and more,
64 at 3.5, and 34 at 1, where 175 reps were missing. A camera set to 4 must not waver."""
WINDOW_S = 3.0
"""A single gap says nothing: the middle one of all steps in this long does."""
_FEWEST = 3  # steps, for whoever gives less than one a second


class PaceCheck:
    """Takes the time of every pose."""

    def __init__(self) -> None:
        self._times_s: deque[float] = deque()
        self._slow = 0  # of the steps between those times

    def update(self, time_s: float) -> bool:
        """Returns whether there are too few: more than half of the steps are too long."""
        times = self._times_s
        if times and time_s < times[-1]:
            times.clear()
            self._slow = 0
        if times:
            self._slow += _is_slow(time_s - times[-1])
        times.append(time_s)
        while len(times) > _FEWEST + 1 and time_s - times[0] > WINDOW_S:
            self._slow -= _is_slow(times[1] - times.popleft())
        steps = len(times) - 1
        return steps >= _FEWEST and 2 * self._slow > steps


def _is_slow(step_s: float) -> bool:
    return step_s > 1 / COUNTING_FPS
