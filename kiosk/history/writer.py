"""The one thread that writes history, so that nobody else ever waits for a disk."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

from kiosk.coaching.record import SetRecord
from kiosk.errors import HistoryError

logger = logging.getLogger(__name__)

FIRST_RETRY_S = 0.5
LAST_RETRY_S = 30.0


class SetStore(Protocol):
    """What the writer needs of a store; `Store` is the real one."""

    @property
    def notice(self) -> str | None:
        """What a person should know of its opening."""

    @property
    def closed(self) -> bool:
        """Whether only a newly opened store can go on."""

    def save(self, record: SetRecord, started_at_utc: float) -> None:
        """Stores durably, or raises HistoryError and stores nothing."""

    def erase(self) -> None:
        """Removes every set for good, or raises HistoryError."""

    def close(self) -> None:
        """Lets go of the file."""


class Outbox:
    """Sets not stored yet, and when to try the next time. Neither thread nor clock of its own.

    Holds the newest record of each set until it is stored, so it grows by sets that could not be
    written, never by reps or frames.

    Attributes:
        fault: what keeps the history from being written or erased, for the screen; None while all
            is well.
        notice: what the store said when it was opened.
        erased: how many times the history was erased.
    """

    def __init__(self, open_store: Callable[[], SetStore]) -> None:
        """Opens nothing yet.

        Args:
            open_store: called when first needed, and again where a fault has closed the store.
                To go on with the same sets it has to open under the same run's name each time.
        """
        self.fault: str | None = None
        self.notice: str | None = None
        self.erased = 0
        self._open_store = open_store
        self._store: SetStore | None = None
        self._pending: dict[int, tuple[SetRecord, float]] = {}
        self._to_open = False
        self._to_erase = False
        self._retry_at_s: float | None = None
        self._delay_s = FIRST_RETRY_S

    def open(self) -> None:
        """Asks for the store to be opened at the next step, before there is a set to store.

        What is wrong with it is then known while nobody trains.
        """
        self._to_open = True

    def put(self, record: SetRecord, started_at_utc: float) -> None:
        """Takes a set as it now stands; the next step tries at once, back-off or not."""
        self._pending[record.serial] = (record, started_at_utc)
        self._retry_at_s = None

    def erase(self) -> None:
        """Drops what is pending and asks for the history to be erased, at the next step.

        What is put after this waits until that is done, or it would be erased too.
        """
        self._pending.clear()
        self._to_erase = True
        self._retry_at_s = None

    def hurry(self) -> None:
        """Forgets the back-off, for what is left to be done soon."""
        self._to_open = False
        self._retry_at_s = None
        self._delay_s = FIRST_RETRY_S

    def step(self, now_s: float) -> float | None:
        """Opens, erases and stores what is due.

        Args:
            now_s: monotonic seconds.

        Returns:
            When to call again, in the same seconds; None while nothing is pending.
        """
        due = self._to_open or self._to_erase or self._pending
        if due and (self._retry_at_s is None or now_s >= self._retry_at_s):
            self._try_all(now_s)
        return self._retry_at_s

    def close(self) -> None:
        """Lets go of the store."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def _try_all(self, now_s: float) -> None:
        fault = self._try_to_open() if self._to_open else None
        if fault is None and self._to_erase:
            fault = self._try_to_erase()
        if fault is None:
            fault = self._try_to_save()
        if fault is None:
            if self.fault is not None:
                logger.info("history is written again")
            self._delay_s = FIRST_RETRY_S
            self._retry_at_s = None
        else:
            if self.fault is None:
                logger.error("history is not written, will try again: %s", fault)
            self._retry_at_s = now_s + self._delay_s
            self._delay_s = min(2 * self._delay_s, LAST_RETRY_S)
        self.fault = fault

    def _try_to_open(self) -> str | None:
        try:
            self._opened()
        except HistoryError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 - as for a record
            return f"the history cannot be opened: {error!r}; please report this"
        self._to_open = False
        return None

    def _try_to_erase(self) -> str | None:
        try:
            self._opened().erase()
        except HistoryError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 - as for a record
            return f"the history cannot be erased: {error!r}; please report this"
        self._to_erase = False
        self.erased += 1
        self.notice = None  # the file it speaks of is gone too
        return None

    def _try_to_save(self) -> str | None:
        fault = None
        for serial, (record, started_at_utc) in list(self._pending.items()):
            try:
                self._opened().save(record, started_at_utc)
            except HistoryError as error:
                fault = str(error)
            except Exception as error:  # noqa: BLE001 - one bad record must not end the thread
                fault = f"set {serial} cannot be stored: {error!r}; please report this"
            else:
                del self._pending[serial]
        return fault

    def _opened(self) -> SetStore:
        if self._store is None or self._store.closed:
            self._store = None
            self._store = self._open_store()
            if self._store.notice is not None and self._store.notice != self.notice:
                logger.warning("%s", self._store.notice)
                self.notice = self._store.notice
        return self._store


class HistoryWriter:
    """Stores sets in a thread of its own as soon as they are posted."""

    def __init__(self, open_store: Callable[[], SetStore]) -> None:
        """Starts the thread, which opens the store.

        Args:
            open_store: see `Outbox`; called in the thread.
        """
        self._outbox = Outbox(open_store)
        self._wake = threading.Condition()
        self._posted: dict[int, tuple[SetRecord, float]] = {}
        self._to_erase = False
        self._deadline_s: float | None = None
        self._thread = threading.Thread(target=self._run, name="history", daemon=True)
        self._thread.start()

    @property
    def fault(self) -> str | None:
        """What keeps the history from being written or erased; None while all is well."""
        return self._outbox.fault

    @property
    def notice(self) -> str | None:
        """What a person should know of the history's opening, such as a damaged file set aside."""
        return self._outbox.notice

    @property
    def erased(self) -> int:
        """How many times the history was erased since the start; rises when `erase` is done.

        Until then `fault` says what is in its way.
        """
        return self._outbox.erased

    def post(self, record: SetRecord, started_at_utc: float) -> None:
        """Hands a set over as it now stands, from any thread, without waiting for the disk.

        Args:
            record: the set; post it anew after each rep and when it ends.
            started_at_utc: wall clock at its start, seconds since 1970.
        """
        with self._wake:
            self._posted[record.serial] = (record, started_at_utc)
            self._wake.notify()

    def erase(self) -> None:
        """Asks for everything posted so far to be removed for good, without waiting for the disk.

        Tried until it is done, which `erased` tells; what is posted after this is stored then. A
        set under way comes back whole with its next rep, for its record holds all of them.
        """
        with self._wake:
            self._posted.clear()
            self._to_erase = True
            self._wake.notify()

    def close(self, timeout_s: float = 5.0) -> bool:
        """Stores and erases what is left and ends the thread. Safe to call twice.

        Args:
            timeout_s: how long to go on trying where the history cannot be written.

        Returns:
            Whether everything posted is stored, and erased what was to be.
        """
        with self._wake:
            self._deadline_s = time.monotonic() + timeout_s
            self._wake.notify()
        self._thread.join(timeout_s + 1.0)
        return not self._thread.is_alive() and self._outbox.fault is None

    def _run(self) -> None:
        self._outbox.open()
        again_s = self._outbox.step(time.monotonic())
        while True:
            with self._wake:
                if not (self._posted or self._to_erase) and self._deadline_s is None:
                    self._wake.wait(None if again_s is None else again_s - time.monotonic())
                posted, self._posted = self._posted, {}
                to_erase, self._to_erase = self._to_erase, False
                deadline_s = self._deadline_s
            if to_erase:
                self._outbox.erase()
            for record, started_at_utc in posted.values():
                self._outbox.put(record, started_at_utc)
            if deadline_s is not None:
                break
            again_s = self._outbox.step(time.monotonic())
        self._outbox.hurry()
        while (again_s := self._outbox.step(time.monotonic())) and again_s < deadline_s:
            time.sleep(max(0.0, again_s - time.monotonic()))
        self._outbox.close()
