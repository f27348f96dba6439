"""Places frames on one axis of time that only goes forward, whatever their source's clock does."""

import math

JUMP_S = 10.0
"""A longer step to the next frame is a jump of the clock, or a gap that somebody knows of. A living
camera that gives nothing for a second has raised an error, and no rep lasts longer than this."""
ABSENT_S = 2.0
"""A camera that was lost and whose clock began anew is taken to have been away for this long, after
which nobody is taken to be still there."""
_LATEST_S = 1e11  # a float beyond does not tell two frames apart


class Timeline:
    """Gives each frame its time, or None for a frame that has none.

    One time that is out of order costs its frame. Where the next frame confirms it, by following it
    closely, the clock itself has jumped: the axis goes on as if a frame or two had been missed.

    Args:
        live: of a camera, whose long gaps are announced by `interrupt`. A film's gap forward is
            its own, and stays.
    """

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._last_s: float | None = None
        self._suspect_s: float | None = None
        self._offset_s = 0.0
        self._interrupted = False

    def interrupt(self) -> None:
        """Announces a gap: the camera was lost, or nobody could look."""
        self._interrupted = True

    def place(self, time_s: float) -> float | None:
        """Returns the time on the axis of a frame that its source dates so."""
        if not abs(time_s) < _LATEST_S:  # NaN as well
            return None
        if self._last_s is None:
            return self._accept(time_s)
        step_s = time_s - self._last_s
        if 0 < step_s <= JUMP_S or (step_s > 0 and self._interrupted):
            return self._accept(time_s)
        before_s, self._suspect_s = self._suspect_s, time_s
        since_s = math.inf if before_s is None else time_s - before_s
        if not 0 < since_s <= JUMP_S:
            return None
        if step_s < 0 or self._live:
            # the frame before, which was dropped, and this one
            gap_s = ABSENT_S if self._interrupted else 2 * since_s
            self._offset_s += gap_s - step_s
        return self._accept(time_s)

    def _accept(self, time_s: float) -> float:
        self._last_s, self._suspect_s, self._interrupted = time_s, None, False
        return time_s + self._offset_s
