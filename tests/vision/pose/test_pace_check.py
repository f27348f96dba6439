"""Too few poses a second to count by."""

import pytest

from kiosk.vision.pose.pace_check import COUNTING_FPS, PaceCheck


def slow(times_s: list[float]) -> list[bool]:
    check = PaceCheck()
    return [check.update(time_s) for time_s in times_s]


def every(step_s: float, seconds: float, start_s: float = 0.0) -> list[float]:
    return [start_s + n * step_s for n in range(round(seconds / step_s))]


@pytest.mark.parametrize("fps", [4, 5, 8, 15, 30, 120])
def test_what_can_be_counted_is_not_slow(fps: int) -> None:
    assert not any(slow(every(1 / fps, 20.0)))


@pytest.mark.parametrize("fps", [0.2, 0.5, 1, 2, 3, 3.5])
def test_what_cannot_be_counted_is_found_out_after_three_steps(fps: float) -> None:
    found = slow(every(1 / fps, 12 / fps))
    assert not any(found[:3])
    assert all(found[3:])


def test_single_gaps_are_no_slowness() -> None:
    times_s = [t for t in every(1 / 15, 30.0) if t % 7 > 2.5]
    assert not any(slow(times_s))
    assert not any(slow([*every(1 / 15, 3.0), *every(1 / 15, 3.0, 300.0)]))


def test_frames_that_stumble_in_time_are_judged_by_the_middle() -> None:
    def stumbling(time_s: float) -> float:
        return time_s + (0.03 if round(time_s * 5) % 2 else 0.0)

    assert not any(slow([stumbling(t) for t in every(0.2, 10.0)]))


def test_it_is_well_again_with_more_of_them() -> None:
    found = slow([*every(1.0, 6.0), *every(1 / 15, 3.0, 6.0)])
    assert (found[5], found[-1]) == (True, False)
    assert COUNTING_FPS < 5
