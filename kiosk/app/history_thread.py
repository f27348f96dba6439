"""The thread that writes the history, so that nobody else ever waits for a disk."""

import threading
import time
from collections.abc import Callable

from kiosk.coaching.record import SetRecord
from kiosk.history.writer import PendingSets, SetStore
from kiosk.system.retry import Backoff
from kiosk.system.worker import Worker

RETRY_S = (0.5, 30.0)
"""First and longest wait before the history is written again."""
CLOSE_S = 5.0
"""At the end it is tried for so long to write what is left."""


class HistoryThread(Worker):
    """Stores sets as soon as they are submitted, and keeps them while they cannot be stored.

    Args:
        open_store: see `PendingSets`; called in the thread, for the first time at its start.
    """

    def __init__(self, open_store: Callable[[], SetStore]) -> None:
        super().__init__("history")
        self._pending = PendingSets(open_store)
        self._pending.open()
        self._backoff = Backoff(*RETRY_S)
        self._again_s: float | None = None
        self._wake = threading.Condition()
        self._submitted: dict[int, tuple[SetRecord, float]] = {}
        self._to_erase = False
        self._deadline_s = 0.0

    @property
    def fault(self) -> str | None:
        """What keeps the history from being written or erased; None while all is well."""
        return self._pending.fault

    @property
    def notice(self) -> str | None:
        """What a person should know of the history's opening, such as a damaged file set aside."""
        return self._pending.notice

    @property
    def erased(self) -> int:
        """How many times the history was erased since the start; rises when `erase` is done.

        Until then `fault` says what is in its way.
        """
        return self._pending.erased

    def submit(self, record: SetRecord, started_at_utc: float) -> None:
        """Hands a set over as it now stands, from any thread, without waiting for the disk.

        Args:
            record: the set; submit it anew after each rep and when it ends.
            started_at_utc: wall clock at its start, seconds since 1970.
        """
        with self._wake:
            self._submitted[record.serial] = (record, started_at_utc)
            self._wake.notify()

    def erase(self) -> None:
        """Asks for everything submitted so far to be erased for good, without waiting for the disk.

        Tried until it is done, which `erased` tells; what is submitted after this is stored then. A
        set under way comes back whole with its next rep, for its record holds all of them.
        """
        with self._wake:
            self._submitted.clear()
            self._to_erase = True
            self._wake.notify()

    def step(self, now_s: float) -> float | None:
        """Opens, erases and stores what is new at once, and what has failed when it is due.

        Args:
            now_s: monotonic seconds.

        Returns:
            When to call again, in the same seconds; None while nothing is pending.
        """
        with self._wake:
            submitted, self._submitted = self._submitted, {}
            to_erase, self._to_erase = self._to_erase, False
        if to_erase:
            self._pending.erase()
        for record, started_at_utc in submitted.values():
            self._pending.put(record, started_at_utc)
        if to_erase or submitted:
            self._again_s = None
        if self._pending.due and (self._again_s is None or now_s >= self._again_s):
            if self._pending.attempt() is None:
                self._backoff.reset()
                self._again_s = None
            else:
                self._again_s = now_s + self._backoff.next_s()
        return self._again_s

    def run(self) -> None:
        """Steps whenever something is submitted or due; at the end, until all is stored."""
        again_s = self.step(time.monotonic())
        while True:
            with self._wake:
                if not (self._submitted or self._to_erase or self.stopping):
                    self._wake.wait(None if again_s is None else again_s - time.monotonic())
            if self.stopping:
                break
            again_s = self.step(time.monotonic())
        # what is left is tried at once and often; to open the store alone is no use any more
        self._pending.open(wanted=False)
        self._backoff.reset()
        self._again_s = None
        while (again_s := self.step(time.monotonic())) and again_s < self._deadline_s:
            time.sleep(max(0.0, again_s - time.monotonic()))
        self._pending.close()

    def close(self, timeout_s: float = CLOSE_S) -> None:
        """Stores and erases what is left and ends the thread. Safe to call twice.

        Args:
            timeout_s: how long to go on trying where the history cannot be written; what could not
                be stored by then is lost, and `fault` tells why.
        """
        with self._wake:
            self._deadline_s = time.monotonic() + timeout_s
            self.stop()
            self._wake.notify()
        self.join(timeout_s + 1.0)
