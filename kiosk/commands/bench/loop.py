"""What a frame costs, stage by stage, against the model alone on the same pictures.

The packaged recording goes through the very objects of a live set, once beside the model alone and
once part by part.
"""

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from kiosk.app.controller import Controller
from kiosk.app.pipeline import Pipeline
from kiosk.body.back import BackReading
from kiosk.body.pose import Pose
from kiosk.body.state import BodyState
from kiosk.coaching.coach import Coach
from kiosk.commands.bench.stopwatch import Stopwatch
from kiosk.commands.demo import WALK_UP
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.history.reader import Reader
from kiosk.settings import ScreenSettings
from kiosk.ui.screen.display import Display
from kiosk.ui.sound.speaker import SilentSpeaker
from kiosk.ui.words.words import Words
from kiosk.vision.back.back_worker import Job, chosen, take
from kiosk.vision.back.frame_gate import FrameGate
from kiosk.vision.back.observer import BackObserver, open_back_observer
from kiosk.vision.camera.film import Film
from kiosk.vision.camera.frame import Frame
from kiosk.vision.models.interpreter import Interpreter
from kiosk.vision.pose.movenet import MoveNet
from kiosk.vision.pose.source import SeenPoses

WARM_UP = 20
"""Frames before the figures count: the first ones prepare weights, buffers and drawings."""
MOST_S = 15.0
"""A slower machine measures fewer frames each time, so that all is told within a minute."""
PICTURES = 2
"""Pictures drawn for each frame: the screen shows 30 a second, the recording has 15."""

PICTURES_PER_S = 30

STAGES = (
    "capture",
    "crop",
    "invoke",
    "decode_smooth",
    "body",
    "coach",
    "back_line",
    "draw",
    "present",
)
"""In the order in which a picture passes them."""


def measure_loop(interpreter: Interpreter, *, rotate: int = 0, most_s: float = MOST_S) -> Stopwatch:
    """Plays the recording twice, as fast as it goes: against the model alone, then by its stages.

    Args:
        interpreter: of the model to measure.
        rotate: degrees by which the panel is mounted.
        most_s: seconds after which either ends.

    Returns:
        The `STAGES` and `body_coach`; `loop`, a frame from its mailbox to the snapshot; `bare`, the
        model alone on the same picture, and `ratio`, two pictures of one over the same two of the
        other, either first once; `staged`, the loop with a
        stopwatch in every part. What the camera's thread does beforehand is not in the loop: it
        reads the picture and cuts it. Where the model is slower than the camera it cuts for a crop
        that may have moved, as long as nobody is in a set.
    """
    watch = _against_the_model(interpreter, most_s)
    watch.add(_by_stages(interpreter, rotate, most_s))
    return watch


def _against_the_model(interpreter: Interpreter, most_s: float) -> Stopwatch:
    """Nothing is timed inside the loop: stopwatches there would make it longer.

    On every other picture the model alone goes first: what disturbs the machine disturbs both, and
    whoever is second finds the model's weights nearer.
    """
    watch, played = Stopwatch(), _Played(interpreter)
    loop_ms = bare_ms = 0.0
    watch.on(interpreter, "again", "bare")
    watch.on(played.film, "pull", "pull")
    watch.on(played.estimator, "_resample_ahead", "crop")
    ends_s = time.monotonic() + most_s
    for number in played.frames(watch):
        if number % 2:
            interpreter.again()
        if not played.perception.step():
            break
        if not number % 2:
            interpreter.again()
        watch.note("capture", watch.newest_ms("pull") - watch.newest_ms("crop"))
        watch.note("loop", played.loop_ms)
        loop_ms, bare_ms = loop_ms + played.loop_ms, bare_ms + watch.newest_ms("bare")
        if number % 2:
            watch.note("ratio", loop_ms / bare_ms)
            loop_ms = bare_ms = 0.0
        if number > WARM_UP and time.monotonic() > ends_s:
            break
    played.poses.close()
    return watch


def _by_stages(interpreter: Interpreter, rotate: int, most_s: float) -> Stopwatch:
    """Every part by itself, with the drawing and the look at the back after each frame."""
    watch, played = Stopwatch(), _Played(interpreter)
    estimator, coach = played.estimator, played.coach
    watch.on(interpreter, "run", "invoke")
    watch.on(estimator, "estimate", "estimate")
    watch.on(coach, "update", "judge")
    watch.on(coach._smoother, "smooth", "smooth")  # noqa: SLF001 - timed where it runs
    watch.on(coach._observer, "observe", "body")  # noqa: SLF001 - timed where it runs
    watch.on(played.eye, "look", "back_line")
    ends_s = time.monotonic() + most_s
    with tempfile.TemporaryDirectory() as folder, _screen(rotate) as display:
        desk = Controller(
            played.perception, Reader(Path(folder)), SilentSpeaker(None), lambda: None
        )
        watch.on(display.screen, "draw", "draw")
        watch.on(display, "show", "show")
        for number in played.frames(watch):
            if not played.perception.step():
                break
            _split(watch)
            watch.note("staged", played.loop_ms)
            played.back.look()
            for picture in range(PICTURES):
                now_s = (number * PICTURES + picture) / PICTURES_PER_S
                display.show(desk.scene(now_s, datetime.now(UTC), (), ()))
                watch.note("present", watch.newest_ms("show") - watch.newest_ms("draw"))
            if watch.count("back_line") and time.monotonic() > ends_s:
                break
    played.poses.close()
    return watch


def _split(watch: Stopwatch) -> None:
    """A frame's stages, from the times of the parts that hold them."""
    newest = watch.newest_ms
    watch.note("decode_smooth", newest("estimate") - newest("invoke") + newest("smooth"))
    watch.note("coach", newest("judge") - newest("smooth") - newest("body"))
    watch.note("body_coach", newest("judge") - newest("smooth"))


class _Played:
    """The recording and everything of a live set that it passes."""

    def __init__(self, interpreter: Interpreter) -> None:
        self.estimator = MoveNet(interpreter)
        self.film = _Prepared(self.estimator)
        self.poses = _Ahead(self.film, self.estimator)
        self.coach = Coach(exercise_by_id("hip_hinge"))
        self.eye = open_back_observer()
        self.back = _Later(self.eye)
        self.perception = Pipeline(self.poses, self.coach, lambda _: None, watch=self.back)

    def frames(self, watch: Stopwatch) -> Iterator[int]:
        """Counts the frames, each pulled and not looked at; after the warm-up all begins anew."""
        for number in count():
            if number == WARM_UP:
                watch.restart()
            self.film.pull()
            yield number

    @property
    def loop_ms(self) -> float:
        """What the last frame took."""
        return 1000 * (self.poses.invoke_s + self.perception.other_s)


def _screen(rotate: int) -> Display:
    settings = ScreenSettings(
        fullscreen=False,
        rotate=rotate,  # type: ignore[arg-type]  # checked by the command line
    )
    return Display(settings, Words.load("en"), on_screen=False)


class _Ahead(SeenPoses):
    """Poses without a look aside: a second inference would pass for the cost of the loop."""

    def check_bystander(self, *, wanted: bool) -> None:
        pass


class _Prepared(Film):
    """The recording; a frame is read and cut ahead of its turn, as in the camera's thread."""

    def __init__(self, estimator: MoveNet) -> None:
        super().__init__(WALK_UP)
        self._estimator = estimator
        self._pulled: Frame | None = None

    def pull(self) -> None:
        """Takes the next picture from the recording."""
        self._pulled = super().read()
        if self._pulled is not None:
            self._estimator.prepare(self._pulled)

    def read(self) -> Frame | None:
        """The picture that was pulled."""
        return self._pulled


class _Later:
    """A `ThreadedBack` whose thread is the caller's: it chooses in the loop and looks later."""

    def __init__(self, eye: BackObserver) -> None:
        self._eye = eye
        self._chooser = FrameGate()
        self._job: Job | None = None
        self._found: list[BackReading] = []

    def see(self, frame: Frame, pose: Pose, body: BodyState | None, *, empty: bool) -> None:
        if job := chosen(self._chooser, frame, pose, body, empty=empty):
            self._job = job

    def look(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            self._found += take(self._eye, job)

    def looks(self) -> list[BackReading]:
        found, self._found = self._found, []
        return found

    def close(self) -> None:
        pass
