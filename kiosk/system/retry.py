"""A part of the world that is opened as soon as it can be, and sought again with back-off."""

import logging
from collections.abc import Callable
from typing import Generic, TypeVar

from kiosk.errors import KioskError

T = TypeVar("T")

RETRY_S = (1.0, 30.0)
"""First and longest wait before the next attempt. Somebody who has plugged a thing in waits half a
minute at most, and what is absent for good costs next to nothing."""

_log = logging.getLogger(__name__)


class Retried(Generic[T]):
    """Opens a part, at once and then whenever it is due. Neither thread nor clock of its own.

    Args:
        name: of the part, for the log.
        opener: gives the part, or raises the `KioskError` that says what is in the way.
        patient: False raises what the first attempt raised.

    Attributes:
        part: once it could be opened; None until then.
        fault: what is in the way; None while the part is there.
    """

    def __init__(self, name: str, opener: Callable[[], T], *, patient: bool = True) -> None:
        self.part: T | None = None
        self.fault: KioskError | None = None
        self._name = name
        self._opener = opener
        self._wait_s = RETRY_S[0]
        self._again_s: float | None = None
        self._try()
        if self.fault is not None and not patient:
            raise self.fault

    def get(self, now_s: float) -> T | None:
        """The part; tried again first where it is missing and an attempt is due.

        Args:
            now_s: monotonic seconds. The first call after a fault sets the first attempt's time.
        """
        if self.part is None:
            if self._again_s is not None and now_s >= self._again_s:
                self._try()
                self._again_s = None
            if self.part is None and self._again_s is None:
                self._again_s = now_s + self._wait_s
                self._wait_s = min(2 * self._wait_s, RETRY_S[1])
        return self.part

    def lose(self, fault: KioskError) -> None:
        """Gives up a part that has failed, which the caller closes; it is sought again."""
        self.part = None
        self._note(fault)

    def _try(self) -> None:
        try:
            self.part = self._opener()
        except KioskError as error:
            self._note(error)
            return
        if self.fault is not None:
            _log.info("%s: all is well again", self._name)
        self.fault = None
        self._wait_s, self._again_s = RETRY_S[0], None

    def _note(self, fault: KioskError) -> None:
        if self.fault is None or str(self.fault) != str(fault):
            _log.warning("%s", fault)
        self.fault = fault
