"""Pictures come with the poses, and go on without them."""

import threading
from itertools import pairwise

import pytest

from doubles import FakeClock
from kiosk.ui.screen.pacer import LATEST, SOONEST, Pacer

FPS = 30
DRAWS_S = 0.004


class Poses(threading.Event):
    """News at given moments of a clock that stands still unless somebody waits."""

    def __init__(self, clock: FakeClock, times_s: list[float]) -> None:
        super().__init__()
        self._clock = clock
        self._coming = list(times_s)
        self.seen: list[tuple[float, float]] = []

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        until_s = self._clock() + timeout
        if self._coming and self._coming[0] <= until_s:
            self._clock.now_s = max(self._clock(), self._coming[0])
            return True
        self._clock.now_s = until_s
        return False

    def clear(self) -> None:
        while self._coming and self._coming[0] <= self._clock():
            self.seen.append((self._coming.pop(0), self._clock()))


def drawn(poses_per_s: int, phase_s: float = 0.0) -> tuple[Poses, list[float]]:
    """Poses with the time of their picture, and when pictures were begun, for 20 seconds."""
    clock = FakeClock()
    poses = Poses(clock, [phase_s + n / poses_per_s for n in range(20 * poses_per_s)])
    pacer, begun = Pacer(FPS, clock, clock.sleep), list[float]()
    while clock() < 20:
        begun.append(clock())
        clock.advance(DRAWS_S)
        pacer.wait(poses)
    return poses, begun


@pytest.mark.parametrize("phase_s", [0.0, 0.011, 0.029])
@pytest.mark.parametrize("poses_per_s", [15, 30])
def test_a_pose_is_drawn_at_once_whenever_it_comes(poses_per_s: int, phase_s: float) -> None:
    poses, _ = drawn(poses_per_s, phase_s)
    late_s = [shown_s - came_s for came_s, shown_s in poses.seen[poses_per_s:]]
    assert max(late_s) <= DRAWS_S + 1e-9


@pytest.mark.parametrize("poses_per_s", [5, 8, 11, 20, 24, 25, 28])
def test_at_any_rate_a_pose_waits_less_than_half_a_picture(poses_per_s: int) -> None:
    poses, _ = drawn(poses_per_s)
    assert max(shown_s - came_s for came_s, shown_s in poses.seen) < SOONEST / FPS + 1e-9


@pytest.mark.parametrize("poses_per_s", [0, 8, 15, 25, 30, 60])
def test_the_picture_neither_stands_still_nor_costs_twice(poses_per_s: int) -> None:
    _, begun = drawn(poses_per_s)
    gaps = [after - before for before, after in pairwise(begun)]
    assert max(gaps) <= LATEST / FPS + 1e-9
    assert min(gaps) >= SOONEST / FPS - 1e-9


@pytest.mark.parametrize("poses_per_s", range(31))
def test_poses_slower_than_the_pictures_add_half_as_many_at_most(poses_per_s: int) -> None:
    _, begun = drawn(poses_per_s)
    assert len(begun) / 20 <= 1.5 * FPS


def test_without_a_rate_nobody_waits() -> None:
    clock = FakeClock()
    Pacer(0, clock, clock.sleep).wait(Poses(clock, []))
    assert clock() == 0.0


def test_news_of_before_the_wait_is_shown_at_once() -> None:
    news = threading.Event()
    news.set()
    Pacer(1000).wait(news)
    assert not news.is_set()
