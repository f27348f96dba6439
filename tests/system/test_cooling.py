"""When the kiosk goes easy on the processor, and when it takes up its pace again."""

import pytest

from doubles import heat
from kiosk.system.cooling import COOL_C, COOL_FOR_S, HOT_C, Cooling
from kiosk.system.firmware import Throttling

FREE = Throttling.from_word(0)


def update(
    cooling: Cooling, now_s: float, temperature_c: float | None, throttling: Throttling | None
) -> bool:
    """Hands a measurement over; whether the loop is slowed down."""
    cooling.update(now_s, heat(temperature_c, throttling))
    return cooling.active


@pytest.fixture
def hot() -> Cooling:
    cooling = Cooling(pytest.fail)
    assert update(cooling, 0.0, HOT_C, FREE)
    return cooling


def test_the_pace_is_full_until_it_is_hot() -> None:
    cooling = Cooling(pytest.fail)
    assert not cooling.active
    assert not update(cooling, 0.0, HOT_C - 0.1, FREE)
    assert update(cooling, 1.0, HOT_C, FREE)
    assert cooling.active


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
    assert update(Cooling(pytest.fail), 0.0, 50.0, Throttling.from_word(word)) is hot


def test_it_goes_back_when_it_has_been_cool_for_a_while(hot: Cooling) -> None:
    assert update(hot, 1.0, COOL_C, FREE)
    assert update(hot, COOL_FOR_S + 0.9, COOL_C, FREE)
    assert not update(hot, COOL_FOR_S + 1.0, COOL_C, FREE)


def test_a_warm_moment_begins_the_wait_anew(hot: Cooling) -> None:
    update(hot, 1.0, COOL_C, FREE)
    update(hot, 20.0, COOL_C + 0.1, FREE)
    assert update(hot, COOL_FOR_S + 10.0, COOL_C, FREE)
    assert not update(hot, 2 * COOL_FOR_S + 10.0, COOL_C, FREE)


def test_between_cool_and_hot_the_pace_stays_as_it_is(hot: Cooling) -> None:
    warm = (HOT_C + COOL_C) / 2
    fresh = Cooling(pytest.fail)
    for now_s in range(1, 200, 10):
        assert update(hot, now_s, warm, FREE)
        assert not update(fresh, now_s, warm, FREE)


def test_a_processor_that_is_still_slowed_down_is_not_cool(hot: Cooling) -> None:
    slowed = Throttling.from_word(0x4)
    for now_s in range(1, 200, 10):
        assert update(hot, now_s, 50.0, slowed)


def test_a_machine_long_cool_still_eases_at_once() -> None:
    cooling = Cooling(pytest.fail)
    for now_s in range(100):
        update(cooling, now_s, 40.0, FREE)
    assert update(cooling, 100.0, HOT_C, FREE)
    assert update(cooling, 101.0, 40.0, FREE)


def test_without_a_sensor_the_pace_is_full(hot: Cooling) -> None:
    assert not update(Cooling(pytest.fail), 0.0, None, None)
    # nor does a lost sensor keep it eased for ever
    assert update(hot, 1.0, None, None)
    assert not update(hot, 1.0 + COOL_FOR_S, None, None)


def test_one_sensor_is_enough() -> None:
    assert update(Cooling(pytest.fail), 0.0, HOT_C, None)
    assert update(Cooling(pytest.fail), 0.0, None, Throttling.from_word(0x4))
