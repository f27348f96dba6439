"""A device that cannot be opened: tried again ever more slowly, logged once, used when there."""

import logging

import pytest

from kiosk.errors import KioskError, PanelError
from kiosk.system.retry import RETRY_S, Backoff, Reconnecting

ABSENT = PanelError("there are no pins")


class World:
    """Gives a part after so many attempts."""

    def __init__(self, *faults: KioskError) -> None:
        self._faults = list(faults)
        self.tries = 0

    def __call__(self) -> str:
        self.tries += 1
        if self._faults:
            raise self._faults.pop(0)
        return "part"


def attempts_s(part: Reconnecting[str], world: World, until_s: float) -> list[float]:
    """When an attempt was made, asked ten times a second."""
    found = []
    for tick in range(int(until_s * 10)):
        before = world.tries
        part.retry(tick / 10)
        if world.tries > before:
            found.append(tick / 10)
    return found


def test_a_part_that_is_there_is_opened_once() -> None:
    world = World()
    part = Reconnecting("buttons", world)
    assert (part.part, part.fault) == ("part", None)
    assert attempts_s(part, world, 100.0) == []


def test_attempts_come_ever_more_slowly_and_end_with_the_part(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    world = World(*[ABSENT] * 8)
    part = Reconnecting("buttons", world)
    assert (part.part, part.fault) == (None, ABSENT)
    waits = [0.0, 1.0, 2.0, 4.0, 8.0, 16.0, RETRY_S[1], RETRY_S[1], RETRY_S[1]]
    expected = [sum(waits[: count + 1]) for count in range(1, len(waits))]
    assert attempts_s(part, world, 300.0) == expected
    assert (part.part, part.fault) == ("part", None)
    assert caplog.messages == [str(ABSENT), "buttons: all is well again"]


def test_another_fault_of_the_same_part_is_told_of_too(caplog: pytest.LogCaptureFixture) -> None:
    busy = PanelError("the pin is taken")
    world = World(ABSENT, busy, busy)
    part = Reconnecting("buttons", world)
    attempts_s(part, world, 10.0)
    assert caplog.messages == [str(ABSENT), str(busy)]


def test_a_part_that_is_lost_is_sought_from_the_shortest_wait_on() -> None:
    world = World(*[ABSENT] * 6)
    part = Reconnecting("buttons", world)
    attempts_s(part, world, 100.0)
    part.lose(ABSENT)
    assert (part.part, part.fault) == (None, ABSENT)
    assert attempts_s(part, world, 100.0) == [1.0]


def test_a_part_that_does_not_reconnect_raises_first_fault() -> None:
    with pytest.raises(PanelError) as caught:
        Reconnecting("buttons", World(ABSENT), reconnects=False)
    assert caught.value is ABSENT


def test_what_nobody_meant_to_raise_is_not_waited_out() -> None:
    def broken() -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Reconnecting("buttons", broken)


def test_a_missing_part_is_required_in_vain_and_keeps_no_place_it_was_required_at() -> None:
    part = Reconnecting("buttons", World(ABSENT))
    for _ in range(3):
        with pytest.raises(PanelError) as caught:
            part.require()
        assert caught.value is ABSENT
        assert len(caught.traceback) == 2, "here and in `require`"
    attempts_s(part, World(), 2.0)
    assert part.require() == "part"
    assert part.message is None


def test_waits_double_up_to_the_longest_and_begin_anew_after_a_success() -> None:
    backoff = Backoff(0.5, 3.0)
    assert [backoff.next_s() for _ in range(5)] == [0.5, 1.0, 2.0, 3.0, 3.0]
    backoff.reset()
    assert backoff.next_s() == 0.5


def test_a_part_may_have_waits_of_its_own() -> None:
    world = World(*[ABSENT] * 20)
    part = Reconnecting("reader", world, waits_s=(0.5, 2.0))
    assert attempts_s(part, world, 10) == [0.5, 1.5, 3.5, 5.5, 7.5, 9.5]
