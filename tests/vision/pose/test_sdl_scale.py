"""SDL's scaling by its C interface; what it makes of a picture is in test_resample."""

import ctypes
import runpy
import threading
from types import SimpleNamespace

import numpy as np
import pygame
import pytest

from kiosk.vision.pose import sdl_scale
from kiosk.vision.pose.sdl_scale import stretch


def random(height: int, width: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)


def test_the_same_size_is_the_same_picture() -> None:
    rgbx, into = random(48, 64), np.zeros((48, 64, 4), np.uint8)
    stretch(rgbx, into)
    np.testing.assert_array_equal(into[..., :3], rgbx[..., :3])


def test_a_part_of_a_picture_may_be_taken_and_written() -> None:
    rgbx, whole = random(48, 64), np.zeros((40, 50, 4), np.uint8)
    into = np.zeros((20, 20, 4), np.uint8)
    stretch(rgbx[3:43, 7:47].copy(), into)
    stretch(rgbx[3:43, 7:47], whole[5:25, 9:29])
    np.testing.assert_array_equal(whole[5:25, 9:29], into)
    assert whole.any(axis=-1).sum() <= into.shape[0] * into.shape[1]


def test_threads_do_not_disturb_each_other() -> None:
    sources = [random(120, 160, seed) for seed in range(4)]
    expected = [np.zeros((48, 48, 4), np.uint8) for _ in sources]
    for source, into in zip(sources, expected, strict=True):
        stretch(source, into)
    wrong = []

    def scale(number: int) -> None:
        into = np.zeros((48, 48, 4), np.uint8)
        for _ in range(200):
            into[:] = 0
            stretch(sources[number], into)
            if not np.array_equal(into, expected[number]):
                wrong.append(number)

    threads = [threading.Thread(target=scale, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_what_sdl_refuses_is_told() -> None:
    too_wide = np.zeros((1, 70_000, 4), np.uint8)
    with pytest.raises(ValueError, match=r"\(1, 70000, 4\) to \(4, 4, 4\): \w+"):
        stretch(too_wide, np.zeros((4, 4, 4), np.uint8))


WHAT_TO_DO = (
    "SDL scales otherwise than it did: run tests/platform/bench_resample.py to see by how much, "
    "compare the replays of films before and after, and if those hold, renew GOLDEN"
)
GOLDEN = {
    (
        4,
        5,
    ): "196cac54a8bb8fa337c51f73405baf72c546ad575a89419a5d7fc95ebd5cb71e72c55fb8409f5f7c9f43b75a"
    "885077cc5eba6a999e60c23fab4f8270",
    (
        9,
        3,
    ): "1e71c481d427ba378a3b8f7a9e74476d57ad63b730b11c742882b38adf3b84469f4fae38b1885b566f8d77c4"
    "3bb62e843b99649eb86b5056ac63c33ac5559b3e7ed58aae4f6f5bb5459cf3a88e710b7cc4",
}
"""Scaled size to its pixels, R G B, as SDL 2.32 makes them of `known`."""


def known() -> np.ndarray:
    y, x, channel = np.mgrid[:6, :8, :4]
    return ((37 * x + 59 * y + 83 * channel + x * y * channel) % 256).astype(np.uint8)


@pytest.mark.parametrize("size", GOLDEN)
def test_sdl_gives_the_pixels_that_the_figures_of_films_rest_on(size: tuple[int, int]) -> None:
    into = np.zeros((*size, 4), np.uint8)
    stretch(known(), into)
    assert into[..., :3].tobytes().hex() == GOLDEN[size], WHAT_TO_DO


def test_it_is_the_sdl_that_has_the_function() -> None:
    assert (2, 0, 16) <= tuple(pygame.version.SDL) < (3,), (
        "SDL 3 has no SDL_SoftStretchLinear, only SDL_StretchSurface; " + WHAT_TO_DO
    )


def test_without_the_function_the_error_tells_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("SDL_CreateRGBSurfaceWithFormatFrom", "SDL_FreeSurface", "SDL_GetError")
    sdl_3 = SimpleNamespace(**dict.fromkeys(names))
    monkeypatch.setattr(ctypes, "CDLL", lambda _: sdl_3)
    with pytest.raises(ImportError, match=r"SoftStretchLinear.*; install pygame-ce 2 with SDL 2"):
        runpy.run_path(sdl_scale.__file__)
