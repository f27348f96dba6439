"""A question to the firmware of a Raspberry Pi, as the command vcgencmd asks it.

The word on throttling can be had nowhere else: the kernel gave up its file get_throttled in March
2025 (raspberrypi/linux#6697). One ioctl takes the place of a process for each question.
"""

import os
import struct
from fcntl import ioctl
from pathlib import Path

from kiosk.system.throttling import Throttling

DEVICES = ("vcio_gencmd", "vcio")
"""Kernels of 2026 give the group video the first, which answers only questions like this one, and
keep the second, which can do far more, for root. Older ones have the second alone, for video."""

# request, tag and layout are those of vcgencmd.c in https://github.com/raspberrypi/utils
_PROPERTY = 0xC0006400 | struct.calcsize("P") << 16  # _IOWR(100, 0, char *)
_ASK = 0x00030080
_DONE = 0x80000000
_TEXT_BYTES = 1024
_MESSAGE = struct.Struct(f"=6I{_TEXT_BYTES}sI")


def read_throttling(devices: Path) -> Throttling | None:
    """Asks the firmware.

    Args:
        devices: where the device files are, /dev.

    Returns:
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
    for name in DEVICES:
        try:
            device = os.open(devices / name, os.O_RDONLY | os.O_CLOEXEC)  # as vcgencmd does
        except OSError:
            continue
        try:
            return _exchange(device, question)
        except OSError:
            return None
        finally:
            os.close(device)
    return None


def _exchange(device: int, question: str) -> str | None:
    text = question.encode("ascii")
    # size, request, tag, room for the answer, unused, error; the text; the end
    head = (_MESSAGE.size, 0, _ASK, _TEXT_BYTES, 0, 0)
    message = bytearray(_MESSAGE.pack(*head, text, 0))
    ioctl(device, _PROPERTY, message)
    _, status, _, _, _, error, text, _ = _MESSAGE.unpack(message)
    if status != _DONE or error:
        return None
    return bytes(text).partition(b"\0")[0].decode("ascii", errors="replace").strip()
