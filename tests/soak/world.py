"""A clock that goes as fast as the mirror can follow, and the camera and model that go by it."""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from doubles import StubEstimator
from kiosk.body.pose import Keypoint, Pose
from kiosk.errors import CameraError
from kiosk.system.worker import Mailbox
from kiosk.vision.camera.frame import Frame, FrameSource
from kiosk.vision.camera.live import FRAME_S, LiveSource

SIZE = (640, 480)
"""Width and height in pixels of what the camera sees."""
PATIENCE_S = 30.0
"""Seconds of real time that a thread may take for one frame, on the slowest machine."""
_THREADS = 2  # the camera's and the one that sees

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class _Sleep:
    """A thread that sleeps; each has a bell of its own, so that nobody is woken for nothing."""

    done: Callable[[], bool]
    until_s: float
    bell: threading.Condition


class World:
    """A clock whose every look takes time one frame further, and waits until that frame is judged.

    The kiosk's threads sleep by this clock instead of the real one. So the same seed plays the same
    day, on a slow machine as on a fast one.

    Args:
        fps: looks at the clock in a second of its time.

    Attributes:
        now_s: monotonic seconds.
        keypoints: of whoever stands before the camera, as in `Pose`; None for nobody.
        unplugged: there is no camera.
        wedged: the camera gives no frames, and says nothing.
        missed: looks at the clock for which the camera gave no frame.
        stuck: a thread did not take its frame; from then on nobody waits for it.
    """

    def __init__(self, fps: float) -> None:
        self.now_s = 0.0
        self.keypoints: NDArray[np.float64] | None = None
        self.unplugged = False
        self.wedged = False
        self.missed = 0
        self.stuck = False
        self._frame_s = 1 / fps
        self._looks = 0
        self._due = False
        self._over = False
        self._lock = threading.RLock()
        self._calm = threading.Condition(self._lock)
        self._asleep: list[_Sleep] = []

    def __call__(self) -> float:
        """The next frame's time, once that frame was judged."""
        with self._lock:
            self._settle()  # what was broken or mended since the last look
            self._looks += 1
            self.now_s = self._looks * self._frame_s
            self._due = not (self.unplugged or self.wedged)
            self._settle()
            self.missed += self._due or self.unplugged or self.wedged
        return self.now_s

    def camera(
        self, opener: Callable[[], FrameSource], prepare: Callable[[Frame], None]
    ) -> LiveSource:
        """What keeps this world's camera open."""
        return LiveSource(opener, wait=self._pause, prepare=prepare, frames=_Frames(self))

    def open(self) -> FrameSource:
        """The camera.

        Raises:
            CameraError: it is unplugged.
        """
        if self.unplugged:
            raise CameraError("no camera: plug it in")
        return _Camera(self)

    def sleep(self, done: Callable[[], bool], seconds: float, then: Callable[[], T]) -> T:
        """Sleeps until something is done or so much time has passed, or the world is over.

        Args:
            done: what is slept for; asked under the world's lock.
            seconds: of this world.
            then: what to do on waking, before time goes on.
        """
        with self._lock:
            sleep = _Sleep(done, self.now_s + seconds, threading.Condition(self._lock))
            self._asleep.append(sleep)
            if self._sound_asleep():
                self._calm.notify()
            sleep.bell.wait_for(lambda: self._awake(sleep))
            self._asleep.remove(sleep)
            return then()

    def change(self, then: Callable[[], T]) -> T:
        """Changes what somebody may sleep for."""
        with self._lock:
            found = then()
            self._ring()
            return found

    def end(self) -> None:
        """Wakes everybody for good."""
        with self._lock:
            self._over = True
            self._ring()
            self._calm.notify()

    @property
    def due(self) -> bool:
        """Whether there is a frame that was not taken."""
        return self._due

    def take(self) -> float:
        """Takes the frame that is due; its time."""
        self._due = False
        return self.now_s

    def _awake(self, sleep: _Sleep) -> bool:
        return self._over or self.now_s >= sleep.until_s or sleep.done()

    def _ring(self) -> None:
        for sleep in self._asleep:
            if self._awake(sleep):
                sleep.bell.notify()

    def _settle(self) -> None:
        """Waits until everybody sleeps, and nobody has a reason to wake."""
        self._ring()
        if not (self.stuck or self._over):
            self.stuck = not self._calm.wait_for(self._sound_asleep, PATIENCE_S)

    def _sound_asleep(self) -> bool:
        return self._over or (
            len(self._asleep) == _THREADS and not any(map(self._awake, self._asleep))
        )

    def _pause(self, seconds: float) -> bool:
        return self.sleep(lambda: False, seconds, lambda: self._over)


class _Frames(Mailbox[Frame]):
    """A mailbox whose reader's patience goes by the world's clock."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    def put(self, item: Frame) -> None:
        def leave() -> None:
            self._item = item

        self._world.change(leave)

    def take(self, timeout_s: float) -> Frame | None:
        return self._world.sleep(lambda: self._item is not None, timeout_s, self._taken)

    def close(self) -> None:
        self._world.end()

    def _taken(self) -> Frame | None:
        item, self._item = self._item, None
        return item


class _Camera:
    """Gives a frame for each look at the clock. All of them share one picture: it is never seen."""

    name = "soak"

    def __init__(self, world: World) -> None:
        self._world = world
        self._closed = False
        self._rgbx = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)

    def read(self) -> Frame:
        world = self._world
        time_s = world.sleep(
            lambda: world.due or world.unplugged or self._closed,
            FRAME_S,
            lambda: world.take() if world.due else math.nan,
        )
        if math.isnan(time_s):
            why = "is lost" if world.unplugged else f"gave no frame for {FRAME_S:.0f} s"
            raise CameraError(f"{self.name} {why}; plug it in")
        return Frame(self._rgbx, time_s)

    def close(self) -> None:
        def shut() -> None:
            self._closed = True

        self._world.change(shut)


class WorldEstimator(StubEstimator):
    """Estimates whoever the world has put before the camera."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    def estimate(self, frame: Frame) -> Pose:
        """Whoever is there; without anybody, a phantom that nobody would believe."""
        keypoints = self._world.keypoints
        if keypoints is None:
            keypoints = np.full((len(Keypoint), 3), (SIZE[0] / 2, SIZE[1] / 2, 0.1))
        return Pose.of(frame.time_s, keypoints, SIZE)
