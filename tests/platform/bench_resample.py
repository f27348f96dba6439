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

from kiosk.pose.crop import CropRegion
from kiosk.pose.resample import Resampler

Picture = NDArray[np.uint8]
Way = Callable[[Picture, CropRegion], Picture]

SIDE = 192
SIZES = ((640, 480, 400.0), (1280, 720, 600.0))
ROUNDS = 300


def cut(rgb: Picture, region: CropRegion) -> Picture:
    x, y, side = round(region.x0), round(region.y0), round(region.side)
    return rgb[max(0, y) : y + side, max(0, x) : x + side]


def nearest(rgb: Picture, region: CropRegion) -> Picture:
    step = (np.arange(SIDE) + 0.5) * region.side / SIDE
    rows = np.clip((region.y0 + step).astype(int), 0, rgb.shape[0] - 1)
    columns = np.clip((region.x0 + step).astype(int), 0, rgb.shape[1] - 1)
    return rgb[rows[:, np.newaxis], columns]


def smoothscale(rgb: Picture, region: CropRegion) -> Picture:
    part = cut(rgb, region)
    whole = pygame.image.frombuffer(rgb, rgb.shape[1::-1], "RGB")
    x, y = max(0, round(region.x0)), max(0, round(region.y0))
    small = pygame.transform.smoothscale(
        whole.subsurface((x, y, part.shape[1], part.shape[0])), (SIDE, SIDE)
    )
    return np.ascontiguousarray(pygame.surfarray.pixels3d(small).swapaxes(0, 1))


def swscale(interpolation: str) -> Way:
    reformatter = VideoReformatter()

    def way(rgb: Picture, region: CropRegion) -> Picture:
        frame = av.VideoFrame.from_numpy_buffer(cut(rgb, region), format="rgb24")
        return reformatter.reformat(frame, SIDE, SIDE, interpolation=interpolation).to_ndarray()

    return way


def median_ms(way: Way, width: int, height: int, side: float) -> float:
    rgb = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    region = CropRegion.around(width / 2, height / 2, side / 2)
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        way(rgb, region)
        took.append(time.perf_counter() - began)
    return 1e3 * float(np.median(took))


def main() -> None:
    ways: dict[str, Way] = {
        "this file": Resampler(SIDE),
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
