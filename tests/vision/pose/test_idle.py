"""Which frames of an empty room the model sees, and of one that somebody enters."""

from itertools import cycle

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.body.pose import Pose, nobody
from kiosk.vision.camera.frame import Frame
from kiosk.vision.pose.idle import LOOKS_EVERY_S, OPEN_S, QUIET_S, IdleCheck

FPS = 10
SIZE = (160, 120)  # small, for the noise of thousands of pictures takes long to make
Picture = NDArray[np.float64]
_FIELDS = 31  # of noise, one after the other: new ones would take most of the time


def room(seed: int = 0) -> Picture:
    """A room with edges and areas of every lightness."""
    rng = np.random.default_rng(seed)
    return np.kron(rng.uniform(20, 230, (12, 16)), np.ones((10, 10)))


class Room:
    """A room that is watched frame by frame, with the noise of a camera."""

    def __init__(self, picture: Picture, noise: float = 3.0, seed: int = 1) -> None:
        self.picture, self.check, self.now_s = picture, IdleCheck(), 0.0
        fields = np.random.default_rng(seed).normal(0, noise, (_FIELDS, *picture.shape))
        self._noise = cycle(fields)

    def show(self, picture: Picture | None = None, score: float = 0.1) -> bool:
        """Shows the next frame; returns whether the model saw it, and found somebody so well."""
        picture = self.picture if picture is None else picture
        grey = np.clip(picture + next(self._noise), 0, 255).astype(np.uint8)
        rgbx = np.broadcast_to(grey[..., None], (*grey.shape, 4))
        self.now_s += 1 / FPS
        frame = Frame(rgbx, self.now_s)
        looked = self.check.is_due(frame.time_s) and self.check.must_look(frame)
        if looked:
            pose = nobody(self.now_s, SIZE)
            self.check.record(Pose(pose.time_s, ((0.0, 0.0, score),) * 17, SIZE))
        return looked

    def looks(self, seconds: float, picture: Picture | None = None) -> float:
        """The share of the frames that the model saw in so many seconds of nobody."""
        frames = round(seconds * FPS)
        return sum(self.show(picture) for _ in range(frames)) / frames


def with_person(picture: Picture, x: int, tall: int = 42, shade: float = 15.0) -> Picture:
    """Somebody as a block that is lighter or darker than what is behind them."""
    shown = picture.copy()
    part = shown[120 - tall : 120, max(0, x) : max(0, x + tall // 3)]
    part += np.where(part > 128, -shade, shade)
    return shown


@pytest.fixture(params=[0.0, 3.0, 10.0])
def empty(request: pytest.FixtureRequest) -> Room:
    """An empty room that the model has been left alone with for a minute."""
    watched = Room(room(), noise=request.param)
    assert watched.looks(QUIET_S - 0.5) == 1.0
    watched.looks(60.0)
    return watched


def test_an_empty_room_is_looked_at_now_and_then(empty: Room) -> None:
    usual = 1 / (LOOKS_EVERY_S * FPS)
    assert usual * 0.9 <= empty.looks(60.0) <= usual * 1.5


@pytest.mark.parametrize("shade", [15.0, 60.0])
def test_whoever_enters_is_seen_within_a_third_of_a_second(empty: Room, shade: float) -> None:
    walks = [with_person(empty.picture, x, shade=shade) for x in range(-12, 30, 3)]
    looks = [empty.show(picture) for picture in walks]
    in_view = next(n for n, x in enumerate(range(-12, 30, 3)) if x + 14 > 8)
    assert any(looks[in_view : in_view + 3])
    assert all(looks[in_view + 3 :])


def test_whoever_stands_still_is_never_taken_for_the_room(empty: Room) -> None:
    picture = with_person(empty.picture, 75, shade=40.0)
    assert sum(empty.show(picture, score=0.6) for _ in range(120 * FPS)) >= 120 * FPS - 3
    # and is missed as soon as they are gone
    assert empty.show()


def test_what_moves_by_itself_is_learnt(empty: Room) -> None:
    def plant(n: int) -> Picture:
        shown = empty.picture.copy()
        x = 25 + round(4 * np.sin(n / 4))
        shown[50:100, x : x + 15] = 90 + 20 * np.sin(n / 3)
        return shown

    early = sum(empty.show(plant(n)) for n in range(5 * FPS))
    for n in range(60 * FPS):
        empty.show(plant(n))
    late = sum(empty.show(plant(n)) for n in range(20 * FPS)) / (20 * FPS)
    assert early == 5 * FPS
    assert late <= 0.15
    # somebody beside it is seen all the same
    assert any(empty.show(with_person(plant(n), 100, shade=60.0)) for n in range(3))


def test_light_that_changes_slowly_or_everywhere_at_once_wakes_nobody(empty: Room) -> None:
    usual = 1 / (LOOKS_EVERY_S * FPS)
    dusk = [empty.show(empty.picture * (1 - 0.3 * n / 3000)) for n in range(3000)]
    assert sum(dusk) / 3000 <= 3 * usual
    flicker = [empty.show(empty.picture * 0.7 + 6 * (n % 2)) for n in range(600)]
    assert sum(flicker[100:]) / 500 <= 2 * usual


def test_a_chair_that_was_moved_is_soon_part_of_the_room(empty: Room) -> None:
    moved = with_person(empty.picture, 50, shade=60.0)
    assert empty.show(moved)
    for _ in range(round((60.0 + OPEN_S) * FPS)):
        empty.show(moved)
    assert empty.looks(20.0, moved) <= 2 / (LOOKS_EVERY_S * FPS)


def test_a_camera_of_another_size_begins_anew() -> None:
    check = IdleCheck()
    for size in ((480, 640), (120, 160), (1080, 1920)):
        assert check.must_look(Frame(np.zeros((*size, 4), np.uint8), 1.0))
