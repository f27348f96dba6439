"""The question to the firmware, down to its bytes."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.system import firmware
from kiosk.system.firmware import Limit, Throttling, read_throttling

DONE = 0x80000000
VOLTAGE, CAPPED, THROTTLED, SOFT = Limit
UNDER_VOLTAGE_ONCE = Throttling.from_word(0x50000)

Answer = Callable[[bytes, int, int], None]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Makes the kernel answer, with a text, a status and an error."""

    def answer(text: bytes, status: int = DONE, error: int = 0) -> None:
        def ioctl(device: int, request: int, message: bytearray) -> int:
            # _IOWR(100, 0, char *): both ways, as wide as a pointer
            assert request == 3 << 30 | struct.calcsize("P") << 16 | 100 << 8
            size, asked, tag, room, _, _ = struct.unpack_from("=6I", message)
            assert (size, asked, tag) == (len(message), 0, 0x00030080)
            # head, room and the word that ends it; the error word is part of the room
            assert 24 + room + 4 == size
            assert bytes(message[24:]).partition(b"\0")[0] == b"get_throttled"
            assert message[-4:] == bytes(4)
            struct.pack_into("=I", message, 4, status)
            struct.pack_into(f"=I{len(text) + 1}s", message, 20, error, text)
            return 0

        monkeypatch.setattr(firmware, "ioctl", ioctl)

    return answer


@pytest.mark.parametrize("device", ["vcio", "vcio_gencmd"])
def test_the_firmware_is_asked_as_vcgencmd_asks_it(
    tmp_path: Path, answer: Answer, device: str
) -> None:
    (tmp_path / device).touch()
    answer(b"throttled=0x50000")
    assert read_throttling(tmp_path) == UNDER_VOLTAGE_ONCE


def test_the_device_for_such_questions_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("vcio", "vcio_gencmd"):
        (tmp_path / name).touch()
    asked = []

    def ioctl(device: int, request: int, message: bytearray) -> int:
        asked.append(Path(f"/proc/self/fd/{device}").resolve().name)
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(firmware, "ioctl", ioctl)
    assert read_throttling(tmp_path) is None
    assert asked == ["vcio_gencmd"]


def test_no_device_is_left_open(tmp_path: Path, answer: Answer) -> None:
    (tmp_path / "vcio").touch()
    answer(b"throttled=0x0")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        read_throttling(tmp_path)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_without_the_device_there_is_no_word(tmp_path: Path) -> None:
    assert read_throttling(tmp_path) is None


def test_a_file_that_is_no_device_gives_no_word(tmp_path: Path) -> None:
    (tmp_path / "vcio").touch()
    assert read_throttling(tmp_path) is None


@pytest.mark.parametrize(
    ("text", "status", "error"),
    [
        (b"throttled=0x50000", 0x80000001, 0),
        (b"throttled=0x50000", DONE, 1),
        (b'error=1 error_msg="Command not registered"', DONE, 0),
        (b"error=1", DONE, 0),
        (b"throttled=much", DONE, 0),
        (b"throttled=", DONE, 0),
        (b"", DONE, 0),
        (b"\xff\xfe", DONE, 0),
    ],
)
def test_an_answer_that_is_none_gives_no_word(
    tmp_path: Path, answer: Answer, text: bytes, status: int, error: int
) -> None:
    (tmp_path / "vcio").touch()
    answer(text, status, error)
    assert read_throttling(tmp_path) is None


@pytest.mark.parametrize(
    ("word", "now", "since_boot"),
    [
        (0x0, (), ()),
        (0x50000, (), (VOLTAGE, THROTTLED)),
        (0x50005, (VOLTAGE, THROTTLED), (VOLTAGE, THROTTLED)),
        (0xA0000, (), (CAPPED, SOFT)),
        (0xF000F, tuple(Limit), tuple(Limit)),
        # what holds now has held since boot, whatever the firmware remembers
        (0x2, (CAPPED,), (CAPPED,)),
        # bits that mean nothing here
        (0xFFF0FFF0, (), ()),
    ],
)
def test_each_bit_is_a_limit_now_or_since_boot(
    word: int, now: tuple[Limit, ...], since_boot: tuple[Limit, ...]
) -> None:
    assert Throttling.from_word(word) == Throttling(frozenset(now), frozenset(since_boot))
