"""Stand-ins for the parts that touch the world, for tests here and in code that builds on this."""

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Self

import numpy as np

from kiosk.app.history_thread import HistoryThread
from kiosk.app.pipeline import Pipeline
from kiosk.body.pose import Keypoint, Pose
from kiosk.errors import CameraError, KioskError, ModelError
from kiosk.system.firmware import Throttling
from kiosk.system.health import Health
from kiosk.ui.sound.speaker import SoundEvent, Speaker
from kiosk.vision.camera.frame import Frame, FrameSource
from kiosk.vision.pose.crop import CropRegion, CropTracker

_PATIENCE_S = 30.0


class FakeClock:
    """A clock that moves only by `advance`, or while somebody sleeps on it.

    Example:
        >>> clock = FakeClock()
        >>> clock.sleep(1.5)
        >>> clock()
        1.5
    """

    def __init__(self, now_s: float = 0.0) -> None:
        self.now_s = now_s
        self.slept: list[float] = []

    def __call__(self) -> float:
        """The time in seconds, as `time.monotonic` would give it."""
        return self.now_s

    def advance(self, seconds: float) -> None:
        """Lets time pass."""
        self.now_s += seconds

    def sleep(self, seconds: float) -> None:
        """Lets time pass as a sleeper does, and notes for how long."""
        self.slept.append(seconds)
        self.advance(seconds)


class FakeCamera:
    """A `FrameSource` that plays a script of frames and faults.

    A frame is handed out, an error is raised, and the next read goes on behind it. After the
    script the camera is a film at its end (`read` returns None), or, with `live`, a camera that
    gives nothing more (`read` raises `CameraError`, at once).

    Example:
        >>> camera = FakeCamera([blank_frame(0.0), CameraError("lost"), blank_frame(2.0)])
        >>> camera.read().time_s
        0.0
    """

    def __init__(
        self,
        script: Iterable[Frame | KioskError],
        *,
        name: str = "fake camera",
        live: bool = False,
    ) -> None:
        self._script: Iterator[Frame | KioskError] = iter(script)
        self._name = name
        self._live = live
        self.closed = False

    @property
    def name(self) -> str:
        """What it was called."""
        return self._name

    def read(self) -> Frame | None:
        """The next frame of the script; None when closed, or when a film is over.

        Raises:
            KioskError: where the script has one.
            CameraError: a live camera is closed or its script is over.
        """
        step = None if self.closed else next(self._script, None)
        if isinstance(step, KioskError):
            raise step
        if step is None and self._live:
            raise CameraError(f"{self._name} gives no frames")
        return step

    def close(self) -> None:
        """Notes that it was closed."""
        self.closed = True


class StubEstimator:
    """An `Estimator` without a model: sees nobody."""

    def __init__(self) -> None:
        self.last_invoke_s = 0.0
        self.crop = CropTracker()

    def prepare(self, frame: Frame) -> None:
        """Does nothing ahead."""

    def estimate(self, frame: Frame) -> Pose:
        """A room with nobody in it."""
        height, width = frame.rgbx.shape[:2]
        return Pose.of(frame.time_s, np.zeros((len(Keypoint), 3)), (width, height))

    def estimate_without(
        self, frame: Frame, hidden: tuple[float, float], region: CropRegion | None = None
    ) -> Pose:
        """Nobody beside the first."""
        return StubEstimator.estimate(self, frame)


class ScriptedEstimator(StubEstimator):
    """Sees in each frame the pose of that frame's time, or nobody.

    Args:
        script: the poses; an error in their place is raised at the first frame without one.
        others: who is found, at the same time, beside the first.

    Attributes:
        asked: the columns painted over and the region of each second look.
    """

    def __init__(self, script: Iterable[Pose | Exception], others: Iterable[Pose] = ()) -> None:
        super().__init__()
        steps = list(script)
        self._poses = {step.time_s: step for step in steps if isinstance(step, Pose)}
        self._others = {pose.time_s: pose for pose in others}
        self.asked: list[tuple[tuple[float, float], CropRegion | None]] = []
        self._error = next((step for step in steps if isinstance(step, Exception)), None)

    def estimate(self, frame: Frame) -> Pose:
        """The pose of the frame's time; without one, a room with nobody in it."""
        if (pose := self._poses.get(frame.time_s)) is not None:
            return pose
        if self._error is not None:
            raise self._error
        return super().estimate(frame)

    def estimate_without(
        self, frame: Frame, hidden: tuple[float, float], region: CropRegion | None = None
    ) -> Pose:
        """Who is beside the first at the frame's time, or nobody."""
        self.asked.append((hidden, region))
        return self._others.get(frame.time_s) or super().estimate_without(frame, hidden, region)


class FakeSpeaker(Speaker):
    """A `Speaker` that notes what it is asked to play, also without volume.

    Attributes:
        played: every sound so far, in order.
        closed: whether it was closed.

    Example:
        >>> speaker = FakeSpeaker()
        >>> speaker.play(SoundEvent(Tone.TICK))
        >>> [event.tone for event in speaker.played]
        [<Tone.TICK: 'tick'>]
    """

    def __init__(self, reason: str | None = None, volume: float = 0.7) -> None:
        super().__init__(reason, volume)
        self.played: list[SoundEvent] = []
        self.closed = False

    def play(self, event: SoundEvent) -> None:
        """Notes the sound."""
        self.played.append(event)

    def close(self) -> None:
        """Notes that it was closed."""
        self.closed = True


class Lockstep:
    """Takes a whole mirror through a film frame by frame, threads and all, in no real time.

    Each reading of the clock lets one frame through the camera, waits until the coach has judged
    it and until the history has tried to do what it was asked for, and finds the clock one frame
    further. The first reading waits for the camera and the history to be opened. While the camera
    is lost and after the film's end the clock goes on without it.

    Args:
        fps: readings of the clock in a second of its time.

    Attributes:
        now_s: the time at the last reading.
        pipeline: to be used in place of `kiosk.app.parts.Pipeline`.
        history: to be used in place of `kiosk.app.parts.HistoryThread`.
    """

    def __init__(self, fps: float = 15.0) -> None:
        self._frame_s = 1 / fps
        self.now_s = 0.0
        self._begun = threading.Event()
        self._judged = threading.Event()
        self._gate: _Gate | None = None
        self._history: _SteppedHistory | None = None
        lockstep = self

        class Stepped(Pipeline):
            def step(self) -> bool:
                goes_on = False
                try:
                    goes_on = super().step()
                except (CameraError, ModelError):
                    goes_on = True
                    raise
                finally:
                    if not goes_on:
                        lockstep._gate = None
                    lockstep._begun.set()
                    lockstep._judged.set()
                return goes_on

        class Followed(_SteppedHistory):
            def start(self) -> Self:
                lockstep._history = self
                return super().start()

        self.pipeline = Stepped
        self.history = Followed

    def __call__(self) -> float:
        """The next frame's time on a clock that began at 0, once that frame has been judged.

        Raises:
            AssertionError: nobody opened the camera, nobody judged the frame, or the history did
                not come to the end of what it was given.
        """
        assert self._begun.wait(_PATIENCE_S), "nobody opened the camera"
        self.now_s += self._frame_s
        if (gate := self._gate) is not None:
            self._judged.clear()
            gate.let_through()
            assert self._judged.wait(_PATIENCE_S), "nobody took the frame"
        if self._history is not None:
            assert self._history.settles(_PATIENCE_S), "the history does not come to an end"
        return self.now_s

    def camera(self, source: FrameSource) -> FrameSource:
        """The source, giving one frame for each reading of the clock."""
        gate = self._gate = _Gate(source, self._lost)
        self._begun.set()
        return gate

    def _lost(self) -> None:
        self._gate = None


class _SteppedHistory(HistoryThread):
    """A history thread that can be waited for."""

    _stepping = True  # the first step opens the file

    def step(self, now_s: float) -> float | None:
        with self._wake:
            self._stepping = True
        try:
            return super().step(now_s)
        finally:
            with self._wake:
                self._stepping = False
                self._wake.notify_all()

    def settles(self, timeout_s: float) -> bool:
        """Waits until all that was asked for was tried; False if that takes too long."""
        with self._wake:
            return self._wake.wait_for(
                lambda: not (self._stepping or self._submitted or self._asked) or not self.alive,
                timeout_s,
            )


class _Gate:
    """A source whose frames wait until they are let through."""

    def __init__(self, source: FrameSource, on_loss: Callable[[], None]) -> None:
        self._source = source
        self._on_loss = on_loss
        self._due = threading.Semaphore(0)
        self.name = source.name

    def let_through(self) -> None:
        self._due.release()

    def read(self) -> Frame | None:
        self._due.acquire()
        try:
            return self._source.read()
        except KioskError:
            self._on_loss()
            raise

    def close(self) -> None:
        self._source.close()
        self.let_through()


def heat(temperature_c: float | None, throttling: Throttling | None = None) -> Health:
    """A measurement of nothing but the processor's heat."""
    return Health(
        temperature_c=temperature_c,
        throttling=throttling,
        disk_free_mb=None,
        disk_read_only=None,
        rss_mb=None,
        uptime_s=None,
        version="0",
    )


def blank_frame(time_s: float, size: tuple[int, int] = (64, 48), grey: int = 0) -> Frame:
    """A picture of one grey, `size` being width and height in pixels."""
    width, height = size
    return Frame(rgbx=np.full((height, width, 4), grey, np.uint8), time_s=time_s)


def frame_of(pose: Pose, size: tuple[int, int] = (64, 48)) -> Frame:
    """A picture with a light block where the body is, for whoever looks for changes.

    Its grey changes from frame to frame, as no camera gives the same picture twice.
    """
    frame = blank_frame(pose.time_s, size, grey=round(pose.time_s * 1000) % 3)
    scale = np.divide(size, pose.size)
    points = pose.keypoints[pose.keypoints[:, 2] > 0, :2] * scale
    if len(points):
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        rows = slice(max(0, int(top)), max(0, int(bottom)) + 1)
        frame.rgbx[rows, max(0, int(left)) : max(0, int(right)) + 1] = 200
    return frame
