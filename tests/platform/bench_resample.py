"""Compares ways to crop a square of a frame and resize it to the model's input.

Run from the checkout: .venv/bin/python tests/platform/bench_resample.py [ROUNDS]
Pillow's ways are measured where Pillow can be imported; it is no dependency of the kiosk.

Every round runs every way once on warm caches and once right after the model has run, as in the
mirror, in a new random order: what else the machine does disturbs all ways alike. Afterwards the
model reads the packaged recording through each way.

warm, cold  median and least milliseconds of one crop
off         mean difference to textbook bilinear sampling on the recording, in 255ths
score       mean score of the shoulder, hip, knee and ankle that the camera sees best
moved       median distance of those joints from where textbook sampling finds them, in pixels

120 rounds on a busy two-core x86 server, a crop of 400 px to 192 px, cold:

    way                              ms     moved
    SDL_SoftStretchLinear            0.47   0.15 px
    pygame.transform.smoothscale     0.52   0.64 px   and smoothscale_by
    pygame.transform.scale           0.25   0.85 px   and scale_by; nearest
    pygame.transform.rotozoom        0.74   0.84 px
    PyAV, swscale bilinear           1.79   0.81 px
    Pillow resize(box=…), bilinear   3.22   0.82 px   averages where it shrinks
    Pillow transform(EXTENT)         2.64   0.15 px
    numpy, bilinear                  4.06   0
"""

import contextlib
import os
import sys
import time
from collections.abc import Callable
from random import Random
from statistics import fmean, median
from typing import Any

os.environ["SDL_VIDEODRIVER"] = "dummy"

import av
import numpy as np
import pygame
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from kiosk.body.pose import Pose, near_side_score
from kiosk.commands.demo.show import WALK_UP
from kiosk.vision.camera.film import Film
from kiosk.vision.models.interpreter import Interpreter
from kiosk.vision.models.manifest import load_manifest, weights_folder
from kiosk.vision.pose.crop import CropRegion, CropTracker
from kiosk.vision.pose.resample import Resampler

Picture = NDArray[np.uint8]
Way = Callable[[Picture, CropRegion, int], Picture]

VARIANT = "lightning_f16"
SIDES = (192, 256)
FRAMES = {  # width, height and side of the crop
    "640x480": (640, 480, 400),
    "1280x720": (1280, 720, 600),
}


def part(rgbx: Picture, region: CropRegion) -> Picture:
    x, y, side = int(region.x0), int(region.y0), int(region.side)
    return rgbx[y : y + side, x : x + side]


def ours() -> Way:
    resamplers = {side: Resampler(side) for side in SIDES}
    return lambda rgbx, region, side: resamplers[side](rgbx, region).picture


def textbook(rgbx: Picture, region: CropRegion, side: int) -> Picture:
    """Bilinear samples at the middles of the output's pixels, as `tf.image.crop_and_resize`."""
    whole = part(rgbx, region)[..., :3].astype(np.float32)
    places = np.clip((np.arange(side) + 0.5) * region.side / side - 0.5, 0, region.side - 1.001)
    first = places.astype(int)
    later = (places - first).astype(np.float32)
    rows = whole[first] + later[:, np.newaxis, np.newaxis] * (whole[first + 1] - whole[first])
    left, right = rows[:, first], rows[:, first + 1]
    return np.rint(left + later[:, np.newaxis] * (right - left)).astype(np.uint8)


def nearest(rgbx: Picture, region: CropRegion, side: int) -> Picture:
    step = (np.arange(side) + 0.5) * region.side / side
    rows, columns = (region.y0 + step).astype(int), (region.x0 + step).astype(int)
    return rgbx[rows[:, np.newaxis], columns, :3]


def by_pygame(scale: Callable[[pygame.Surface, int], pygame.Surface]) -> Way:
    def way(rgbx: Picture, region: CropRegion, side: int) -> Picture:
        whole = pygame.image.frombuffer(rgbx, rgbx.shape[1::-1], "RGBX")
        square = whole.subsurface((region.x0, region.y0, region.side, region.side))
        picture = np.empty((side, side, 3), np.uint8)
        small = scale(square, side)
        pygame.image.frombuffer(picture, (side, side), "RGB").blit(small, (0, 0))
        return picture

    return way


def by_swscale(interpolation: str) -> Way:
    reformatter = VideoReformatter()

    def way(rgbx: Picture, region: CropRegion, side: int) -> Picture:
        frame = av.VideoFrame.from_numpy_buffer(part(rgbx, region), format="rgba")
        small = reformatter.reformat(frame, side, side, "rgb24", interpolation=interpolation)
        return small.to_ndarray()

    return way


def pillow_ways() -> dict[str, Way]:
    image: Any
    try:
        from PIL import Image as image  # noqa: N813, PLC0415 - no dependency of the kiosk
    except ImportError:
        return {}
    linear, extent = image.Resampling.BILINEAR, image.Transform.EXTENT

    def whole(rgbx: Picture) -> Any:
        return image.frombuffer("RGBX", rgbx.shape[1::-1], rgbx, "raw", "RGBX", 0, 1)

    def box(region: CropRegion) -> tuple[float, ...]:
        return region.x0, region.y0, region.x0 + region.side, region.y0 + region.side

    def resize(rgbx: Picture, region: CropRegion, side: int) -> Picture:
        small = whole(rgbx).resize((side, side), linear, box=box(region))
        return np.ascontiguousarray(np.asarray(small)[..., :3])

    def transform(rgbx: Picture, region: CropRegion, side: int) -> Picture:
        small = whole(rgbx).transform((side, side), extent, box(region), linear)
        return np.ascontiguousarray(np.asarray(small)[..., :3])

    return {"Pillow resize, box": resize, "Pillow transform": transform}


def ways() -> dict[str, Way]:
    transform = pygame.transform
    return {
        "SDL stretch (ours)": ours(),
        "pygame smoothscale": by_pygame(lambda s, side: transform.smoothscale(s, (side, side))),
        "pygame smoothscale_by": by_pygame(
            lambda s, side: transform.smoothscale_by(s, side / s.get_width())
        ),
        "pygame scale, nearest": by_pygame(lambda s, side: transform.scale(s, (side, side))),
        "pygame scale_by, nearest": by_pygame(
            lambda s, side: transform.scale_by(s, side / s.get_width())
        ),
        "pygame rotozoom": by_pygame(
            lambda s, side: transform.rotozoom(s, 0, side / s.get_width())
        ),
        "numpy, nearest": nearest,
        "numpy, bilinear": textbook,
        "PyAV swscale, bilinear": by_swscale("BILINEAR"),
        "PyAV swscale, area": by_swscale("AREA"),
        **pillow_ways(),
    }


def timed_ms(way: Way, rgbx: Picture, region: CropRegion, side: int) -> float:
    began = time.perf_counter()
    way(rgbx, region, side)
    return 1000 * (time.perf_counter() - began)


def time_ways(interpreter: Interpreter, rounds: int) -> None:
    random, chosen = Random(1), ways()
    noise = np.random.default_rng(0)
    for title, (width, height, crop) in FRAMES.items():
        rgbx = noise.integers(0, 256, (height, width, 4), dtype=np.uint8)
        region = CropRegion((width - crop) // 2, (height - crop) // 2, crop)
        for side in SIDES:
            warm: dict[str, list[float]] = {name: [] for name in chosen}
            cold: dict[str, list[float]] = {name: [] for name in chosen}
            for _ in range(rounds):
                for name in random.sample(list(chosen), len(chosen)):
                    chosen[name](rgbx, region, side)
                    warm[name].append(timed_ms(chosen[name], rgbx, region, side))
                    interpreter.again()
                    cold[name].append(timed_ms(chosen[name], rgbx, region, side))
            print(f"\n{title}, {crop} px to {side} px".ljust(32), "warm         cold")
            for name in chosen:
                figures = (f"{median(ms):5.2f} {min(ms):5.2f}" for ms in (warm[name], cold[name]))
                print(f"  {name:28}", "  ".join(figures))


def compare_quality(interpreter: Interpreter) -> None:
    side = interpreter.input_size
    tracker, film, chosen = CropTracker(), Film(WALK_UP), ways()
    frames: list[tuple[Picture, CropRegion, Pose]] = []

    def found(picture: Picture, region: CropRegion, size: tuple[int, int]) -> Pose:
        return Pose.of(
            0.0,
            np.array(interpreter.run(picture))[:, [1, 0, 2]] * (region.side, region.side, 1)
            + (region.x0, region.y0, 0),
            size,
        )

    while (frame := film.read()) is not None:
        height, width = frame.rgbx.shape[:2]
        region = tracker.next_region((width, height)).on_pixels()
        inside = 0 <= region.x0 <= width - region.side and 0 <= region.y0 <= height - region.side
        cut = Resampler(side)(frame.rgbx, region)
        pose = found(cut.picture, cut.region, (width, height))
        tracker.update(Pose(frame.time_s, pose.marks, pose.size))
        if inside:
            right = found(textbook(frame.rgbx, region, side), region, (width, height))
            frames.append((frame.rgbx, region, right))
    film.close()
    print(f"\n{len(frames)} frames of the recording".ljust(32), "  off  score  moved")
    for name, way in chosen.items():
        off, score, moved = [], [], []
        for rgbx, region, right in frames:
            picture, exact = way(rgbx, region, side), textbook(rgbx, region, side)
            pose = found(picture, region, right.size)
            off.append(float(np.abs(picture.astype(int) - exact).mean()))
            score.append(near_side_score(pose))
            apart = np.hypot(*(pose.keypoints - right.keypoints)[5:, :2].T)
            moved.extend(apart[right.keypoints[5:, 2] >= 0.3].tolist())
        print(f"  {name:28} {fmean(off):6.2f} {fmean(score):6.3f} {median(moved):6.2f}")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    spec = load_manifest().spec(VARIANT)
    interpreter = Interpreter(weights_folder() / spec.file, spec, 2)
    with contextlib.suppress(KeyboardInterrupt):
        time_ways(interpreter, rounds)
        compare_quality(interpreter)


if __name__ == "__main__":
    main()
