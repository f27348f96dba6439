"""When the kiosk goes easy on the processor, and when it takes up its pace again."""

import pytest

from kiosk.system.thermal import COOL_C, COOL_FOR_S, HOT_C, Pace, Thermostat
from kiosk.system.throttling import Throttling

FREE = Throttling.from_word(0)


@pytest.fixture
def hot() -> Thermostat:
    thermostat = Thermostat()
    assert thermostat.update(0.0, HOT_C, FREE) is Pace.EASED
    return thermostat


def test_the_pace_is_full_until_it_is_hot() -> None:
    thermostat = Thermostat()
    assert thermostat.pace is Pace.FULL
    assert thermostat.update(0.0, HOT_C - 0.1, FREE) is Pace.FULL
    assert thermostat.update(1.0, HOT_C, FREE) is Pace.EASED
    assert thermostat.pace is Pace.EASED


@pytest.mark.parametrize(
    ("word", "pace"),
    [
        (0x2, Pace.EASED),  # the frequency is capped
        (0x4, Pace.EASED),  # throttled
        (0x5, Pace.EASED),  # throttled by too little voltage
        (0x1, Pace.FULL),  # too little voltage, which slows nothing
        (0x8, Pace.FULL),  # a Pi 3B+ at 60 °C
        (0xF0000, Pace.FULL),  # all of it long ago
    ],
)
def test_what_slows_the_processor_now_eases_the_pace(word: int, pace: Pace) -> None:
    assert Thermostat().update(0.0, 50.0, Throttling.from_word(word)) is pace


def test_it_goes_back_when_it_has_been_cool_for_a_while(hot: Thermostat) -> None:
    assert hot.update(1.0, COOL_C, FREE) is Pace.EASED
    assert hot.update(COOL_FOR_S + 0.9, COOL_C, FREE) is Pace.EASED
    assert hot.update(COOL_FOR_S + 1.0, COOL_C, FREE) is Pace.FULL


def test_a_warm_moment_begins_the_wait_anew(hot: Thermostat) -> None:
    hot.update(1.0, COOL_C, FREE)
    hot.update(20.0, COOL_C + 0.1, FREE)
    assert hot.update(COOL_FOR_S + 10.0, COOL_C, FREE) is Pace.EASED
    assert hot.update(2 * COOL_FOR_S + 10.0, COOL_C, FREE) is Pace.FULL


def test_between_cool_and_hot_the_pace_stays_as_it_is(hot: Thermostat) -> None:
    warm = (HOT_C + COOL_C) / 2
    fresh = Thermostat()
    for now_s in range(1, 200, 10):
        assert hot.update(now_s, warm, FREE) is Pace.EASED
        assert fresh.update(now_s, warm, FREE) is Pace.FULL


def test_a_processor_that_is_still_slowed_down_is_not_cool(hot: Thermostat) -> None:
    slowed = Throttling.from_word(0x4)
    for now_s in range(1, 200, 10):
        assert hot.update(now_s, 50.0, slowed) is Pace.EASED


def test_a_machine_long_cool_still_eases_at_once() -> None:
    thermostat = Thermostat()
    for now_s in range(100):
        thermostat.update(now_s, 40.0, FREE)
    assert thermostat.update(100.0, HOT_C, FREE) is Pace.EASED
    assert thermostat.update(101.0, 40.0, FREE) is Pace.EASED


def test_without_a_sensor_the_pace_is_full(hot: Thermostat) -> None:
    assert Thermostat().update(0.0, None, None) is Pace.FULL
    # nor does a lost sensor keep it eased for ever
    assert hot.update(1.0, None, None) is Pace.EASED
    assert hot.update(1.0 + COOL_FOR_S, None, None) is Pace.FULL


def test_one_sensor_is_enough() -> None:
    assert Thermostat().update(0.0, HOT_C, None) is Pace.EASED
    assert Thermostat().update(0.0, None, Throttling.from_word(0x4)) is Pace.EASED
