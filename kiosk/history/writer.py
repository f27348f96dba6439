"""Keeps sets until they are stored: what is pending, and one attempt to store it all."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Protocol

from kiosk.coaching.record import SetRecord
from kiosk.errors import HistoryError

_log = logging.getLogger(__name__)


class SetStore(Protocol):
    """Where sets are stored; `Store` is the real one."""

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
        """Closes the file."""


class PendingSets:
    """Sets that are not stored yet. Has neither thread nor clock: the caller decides when to try.

    Holds the newest record of each set until it is stored, so it grows by sets that could not be
    written, never by reps or frames.

    Args:
        open_store: called when first needed, and again where a fault has closed the store. To go
            on with the same sets it has to open under the same run's name each time.

    Attributes:
        fault: what kept the history from being written or erased at the last attempt; None while
            all is well. Its start and end are logged.
        notice: what the store reported when it was opened, such as a damaged file set aside.
        erased: how many times the history was erased.
    """

    def __init__(self, open_store: Callable[[], SetStore]) -> None:
        self.fault: str | None = None
        self.notice: str | None = None
        self.erased = 0
        self._open_store = open_store
        self._store: SetStore | None = None
        self._sets: dict[int, tuple[SetRecord, float]] = {}
        self._to_open = False
        self._to_erase = False

    @property
    def due(self) -> bool:
        """Whether there is anything to do for `attempt`."""
        return self._to_open or self._to_erase or bool(self._sets)

    def open(self, *, wanted: bool = True) -> None:
        """Asks for the store to be opened even without a set to store, or takes that back.

        What is wrong with it is then known while nobody trains.
        """
        self._to_open = wanted

    def put(self, record: SetRecord, started_at_utc: float) -> None:
        """Takes a set as it now stands, in place of what was known of it."""
        self._sets[record.serial] = (record, started_at_utc)

    def erase(self) -> None:
        """Drops what is pending and asks for the history to be erased.

        What is put after this waits until that is done, or it would be erased too.
        """
        self._sets.clear()
        self._to_erase = True

    def attempt(self) -> str | None:
        """Opens, erases and stores what is asked for; the fault that was in the way, if any."""
        fault = None
        if self._to_open:
            fault = _fault_of(self._opened, "the history cannot be opened")
            self._to_open = fault is not None
        if fault is None and self._to_erase:
            fault = _fault_of(self._erase, "the history cannot be erased")
        if fault is None:
            fault = self._save()
        if fault is not None and self.fault is None:
            _log.error("history is not written, will try again: %s", fault)
        elif fault is None and self.fault is not None:
            _log.info("history is written again")
        self.fault = fault
        return fault

    def close(self) -> None:
        """Closes the store."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def _erase(self) -> None:
        self._opened().erase()
        self._to_erase = False
        self.erased += 1
        self.notice = None  # the file it speaks of is gone too

    def _save(self) -> str | None:
        """Stores each set that can be stored; the last fault."""
        last = None
        for serial, pending in list(self._sets.items()):
            save = partial(self._save_one, *pending)
            if (fault := _fault_of(save, f"set {serial} cannot be stored")) is None:
                del self._sets[serial]
            last = fault or last
        return last

    def _save_one(self, record: SetRecord, started_at_utc: float) -> None:
        self._opened().save(record, started_at_utc)

    def _opened(self) -> SetStore:
        if self._store is None or self._store.closed:
            self._store = None
            self._store = self._open_store()
            if self._store.notice is not None and self._store.notice != self.notice:
                _log.warning("%s", self._store.notice)
                self.notice = self._store.notice
        return self._store


def _fault_of(act: Callable[[], object], what: str) -> str | None:
    """Does something; what went wrong. No error may end the thread, be it one nobody thought of."""
    try:
        act()
    except HistoryError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - one bad record must not hold up the others
        return f"{what}: {error!r}; please report this"
    return None
