"""What was counted before the mirror, kept apart from the history to hold it against."""

import math
from array import array
from dataclasses import dataclass

from kiosk.coaching.record import SetRecord
from kiosk.coaching.snapshot import Snapshot, Stage
from kiosk.history.reader import Reader
from soak.visitors import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The history against the ledger.

    Attributes:
        sets, reps: in the history.
        wrong: one line for each row that is not as it should be.
    """

    sets: int
    reps: int
    wrong: tuple[str, ...]


class Ledger:
    """Two bytes a set: a ledger that grew would be taken for a leak of the kiosk.

    Attributes:
        visits, disturbed: people who came, and those of them who had no camera for a while.
        done: reps that had to count, by those who were not disturbed.
        counted: reps that counted, of the same people.
    """

    def __init__(self) -> None:
        self.visits = self.disturbed = self.done = self.counted = 0
        self._sets = array("H")
        self._serial: int | None = None
        self._record: SetRecord | None = None
        self._there = False
        self._done = self._before = self._missed = 0

    @property
    def sets(self) -> int:
        """Sets with a rep that counted."""
        return len(self._sets)

    @property
    def reps(self) -> int:
        """Reps that counted, by whomever."""
        return sum(self._sets)

    def update(self, step: Step, snapshot: Snapshot | None, missed: int) -> None:
        """Takes one frame.

        Args:
            step: what was before the mirror.
            snapshot: what the mirror made of it.
            missed: frames so far that the camera did not give.
        """
        there = step.keypoints is not None
        if there and not self._there:
            self._visit_over(missed)
        self._there = there
        self._done += step.rep_done
        if snapshot is not None and snapshot.current is not None:
            self._count(snapshot, snapshot.current)

    def against(self, reader: Reader) -> Stored:
        """Reads the whole history and compares set by set.

        Raises:
            HistoryError: it cannot be read.
        """
        found = reader.recent(len(self._sets) + 100)[::-1]
        wrong = []
        if len(found) != len(self._sets):
            wrong.append(f"{len(found)} sets stored, {len(self._sets)} counted")
        reps = 0
        for one, counted in zip(found, self._sets, strict=False):
            kept = [rep for rep in reader.reps_of(one.id) if rep.counted]
            reps += len(kept)
            if not one.reps == len(kept) == counted:
                wrong.append(f"set {one.id}: {len(kept)} reps stored, {counted} counted")
            tempi = [(r.tempo.eccentric_s, r.tempo.pause_s, r.tempo.concentric_s) for r in kept]
            times = [*(time for tempo in tempi for time in tempo), one.duration_s or 0.0]
            if not all(math.isfinite(time) and time >= 0 for time in times):
                wrong.append(f"set {one.id}: a time below zero")
            if one.ended is None:
                wrong.append(f"set {one.id}: never ended")
        return Stored(sets=len(found), reps=reps, wrong=tuple(wrong))

    def close(self, missed: int) -> None:
        """The last one has gone."""
        self._visit_over(missed)

    def _count(self, snapshot: Snapshot, record: SetRecord) -> None:
        if record is not self._record:
            self._record = record
            self._raise(record.serial, len(record.counted))
        if snapshot.stage in (Stage.SET, Stage.SUMMARY):
            self._raise(record.serial, snapshot.count)  # shown before its record is complete

    def _raise(self, serial: int, count: int) -> None:
        if not count:
            return
        if serial != self._serial:
            self._serial = serial
            self._sets.append(0)
        self._sets[-1] = max(self._sets[-1], count)

    def _visit_over(self, missed: int) -> None:
        """Somebody new begins; whoever was there before is judged."""
        if self.visits and missed == self._missed:
            self.done += self._done
            self.counted += self.reps - self._before
        elif self.visits:
            self.disturbed += 1
        self.visits += 1
        self._done, self._before, self._missed = 0, self.reps, missed
