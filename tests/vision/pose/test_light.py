"""Pictures in which nobody can be seen, by their light alone."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.vision.camera.frame import Frame
from kiosk.vision.pose.light import DARK, HOLD_S, LightCheck
from people import figure

FPS = 10
Picture = Callable[[np.random.Generator], NDArray[np.uint8]]


def room(gain: float = 1.0, noise: float = 2.0) -> Picture:
    """A wall, a darker floor and a window, as a camera sees them: with noise."""
    scene = np.full((120, 160, 4), 110.0)
    scene[80:] = 70.0
    scene[10:40, 20:60] = 230.0

    def picture(random: np.random.Generator) -> NDArray[np.uint8]:
        noisy = scene * gain + random.normal(0, noise, scene.shape)
        return noisy.clip(0, 255).round().astype(np.uint8)

    return picture


def flat(grey: float, noise: float = 2.0) -> Picture:
    def picture(random: np.random.Generator) -> NDArray[np.uint8]:
        noisy = grey + random.normal(0, noise, (120, 160, 4))
        return noisy.clip(0, 255).round().astype(np.uint8)

    return picture


def looked(*parts: tuple[Picture | None, float, float]) -> list[str | None]:
    """What is found in every frame of some pictures (None: the last one again), each for so many
    seconds and with somebody of such a score in them."""
    check, random, found, n = LightCheck(), np.random.default_rng(0), [], 0
    rgbx = np.zeros((120, 160, 4), np.uint8)
    for picture, seconds, score in parts:
        for _ in range(round(seconds * FPS)):
            rgbx = rgbx if picture is None else picture(random)
            found.append(check.update(Frame(rgbx, n / FPS), figure(n / FPS, score=score)))
            n += 1
    return found


@pytest.mark.parametrize("score", [0.1, 0.8])
def test_a_lit_room_is_well_whoever_is_in_it(score: float) -> None:
    assert set(looked((room(), 20.0, score))) == {None}


def test_a_room_without_light_is_dark_and_well_again_when_it_is_lit() -> None:
    found = looked((room(), 5.0, 0.1), (room(0.08), 6.0, 0.1), (room(), 3.0, 0.1))
    assert set(found[: 8 * FPS]) == {None}
    assert found[5 * FPS :].count("dark") >= (6 - HOLD_S - 1) * FPS
    assert set(found[-2 * FPS :]) == {None}


def test_somebody_who_is_seen_badly_in_the_dark_is_not_enough() -> None:
    assert looked((room(0.08), 8.0, 0.45))[-1] == "dark"


def test_somebody_who_is_seen_well_is_seen_however_dark_it_is() -> None:
    assert set(looked((room(0.08), 8.0, 0.8))) == {None}


def test_a_moment_of_darkness_is_no_fault() -> None:
    assert set(looked((room(), 3.0, 0.1), (flat(2.0), 2.0, 0.1), (room(), 3.0, 0.1))) == {None}


@pytest.mark.parametrize(
    ("picture", "key"),
    [
        (flat(0.0, 0.0), "dark"),
        (flat(DARK - 6), "dark"),
        (flat(90.0), "covered"),
        (flat(200.0), "covered"),
        (flat(255.0), "bright"),
        (room(6.0), "bright"),
    ],
)
def test_why_nobody_is_seen(picture: Picture, key: str) -> None:
    assert looked((picture, 8.0, 0.1))[-1] == key


def test_a_bright_or_plain_wall_behind_somebody_is_well() -> None:
    assert set(looked((flat(255.0), 8.0, 0.8), (flat(90.0), 8.0, 0.8))) == {None}


@pytest.mark.parametrize("score", [0.1, 0.8])
def test_a_picture_that_is_always_the_same_is_frozen_until_it_moves(score: float) -> None:
    found = looked((room(), 5.0, score), (None, 6.0, score), (room(), 2.0, score))
    assert set(found[: 8 * FPS]) == {None}
    assert found[11 * FPS - 1] == "frozen"
    assert found[-1] is None


def test_pictures_of_any_size_are_looked_at() -> None:
    check = LightCheck()
    for n, size in enumerate([(1, 1), (3, 2), (640, 480), (1920, 1080), (5, 700)] * 4):
        rgbx = np.zeros((size[1], size[0], 4), np.uint8)
        check.update(Frame(rgbx, float(n)), figure(float(n), score=0.0))
    assert check.update(Frame(rgbx, 99.0), figure(99.0, score=0.0)) == "dark"
