"""A wall clock that cannot be right is replaced by one that goes on from the newest set."""

from datetime import UTC, datetime

import pytest

from doubles import FakeClock
from kiosk.system.wall_clock import RELEASED_S, WallClock

NOON_S = datetime(2026, 11, 25, 12, tzinfo=UTC).timestamp()
HOUR_S = 3600.0


def test_a_clock_that_is_set_right_is_believed_at_once() -> None:
    wall, monotonic = FakeClock(42.0), FakeClock(1000.0)
    clock = WallClock(wall, lambda: NOON_S, monotonic)
    assert (clock(), clock.wrong) == (NOON_S + 60.0, True)
    monotonic.advance(30.0)
    assert clock() == NOON_S + 90.0
    wall.now_s = NOON_S - HOUR_S
    assert (clock(), clock.wrong) == (NOON_S - HOUR_S, False)
    wall.now_s = 99.0
    monotonic.advance(30.0)
    assert clock() == NOON_S + 120.0


@pytest.mark.parametrize("newest_s", [None, 0.0, RELEASED_S - HOUR_S])
def test_without_a_set_since_the_release_time_goes_on_from_the_release(
    newest_s: float | None,
) -> None:
    clock = WallClock(FakeClock(42.0), lambda: newest_s, FakeClock(7.0))
    assert clock() == RELEASED_S + 60.0


def test_the_history_is_asked_once_and_each_change_is_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked: list[int] = []
    wall = FakeClock(42.0)

    def newest_set_s() -> float:
        asked.append(1)
        return NOON_S

    clock = WallClock(wall, newest_set_s, FakeClock(0.0))
    with caplog.at_level("INFO"):
        clock()
        clock()
        wall.now_s = NOON_S
        clock()
        clock()
    assert asked == [1]
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def test_a_clock_after_the_release_is_believed_and_the_history_is_not_asked() -> None:
    def newest_set_s() -> float:
        raise AssertionError

    assert WallClock(FakeClock(RELEASED_S), newest_set_s)() == RELEASED_S
