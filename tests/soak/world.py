"""A clock that goes as fast as the mirror can follow, and the camera and model that go by it."""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
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
SOON_S = 1.0
"""Seconds of real time in which a frame is judged, unless the machine is slow or a thread hangs."""
PATIENCE_S = 30.0
"""Seconds of real time that a thread may do nothing while a frame waits for it: then it hangs."""
MOST_S = 600.0
"""Seconds of real time that it may work on one frame: the slowest machine needs a few."""
IDLE = 0.01
"""A thread that hangs works less than this part of the time: one that waits for a lock, not at all.
One that computes, or waits for a processor or the disk, does so nearly all of it. One that looks
again and again may seem to work; it ends at `MOST_S`."""
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
        stuck: why a thread did not take its frame, and from then on nobody waits for it; else None.
        slowest_s: seconds of real time that the slowest frame took, beyond `SOON_S`; 0 for none.
    """

    def __init__(self, fps: float) -> None:
        self.now_s = 0.0
        self.keypoints: NDArray[np.float64] | None = None
        self.unplugged = False
        self.wedged = False
        self.missed = 0
        self.stuck: str | None = None
        self.slowest_s = 0.0
        self._frame_s = 1 / fps
        self._looks = 0
        self._due = False
        self._over = False
        self._lock = threading.RLock()
        self._calm = threading.Condition(self._lock)
        self._asleep: list[_Sleep] = []
        self._threads: set[int] = set()
        self._sleepers: set[int] = set()

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
            thread = threading.get_native_id()
            self._threads.add(thread)
            self._asleep.append(sleep)
            self._sleepers.add(thread)
            if self._sound_asleep():
                self._calm.notify()
            sleep.bell.wait_for(lambda: self._awake(sleep))
            self._asleep.remove(sleep)
            self._sleepers.discard(thread)
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
        if not (self.stuck or self._over or self._calm.wait_for(self._sound_asleep, SOON_S)):
            self.stuck = self._wait_longer()

    def _wait_longer(self) -> str | None:
        """Waits for a thread as long as it works; why it is waited for no longer, or None."""
        began_s = time.monotonic()
        while True:
            worked_s, since_s = self._worked_s(), time.monotonic()
            if self._calm.wait_for(self._sound_asleep, PATIENCE_S):
                self.slowest_s = max(self.slowest_s, time.monotonic() - began_s)
                return None
            passed_s = time.monotonic() - since_s
            if self._worked_s() - worked_s < IDLE * passed_s:
                return f"a thread hung: it has done nothing for {passed_s:.0f} s"
            if time.monotonic() - began_s > MOST_S:
                return f"a thread has worked on one frame for {MOST_S:.0f} s: it does not end"

    def _worked_s(self) -> float:
        """Seconds that the threads which do not sleep have worked, or waited for a processor."""
        return sum(map(worked_s, self._threads - self._sleepers))

    def _sound_asleep(self) -> bool:
        return self._over or (
            len(self._asleep) == _THREADS and not any(map(self._awake, self._asleep))
        )

    def _pause(self, seconds: float) -> bool:
        return self.sleep(lambda: False, seconds, lambda: self._over)


def worked_s(thread: int) -> float:
    """Seconds that a thread has computed, and has waited for a processor or the disk.

    From the kernel, which counts each on its own; 0 for a thread that has ended.
    """
    task = Path(f"/proc/self/task/{thread}")
    try:
        running_ns, waiting_ns, _ = map(int, (task / "schedstat").read_text("ascii").split())
        # the name, in brackets, may hold anything; the 42nd field counts in hundredths of a second
        fields = (task / "stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (running_ns + waiting_ns) / 1e9 + int(fields[39]) / 100


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
    """Gives a frame for each look at the clock.

    There are four pictures: without and with somebody, each in two greys, as no camera gives the
    same one twice.
    """

    name = "soak"

    def __init__(self, world: World) -> None:
        self._world = world
        self._closed = False
        empty = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
        somebody = empty.copy()
        somebody[SIZE[1] // 4 :, SIZE[0] // 3 : SIZE[0] // 2] = 200
        self._pictures = {False: cycle((empty, empty + 1)), True: cycle((somebody, somebody + 1))}

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
        return Frame(next(self._pictures[world.keypoints is not None]), time_s)

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
