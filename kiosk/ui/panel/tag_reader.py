"""Reads the numbers of tags from a reader that types them like a keyboard, each with Enter.

The reader's own input device is read, and nothing else sees what it types. Python's standard
library suffices: an event is one C structure, and two requests are made of the kernel. The package
evdev would do the same, but it has no wheels, and would need a compiler and the kernel's headers on
each Pi.
"""

import errno
import fcntl
import os
import struct
from collections.abc import Callable

from kiosk.errors import PanelError
from kiosk.settings import TAG_READERS
from kiosk.system.retry import Reconnecting

LONGEST = 32
"""Digits of a number. The longest that readers type are the 20 of an ISO 15693 tag."""
PAUSE_S = 2.0
"""After such a pause a number that has no end is forgotten: readers type one in half a second."""
WAITS_S = (0.5, 4.0)
"""First and longest wait before the reader is looked for again. Shorter than for other devices: one
that was plugged in again types like any keyboard until it is claimed. A look costs 0.05 ms
where there is none."""

EVENT = struct.Struct("@llHHi")
"""`struct input_event` of linux/input.h: seconds, microseconds, type, code, value. Native longs:
24 bytes for a 64-bit program and 16 for a 32-bit one, also on a 64-bit kernel and with 64-bit
times, whose fields of time the kernel keeps as long as they were."""
_AT_ONCE = 256 * EVENT.size  # a number of 32 digits has 198 events; what is more waits for the next

_EVIOCGRAB = 0x40044590  # _IOW('E', 0x90, int): events go to this program alone
_EVIOCSCLOCKID = 0x400445A0  # _IOW('E', 0xa0, int): events bear the time of this clock
_CLOCK_MONOTONIC = 1

# linux/input-event-codes.h
_EV_SYN, _EV_KEY, _SYN_DROPPED, _DOWN = 0, 1, 3, 1
_DIGITS = {
    **{code: str(digit % 10) for digit, code in enumerate(range(2, 12), start=1)},
    **dict(zip((82, 79, 80, 81, 75, 76, 77, 71, 72, 73), "0123456789", strict=True)),
}
"""By the code of the key: top row and number pad."""
_ENTER = (28, 96)
_SILENT = (29, 42, 54, 56, 58, 69, 97, 100, 125, 126)
"""Control, Shift, Alt, Caps Lock, Num Lock, Meta: some readers press them around a number."""


class _Typed:
    """What was typed since the last Enter."""

    def __init__(self) -> None:
        self._digits = ""
        self._spoilt = False
        self._last_s = 0.0

    def update(self, kind: int, code: int, value: int, at_s: float) -> str | None:
        """Takes one event; returns the number that it has ended, if there is one."""
        key_down = kind == _EV_KEY and value == _DOWN
        lost = kind == _EV_SYN and code == _SYN_DROPPED
        if not (key_down or lost) or code in _SILENT:
            return None
        if at_s - self._last_s > PAUSE_S:
            self._digits, self._spoilt = "", False
        self._last_s = at_s
        if not lost and code in _ENTER:
            whole = "" if self._spoilt or len(self._digits) > LONGEST else self._digits
            self._digits, self._spoilt = "", False
            return whole or None
        # without the letters of a number, two different ones could become the same
        if lost or code not in _DIGITS:
            self._spoilt = True
        elif len(self._digits) <= LONGEST:
            self._digits += _DIGITS[code]
        return None


def claim(descriptor: int) -> None:
    """Takes an input device for this program alone, and has its events bear the monotonic time.

    Raises:
        OSError: it is no input device, or another program has claimed it.
    """
    fcntl.ioctl(descriptor, _EVIOCGRAB, 1)
    fcntl.ioctl(descriptor, _EVIOCSCLOCKID, struct.pack("i", _CLOCK_MONOTONIC))


def _read(descriptor: int) -> bytes:
    if data := os.read(descriptor, _AT_ONCE):
        return data
    raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))  # the end of a device: it is gone


class TagReader:
    """A tag reader that is opened as soon as it is there, and again after it was unplugged.

    The main loop polls it, and never waits for it. A number is some digits and Enter; one with
    anything else in it, or of more than `LONGEST` digits, is left out, and so is one with an event
    that the kernel has dropped.

    Args:
        path: of the input device, as `lifters.tag_reader` has it.
        claimer: as `claim`; another one for what is no input device.
    """

    def __init__(self, path: str, claimer: Callable[[int], None] = claim) -> None:
        self._path = path
        self._claimer = claimer
        self._typed = _Typed()
        self._device = Reconnecting("tag reader", self._open, waits_s=WAITS_S)

    @property
    def fault(self) -> str | None:
        """Why no tag is read; None while the reader is there."""
        return self._device.message

    def poll(self, now_s: float) -> str | None:
        """Returns the number of the tag that was read since the last call, the newest of several.

        Looks for a reader that is missing when that is due, in monotonic seconds.
        """
        descriptor = self._device.retry(now_s)
        if descriptor is None:
            return None
        try:
            data = _read(descriptor)
        except BlockingIOError:
            return None
        except OSError as error:
            self.close()
            self._device.lose(self._refusal(error))
            return None
        newest = None
        for seconds, microseconds, kind, code, value in EVENT.iter_unpack(data):
            found = self._typed.update(kind, code, value, seconds + microseconds / 1e6)
            newest = found or newest
        return newest

    def close(self) -> None:
        """Gives the reader back. Safe to call twice."""
        if self._device.part is not None:
            os.close(self._device.part)
            self._device.part = None

    def _open(self) -> int:
        self._typed = _Typed()
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                self._claimer(descriptor)
            except BaseException:
                os.close(descriptor)
                raise
        except OSError as error:
            raise self._refusal(error) from error
        return descriptor

    def _refusal(self, error: OSError) -> PanelError:
        """One text for every way of being absent, so that it is logged once."""
        gone = error.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO)
        what = "is not plugged in" if gone else f"cannot be used ({error.strerror})"
        return PanelError(
            f"tag reader {self._path} {what}; plug it in, set lifters.tag_reader to one that "
            f"`ls {TAG_READERS}` shows, or lifters.tags to false"
        )
