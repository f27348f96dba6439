"""The exponential mean: what it forgets depends on seconds, and not on how many values came."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.body.running_mean import RunningMean, newest_share
from people import FEW


def after_step(frames: int, seconds: float, constant_s: float) -> float:
    """The mean of a value that has been 0 and is 1 for so many seconds."""
    mean = RunningMean(constant_s)
    mean.update(0.0, 0.0)
    for frame in range(1, frames + 1):
        mean.update(1.0, seconds * frame / frames)
    assert mean.value is not None
    return mean.value


def test_the_first_value_is_the_mean() -> None:
    mean = RunningMean(2.0)
    assert mean.value is None
    assert mean.update(7.0, 100.0) == mean.value == 7.0


@given(seconds=st.floats(0.1, 20), constant_s=st.floats(0.1, 10), frames=st.integers(1, 60))
@FEW
def test_the_frame_rate_does_not_matter(seconds: float, constant_s: float, frames: int) -> None:
    assert after_step(frames, seconds, constant_s) == pytest.approx(
        1 - math.exp(-seconds / constant_s)
    )


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(0, 3)), min_size=1, max_size=20))
@FEW
def test_a_mean_lies_within_its_values(steps: list[tuple[float, float]]) -> None:
    mean, now_s = RunningMean(1.0), 0.0
    values = [value for value, _ in steps]
    for value, wait_s in steps:
        now_s += wait_s
        assert min(values) - 1e-9 <= mean.update(value, now_s) <= max(values) + 1e-9


def test_a_clock_that_goes_back_changes_nothing() -> None:
    mean = RunningMean(1.0)
    mean.update(1.0, 10.0)
    assert mean.update(5.0, 9.0) == 1.0
    assert newest_share(-3.0, 1.0) == 0.0
