"""How often and how long, over the last few seconds."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.system.rate import Rate


def test_nothing_is_told_before_there_is_something_to_tell() -> None:
    rate = Rate()
    assert (rate.per_second(1.0), rate.median_ms(1.0)) == (None, None)
    rate.record(1.0, took_ms=12.0)
    assert (rate.per_second(1.0), rate.median_ms(1.0)) == (None, 12.0)
    assert rate.per_second(1.1) is None


@pytest.mark.parametrize("fps", [4, 16, 32])
def test_a_steady_source_has_its_rate_from_the_second_frame_on(fps: int) -> None:
    rate = Rate(window_s=2.0)
    for tick in range(10 * fps):
        rate.record(tick / fps)
        if tick:
            assert rate.per_second(tick / fps) == fps


def test_a_source_that_stalls_falls_to_nothing_within_the_window() -> None:
    rate = Rate(window_s=2.0)
    for tick in range(100):
        rate.record(tick / 10, took_ms=5.0)
    rates = [rate.per_second(9.9 + late_s) for late_s in (0.0, 0.5, 1.0, 1.5, 2.0, 60.0)]
    assert rates == pytest.approx([10, 7.5, 5, 2.5, 0, 0], abs=0.51)
    assert rates[-2:] == [0, 0]
    assert rate.median_ms(9.9 + 2.0) is None


def test_the_median_leaves_a_slow_one_out_and_forgets_the_old() -> None:
    rate = Rate(window_s=1.0)
    for at_s, took_ms in ((0.0, 900.0), (1.5, 30.0), (1.6, 500.0), (1.7, 40.0)):
        rate.record(at_s, took_ms=took_ms)
    assert rate.median_ms(1.75) == 40.0


@settings(deadline=None)  # a busy machine is no failure
@given(st.integers(2, 40), st.integers(1, 200))
def test_memory_is_bounded_and_the_rate_is_right_all_the_same(kept: int, events: int) -> None:
    rate = Rate(window_s=1000.0, kept=kept)
    for tick in range(events):
        rate.record(tick / 8)
    assert len(rate._events) <= kept
    rates = rate.per_second((events - 1) / 8)
    assert rates == (None if events < 2 else 8)


def test_one_thread_may_ask_while_another_notes() -> None:
    rate = Rate(window_s=1e9, kept=64)
    done = threading.Event()

    def note() -> None:
        for tick in range(20_000):
            rate.record(float(tick))
        done.set()

    thread = threading.Thread(target=note)
    thread.start()
    while not done.is_set():
        rate.median_ms(1.0)
        rate.per_second(1.0)
    thread.join()
    assert rate.per_second(19_999.0) == 1.0
