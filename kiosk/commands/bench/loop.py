"""Measures each stage of a frame, and the whole against the model alone on the same pictures."""

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from kiosk.app.controller import Controller, build_scene
from kiosk.app.history_thread import HistoryThread
from kiosk.app.pipeline import Pipeline
from kiosk.app.set_facts import SetFacts
from kiosk.body.observer import BodyObserver
from kiosk.body.smoothing import PoseSmoother
from kiosk.coaching.coach import Coach
from kiosk.commands.bench.stopwatch import Stopwatch
from kiosk.commands.demo.show import WALK_UP, walk_up_exercise
from kiosk.exercises.catalogue import catalogue, exercise_by_id
from kiosk.history.reader import Reader
from kiosk.history.store import Store
from kiosk.settings import ScreenSettings
from kiosk.ui.screen.display import Display
from kiosk.ui.sound.speaker import Speaker
from kiosk.ui.words.words import Words
from kiosk.vision.back.back_observer import BackObserver, open_back_observer
from kiosk.vision.back.back_worker import BackWorker, Job
from kiosk.vision.camera.film import Film
from kiosk.vision.camera.frame import Frame
from kiosk.vision.load.load_observer import LoadObserver
from kiosk.vision.models.interpreter import Interpreter
from kiosk.vision.pose.movenet import MoveNet
from kiosk.vision.pose.source import SeenPoses

WARM_UP = 20
"""Frames before the figures count: the first ones prepare weights, buffers and drawings."""
MOST_S = 15.0
"""A slower machine measures fewer frames each time, so that it takes no more than a minute."""
PICTURES = 2
"""Pictures drawn for each frame: the screen shows 30 a second, the recording has 15."""
PICTURES_PER_S = 30


def measure_loop(interpreter: Interpreter, *, rotate: int = 0, most_s: float = MOST_S) -> Stopwatch:
    """Plays the recording twice, as fast as it goes: against the model alone, then by its stages.

    It goes through the very objects of a live set, on a panel that is mounted rotated by so many
    degrees. Either time ends after `most_s`.

    Returns:
        `capture`, `crop`, `model`, `decode_smooth`, `body`, `coach`, `back_line`, `draw` and
        `present`, in the order in which a picture passes them, and `body_coach`; `loop`, a frame
        from its mailbox to the snapshot; `invoke`, the model alone on the same picture, and
        `ratio`, two pictures of one over the same two of the other, either first once; `staged`,
        the loop with a stopwatch in every part. What the camera's thread does beforehand is not in
        the loop: it reads the picture and cuts it. Where the model is slower than the camera it
        cuts for a crop that may have moved, as long as nobody is in a set.
    """
    with Stopwatch() as watch:
        _against_the_model(interpreter, watch, most_s)
    with Stopwatch() as stages:
        _by_stages(interpreter, stages, rotate, most_s)
    for name, took_ms in stages.took_ms.items():
        watch.took_ms.setdefault(name, took_ms)  # either reads and cuts pictures; the first counts
    return watch


def _against_the_model(interpreter: Interpreter, watch: Stopwatch, most_s: float) -> None:
    """Times the whole loop and the model, and nothing inside: stopwatches there take time.

    On every other picture the model alone goes first: what disturbs the machine disturbs both, and
    whoever is second finds the model's weights nearer.
    """
    played, ends_s = _Played(interpreter, watch), time.monotonic() + most_s
    for number in played.frames():
        if number % 2:
            watch.run("invoke", interpreter.again)
        if not played.pipeline.step():
            break
        if not number % 2:
            watch.run("invoke", interpreter.again)
        watch.record("loop", played.loop_ms)
        if number % 2:
            loops, alone = (sum(watch.took_ms[name][-2:]) for name in ("loop", "invoke"))
            watch.record("ratio", loops / alone)
        if number > WARM_UP and time.monotonic() > ends_s:
            break
    played.close()


def _by_stages(interpreter: Interpreter, watch: Stopwatch, rotate: int, most_s: float) -> None:
    """Times every part by itself; the drawing and the back come after each frame."""
    played, newest = _Played(interpreter, watch), watch.newest_ms
    for owner, method, name in (
        (interpreter, "run", "model"),
        (MoveNet, "estimate", "estimate"),
        (Coach, "update", "judge"),
        (PoseSmoother, "smooth", "smooth"),
        (BodyObserver, "observe", "body"),
        (BackObserver, "observe", "back_line"),
    ):
        watch.on(owner, method, name)
    ends_s = time.monotonic() + most_s
    settings = ScreenSettings(fullscreen=False, rotate=rotate)  # type: ignore[arg-type]  # checked by the command line
    with (
        tempfile.TemporaryDirectory() as folder,
        Display(settings, Words.load("en"), on_screen=False) as display,
    ):
        reader, speaker = Reader(Path(folder)), Speaker(None)
        sets = HistoryThread(lambda: Store(Path(folder)))  # never started: nothing is stored
        facts = SetFacts(reader, sets, catalogue(), {}, unit="kg", places=0, rest="down")
        controller = Controller(played.pipeline, reader, speaker, sets, facts, catalogue())
        watch.on(display.screen, "draw", "draw")
        for number in played.frames():
            if not played.pipeline.step():
                break
            judge_ms = newest("judge") - newest("smooth")
            watch.record("decode_smooth", newest("estimate") - newest("model") + newest("smooth"))
            watch.record("coach", judge_ms - newest("body"))
            watch.record("body_coach", judge_ms)
            watch.record("staged", played.loop_ms)
            played.back.work()
            for picture in range(PICTURES):
                now_s = (number * PICTURES + picture) / PICTURES_PER_S
                controller.update(now_s, active=False)
                scene = build_scene(controller, now_s, datetime.now(UTC))
                watch.run("show", display.show, scene)
                watch.record("present", newest("show") - newest("draw"))
            if watch.count("back_line") and time.monotonic() > ends_s:
                break
    played.close()


class _Played(Film):
    """The recording and everything of a live set that it passes.

    A frame is read and cut ahead of its turn, as in the camera's thread.
    """

    def __init__(self, interpreter: Interpreter, watch: Stopwatch) -> None:
        super().__init__(WALK_UP)
        estimator, exercise = MoveNet(interpreter), exercise_by_id(walk_up_exercise())
        self._estimator = estimator
        self._watch = watch
        self._pulled: Frame | None = None
        self.back = _BackAfterwards(open_back_observer())
        poses = _OnePerson(self, lambda: estimator)
        self.pipeline = Pipeline(
            poses, Coach(exercise), lambda _: None, back=self.back, load=LoadObserver()
        )

    def frames(self) -> Iterator[int]:
        """Counts the frames, each pulled and not estimated; the warm-up's figures are dropped."""
        for number in count():
            if number == WARM_UP:
                self._watch.took_ms.clear()
            self._pulled = self._watch.run("capture", super().read)
            if self._pulled is not None:
                self._watch.run("crop", self._estimator.prepare, self._pulled)
            yield number

    def read(self) -> Frame | None:
        return self._pulled

    @property
    def loop_ms(self) -> float:
        return 1000 * (self.pipeline.poses.invoke_s + self.pipeline.other_s)


class _OnePerson(SeenPoses):
    """Shows each frame to the model once: a second inference would count as cost of the loop."""

    def check_bystander(self, every_s: float | None) -> None:
        pass

    def check_orientation(self, *_: object) -> str | None:
        return None


class _BackAfterwards(BackWorker):
    """Chooses in the loop, and observes the newest chosen frame when `work` is called."""

    _job: Job | None = None

    def accept(self, job: Job) -> None:
        self._job = job

    def work(self) -> None:
        if self._job is not None:
            self.observe(self._job)
        self._job = None
