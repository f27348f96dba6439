"""The firmware's word in words."""

import pytest

from kiosk.system.throttling import Limit, Throttling

VOLTAGE, CAPPED, THROTTLED, SOFT = Limit


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
