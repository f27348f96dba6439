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
_NEVER = (-math.inf, -math.inf)
Event = Pose | LoadReading | BackReading
_Packed = tuple[float, bytes, tuple[int, int]]


class Recording:
    """The poses of one person and the readings of load and back, in the order they came.

    Among them may be poses of somebody who passed.

    Poses are packed, since as objects they would take five times the memory.

    Attributes:
        whole: nothing has been dropped yet.
    """

    def __init__(self) -> None:
        self.whole = True
        self._packed: deque[_Packed | LoadReading | BackReading] = deque()
        self._fresh: list[Event] = []
        self._others = deque([_NEVER])

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
        while len(self._others) > 1 and self._others[0][1] < event.time_s - KEPT_S:
            self._others.popleft()

    def disown(self, from_s: float, to_s: float) -> None:
        """Notes that the poses of this time are somebody else's, who passes."""
        since_s, until_s = self._others[-1]
        if from_s <= until_s:
            self._others[-1] = min(since_s, from_s), to_s
        else:
            self._others.append((from_s, to_s))

    def reclaim(self, from_s: float) -> None:
        """Notes that the poses from this time on are the person's own after all."""
        since_s, until_s = self._others[-1]
        if from_s <= until_s:
            self._others[-1] = since_s, math.nextafter(from_s, -math.inf)

    def others_s(self, from_s: float, to_s: float) -> float:
        """For how many seconds of this time the poses are somebody else's."""
        return sum(
            max(0.0, min(until_s, to_s) - max(since_s, from_s)) for since_s, until_s in self._others
        )

    def poses(self, from_s: float, to_s: float) -> Iterator[Pose]:
        """The person's own poses from one time to another, both included.

        They are taken out now, and unpacked when they are asked for.
        """
        kept = [e for e in self._packed if type(e) is tuple and from_s <= e[0] <= to_s]
        fresh = (e for e in self._fresh if isinstance(e, Pose))
        kept += (_pack(pose) for pose in fresh if from_s <= pose.time_s <= to_s)
        for since_s, until_s in self._others:
            kept = [event for event in kept if not since_s <= event[0] <= until_s]
        return map(_pose, kept)

    def __iter__(self) -> Iterator[Event]:
        yield from map(_unpacked, self._packed)
        yield from self._fresh


def _packed(event: Event) -> _Packed | LoadReading | BackReading:
    return _pack(event) if isinstance(event, Pose) else event


def _pack(pose: Pose) -> _Packed:
    return pose.time_s, _MARKS.pack(*chain.from_iterable(pose.marks)), pose.size


def _unpacked(event: _Packed | LoadReading | BackReading) -> Event:
    return _pose(event) if isinstance(event, tuple) else event


def _pose(event: _Packed) -> Pose:
    time_s, packed, size = event
    numbers = _MARKS.unpack(packed)
    return Pose(time_s, tuple(zip(numbers[0::3], numbers[1::3], numbers[2::3], strict=True)), size)


def _time_s(event: _Packed | LoadReading | BackReading) -> float:
    return event[0] if isinstance(event, tuple) else event.time_s
