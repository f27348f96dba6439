"""A tag reader's events, as the kernel writes them, through a pipe in the place of its device."""

import os
import struct
from pathlib import Path

from kiosk.ui.panel.tag_reader import TagReader

TOP = dict(zip("1234567890", range(2, 12), strict=True))
PAD = dict(zip("0123456789", (82, 79, 80, 81, 75, 76, 77, 71, 72, 73), strict=True))
ENTER, PAD_ENTER, SHIFT, NUM_LOCK, LETTER_A = 28, 96, 42, 69, 30
RELEASED, PRESSED, REPEATED = 0, 1, 2


def event(kind: int, code: int, value: int, at_s: float) -> bytes:
    """As the kernel writes it for a program of this machine."""
    return struct.pack("@llHHi", int(at_s), int(at_s % 1 * 1e6), kind, code, value)


def key(code: int, at_s: float = 1.0) -> bytes:
    """A key down and up again, each with its scan code before and the end of a report after it."""
    return b"".join(
        event(4, 4, 0x7001E, at_s) + event(1, code, value, at_s) + event(0, 0, 0, at_s)
        for value in (PRESSED, RELEASED)
    )


def typed(digits: str, keys: dict[str, int] = TOP, at_s: float = 1.0) -> bytes:
    return b"".join(key(keys[digit], at_s) for digit in digits)


def tag(digits: str, keys: dict[str, int] = TOP, enter: int = ENTER, at_s: float = 1.0) -> bytes:
    return typed(digits, keys, at_s) + key(enter, at_s)


class Plug:
    """A pipe at a path, in the place of a reader's input device."""

    def __init__(self, path: Path) -> None:
        self.path, self.claimed = path, list[int]()
        self._writer: int | None = None

    def plug_in(self) -> None:
        os.mkfifo(self.path)
        self._writer = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)

    def unplug(self) -> None:
        assert self._writer is not None
        os.close(self._writer)
        self._writer = None
        self.path.unlink()

    def send(self, events: bytes) -> None:
        assert self._writer is not None
        assert not events or os.write(self._writer, events) == len(events)

    def reader(self) -> TagReader:
        return TagReader(str(self.path), self.claimed.append)

    def close(self) -> None:
        if self._writer is not None:
            self.unplug()
