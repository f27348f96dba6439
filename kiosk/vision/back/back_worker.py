"""Observes the back while a rep goes on, at once or in a thread of its own."""

import logging
import queue
from collections import deque

from msgspec.structs import replace

from kiosk.body.back import BackProfile, BackReading, Reason
from kiosk.body.observer import remeasured
from kiosk.body.pose import Pose
from kiosk.body.state import BodyState
from kiosk.system.worker import Worker
from kiosk.vision.back.back_observer import BackObserver, FrameGate
from kiosk.vision.camera.frame import Frame

MOST_WAITING = 8
"""Frames that wait at most; a slower machine observes fewer frames and not later ones."""
MOST_EARLY = 6
"""Frames that are kept of a lift from the floor by somebody who has not yet been seen standing,
the newest ones: all that lies above a long grip."""

Job = tuple[Frame, Pose, BodyState | None]
"""A frame to observe, its pose and body; without a body it shows the empty background."""

_log = logging.getLogger(__name__)


class BackWorker:
    """Takes every frame, decides which to observe, and does so while the caller waits.

    So a replay of one film always gives the same.
    """

    def __init__(self, observer: BackObserver) -> None:
        self._observer = observer
        self._gate = FrameGate()
        self._found: deque[BackReading] = deque(maxlen=MOST_WAITING * 4)
        self._early: deque[tuple[Frame, Pose, BodyState]] = deque(maxlen=MOST_EARLY)

    def submit(
        self,
        frame: Frame,
        pose: Pose,
        body: BodyState | None,
        *,
        empty: bool,
        most_yaw_deg: float | None,
    ) -> None:
        """Takes a frame and the pose and body found in it; call it for every frame, in order.

        The body is None where nobody was made out. Empty means that nobody has been there for a
        while, so that this is the background. Somebody turned farther than `most_yaw_deg` from
        side-on is not observed; without it nobody is. A body that was not yet seen standing waits
        until it was: there is nothing to measure its first lift from the floor by.
        """
        accepted = self._gate.accepts(body)
        if empty:
            self._early.clear()
            self.accept((frame, pose, None))
        elif body is None or most_yaw_deg is None:
            return
        elif body.standing is None:
            if accepted:
                self._early.append((frame, pose, body))
        else:
            while self._early:
                self._choose(*self._stood_up(body), most_yaw_deg)
            if accepted:
                self._choose(frame, pose, body, most_yaw_deg)

    def _stood_up(self, body: BodyState) -> tuple[Frame, Pose, BodyState]:
        """The first of the early frames, its body measured by how this one stands."""
        frame, pose, early = self._early.popleft()
        if body.standing is not None:
            early = remeasured(replace(early, yaw_deg=body.yaw_deg), body.standing)
        return frame, pose, early

    def _choose(self, frame: Frame, pose: Pose, body: BodyState, most_yaw_deg: float) -> None:
        """Observes a frame unless the person is turned too far."""
        if body.yaw_deg <= most_yaw_deg:
            self.accept((frame, pose, body))
        else:
            self._add(body, Reason.TURN_SIDE_ON)

    def accept(self, job: Job) -> None:
        """Takes a frame that is one to observe."""
        self.observe(job)

    def observe(self, job: Job) -> None:
        """Learns the background, or observes the back."""
        frame, pose, body = job
        if body is None:
            self._observer.update_background(frame)
        else:
            self._add(body, self._observer.observe(frame, pose, body))

    def _add(self, body: BodyState, back: BackProfile | Reason) -> None:
        self._found.append(BackReading(time_s=body.time_s, yaw_deg=body.yaw_deg, back=back))

    def poll(self) -> list[BackReading]:
        """Returns what was observed since the last call, oldest first. Never waits."""
        return [self._found.popleft() for _ in range(len(self._found))]


class ThreadedBack(BackWorker, Worker):
    """Observes in a thread of its own, so that the count never waits."""

    def __init__(self, observer: BackObserver) -> None:
        BackWorker.__init__(self, observer)
        Worker.__init__(self, "back")
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()

    def accept(self, job: Job) -> None:
        """Queues the frame, if not too many wait already."""
        if self._jobs.qsize() < MOST_WAITING:
            self._jobs.put(job)

    def stop(self) -> None:
        """Asks the thread to stop behind the frames that wait."""
        super().stop()
        self._jobs.put(None)

    def run(self) -> None:
        """Observes one frame after another. Where that fails the coach goes on without the back."""
        try:
            while (job := self._jobs.get()) is not None:
                self.observe(job)
        except Exception:  # noqa: BLE001 - the coach goes on, whatever broke it
            _log.exception("the back line has stopped")
