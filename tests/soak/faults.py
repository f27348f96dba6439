"""What goes wrong in a day, and when."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kiosk.coaching.record import SetRecord
from kiosk.errors import HistoryError
from kiosk.history.store import Store
from kiosk.training.facts import NOTHING_SAID, Facts
from soak.world import World

EVERY_S = 600.0
"""From one fault to the next, on the average."""
LASTS = 0.25
"""The longest fault lasts this part of the time to the next one: longer than every back-off."""
JUMP_S = 12 * 3600.0
"""A clock without a network is wrong by hours at most."""


class Faults:
    """Breaks one thing after the other, and mends it.

    Args:
        world: whose camera it breaks.
        seed: another one, other faults.
        every_s: from one fault to the next, on the average.

    Attributes:
        disk_full: nothing can be stored.
        clock_s: by how much the wall clock is wrong.
        happened: how often each fault was there.
    """

    def __init__(self, world: World, seed: int, every_s: float = EVERY_S) -> None:
        self.disk_full = False
        self.clock_s = 0.0
        self.happened: dict[str, int] = {}
        self._world = world
        self._random = random.Random(seed)
        self._every_s = every_s
        self._kinds: list[tuple[str, Callable[[], None]]] = []
        self._next_s = self._random.uniform(0, every_s)
        self._mended_s = 0.0

    def step(self, now_s: float) -> None:
        """Breaks and mends what is due. One thing is broken at a time."""
        if now_s >= self._mended_s:
            self.mend()
        if now_s < self._next_s:
            return
        self.mend()
        if not self._kinds:  # each comes as often as the others
            self._kinds = [
                ("camera lost", self._lose_camera),
                ("camera wedged", self._wedge_camera),
                ("disk full", self._fill_disk),
                ("clock jumps", self._jump),
            ]
            self._random.shuffle(self._kinds)
        name, happen = self._kinds.pop()
        happen()
        self.happened[name] = self.happened.get(name, 0) + 1
        self._mended_s = now_s + self._random.uniform(0, LASTS * self._every_s)
        self._next_s = now_s + self._random.expovariate(1 / self._every_s)

    def mend(self) -> None:
        """All is well again, but for the wall clock."""
        self._world.unplugged = self._world.wedged = self.disk_full = False

    def store(self, folder: Path, run: str) -> "FullableStore":
        """A store whose disk fills up when it is due."""
        return FullableStore(folder, run, self)

    def _lose_camera(self) -> None:
        self._world.unplugged = True

    def _wedge_camera(self) -> None:
        self._world.wedged = True

    def _fill_disk(self) -> None:
        self.disk_full = True

    def _jump(self) -> None:
        self.clock_s = self._random.uniform(-JUMP_S, JUMP_S)


class FullableStore(Store):
    """The real history, on a disk that may be full."""

    def __init__(self, folder: Path, run: str, faults: Faults) -> None:
        super().__init__(folder, run=run)
        self._faults = faults

    def save(self, record: SetRecord, started_at_utc: float, facts: Facts = NOTHING_SAID) -> None:
        """See `Store`."""
        if self._faults.disk_full:
            raise HistoryError(f"{self.path}: the disk is full; free some space on it")
        super().save(record, started_at_utc, facts)


@dataclass(frozen=True, slots=True)
class WallClock:
    """Seconds since 1970, as wrong as the faults have made them.

    Attributes:
        world: whose time goes on.
        faults: that make the clock jump.
        start_s: seconds since 1970 at the beginning.
    """

    world: World
    faults: Faults
    start_s: float

    def __call__(self) -> float:
        """The time of day."""
        return self.start_s + self.world.now_s + self.faults.clock_s
