"""Reads from the firmware of a Raspberry Pi what slows the processor down, as vcgencmd does.

This can be read nowhere else: the kernel gave up its file get_throttled in March 2025
(raspberrypi/linux#6697). One ioctl takes the place of a process for each question.
"""

import os
import struct
from dataclasses import dataclass
from enum import Enum
from fcntl import ioctl
from pathlib import Path
from typing import Self

DEVICES = ("vcio_gencmd", "vcio")
"""Kernels of 2026 give the group video the first, which answers only questions like this one, and
keep the second, which can do far more, for root. Older ones have the second alone, for video."""

# request, tag and layout are those of vcgencmd.c in https://github.com/raspberrypi/utils
_PROPERTY = 0xC0006400 | struct.calcsize("P") << 16  # _IOWR(100, 0, char *)
_ASK = 0x00030080
_DONE = 0x80000000
_TEXT_BYTES = 1024
_MESSAGE = struct.Struct(f"=6I{_TEXT_BYTES}sI")
_SINCE_BOOT = 16


class Limit(Enum):
    """A reason to run slower; the value is its bit in the firmware's word.

    Source: "get_throttled" in https://www.raspberrypi.com/documentation/computers/os.html#vcgencmd.
    """

    UNDER_VOLTAGE = 0
    FREQUENCY_CAPPED = 1
    THROTTLED = 2
    SOFT_TEMPERATURE_LIMIT = 3


@dataclass(frozen=True, slots=True)
class Throttling:
    """Which limits hold the machine back, because of heat or of a weak supply.

    Attributes:
        now: at this moment.
        since_boot: at any time since it was started, this moment included.
    """

    now: frozenset[Limit] = frozenset()
    since_boot: frozenset[Limit] = frozenset()

    @classmethod
    def from_word(cls, word: int) -> Self:
        """Decodes the firmware's word: a bit for each limit, and sixteen further on its past."""
        now = frozenset(limit for limit in Limit if word >> limit.value & 1)
        past = frozenset(limit for limit in Limit if word >> limit.value >> _SINCE_BOOT & 1)
        return cls(now, past | now)


def read_throttling(devices: Path) -> Throttling | None:
    """Asks the firmware which limits hold the machine back, by its device file in `devices`.

    None where there is no such firmware, or this user may not ask it.
    """
    name, _, word = (_ask(devices, "get_throttled") or "").partition("=")
    if name != "throttled":
        return None
    try:
        return Throttling.from_word(int(word, 16))
    except ValueError:
        return None


def _ask(devices: Path, question: str) -> str | None:
    # size, request, tag, bytes for the answer, unused, error; the text; the end
    head = (_MESSAGE.size, 0, _ASK, _TEXT_BYTES, 0, 0)
    message = bytearray(_MESSAGE.pack(*head, question.encode("ascii"), 0))
    for name in DEVICES:
        try:
            device = os.open(devices / name, os.O_RDONLY | os.O_CLOEXEC)  # as vcgencmd does
        except OSError:
            continue
        try:
            ioctl(device, _PROPERTY, message)
        except OSError:
            return None
        finally:
            os.close(device)
        _, status, _, _, _, error, text, _ = _MESSAGE.unpack(message)
        if status != _DONE or error:
            return None
        return bytes(text).partition(b"\0")[0].decode("ascii", errors="replace").strip()
    return None
