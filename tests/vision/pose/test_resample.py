"""Crop and resize against the textbook, a pixel at a time."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.vision.pose.crop import CropRegion
from kiosk.vision.pose.resample import Resampler

SIDE = 24
WIDTH, HEIGHT = 80, 60


def gradient(width: int = WIDTH, height: int = HEIGHT) -> NDArray[np.uint8]:
    y, x = np.mgrid[:height, :width]
    channels = [255 * x / width, 255 * y / height, 255 - 127 * x / width - 127 * y / height, 0 * x]
    return np.stack(channels, axis=-1).astype(np.uint8)


def noise() -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 256, (HEIGHT, WIDTH, 4), dtype=np.uint8)


def reference(rgbx: NDArray[np.uint8], square: CropRegion) -> NDArray[np.float64]:
    """Bilinear samples about two pixels apart or nearer, averaged over each output pixel."""
    x, y, side = int(square.x0), int(square.y0), int(square.side)
    padded = np.pad(rgbx[..., :3].astype(float), ((side, side), (side, side), (0, 0)))
    part = padded[y + side : y + 2 * side, x + side : x + 2 * side]
    samples = max(1, round(side / SIDE / 2))
    places = (np.arange(SIDE * samples) + 0.5) * side / SIDE / samples
    sampled = np.array([[bilinear(part, x, y) for x in places] for y in places])
    return sampled.reshape(SIDE, samples, SIDE, samples, 3).mean(axis=(1, 3))


def bilinear(part: NDArray[np.float64], x: float, y: float) -> NDArray[np.float64]:
    last = len(part) - 1
    x, y = min(max(x - 0.5, 0), last), min(max(y - 0.5, 0), last)
    left, top = math.floor(x), math.floor(y)
    right, bottom = min(left + 1, last), min(top + 1, last)
    upper = part[top, left] * (1 - x + left) + part[top, right] * (x - left)
    lower = part[bottom, left] * (1 - x + left) + part[bottom, right] * (x - left)
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
@pytest.mark.parametrize(
    ("rgbx", "levels"), [(gradient(), 2), (noise(), 4)], ids=["gradient", "noise"]
)
def test_a_picture_is_that_of_the_textbook(rgbx: NDArray[np.uint8], levels: int, name: str) -> None:
    """SDL weighs in 128ths and rounds down, which noise shows most."""
    cut = Resampler(SIDE)(rgbx, REGIONS[name])
    expected = reference(rgbx, cut.region)
    np.testing.assert_allclose(cut.picture, expected, rtol=0, atol=levels)
    assert abs((cut.picture - expected).mean()) < 1


def test_the_square_is_the_nearest_one_of_whole_pixels() -> None:
    resample = Resampler(SIDE)
    assert resample(noise(), CropRegion(11.3, 5.8, 43.7)).region == CropRegion(11, 6, 44)
    assert resample(noise(), CropRegion(-20.4, 5, 0.2)).region == CropRegion(-20, 5, 1)
    # and the picture is of that square: what is found in it is placed by it
    np.testing.assert_array_equal(
        resample(noise(), CropRegion(11.3, 5.8, 43.7)).picture,
        resample(noise(), CropRegion(11, 6, 44)).picture,
    )


@pytest.mark.parametrize("value", [5, 127, 255])
@pytest.mark.parametrize("side", [15.5, 60.0, 80.0, 133.0])
def test_a_plain_surface_stays_plain(value: int, side: float) -> None:
    plain = np.full((200, 200, 4), value, np.uint8)
    picture = Resampler(SIDE)(plain, CropRegion(3.3, 4.4, side)).picture
    assert value - 2 <= picture.min() == picture.max() <= value


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
    white = np.full((80, 80, 4), 255, np.uint8)
    expected = np.ones((SIDE, SIDE, 3), bool)
    expected[black] = False
    picture = Resampler(SIDE)(white, region).picture
    assert picture[expected].min() > 250
    assert picture[~expected].max() == 0


def test_a_region_outside_the_frame_is_black() -> None:
    resample = Resampler(SIDE)
    assert not resample(noise(), CropRegion(200, 0, 40)).picture.any()
    assert not resample(noise(), CropRegion(0, -90, 40)).picture.any()


def test_padded_rows_give_the_same_picture() -> None:
    padded = np.zeros((HEIGHT, WIDTH + 7, 4), np.uint8)
    padded[:, :WIDTH] = noise()
    region = REGIONS["beyond right"]
    np.testing.assert_array_equal(
        Resampler(SIDE)(padded[:, :WIDTH], region).picture,
        Resampler(SIDE)(noise(), region).picture,
    )


def test_nothing_is_left_over_from_earlier_regions_sizes_and_pictures() -> None:
    resample = Resampler(SIDE)
    first = resample(noise(), REGIONS["inside"]).picture
    kept = first.copy()
    for rgbx in (noise(), gradient(), gradient(HEIGHT, WIDTH)):
        for region in (*REGIONS.values(), *reversed(REGIONS.values())):
            np.testing.assert_array_equal(
                resample(rgbx, region).picture, Resampler(SIDE)(rgbx, region).picture
            )
    np.testing.assert_array_equal(first, kept)


def test_the_frame_is_not_written_to() -> None:
    rgbx = noise()
    rgbx.flags.writeable = False
    Resampler(SIDE)(rgbx, REGIONS["whole"])
    Resampler(SIDE)(rgbx, REGIONS["inside"])
