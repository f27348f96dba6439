"""When the kiosk goes easy on the processor, and when it takes up its pace again."""

import pytest

from kiosk.system.cooling import COOL_C, COOL_FOR_S, HOT_C, Thermostat
from kiosk.system.firmware import Throttling

FREE = Throttling.from_word(0)


@pytest.fixture
def hot() -> Thermostat:
    thermostat = Thermostat()
    assert thermostat.update(0.0, HOT_C, FREE)
    return thermostat


def test_the_pace_is_full_until_it_is_hot() -> None:
    thermostat = Thermostat()
    assert not thermostat.hot
    assert not thermostat.update(0.0, HOT_C - 0.1, FREE)
    assert thermostat.update(1.0, HOT_C, FREE)
    assert thermostat.hot


@pytest.mark.parametrize(
    ("word", "hot"),
    [
        (0x2, True),  # the frequency is capped
        (0x4, True),  # throttled
        (0x5, True),  # throttled by too little voltage
        (0x1, False),  # too little voltage, which slows nothing
        (0x8, False),  # a Pi 3B+ at 60 °C
        (0xF0000, False),  # all of it long ago
    ],
)
def test_what_slows_the_processor_now_eases_the_pace(word: int, hot: bool) -> None:
    assert Thermostat().update(0.0, 50.0, Throttling.from_word(word)) is hot


def test_it_goes_back_when_it_has_been_cool_for_a_while(hot: Thermostat) -> None:
    assert hot.update(1.0, COOL_C, FREE)
    assert hot.update(COOL_FOR_S + 0.9, COOL_C, FREE)
    assert not hot.update(COOL_FOR_S + 1.0, COOL_C, FREE)


def test_a_warm_moment_begins_the_wait_anew(hot: Thermostat) -> None:
    hot.update(1.0, COOL_C, FREE)
    hot.update(20.0, COOL_C + 0.1, FREE)
    assert hot.update(COOL_FOR_S + 10.0, COOL_C, FREE)
    assert not hot.update(2 * COOL_FOR_S + 10.0, COOL_C, FREE)


def test_between_cool_and_hot_the_pace_stays_as_it_is(hot: Thermostat) -> None:
    warm = (HOT_C + COOL_C) / 2
    fresh = Thermostat()
    for now_s in range(1, 200, 10):
        assert hot.update(now_s, warm, FREE)
        assert not fresh.update(now_s, warm, FREE)


def test_a_processor_that_is_still_slowed_down_is_not_cool(hot: Thermostat) -> None:
    slowed = Throttling.from_word(0x4)
    for now_s in range(1, 200, 10):
        assert hot.update(now_s, 50.0, slowed)


def test_a_machine_long_cool_still_eases_at_once() -> None:
    thermostat = Thermostat()
    for now_s in range(100):
        thermostat.update(now_s, 40.0, FREE)
    assert thermostat.update(100.0, HOT_C, FREE)
    assert thermostat.update(101.0, 40.0, FREE)


def test_without_a_sensor_the_pace_is_full(hot: Thermostat) -> None:
    assert not Thermostat().update(0.0, None, None)
    # nor does a lost sensor keep it eased for ever
    assert hot.update(1.0, None, None)
    assert not hot.update(1.0 + COOL_FOR_S, None, None)


def test_one_sensor_is_enough() -> None:
    assert Thermostat().update(0.0, HOT_C, None)
    assert Thermostat().update(0.0, None, Throttling.from_word(0x4))
