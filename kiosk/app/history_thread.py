"""The thread that writes the history, so that nobody else ever waits for a disk."""

import logging
import threading
import time
from collections.abc import Callable

from kiosk.coaching.record import SetRecord
from kiosk.errors import HistoryError
from kiosk.history.store import Store
from kiosk.system.retry import Backoff
from kiosk.system.worker import Worker

RETRY_S = (0.5, 30.0)
"""First and longest wait before the history is written again."""
CLOSE_S = 5.0
"""At the end it is tried for so long to write what is left."""

_log = logging.getLogger(__name__)


class HistoryThread(Worker):
    """Stores sets as soon as they are submitted, and keeps them while they cannot be stored.

    Holds the newest record of each set until it is stored, so it grows by sets that could not be
    written, never by reps or frames.

    Args:
        open_store: called in the thread, at its start and again where a fault has closed the store.
            To go on with the same sets it has to open under the same run's name each time.

    Attributes:
        fault: what kept the history from being opened, written or erased at the last attempt; None
            while all is well. Its start and end are logged.
        notice: what the store reported when it was opened, such as a damaged file set aside.
        erased: how many times the history was erased since the start; rises when `erase` is done.
    """

    def __init__(self, open_store: Callable[[], Store]) -> None:
        super().__init__("history")
        self.fault: str | None = None
        self.notice: str | None = None
        self.erased = 0
        self._open_store = open_store
        self._backoff = Backoff(*RETRY_S)
        self._deadline_s = 0.0
        self._wake = threading.Condition()
        # handed over by other threads, under the condition's lock
        self._submitted: dict[int, tuple[SetRecord, float]] = {}
        self._erase_submitted = False
        # what is left to do, known to the thread alone
        self._again_s: float | None = None
        self._store: Store | None = None
        self._sets: dict[int, tuple[SetRecord, float]] = {}
        self._to_open = True  # what is wrong with it is then known while nobody trains
        self._to_erase = False

    def submit(self, record: SetRecord, started_at_utc: float) -> None:
        """Hands a set over as it now stands, from any thread, without waiting for the disk.

        Submit it anew after each rep and when it ends. `started_at_utc` is the wall clock at its
        start, in seconds since 1970.
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
            self._erase_submitted = True
            self._wake.notify()

    def step(self, now_s: float) -> float | None:
        """Opens, erases and stores what is new at once, and what has failed when it is due.

        Returns when to call again, in the same monotonic seconds; None while nothing is pending.
        """
        with self._wake:
            submitted, self._submitted = self._submitted, {}
            erase, self._erase_submitted = self._erase_submitted, False
        if erase:
            self._sets.clear()
            self._to_erase = True
        self._sets.update(submitted)
        if erase or submitted:
            self._again_s = None
        pending = self._to_open or self._to_erase or self._sets
        if pending and (self._again_s is None or now_s >= self._again_s):
            self._report(self._attempt())
            if self.fault is None:
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
                if not (self._submitted or self._erase_submitted or self.stopping):
                    self._wake.wait(None if again_s is None else again_s - time.monotonic())
            if self.stopping:
                break
            again_s = self.step(time.monotonic())
        # what is left is tried at once and often; to open the store alone is no use any more
        self._to_open = False
        self._backoff.reset()
        self._again_s = None
        while (again_s := self.step(time.monotonic())) and again_s < self._deadline_s:
            time.sleep(max(0.0, again_s - time.monotonic()))
        if self._store is not None:
            self._store.close()

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

    def _attempt(self) -> str | None:
        """Opens, erases and stores what is asked for; the last fault that was in the way, if any.

        What is to be stored waits until all is erased, or it would be erased too.
        """
        if self._to_open:
            if fault := _fault_of("the history cannot be opened", self._opened):
                return fault
            self._to_open = False
        if self._to_erase and (fault := _fault_of("the history cannot be erased", self._erase)):
            return fault
        last = None
        for serial, (record, started_at_utc) in list(self._sets.items()):
            fault = _fault_of(f"set {serial} cannot be stored", self._save, record, started_at_utc)
            if fault is None:
                del self._sets[serial]
            last = fault or last
        return last

    def _report(self, fault: str | None) -> None:
        if fault is not None and self.fault is None:
            _log.error("history is not written, will try again: %s", fault)
        elif fault is None and self.fault is not None:
            _log.info("history is written again")
        self.fault = fault

    def _erase(self) -> None:
        self._opened().erase()
        self._to_erase = False
        self.erased += 1
        self.notice = None  # the file it speaks of is gone too

    def _save(self, record: SetRecord, started_at_utc: float) -> None:
        self._opened().save(record, started_at_utc)

    def _opened(self) -> Store:
        if self._store is None or self._store.closed:
            self._store = None
            self._store = self._open_store()
            if self._store.notice is not None and self._store.notice != self.notice:
                _log.warning("%s", self._store.notice)
                self.notice = self._store.notice
        return self._store


def _fault_of(what: str, act: Callable[..., object], *args: object) -> str | None:
    """Does something; what went wrong. No error may end the thread, be it one nobody thought of."""
    try:
        act(*args)
    except HistoryError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - one bad record must not hold up the others
        return f"{what}: {error!r}; please report this"
    return None
