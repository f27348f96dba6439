"""Crop and resize against the textbook, a pixel at a time."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.pose.crop import CropRegion
from kiosk.pose.resample import Resampler

SIDE = 24
WIDTH, HEIGHT = 80, 60


def gradient(width: int = WIDTH, height: int = HEIGHT) -> NDArray[np.uint8]:
    y, x = np.mgrid[:height, :width]
    channels = [255 * x / width, 255 * y / height, 255 - 127 * x / width - 127 * y / height]
    return np.stack(channels, axis=-1).astype(np.uint8)


def noise() -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)


def reference(rgb: NDArray[np.uint8], region: CropRegion) -> NDArray[np.float64]:
    """Bilinear samples about two pixels apart or nearer, averaged over each output pixel."""
    height, width = rgb.shape[:2]
    step = region.side / SIDE
    samples = max(1, round(step / 2))
    picture = np.zeros((SIDE, SIDE, 3))
    spread = [(k + 0.5) / samples - 0.5 for k in range(samples)]
    for row in range(SIDE):
        for column in range(SIDE):
            x, y = region.x0 + (column + 0.5) * step, region.y0 + (row + 0.5) * step
            if 0 <= x < width and 0 <= y < height:
                values = [bilinear(rgb, x + i * step, y + j * step) for i in spread for j in spread]
                picture[row, column] = np.mean(values, axis=0)
    return picture


def bilinear(rgb: NDArray[np.uint8], x: float, y: float) -> NDArray[np.float64]:
    height, width = rgb.shape[:2]
    x, y = min(max(x - 0.5, 0), width - 1), min(max(y - 0.5, 0), height - 1)
    left, top = math.floor(x), math.floor(y)
    right, bottom = min(left + 1, width - 1), min(top + 1, height - 1)
    picture = rgb.astype(float)
    upper = picture[top, left] * (1 - x + left) + picture[top, right] * (x - left)
    lower = picture[bottom, left] * (1 - x + left) + picture[bottom, right] * (x - left)
    mixed: NDArray[np.float64] = upper * (1 - y + top) + lower * (y - top)
    return mixed


REGIONS = {
    "inside": CropRegion(11.3, 5.8, 43.7),
    "enlarged": CropRegion(30.2, 20.6, 15.5),
    "same size": CropRegion(7, 9, SIDE),
    "whole": CropRegion.whole((WIDTH, HEIGHT)),
    "beyond left": CropRegion(-20.4, 5, 50),
    "beyond right": CropRegion(50.7, 5, 50),
    "beyond top": CropRegion(15, -17.2, 50),
    "beyond bottom": CropRegion(15, 31.9, 50),
    "beyond all": CropRegion(-60, -70, 200),
}


@pytest.mark.parametrize("name", REGIONS)
def test_a_gradient_is_within_one_grey_level_of_the_textbook(name: str) -> None:
    picture = Resampler(SIDE)(gradient(), REGIONS[name])
    np.testing.assert_allclose(picture, reference(gradient(), REGIONS[name]), rtol=0, atol=1)


@pytest.mark.parametrize("name", REGIONS)
def test_noise_is_within_two_grey_levels_of_the_textbook(name: str) -> None:
    picture = Resampler(SIDE)(noise(), REGIONS[name])
    np.testing.assert_allclose(picture, reference(noise(), REGIONS[name]), rtol=0, atol=2)


@pytest.mark.parametrize("value", [1, 127, 255])
@pytest.mark.parametrize("side", [15.5, 60.0, 80.0, 133.0])
def test_a_plain_surface_keeps_its_colour(value: int, side: float) -> None:
    plain = np.full((200, 200, 3), value, np.uint8)
    assert (Resampler(SIDE)(plain, CropRegion(3.3, 4.4, side)) == value).all()


@pytest.mark.parametrize(
    ("region", "black"),
    [
        (CropRegion(-40, 0, 80), np.s_[:, :12]),
        (CropRegion(40, 0, 80), np.s_[:, 12:]),
        (CropRegion(0, -40, 80), np.s_[:12]),
        (CropRegion(0, 40, 80), np.s_[12:]),
    ],
    ids=["left", "right", "top", "bottom"],
)
def test_beyond_a_border_all_is_black_and_nothing_else_is(
    region: CropRegion, black: tuple[slice, ...]
) -> None:
    white = np.full((80, 80, 3), 255, np.uint8)
    expected = np.full((SIDE, SIDE, 3), 255, np.uint8)
    expected[black] = 0
    np.testing.assert_array_equal(Resampler(SIDE)(white, region), expected)


def test_a_region_outside_the_frame_is_black() -> None:
    resample = Resampler(SIDE)
    assert not resample(noise(), CropRegion(200, 0, 40)).any()
    assert not resample(noise(), CropRegion(0, -90, 40)).any()


def test_padded_rows_give_the_same_picture() -> None:
    padded = np.zeros((HEIGHT, WIDTH + 7, 3), np.uint8)
    padded[:, :WIDTH] = noise()
    region = REGIONS["beyond right"]
    np.testing.assert_array_equal(
        Resampler(SIDE)(padded[:, :WIDTH], region), Resampler(SIDE)(noise(), region)
    )


def test_nothing_is_left_over_from_earlier_regions_sizes_and_pictures() -> None:
    resample = Resampler(SIDE)
    first = resample(noise(), REGIONS["inside"])
    kept = first.copy()
    for rgb in (noise(), gradient(), gradient(HEIGHT, WIDTH)):
        for region in REGIONS.values():
            np.testing.assert_array_equal(resample(rgb, region), Resampler(SIDE)(rgb, region))
    np.testing.assert_array_equal(first, kept)


def test_the_frame_is_not_written_to() -> None:
    rgb = noise()
    rgb.flags.writeable = False
    Resampler(SIDE)(rgb, REGIONS["whole"])
