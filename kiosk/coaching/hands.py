"""Decides by what is in the hands whether a rise was a lift. Pure.

A deadlift counts when the load comes up, and not when somebody stands up from a bar that was set
down, or from loading plates. A Romanian deadlift, a good morning or a swing does not count the
pick-up, nor putting the load away.
"""

import math
from collections import deque
from dataclasses import dataclass
from enum import Enum

from kiosk.body.load import LoadReading
from kiosk.coaching.record import Rep

REST_S = 1.9
"""Before anything is known of the hands of somebody who was seen to come, a bend to the floor in
which they rested this long and lifted nothing is no lift: plates are loaded, a shoe is tied."""
NEXT_S = 2.0
"""Whoever goes down again this soon after setting a load down, and does not rest there, goes on
with the set."""
FLOOR = 0.2
"""Hands this high above the ankles or lower, in standing heights, are at the floor. In a lift from
the floor they are there in any case: a kettlebell between the feet hides them from the model."""
WAIT_S = 1.5
"""A rep waits at most this long for the reading of its bend."""
MOST_BENDS = 8


class Held(Enum):
    """What the hands hold."""

    UNKNOWN = "unknown"
    EMPTY = "empty"
    LOADED = "loaded"


@dataclass(frozen=True, slots=True)
class _Bend:
    """A bend that was read: what the hands held after it, and whether it moved or lifted a load."""

    reading: LoadReading
    held: Held
    moved: bool
    lifts: bool


class Hands:
    """Follows what one person holds, from bend to bend.

    Attributes:
        held: after the last bend.
        running: whether bends are being read.
        unseen: counted reps whose bend could not be read.
    """

    def __init__(self, *, running: bool = False, walked_in: bool = False) -> None:
        self.held = Held.UNKNOWN
        self.running = running
        self.unseen = 0
        self._lifted = 0
        self._walked_in = walked_in
        self._bends: deque[_Bend] = deque(maxlen=MOST_BENDS)
        self._waiting: deque[tuple[Rep, float]] = deque()

    def walk_in(self) -> None:
        """Records that the person was seen to come, and has not been lifting before."""
        self._walked_in = True

    def blank(self) -> "Hands":
        """Those of the same person before anything was read, of whom it is known how they came."""
        return Hands(running=self.running, walked_in=self._walked_in)

    def record(self, reading: LoadReading, *, from_floor: bool) -> None:
        """Takes the reading of a bend, whether or not a rep lies in it."""
        self.running = True
        moved, lifts = self._believes(reading) and (from_floor or reading.low < FLOOR), False
        if moved:
            lifts = self.held is Held.EMPTY or (self.held is Held.UNKNOWN and not self._lifted)
            self.held = Held.LOADED if lifts else Held.EMPTY
        elif self.held is Held.EMPTY and self._goes_on(reading):
            self.held = Held.LOADED
        self._bends.append(_Bend(reading, self.held, moved=moved, lifts=lifts))

    def _believes(self, reading: LoadReading) -> bool:
        """Whether a load was moved: a change in doubt is none, where reps counted without any."""
        unseen = self.held is Held.UNKNOWN and self._lifted > 0
        return bool(reading.changed) and not (reading.doubtful and unseen)

    def _goes_on(self, reading: LoadReading) -> bool:
        """Whether the set goes on, so that the load was not set down: a change was misread."""
        last = self._bends[-1]
        return (
            last.moved
            and not last.lifts
            and self._lifted > 0
            and reading.from_s - last.reading.time_s < NEXT_S
            and reading.rest_s < REST_S
        )

    def judge(self, reps: list[Rep], time_s: float, *, from_floor: bool) -> list[Rep]:
        """Takes reps that are complete; returns those that count, and the partial ones.

        A rep may come back later, once its bend has been read.
        """
        self._waiting.extend((rep, time_s) for rep in reps)
        return self._released(time_s, from_floor=from_floor)

    def flush(self, reps: list[Rep], *, from_floor: bool) -> list[Rep]:
        """Takes the last reps; returns at once those of all that wait that count."""
        self._waiting.extend((rep, 0.0) for rep in reps)
        return self._released(math.inf, from_floor=from_floor)

    def _released(self, time_s: float, *, from_floor: bool) -> list[Rep]:
        released = []
        while self._waiting:
            rep, since_s = self._waiting[0]
            bend = self._bend_of(rep)
            if rep.counted and bend is None and time_s - since_s < WAIT_S:
                break
            self._waiting.popleft()
            if not rep.counted or self._counts(bend, from_floor=from_floor):
                self._lifted += rep.counted
                released.append(rep)
        return released

    def _bend_of(self, rep: Rep) -> _Bend | None:
        bends = (b for b in self._bends if b.reading.from_s <= rep.bottom_s <= b.reading.time_s)
        return next(bends, None)

    def _counts(self, bend: _Bend | None, *, from_floor: bool) -> bool:
        """Whether the rise of this bend was a rep."""
        if bend is None or bend.reading.changed is None:
            self.unseen += 1
            return True
        if bend.moved:
            return from_floor and bend.lifts
        if bend.held is Held.UNKNOWN:
            rested = bend.reading.low < FLOOR and bend.reading.rest_s >= REST_S
            return not (from_floor and self._walked_in and rested)
        return bend.held is Held.LOADED
