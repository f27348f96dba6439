"""Slowing is reported from two slow reps in a row on, against the fastest rep of the set."""

from dataclasses import replace

import pytest
from coaching.scripted import rep
from hypothesis import given
from hypothesis import strategies as st

from kiosk.coaching.slowing import IN_A_ROW, LEAST, slowing
from people import STANDS_S, bending, film, through
from replaying import coached

speeds = st.lists(st.floats(0.1, 2.0), min_size=1, max_size=9)


def of(*speeds: float | None, counted: bool = True) -> float | None:
    reps = [rep(number, counted=counted) for number in range(len(speeds))]
    return slowing([replace(a, rise_per_s=speed) for a, speed in zip(reps, speeds, strict=True)])


@pytest.mark.parametrize(
    ("speeds", "slower"),
    [
        ((1.0, 1.0, 0.7, 0.76), 0.27),
        ((1.0, 1.0, 0.8, 0.9), None),  # one of them is not slow enough
        ((1.0, 1.0, 0.5), None),  # one rep
        ((0.5, 0.5), None),
        ((1.0, 1.0, 0.7, None, 0.76), 0.27),  # one was not seen
        ((0.5, 0.5, 2.0, 0.5, 0.5), None),  # the fastest stands alone
        ((0.9, 1.0, 0.7, 0.8, 1.0), None),
    ],
)
def test_the_last_two_against_the_fastest(speeds: tuple[float, ...], slower: float | None) -> None:
    assert of(*speeds) == (None if slower is None else pytest.approx(slower))


def test_partial_reps_say_nothing() -> None:
    assert of(1.0, 1.0, 0.5, 0.5, counted=False) is None


@given(speeds, st.floats(0.2, 5.0))
def test_the_scale_of_the_picture_does_not_matter(values: list[float], scale: float) -> None:
    found, scaled = of(*values), of(*(scale * value for value in values))
    assert (found is None) == (scaled is None)
    assert found is None or scaled == pytest.approx(found)


@given(speeds)
def test_what_is_reported_is_a_part_of_at_least_the_limit(values: list[float]) -> None:
    found = of(*values)
    assert found is None or LEAST <= found < 1
    assert len(values) > IN_A_ROW or found is None


@pytest.mark.parametrize("fps", [10.0, 15.0, 30.0])
def test_ascents_that_take_longer_are_slower_by_as_much(fps: float) -> None:
    keys, now = [(0.0, 0.0)], STANDS_S
    for up in (1.0, 1.0, 1.4, 1.6):
        keys += [(now, 0.0), (now + 1.2, 1.0), (now + 1.5, 1.0), (now + 1.5 + up, 0.0)]
        now += 2.5 + up
    (record,) = coached(film(now + 2, bending(through(*keys)), fps=fps), "hip_hinge")[0]
    assert slowing(record.reps) == pytest.approx(1 - (1 / 1.4 + 1 / 1.6) / 2, abs=0.06)
