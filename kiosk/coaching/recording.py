"""Keeps what was seen of one person for a while, so that it can be judged again."""

import math
from collections import deque
from collections.abc import Iterator
from itertools import chain
from struct import Struct

from kiosk.body.back import BackReading
from kiosk.body.load import LoadReading
from kiosk.body.pose import Keypoint, Pose

KEPT_S = 120.0
"""A set of twenty slow reps and the standing before it. 3,600 poses of 30 a second take 2 MB."""

_MARKS = Struct(f"{3 * len(Keypoint)}d")
_Packed = tuple[float, bytes, tuple[int, int]]
Event = Pose | LoadReading | BackReading


class Recording:
    """The poses of one person and the readings of load and back, in the order they came.

    Poses are packed, since as objects they would take five times the memory.

    Attributes:
        whole: nothing has been dropped yet.
    """

    def __init__(self) -> None:
        self.whole = True
        self._events: deque[_Packed | LoadReading | BackReading] = deque()

    @property
    def from_s(self) -> float:
        """Time of the first event; minus infinity while nothing has been dropped."""
        return -math.inf if self.whole else _time_s(self._events[0])

    def add(self, event: Event) -> None:
        """Keeps an event, and drops those that are too old."""
        if not isinstance(event, Pose):
            self._events.append(event)
            return
        packed = _MARKS.pack(*chain.from_iterable(event.marks))
        self._events.append((event.time_s, packed, event.size))
        while _time_s(self._events[0]) < event.time_s - KEPT_S:
            self._events.popleft()
            self.whole = False

    def __iter__(self) -> Iterator[Event]:
        for event in self._events:
            if isinstance(event, tuple):
                time_s, packed, size = event
                numbers = _MARKS.unpack(packed)
                marks = tuple(zip(numbers[0::3], numbers[1::3], numbers[2::3], strict=True))
                yield Pose(time_s, marks, size)
            else:
                yield event


def _time_s(event: _Packed | LoadReading | BackReading) -> float:
    return event[0] if isinstance(event, tuple) else event.time_s
