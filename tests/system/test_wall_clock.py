"""A wall clock that cannot be right is replaced by one that goes on from the newest set."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from doubles import FakeClock
from kiosk.errors import HistoryError
from kiosk.system.wall_clock import RELEASED_S, WallClock, newest_of

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


@pytest.mark.parametrize(
    ("behind_s", "wrong"),
    [
        (-HOUR_S, False),
        (13.5 * HOUR_S, False),
        (14.5 * HOUR_S, True),
        (200 * 24 * HOUR_S, True),
        (74 * 365 * 24 * HOUR_S, False),  # it is the set that is of another century
    ],
)
def test_a_clock_that_stands_before_the_newest_set_is_wrong(
    behind_s: float, *, wrong: bool
) -> None:
    monotonic = FakeClock(7.0)
    newest_s = RELEASED_S + behind_s
    clock = WallClock(FakeClock(RELEASED_S), lambda: newest_s, monotonic)
    assert clock() == (newest_s + 60.0 if wrong else RELEASED_S)
    assert clock.wrong == wrong


def test_a_clock_is_held_against_the_sets_before_the_start_and_not_against_its_own() -> None:
    wall, stored = FakeClock(NOON_S), [NOON_S - HOUR_S]
    clock = WallClock(wall, lambda: max(stored), FakeClock(0.0))
    assert clock() == NOON_S
    stored.append(NOON_S + 100 * 24 * HOUR_S)  # dated while the clock was ahead
    wall.now_s = NOON_S + 60.0
    assert (clock(), clock.wrong) == (NOON_S + 60.0, False)


def test_a_history_that_cannot_be_read_yet_is_asked_again() -> None:
    monotonic, ready = FakeClock(0.0), [False]

    def newest_set_s() -> float:
        if not ready[0]:
            raise HistoryError("written by an older kiosk")
        return NOON_S

    clock = WallClock(FakeClock(RELEASED_S), newest_set_s, monotonic)
    assert (clock(), clock.wrong) == (RELEASED_S, False)
    ready[0] = True
    monotonic.advance(2.0)
    assert (clock(), clock.wrong) == (NOON_S + 60.0, True)


MONTH_S = 31 * 24 * HOUR_S


@pytest.mark.parametrize(
    ("starts_s", "newest_s"),
    [
        ([], None),
        ([5.0], 5.0),
        ([1.0, 3.0, 2.0], 3.0),
        ([1.0, 2.0, 40 * MONTH_S], 2.0),  # dated by a wrong clock
        ([40 * MONTH_S, 1.0, 2.0], 2.0),  # the same, some sets later
        ([1.0, 2 * MONTH_S, 40 * MONTH_S], 1.0),
        ([1.0, *(2 * MONTH_S + n for n in range(5))], 2 * MONTH_S + 4),  # after a long holiday
    ],
)
def test_sets_that_stand_apart_date_nothing(starts_s: list[float], newest_s: float | None) -> None:
    assert newest_of(starts_s) == newest_s


def test_a_time_zone_that_is_changed_holds_without_a_restart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = WallClock(lambda: NOON_S, lambda: None)
    offsets = []
    with monkeypatch.context() as zone:
        for name in ("Asia/Tokyo", "America/New_York", "UTC"):
            zone.setenv("TZ", name)
            at = datetime.fromtimestamp(clock(), UTC).astimezone()
            offsets.append(at.utcoffset())
    time.tzset()
    assert offsets == [timedelta(hours=9), timedelta(hours=-5), timedelta(0)]
