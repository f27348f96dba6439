"""Times ways to crop a square of a frame and resize it to the model's input.

Run from the checkout: .venv/bin/python tests/platform/bench_resample.py
"""

import sys
import time
from collections.abc import Callable

import av
import numpy as np
import pygame
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from kiosk.vision.pose.crop import CropRegion
from kiosk.vision.pose.resample import Resampler

Picture = NDArray[np.uint8]
Way = Callable[[Picture, CropRegion], Picture]

SIDE = 192
SIZES = ((640, 480, 400.0), (1280, 720, 600.0))
ROUNDS = 300


def part(rgbx: Picture, region: CropRegion) -> Picture:
    x, y, side = round(region.x0), round(region.y0), round(region.side)
    return rgbx[y : y + side, x : x + side]


def ours() -> Way:
    resample = Resampler(SIDE)
    return lambda rgbx, region: resample(rgbx, region).picture


def nearest(rgbx: Picture, region: CropRegion) -> Picture:
    step = (np.arange(SIDE) + 0.5) * region.side / SIDE
    rows, columns = (region.y0 + step).astype(int), (region.x0 + step).astype(int)
    return rgbx[rows[:, np.newaxis], columns, :3]


def smoothscale(rgbx: Picture, region: CropRegion) -> Picture:
    whole = pygame.image.frombuffer(rgbx, rgbx.shape[1::-1], "RGBX")
    x, y, side = round(region.x0), round(region.y0), round(region.side)
    small = pygame.transform.smoothscale(whole.subsurface((x, y, side, side)), (SIDE, SIDE))
    picture = np.empty((SIDE, SIDE, 3), np.uint8)
    pygame.image.frombuffer(picture, (SIDE, SIDE), "RGB").blit(small, (0, 0))
    return picture


def swscale(interpolation: str) -> Way:
    reformatter = VideoReformatter()

    def way(rgbx: Picture, region: CropRegion) -> Picture:
        frame = av.VideoFrame.from_numpy_buffer(part(rgbx, region), format="rgba")
        small = reformatter.reformat(frame, SIDE, SIDE, "rgb24", interpolation=interpolation)
        return small.to_ndarray()

    return way


def median_ms(way: Way, width: int, height: int, side: float) -> float:
    rgbx = np.random.default_rng(0).integers(0, 256, (height, width, 4), dtype=np.uint8)
    region = CropRegion.around(width / 2, height / 2, side / 2)
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        way(rgbx, region)
        took.append(time.perf_counter() - began)
    return 1e3 * float(np.median(took))


def main() -> None:
    ways: dict[str, Way] = {
        "SDL, bilinear": ours(),
        "nearest": nearest,
        "pygame smoothscale": smoothscale,
        "PyAV swscale, bilinear": swscale("BILINEAR"),
        "PyAV swscale, area": swscale("AREA"),
    }
    rows = [f"{'way':24}" + "".join(f"{f'{width}x{height}':>11}" for width, height, _ in SIZES)]
    for name, way in ways.items():
        rows.append(f"{name:24}" + "".join(f"{median_ms(way, *size):8.2f} ms" for size in SIZES))
    sys.stdout.write("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
