"""Decides when the database is told how the mirror is."""

import math
import time
from collections.abc import Callable

from kiosk.system.mirror_state import MirrorState, read_state

EVERY_S = 180.0
"""The mirror is looked at this often: a coach hears of a fault within three minutes, and hardly
ever of one that comes and goes by the second."""
AGAIN_S = 900.0
"""Told again this often where nothing has changed, for the temperature, and so that a mirror that
nobody trains at does not count as silent. A thousand mirrors are one call a second."""


class MirrorHealth:
    """Reads the state that the mirror tells, and remembers what was told of it.

    Nothing waits in a queue: what could not be told is read anew when there is a connection.

    Args:
        state: reads it.
        clock: seconds that only rise.
    """

    def __init__(
        self,
        state: Callable[[], MirrorState | None] = read_state,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._state = state
        self._clock = clock
        self._look_s = self._again_s = -math.inf
        self._told: MirrorState | None = None
        self._absent = False
        self.newest: MirrorState | None = None

    def poll(self) -> bool:
        """Reads the state where it is time to; returns whether `newest` is to be told.

        It is None where no mirror runs, at the second look: an upgrade takes less than that.
        """
        now_s = self._clock()
        if now_s < self._look_s:
            return False
        self.newest = self._state()
        was_absent, self._absent = self._absent, self.newest is None
        due = now_s >= self._again_s or _changed(self._told, self.newest)
        if due and (was_absent or not self._absent):
            return True
        self._look_s = now_s + EVERY_S
        return False

    def note_told(self) -> None:
        """Notes that the database knows the newest state."""
        now_s = self._clock()
        self._told = self.newest
        self._look_s, self._again_s = now_s + EVERY_S, now_s + AGAIN_S


def _changed(one: MirrorState | None, other: MirrorState | None) -> bool:
    """Whether something else is wrong. Sets begin and end all day, and say nothing of that."""
    if one is None or other is None:
        return one is not other
    return (one.faults, one.version) != (other.faults, other.version)
