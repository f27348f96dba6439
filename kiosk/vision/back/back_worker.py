"""Observes the back while a rep goes on, at once or in a thread of its own."""

import logging
import queue
from collections import deque
from typing import Protocol

from kiosk.body.back import BackReading
from kiosk.body.pose import Pose
from kiosk.body.state import BodyState
from kiosk.system.worker import Worker
from kiosk.vision.back.observer import BackObserver, FrameGate
from kiosk.vision.camera.frame import Frame

MOST_WAITING = 8
"""Frames that wait at most; a slower machine observes fewer frames and not later ones."""

_log = logging.getLogger(__name__)


Job = tuple[Frame, Pose, BodyState | None]
"""A frame to observe, its pose and body; without a body it shows the empty background."""


def job_of(
    gate: FrameGate, frame: Frame, pose: Pose, body: BodyState | None, *, empty: bool
) -> Job | None:
    """The frame as something to observe; None where it is none. For every frame, in order."""
    wanted = gate.accepts(body)
    return (frame, pose, None if empty else body) if empty or wanted else None


def observe(observer: BackObserver, job: Job) -> list[BackReading]:
    """Learns the background, or observes the back; what that has given."""
    frame, pose, body = job
    if body is None:
        observer.update_background(frame)
        return []
    back = observer.observe(frame, pose, body)
    return [BackReading(time_s=frame.time_s, yaw_deg=body.yaw_deg, back=back)]


class BackWorker(Protocol):
    """Takes every frame and decides for itself which of them to observe."""

    def submit(self, frame: Frame, pose: Pose, body: BodyState | None, *, empty: bool) -> None:
        """Takes a frame.

        Args:
            frame: the picture.
            pose: as the model gave it for this frame.
            body: what was made of it; None where nobody was made out.
            empty: nobody has been there for a while, so that this is the background.
        """

    def poll(self) -> list[BackReading]:
        """What was observed since the last call, oldest first. Never waits."""

    def close(self) -> None:
        """Stops observing. Safe to call twice."""


class InlineBack:
    """Observes while the caller waits: for replays, where the same film must give the same."""

    def __init__(self, observer: BackObserver) -> None:
        self._observer = observer
        self._gate = FrameGate()
        self._found: list[BackReading] = []

    def submit(self, frame: Frame, pose: Pose, body: BodyState | None, *, empty: bool) -> None:
        """Observes the frame at once, if it is one to observe."""
        if job := job_of(self._gate, frame, pose, body, empty=empty):
            self._found += observe(self._observer, job)

    def poll(self) -> list[BackReading]:
        """What was observed since the last call, oldest first."""
        found, self._found = self._found, []
        return found

    def close(self) -> None:
        """Has nothing to stop."""


class ThreadedBack(Worker):
    """Observes in a thread of its own, so that the count never waits."""

    def __init__(self, observer: BackObserver) -> None:
        super().__init__("back")
        self._observer = observer
        self._gate = FrameGate()
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._found: deque[BackReading] = deque(maxlen=MOST_WAITING * 4)

    def submit(self, frame: Frame, pose: Pose, body: BodyState | None, *, empty: bool) -> None:
        """Queues the frame, if it is one to observe and not too many wait already."""
        job = job_of(self._gate, frame, pose, body, empty=empty)
        if job is not None and self._jobs.qsize() < MOST_WAITING:
            self._jobs.put(job)

    def poll(self) -> list[BackReading]:
        """What was observed since the last call, oldest first."""
        return [self._found.popleft() for _ in range(len(self._found))]

    def stop(self) -> None:
        """Asks the thread to stop behind the frames that wait."""
        super().stop()
        self._jobs.put(None)

    def run(self) -> None:
        """Observes one frame after another. Where that fails the coach goes on without the back."""
        try:
            while (job := self._jobs.get()) is not None:
                self._found += observe(self._observer, job)
        except Exception:  # noqa: BLE001 - the coach goes on, whatever broke it
            _log.exception("the back line has stopped")
