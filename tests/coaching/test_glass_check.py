"""A screen that shines in turn shows what the glass reflects, whatever else grows brighter."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.coaching.camera_check import Finding
from kiosk.coaching.glass_check import ADDED, AGAIN_S, LASTS_S, PHASE_S, TRIES, GlassCheck

FPS = 15
ROOM = np.kron(
    np.random.default_rng(7).uniform(np.sqrt(0.02), np.sqrt(0.5), (12, 9)) ** 2, np.ones((5, 5))
)
"""The light of a room with furniture, of 0 to 1."""
CORNER = np.zeros_like(ROOM)
CORNER[:30, :22] = 1.0  # where a reflection of the panel's edge lies


class Seen:
    """A camera in front of a screen that shines as the check asks for."""

    def __init__(self, light: Callable[[float, bool], NDArray[np.float64]]) -> None:
        self.check = GlassCheck()
        self.light = light
        self.now_s = 0.0
        self.rng = np.random.default_rng(1)

    def after(self, seconds: float) -> Finding:
        """What is found so much later."""
        for _ in range(round(seconds * FPS)):
            light = self.light(self.now_s, self.check.shines(self.now_s)).clip(0.0, 1.0)
            seen = np.round(255 * light ** (1 / 2.2) + self.rng.normal(0, 1, light.shape))
            found = self.check.update(self.now_s, seen.clip(0, 255))
            self.now_s += 1 / FPS
        return found


def seen(
    added: NDArray[np.float64] | float, *, grown: float = 1.0, steady_mean: bool = False
) -> Seen:
    """A still room in which a white screen adds light, and makes all of it brighter."""

    def light(_: float, shines: bool) -> NDArray[np.float64]:
        lit = ROOM * grown + added if shines else ROOM
        return lit * ROOM.mean() / lit.mean() if steady_mean else lit

    return Seen(light)


WHOLE_S = 2 * LASTS_S + 4 / FPS  # glass that reflects is tested twice


@pytest.mark.parametrize("steady_mean", [False, True], ids=["fixed exposure", "auto exposure"])
@pytest.mark.parametrize("where", [1.0, CORNER], ids=["everywhere", "in a corner"])
def test_what_the_glass_throws_back_is_found_beyond_the_limit_alone(
    where: NDArray[np.float64] | float, steady_mean: bool
) -> None:
    assert seen(2.0 * ADDED * where, steady_mean=steady_mean).after(WHOLE_S) is Finding.REFLECTS
    assert seen(0.5 * ADDED * where, steady_mean=steady_mean).after(WHOLE_S) is Finding.GOOD


@pytest.mark.parametrize("steady_mean", [False, True], ids=["fixed exposure", "auto exposure"])
def test_a_room_that_the_screen_lights_up_reflects_nothing(steady_mean: bool) -> None:
    assert seen(0.0, grown=1.2, steady_mean=steady_mean).after(WHOLE_S) is Finding.GOOD


def test_a_camera_that_shows_everything_a_third_of_a_second_late_sees_the_same() -> None:
    shone = [False] * round(0.33 * FPS)

    def light(_: float, shines: bool) -> NDArray[np.float64]:
        shone.append(shines)
        return ROOM + 2 * ADDED * shone.pop(0)

    assert Seen(light).after(WHOLE_S) is Finding.REFLECTS


def test_it_is_not_known_before_the_test_is_over_and_the_screen_is_black_then() -> None:
    camera = seen(0.0)
    shone = []
    while camera.now_s < LASTS_S - 1 / FPS:
        assert camera.after(1 / FPS) is Finding.TESTING
        shone.append(camera.check.shines(camera.now_s))
    assert 0.4 < np.mean(shone) < 0.5
    assert not shone[-1]
    changes = np.diff(np.array(shone, int)) != 0
    assert np.diff(np.flatnonzero(changes)).min() >= PHASE_S * FPS - 1  # no flicker
    assert camera.after(60.0) is Finding.GOOD
    assert not camera.check.testing


def test_a_lamp_that_is_switched_on_meanwhile_is_no_reflection() -> None:
    for at_s in np.arange(0.0, LASTS_S, 0.3):
        lamp = Seen(lambda now_s, _, at_s=at_s: ROOM + (3 * ADDED if now_s > at_s else 0.0))
        assert lamp.after(WHOLE_S) is not Finding.REFLECTS


def test_glass_that_was_mended_is_fine_at_the_next_test() -> None:
    mended = False
    camera = Seen(lambda _, shines: ROOM + (3 * ADDED if shines and not mended else 0.0))
    assert camera.after(WHOLE_S) is Finding.REFLECTS
    mended = True
    assert camera.after(min(60.0, 2 * AGAIN_S)) is Finding.GOOD


def test_a_picture_that_moves_is_tested_again_and_then_not_judged() -> None:
    rng = np.random.default_rng(2)
    moving = Seen(lambda now_s, shines: np.roll(ROOM, int(rng.integers(60)), axis=0))
    assert moving.after(LASTS_S * (TRIES - 0.5)) is Finding.TESTING
    assert moving.after(LASTS_S) is Finding.GOOD


@pytest.mark.parametrize("reflects", [False, True])
def test_somebody_who_sways_in_a_third_of_the_picture_hides_nothing(reflects: bool) -> None:
    def light(now_s: float, shines: bool) -> NDArray[np.float64]:
        lit = ROOM.copy()
        left = 15 + round(2 * np.sin(3 * now_s))
        lit[10:58, left : left + 14] = 0.08
        return lit + (2 * ADDED if shines and reflects else 0.0)

    assert Seen(light).after(WHOLE_S) is (Finding.REFLECTS if reflects else Finding.GOOD)


def test_a_camera_that_gives_too_few_pictures_is_not_judged() -> None:
    check = GlassCheck()
    for n in range(40):
        found = check.update(n * PHASE_S, 255 * ROOM)
    assert found is Finding.GOOD


def test_one_test_alone_is_not_believed() -> None:
    camera = Seen(lambda now_s, shines: ROOM + (3 * ADDED if shines and now_s < LASTS_S else 0.0))
    assert camera.after(WHOLE_S) is Finding.GOOD
