"""Is a reflection of the screen found on films of people, and never where there is none?

usage: .venv/bin/python tests/platform/glass_films.py FILM_OR_FOLDER...

Lays the light of a white screen over the films, as glass throws it back: over all of the picture or
a quarter of it, in grey levels of a dark place; the camera sets its exposure anew. Each film
is tried in two ways: as it was filmed, from every two seconds on, with people who lift; and with
its stillest 1.5 s played to and fro, as somebody who stands on the mark.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice, takewhile
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from kiosk.coaching.camera_check import Finding, grey
from kiosk.coaching.glass_check import LASTS_S, GlassCheck

Picture = NDArray[np.float64]
Film = list[tuple[float, Picture]]
DARK = 20.0  # grey level of the dark place
NOISE = 0.5  # grey levels
STILL_S, EVERY_S = 1.5, 2.0
LONGEST_S = 3 * LASTS_S + 0.5
ROOM = 0.2  # share by which a white screen makes a dim room brighter

CASES = {
    "none": (0.0, False),
    "none, a dim room": (0.0, False),
    **{f"{levels} levels, everywhere": (levels, False) for levels in (6, 15, 25, 40)},
    **{f"{levels} levels, a quarter": (levels, True) for levels in (15, 25, 40)},
}


def read(path: Path) -> Film:
    pictures = []
    with av.open(str(path)) as film:
        for frame in islice(film.decode(video=0), 1200):
            step = max(1, round(max(frame.width, frame.height) / 640))
            rgb = frame.to_ndarray(format="rgb24")[::step, ::step]
            pictures.append((float(frame.time or 0), grey(rgb)))
    return pictures


def windows(film: Film) -> Iterator[Film]:
    begin_s, end_s = film[0][0], film[-1][0] - LONGEST_S
    for start_s in np.arange(begin_s, end_s, EVERY_S):
        yield [(time_s - start_s, picture) for time_s, picture in film if time_s >= start_s]


def still(film: Film) -> Iterator[Film]:
    step_s = float(np.median(np.diff([time_s for time_s, _ in film])))
    long = round(STILL_S / step_s)
    pictures = [picture for _, picture in film]
    starts = range(0, len(pictures) - long, max(1, long // 6))
    if not starts:
        return

    def movement(start: int) -> float:
        part = np.array(pictures[start : start + long])
        return float(np.abs(part - part.mean(axis=0)).mean())

    start = min(starts, key=movement)
    part = pictures[start : start + long]
    yield [(n * step_s, one) for n, one in zip(range(9999), cycle(part + part[-2:0:-1]))]


def try_one(film: Film, case: str, rng: np.random.Generator) -> str:
    levels, quarter = CASES[case]
    check = GlassCheck()
    added = light(DARK + levels) - light(DARK)
    for now_s, picture in takewhile(lambda seen: seen[0] <= LONGEST_S, film):
        seen = light(picture)
        if check.shines(now_s):
            seen = seen * (1 + (ROOM if "dim" in case else 0.02))
            height, width = seen.shape
            part = np.s_[: height // 2, : width // 2] if quarter else np.s_[:]
            seen[part] += added
            seen *= light(picture).mean() / seen.mean()
        noisy = 255 * seen.clip(0, 1) ** (1 / 2.2) + rng.normal(0, NOISE, seen.shape)
        found = check.update(now_s, np.round(noisy.clip(0, 255)))
        if found is not Finding.TESTING:
            return "moved" if now_s > 2.9 * LASTS_S and found is Finding.GOOD else found.value
    return "moved"


def light(levels: Picture | float) -> Picture:
    return np.asarray((np.asarray(levels) / 255) ** 2.2)


def main(paths: list[str]) -> None:
    films = [
        path
        for given in map(Path, paths)
        for path in (sorted(given.rglob("*.mp4")) if given.is_dir() else [given])
    ]
    rng = np.random.default_rng(1)
    told = {(way, case): Counter[str]() for way in (windows, still) for case in CASES}
    for path in films:
        film = read(path)
        for (way, case), count in told.items():
            count.update(try_one(part, case, rng) for part in way(film))
    for (way, case), count in told.items():
        print(f"{way.__name__:8} {case:24} {dict(sorted(count.items()))}")


if __name__ == "__main__":
    main(sys.argv[1:])
