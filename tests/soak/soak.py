"""Runs the whole mirror, with its real threads and history, through hours of simulated use."""

import logging
import math
import os
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.app.mirror import Mirror
from kiosk.app.parts import Factories, MirrorOptions
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.exercises.exercise import Exercise
from kiosk.history.reader import Reader
from kiosk.settings import (
    CoachSettings,
    HistorySettings,
    PanelSettings,
    ScreenSettings,
    Settings,
    SoundSettings,
)
from kiosk.ui.screen.scene import Scene
from soak.faults import EVERY_S, Faults, WallClock
from soak.ledger import Ledger
from soak.report import Report
from soak.usage import Sample, sample
from soak.visitors import Step, Visitors
from soak.world import World, WorldEstimator

FPS = 10.0
"""Frames and pictures a second: a Pi 4 gives about so many, and fewer are sooner through."""
SAMPLES = 48
"""Samples of the process: every half hour in a day."""
LEAST_S = 60.0
"""A short soak is sampled less often: each sample takes as long as dozens of frames."""
REPORT_EVERY = 4
"""So many samples are taken for each that is reported."""
LEAVES_S = 30.0
"""At the end nobody is there and nothing is broken for so long, so that every set is over."""
START_S = 1767592800.0
"""Monday, 5 January 2026, 6:00 UTC: the same days in every soak."""


class _Lines(logging.Handler):
    """Counts warnings, and keeps none."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, _: logging.LogRecord) -> None:
        self.count += 1


def soak(
    folder: Path,
    hours: float,
    *,
    speed: float = math.inf,
    seed: int = 1,
    every_s: float = EVERY_S,
    report: Callable[[Sample], None] = lambda _: None,
) -> Report:
    """Simulates people who come and go before the mirror, and faults in between.

    Args:
        folder: where the history goes.
        hours: of use.
        speed: times the speed of life, at most; a slow machine takes longer and counts the same.
        seed: another one, another day.
        every_s: seconds from one fault to the next, on the average.
        report: called with every fourth sample of the process.

    Raises:
        KioskError: the kiosk does not start.
    """
    # nobody is disturbed: sound and picture go where nobody is
    os.environ["SDL_VIDEODRIVER"] = os.environ["SDL_AUDIODRIVER"] = "dummy"
    world = World(FPS)
    faults = Faults(world, seed, every_s)
    factories = Factories(
        estimator=lambda *_: (WorldEstimator(world), "soak"),
        camera=world.camera,
        store=faults.store,
    )
    lines = _Lines()
    logging.getLogger().addHandler(lines)
    began_s = time.monotonic()
    try:
        options = MirrorOptions(
            on_screen=False, wall_clock=WallClock(world, faults, START_S), factories=factories
        )
        with Mirror(_settings(folder), world.open, options, clock=world) as mirror:
            day = _Day(mirror, world, seed)
            samples = _Samples(mirror.folder, world, report)
            day.live(hours * 3600, speed, faults, samples)
    finally:
        logging.getLogger().removeHandler(lines)
    return Report(
        lasted_s=world.now_s,
        took_s=time.monotonic() - began_s,
        pictures=day.pictures,
        ledger=day.ledger,
        stored=day.ledger.against(Reader(mirror.folder)),
        faults=faults.happened,
        log_lines=lines.count,
        samples=samples.found,
        stuck=world.stuck,
        slowest_s=world.slowest_s,
    )


class _Samples:
    """Samples of the process; every fourth is reported."""

    def __init__(self, folder: Path, world: World, report: Callable[[Sample], None]) -> None:
        self.found: list[Sample] = []
        self._folder = folder
        self._world = world
        self._report = report

    def record(self) -> None:
        newest = sample(self._world.now_s, self._folder)
        if len(self.found) % REPORT_EVERY == 0:
            self._report(newest)
        self.found.append(newest)


class _Day:
    """One kiosk, and those who stand before it."""

    def __init__(self, mirror: Mirror, world: World, seed: int) -> None:
        self.ledger = Ledger()
        self.pictures = 0
        self._mirror = mirror
        self._world = world
        self._scene: Scene | None = None
        self._steps = Visitors(seed, FPS, self._exercise).day()

    def live(self, seconds: float, speed: float, faults: Faults, samples: _Samples) -> None:
        """Goes through the day."""
        world, began_s = self._world, time.monotonic()
        every_s = max(seconds / SAMPLES, LEAST_S)
        for step in self._steps:
            over = world.now_s >= seconds and step.keypoints is None  # nobody is cut off
            faults.step(world.now_s)
            # asked to end, it reports what it has seen so far
            if over or world.stuck or not self._turn(step):
                break
            if world.now_s >= len(samples.found) * every_s:
                samples.record()
            ahead_s = world.now_s / speed - (time.monotonic() - began_s)
            if ahead_s > 0:
                time.sleep(ahead_s)
        faults.mend()
        for _ in range(round(LEAVES_S * FPS)):
            self._turn(Step(None))
        self.ledger.close(world.missed)

    def _turn(self, step: Step) -> bool:
        self._world.keypoints = step.keypoints
        self._scene = self._mirror.turn(step.presses)
        self.pictures += 1
        snapshot = self._scene.snapshot if self._scene else None
        self.ledger.update(step, snapshot, self._world.missed)
        return self._scene is not None

    def _exercise(self) -> Exercise:
        snapshot = self._scene.snapshot if self._scene else None
        return exercise_by_id(snapshot.exercise if snapshot else CoachSettings().exercise)


def _settings(folder: Path) -> Settings:
    return Settings(
        # the contour of the back is read from pictures, and there are none
        coach=CoachSettings(back_line=False),
        # no picture waits for its turn: the world's clock paces them
        screen=ScreenSettings(width=480, height=800, fullscreen=False, fps=0),
        panel=PanelSettings(kind="keyboard"),
        sound=SoundSettings(voice=False),
        history=HistorySettings(folder=str(folder)),
    )
