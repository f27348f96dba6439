"""How long does a resting model take to see whoever walks in?

Run from the checkout: .venv/bin/python tests/platform/idle_walkins.py FILM_OR_FOLDER...
Takes every film that begins with nobody in it. Its first pictures are repeated for a while, with
the noise of a camera, so that the model rests; then the film goes on. The delay is the time from
the first frame in which the model finds somebody if it sees every frame, to the first in which it
finds them here. Exit code 1 where one is longer than .3 s, or where no film begins with nobody.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from kiosk.body.pose import near_side_score
from kiosk.vision.camera.film import Film
from kiosk.vision.camera.frame import Frame
from kiosk.vision.pose.idle import MAYBE
from kiosk.vision.pose.movenet import load_estimator
from kiosk.vision.pose.source import SeenPoses

FPS = 30
EMPTY_S = 12.0
"""Long enough for the model to rest and the room to be learnt."""
LONGEST_S = 15.0
"""Of each film: whoever has not come by then is no walk-in."""
LEAST_EMPTY_S = 0.3
LIMIT_S = 0.3
NOISE = 2.0
"""Of 255: what a small camera gives in a lit room."""


class _Room:
    """The first pictures again and again, then the whole film; noisy throughout."""

    name = "room"

    def __init__(self, frames: list[Frame], empty: int) -> None:
        self._frames = iter(self._pictures(frames, empty))

    @staticmethod
    def _pictures(frames: list[Frame], empty: int) -> Iterator[Frame]:
        rng = np.random.default_rng(0)
        height, width = frames[0].rgbx.shape[:2]
        noises = [rng.normal(0, NOISE, (height, width, 1)).astype(np.int16) for _ in range(8)]
        waits = round(EMPTY_S * FPS)
        order = [*(n % empty for n in range(waits)), *range(len(frames))]
        for number, which in enumerate(order):
            noisy = frames[which].rgbx.astype(np.int16) + noises[number % len(noises)]
            time_s = frames[which].time_s + EMPTY_S if number >= waits else number / FPS
            yield Frame(np.clip(noisy, 0, 255).astype(np.uint8), time_s)

    def read(self) -> Frame | None:
        return next(self._frames, None)

    def close(self) -> None:
        pass


def first_seen_s(frames: list[Frame], empty: int, *, rests: bool) -> float | None:
    """The film's time at which somebody is found; None where nobody ever is."""
    estimator, _ = load_estimator()
    poses = SeenPoses(_Room(frames, empty), lambda: estimator, live=rests)
    poses.rest(empty=rests)
    while (pose := poses.read()) is not None:
        if pose.time_s >= EMPTY_S and near_side_score(pose) >= MAYBE:
            return pose.time_s - EMPTY_S
    return None


def empty_frames(path: Path) -> tuple[list[Frame], int]:
    """The beginning of a film, and how many frames nobody is in."""
    film = Film(path)
    estimator, _ = load_estimator()
    frames = []
    try:
        while (frame := film.read()) is not None and frame.time_s < LONGEST_S:
            frames.append(frame)
            if (
                frame.time_s <= LEAST_EMPTY_S
                and near_side_score(estimator.estimate(frame)) >= MAYBE
            ):
                return [], 0
    finally:
        film.close()
    return frames, sum(frame.time_s <= LEAST_EMPTY_S for frame in frames)


def main(arguments: list[str]) -> int:
    """Prints each walk-in's delay; 1 where one is too long."""
    paths = [Path(argument) for argument in arguments]
    films = [
        f for path in paths for f in (sorted(path.rglob("*.mp4")) if path.is_dir() else [path])
    ]
    delays = []
    for path in films:
        frames, empty = empty_frames(path)
        if not frames:
            continue
        full_s = first_seen_s(frames, empty, rests=False)
        if full_s is None:
            continue
        resting_s = first_seen_s(frames, empty, rests=True)
        delay_s = float("inf") if resting_s is None else resting_s - full_s
        delays.append(delay_s)
        print(f"{path.name:40} seen at {full_s:5.2f} s, resting {delay_s:+.2f} s later", flush=True)
    print(f"{len(delays)} walk-ins, {sum(d > LIMIT_S for d in delays)} later than {LIMIT_S} s")
    return 0 if delays and max(delays) <= LIMIT_S else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
