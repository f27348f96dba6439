"""Do capture, inference and drawing run at the same time, and how many threads are best?

Run from the checkout: .venv/bin/python tests/platform/bench_overlap.py [SECONDS]
Capture, inference and drawing take turns for a while, then run at once, each in its thread; with 1
to as many model threads as there are cores, in turns, thrice. The film is decoded at 30 frames a
second and the screen drawn 30 times a second at 1080 by 1920, as in the mirror; the model takes the
newest frame as soon as it is free.

serial    poses a second where the three take turns
poses     and pictures: a second, where they run at once
capture   infer, draw: milliseconds each takes while the others run
lag       how old the newest frame was when the model took it
dropped   share of the frames that a newer one replaced
python    share of a pure Python loop's speed that is left beside the model: 1 is all of it
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count, cycle
from statistics import median

os.environ["SDL_VIDEODRIVER"] = "dummy"

from kiosk.coaching.coach import Coach
from kiosk.commands.bench.drawing import moving
from kiosk.commands.demo.show import WALK_UP
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.settings import ScreenSettings
from kiosk.system.worker import Mailbox
from kiosk.ui.screen.display import Display
from kiosk.ui.screen.scene import Scene
from kiosk.ui.words.words import Words
from kiosk.vision.camera.film import Film
from kiosk.vision.camera.frame import Frame
from kiosk.vision.models.interpreter import Interpreter
from kiosk.vision.models.manifest import load_manifest, weights_folder
from kiosk.vision.pose.movenet import MoveNet

FPS = 30.0
VARIANT = "lightning_f16"
ROUNDS = 3


def frames() -> Iterator[Frame]:
    """The recording over and over, with times that go on."""
    start_s = 0.0
    for _ in count():
        film, time_s = Film(WALK_UP), 0.0
        while (frame := film.read()) is not None:
            time_s = frame.time_s
            yield replace(frame, time_s=start_s + time_s)
        film.close()
        start_s += time_s + 1 / FPS


class Parts:
    """The three parts, each with its newest times in milliseconds."""

    def __init__(self, threads: int, display: Display, scenes: Iterator[Scene]) -> None:
        spec = load_manifest().spec(VARIANT)
        self.estimator = MoveNet(Interpreter(weights_folder() / spec.file, spec, threads))
        self.coach = Coach(exercise_by_id("hip_hinge"))
        self.display, self.scenes, self.frames = display, scenes, frames()
        self.box: Mailbox[tuple[Frame, float]] = Mailbox()
        self.took: dict[str, list[float]] = {"capture": [], "infer": [], "draw": [], "lag": []}
        self.put = 0

    def capture(self) -> None:
        frame = self.timed("capture", lambda: next(self.frames))
        self.box.put((frame, time.perf_counter()))
        self.put += 1

    def infer(self) -> None:
        found = self.box.take(1.0)
        if found is not None:
            self.took["lag"].append(1000 * (time.perf_counter() - found[1]))
            self.timed("infer", lambda: self.coach.update(self.estimator.estimate(found[0])))

    def draw(self) -> None:
        self.timed("draw", lambda: self.display.show(next(self.scenes)))

    def timed(self, name: str, do: Callable[[], Frame | object]) -> Frame:
        began = time.perf_counter()
        found = do()
        self.took[name].append(1000 * (time.perf_counter() - began))
        return found  # type: ignore[return-value]  # only capture's is used


def alone(parts: Parts, lasts_s: float) -> float:
    """Poses a second where the three take turns."""
    began = time.perf_counter()
    for number in count(1):
        parts.capture()
        parts.infer()
        parts.draw()
        if time.perf_counter() - began > lasts_s:
            return number / (time.perf_counter() - began)
    raise AssertionError


def together(parts: Parts, lasts_s: float) -> float:
    """Poses a second where each has a thread; this one draws, as in the mirror."""
    stop = threading.Event()

    def paced(step: Callable[[], None]) -> None:
        due_s = time.perf_counter()
        while not stop.is_set():
            step()
            due_s = max(due_s + 1 / FPS, time.perf_counter() - 1 / FPS)
            stop.wait(max(0.0, due_s - time.perf_counter()))

    def free() -> None:
        while not stop.is_set():
            parts.infer()

    for kept in parts.took.values():
        kept.clear()
    workers = [threading.Thread(target=paced, args=(parts.capture,)), threading.Thread(target=free)]
    timer = threading.Timer(lasts_s, stop.set)
    began = time.perf_counter()
    for worker in (*workers, timer):
        worker.start()
    paced(parts.draw)
    for worker in workers:
        worker.join()
    return len(parts.took["infer"]) / (time.perf_counter() - began)


def gil(interpreter: Interpreter, lasts_s: float) -> float:
    """How much of a pure Python loop is left while another thread runs the model, 0 to 1."""

    def loop() -> int:
        ends_s, turns = time.perf_counter() + lasts_s, 0
        while time.perf_counter() < ends_s:
            turns += 1
        return turns

    free, stop = loop(), threading.Event()

    def run() -> None:
        while not stop.is_set():
            interpreter.again()

    worker = threading.Thread(target=run)
    worker.start()
    left = loop()
    stop.set()
    worker.join()
    return left / free


def main() -> None:
    lasts_s = float(sys.argv[1]) if len(sys.argv) > 1 else 6.0
    cores = len(os.sched_getaffinity(0))
    found: dict[int, list[dict[str, float]]] = {threads: [] for threads in range(1, cores + 1)}
    settings = ScreenSettings(fullscreen=False)
    with Display(settings, Words.load("en"), on_screen=False) as display:
        scenes = cycle(list(moving(300, FPS)["set-deep"]))
        for _ in range(ROUNDS):
            for threads, rounds in found.items():
                parts = Parts(threads, display, scenes)
                serial = alone(parts, lasts_s / 2)
                python = gil(parts.estimator._interpreter, 0.5)
                parts.put = 0
                poses = together(parts, lasts_s)
                took = {name: median(values) for name, values in parts.took.items()}
                dropped = 1 - len(parts.took["infer"]) / max(parts.put, 1)
                rounds.append(
                    took
                    | {"poses": poses, "serial": serial, "python": python, "dropped": dropped}
                    | {"pictures": len(parts.took["draw"]) / lasts_s}
                )
    names = ("serial", "poses", "pictures", "capture", "infer", "draw", "lag", "dropped", "python")
    sys.stdout.write(f"{'threads':>8}" + "".join(f"{name:>10}" for name in names) + "\n")
    for threads, rounds in found.items():
        middle = {name: median(of[name] for of in rounds) for name in names}
        sys.stdout.write(
            f"{threads:>8}" + "".join(f"{middle[name]:>10.2f}" for name in names) + "\n"
        )


if __name__ == "__main__":
    main()
