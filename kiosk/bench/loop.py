"""What a frame costs, stage by stage, against the model alone on the same pictures.

The packaged recording goes through the very objects of a live set. After every other frame the
model runs once more on its picture, and before every other: what disturbs the machine disturbs
both. The drawing and the look at the back come in between, since in the mirror they have threads of
their own.
"""

import tempfile
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from kiosk.back.eye import BackEye
from kiosk.back.opening import open_eye
from kiosk.back.watch import Look, LookAtOnce
from kiosk.bench.stopwatch import Stopwatch
from kiosk.body.state import BodyState
from kiosk.camera.film import Film
from kiosk.camera.frame import Frame
from kiosk.coaching.coach import Coach
from kiosk.demo import WALK_UP
from kiosk.desk import Desk
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.history.reader import Reader
from kiosk.perception import Perception
from kiosk.pose.interpreter import Interpreter
from kiosk.pose.movenet import MoveNet
from kiosk.pose.pose import Pose
from kiosk.pose.source import SeenPoses
from kiosk.screen.display import Display
from kiosk.settings import ScreenSettings
from kiosk.sound.speaker import SilentSpeaker
from kiosk.words.words import Words

WARM_UP = 20
"""Frames before the figures count: the first ones prepare weights, buffers and drawings."""
MOST_S = 25.0
"""A slower machine measures fewer frames, so that all is told within a minute."""
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
    """Plays the recording, as fast as it goes.

    Args:
        interpreter: of the model to measure.
        rotate: degrees by which the panel is mounted.
        most_s: seconds after which it ends.

    Returns:
        The `STAGES`; beside them `bare`, the model alone; `loop`, a frame from its mailbox to the
        snapshot; and `body_coach`. What the camera's thread does beforehand, while the model runs
        on the frame before, is not in the loop: it reads the picture and, in a set, cuts it.
    """
    watch = Stopwatch()
    estimator = MoveNet(interpreter)
    coach = Coach(exercise_by_id("hip_hinge"))
    back = _Later(open_eye(), watch)
    poses = _Ahead(_Prepared(estimator), estimator)
    perception = Perception(poses, coach, lambda _: None, watch=back)
    watch.on(estimator, "_resample", "crop now")
    watch.on(estimator, "_resample_ahead", "crop ahead")
    watch.on(interpreter, "run", "invoke")
    watch.on(interpreter, "again", "bare")
    watch.on(estimator, "estimate", "estimate")
    watch.on(coach, "update", "judge")
    watch.on(coach._smoother, "smooth", "smooth")  # noqa: SLF001 - timed where it runs
    watch.on(coach._observer, "observe", "body")  # noqa: SLF001 - timed where it runs
    ends_s = time.monotonic() + most_s
    with tempfile.TemporaryDirectory() as folder, _screen(rotate) as display:
        desk = Desk(perception, Reader(Path(folder)), SilentSpeaker(None), lambda: None)
        watch.on(display.screen, "draw", "draw")
        watch.on(display, "show", "show")
        for number in count():
            if number == WARM_UP:
                watch.restart()
            if number % 2 and number > 1:
                interpreter.again()
            cut = watch.count("crop now")
            if not perception.step():
                break
            _split(watch, poses, perception.other_s, ahead=watch.count("crop now") == cut)
            if not number % 2:
                interpreter.again()
            back.look()
            for picture in range(PICTURES):
                now_s = (number * PICTURES + picture) / PICTURES_PER_S
                display.show(desk.scene(now_s, datetime.now(UTC), (), ()))
                watch.note("present", watch.newest_ms("show") - watch.newest_ms("draw"))
            if time.monotonic() > ends_s and watch.count("back_line"):
                break
    poses.close()
    return watch


def _split(watch: Stopwatch, poses: SeenPoses, other_s: float, *, ahead: bool) -> None:
    """A frame's stages, from the times of the parts that hold them."""
    newest = watch.newest_ms
    cut_ms = newest("crop ahead" if ahead else "crop now")
    watch.note("crop", cut_ms)
    watch.note("capture", 1000 * poses.capture_s - (cut_ms if ahead else 0.0))
    watch.note("loop", 1000 * (poses.invoke_s + other_s))
    found = newest("estimate") - (0.0 if ahead else cut_ms) - newest("invoke")
    watch.note("decode_smooth", found + newest("smooth"))
    watch.note("coach", newest("judge") - newest("smooth") - newest("body"))
    watch.note("body_coach", newest("judge") - newest("smooth"))


def _screen(rotate: int) -> Display:
    settings = ScreenSettings(
        fullscreen=False,
        rotate=rotate,  # type: ignore[arg-type]  # checked by the command line
    )
    return Display(settings, Words.load("en"), on_screen=False)


class _Ahead(SeenPoses):
    """Poses without a look aside: a second inference would pass for the cost of the loop."""

    def look_aside(self, *, wanted: bool) -> None:
        pass


class _Prepared(Film):
    """The recording, whose frames are cut ahead as they are in the camera's thread."""

    def __init__(self, estimator: MoveNet) -> None:
        super().__init__(WALK_UP)
        self._estimator = estimator

    def read(self) -> Frame | None:
        frame = super().read()
        if frame is not None:
            self._estimator.prepare(frame)
        return frame


class _Later:
    """A `BackWatch` that looks when it is told to, so that the loop is timed without the look."""

    def __init__(self, eye: BackEye, watch: Stopwatch) -> None:
        watch.on(eye, "look", "back_line")
        self._watch = LookAtOnce(eye)
        self._job: tuple[Frame, Pose, BodyState | None, bool] | None = None

    def see(self, frame: Frame, pose: Pose, body: BodyState | None, *, empty: bool) -> None:
        self._job = (frame, pose, body, empty)

    def look(self) -> None:
        if self._job is not None:
            frame, pose, body, empty = self._job
            self._watch.see(frame, pose, body, empty=empty)

    def looks(self) -> list[Look]:
        return self._watch.looks()

    def close(self) -> None:
        self._watch.close()
