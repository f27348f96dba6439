"""One axis of time out of whatever the source's clock does."""

import itertools
import math
from collections.abc import Iterable

import pytest

from kiosk.vision.pose.timeline import ABSENT_S, JUMP_S, Timeline


def placed(times_s: Iterable[float], *, live: bool = True) -> list[float]:
    timeline = Timeline(live=live)
    found = [timeline.place(time_s) for time_s in times_s]
    return [time_s for time_s in found if time_s is not None]


def steps(times_s: list[float]) -> list[float]:
    return [b - a for a, b in itertools.pairwise(times_s)]


GOOD = [n / 30 for n in range(60)]


def test_times_that_go_on_are_left_as_they_are() -> None:
    assert placed(GOOD) == GOOD
    assert placed([0.0, 1.0, JUMP_S, 2 * JUMP_S]) == [0.0, 1.0, JUMP_S, 2 * JUMP_S]


@pytest.mark.parametrize("odd_s", [math.nan, math.inf, -math.inf, -5.0, 1.0, 1e6, -1e300, 1e300])
@pytest.mark.parametrize("live", [True, False])
def test_one_time_out_of_order_costs_its_frame_and_no_more(odd_s: float, live: bool) -> None:
    assert placed([*GOOD[:40], odd_s, *GOOD[40:]], live=live) == GOOD


@pytest.mark.parametrize("first_s", [math.nan, 1e300])
def test_a_first_time_that_is_none_costs_its_frame(first_s: float) -> None:
    assert placed([first_s, *GOOD]) == GOOD


@pytest.mark.parametrize("by_s", [-3600.0, -1.0, -0.5, 3600.0])
def test_where_the_clock_jumps_time_goes_on_a_frame_later(by_s: float) -> None:
    found = placed([*GOOD, *(2.0 + n / 30 + by_s for n in range(60))])
    assert len(found) >= 2 * len(GOOD) - 1
    assert all(0 < step < 0.11 for step in steps(found))
    assert found[-1] == pytest.approx(2.0 + 59 / 30, abs=0.1)


def test_a_film_keeps_its_own_gap_forward() -> None:
    later = [100.0 + n / 30 for n in range(30)]
    assert placed([*GOOD, *later], live=False) == [*GOOD, *later[1:]]


def test_a_gap_that_was_announced_is_believed() -> None:
    timeline = Timeline(live=True)
    assert timeline.place(1.0) == 1.0
    timeline.interrupt()
    assert timeline.place(500.0) == 500.0
    assert timeline.place(500.0 + 2 * JUMP_S) is None


def test_a_clock_that_began_anew_with_the_camera_leaves_time_for_everybody_to_be_gone() -> None:
    timeline = Timeline(live=True)
    assert timeline.place(1000.0) == 1000.0
    timeline.interrupt()
    assert timeline.place(0.0) is None
    assert timeline.place(0.1) == pytest.approx(1000.0 + ABSENT_S)
    assert timeline.place(0.2) == pytest.approx(1000.1 + ABSENT_S)


def test_a_clock_that_stands_still_gives_no_frame() -> None:
    assert placed([1.0] * 20) == [1.0]
