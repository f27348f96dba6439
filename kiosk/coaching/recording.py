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

PACKED_AT_ONCE = 32
"""So many are packed together: alone, right after the model, which empties the processor's caches,
each would cost five times as much."""

_MARKS = Struct(f"{3 * len(Keypoint)}d")
Event = Pose | LoadReading | BackReading
_Packed = tuple[float, bytes, tuple[int, int]]


class Recording:
    """The poses of one person and the readings of load and back, in the order they came.

    Poses are packed, since as objects they would take five times the memory.

    Attributes:
        whole: nothing has been dropped yet.
    """

    def __init__(self) -> None:
        self.whole = True
        self._packed: deque[_Packed | LoadReading | BackReading] = deque()
        self._fresh: list[Event] = []

    @property
    def from_s(self) -> float:
        """Time of the first event; minus infinity while nothing has been dropped."""
        return -math.inf if self.whole else next(iter(self)).time_s

    def add(self, event: Event) -> None:
        """Keeps an event, and drops those that are too old."""
        self._fresh.append(event)
        if len(self._fresh) < PACKED_AT_ONCE:
            return
        self._packed.extend(map(_packed, self._fresh))
        self._fresh.clear()
        while _time_s(self._packed[0]) < event.time_s - KEPT_S:
            self._packed.popleft()
            self.whole = False

    def __iter__(self) -> Iterator[Event]:
        yield from map(_unpacked, self._packed)
        yield from self._fresh


def _packed(event: Event) -> _Packed | LoadReading | BackReading:
    if not isinstance(event, Pose):
        return event
    return event.time_s, _MARKS.pack(*chain.from_iterable(event.marks)), event.size


def _unpacked(event: _Packed | LoadReading | BackReading) -> Event:
    if not isinstance(event, tuple):
        return event
    time_s, packed, size = event
    numbers = _MARKS.unpack(packed)
    return Pose(time_s, tuple(zip(numbers[0::3], numbers[1::3], numbers[2::3], strict=True)), size)


def _time_s(event: _Packed | LoadReading | BackReading) -> float:
    return event[0] if isinstance(event, tuple) else event.time_s
