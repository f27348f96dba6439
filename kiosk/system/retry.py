"""Opens devices as soon as they can be opened, with exponential back-off between attempts."""

import logging
from collections.abc import Callable
from typing import Generic, TypeVar

from kiosk.errors import KioskError

T = TypeVar("T")

RETRY_S = (1.0, 30.0)
"""First and longest wait before the next attempt. Somebody who has plugged a thing in waits half a
minute at most, and what is absent for good costs next to nothing."""

_log = logging.getLogger(__name__)


class Backoff:
    """Gives the waits between attempts, each twice as long as the one before."""

    def __init__(self, first_s: float, longest_s: float) -> None:
        self._first_s = self._wait_s = first_s
        self._longest_s = longest_s

    def next_s(self) -> float:
        """Returns the seconds to wait before the next attempt."""
        wait_s, self._wait_s = self._wait_s, min(2 * self._wait_s, self._longest_s)
        return wait_s

    def reset(self) -> None:
        """Begins with the first wait again, after an attempt that succeeded."""
        self._wait_s = self._first_s


class Reconnecting(Generic[T]):
    """Opens a device, at once and then whenever an attempt is due. Has neither thread nor clock.

    Args:
        name: of the device, for the log.
        opener: returns the device, or raises the `KioskError` with the reason why it cannot.
        reconnects: False raises what the first attempt raised.
        waits_s: first and longest wait before the next attempt.

    Attributes:
        part: the open device; None while there is none.
        fault: why there is none; None while there is one. Logged once, and so is its end.
    """

    def __init__(
        self,
        name: str,
        opener: Callable[[], T],
        *,
        reconnects: bool = True,
        waits_s: tuple[float, float] | None = None,
    ) -> None:
        self.part: T | None = None
        self.fault: KioskError | None = None
        self._name = name
        self._opener = opener
        self._backoff = Backoff(*(waits_s or RETRY_S))
        self._again_s: float | None = None
        self._open()
        if self.fault is not None and not reconnects:
            raise self.fault

    @property
    def message(self) -> str | None:
        """Text of the fault; None while the device is open."""
        return None if self.fault is None else str(self.fault)

    def require(self) -> T:
        """Returns the device; raises the `KioskError` of its fault while there is none."""
        if self.part is None:
            assert self.fault is not None
            # an error that is raised again and again would keep every place it was raised at
            raise self.fault.with_traceback(None)
        return self.part

    def retry(self, now_s: float) -> T | None:
        """Returns the device; opens it first where it is missing and an attempt is due.

        Args:
            now_s: monotonic seconds. The first call after a fault sets the first attempt's time.
        """
        if self.part is None:
            if self._again_s is not None and now_s >= self._again_s:
                self._open()
                self._again_s = None
            if self.part is None and self._again_s is None:
                self._again_s = now_s + self._backoff.next_s()
        return self.part

    def lose(self, fault: KioskError) -> None:
        """Gives up a device that has failed, which the caller closes; it is reopened when due."""
        self.part = None
        self._fail(fault)

    def _open(self) -> None:
        try:
            self.part = self._opener()
        except KioskError as error:
            self._fail(error)
            return
        if self.fault is not None:
            _log.info("%s: all is well again", self._name)
        self.fault = None
        self._backoff.reset()

    def _fail(self, fault: KioskError) -> None:
        if self.message != str(fault):
            _log.warning("%s", fault)
        self.fault = fault
