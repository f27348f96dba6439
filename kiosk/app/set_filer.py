"""Hands finished and running sets to the history, with the time of day at which they began."""

from kiosk.app.history_thread import HistoryThread
from kiosk.app.set_facts import SetFacts
from kiosk.coaching.record import SetRecord
from kiosk.coaching.snapshot import Snapshot
from kiosk.system.wall_clock import WallClock


class SetFiler:
    """Is called by the perception thread with every rep and at the end of a set.

    Args:
        history: stores them.
        facts: who trains, with which load, towards which target.
        wall_clock: seconds since 1970.
    """

    def __init__(self, history: HistoryThread, facts: SetFacts, wall_clock: WallClock) -> None:
        self._history, self._facts, self._wall_clock = history, facts, wall_clock
        self._newest: tuple[int, float] | None = None  # its serial, and when it began

    @property
    def trained(self) -> bool:
        """Whether a set has begun since the start of the mirror."""
        return self._newest is not None

    def store(self, record: SetRecord, snapshot: Snapshot | None) -> None:
        """Stores a set that has counted reps.

        Args:
            record: of the set so far.
            snapshot: the coach's newest, which tells how long ago the set began.
        """
        if self._newest is None or self._newest[0] != record.serial:
            ago_s = snapshot.time_s - record.started_s if snapshot else 0.0
            self._newest = (record.serial, self._wall_clock() - max(ago_s, 0.0))
        if record.counted:
            self._history.submit(record, self._newest[1], self._facts.of(record))
