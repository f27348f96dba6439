"""Takes looks at the back while a rep goes on, at once or in a thread of its own."""

import contextlib
import logging
import queue
import threading
from collections import deque
from typing import Protocol

from kiosk.body.back import BackReading
from kiosk.body.pose import Pose
from kiosk.body.state import BodyState
from kiosk.vision.back.observer import BackObserver, FrameGate
from kiosk.vision.camera.frame import Frame

MOST_WAITING = 8
"""Frames that wait for a look at most; a slower machine takes fewer looks and not later ones."""

_log = logging.getLogger(__name__)


class BackWorker(Protocol):
    """Shown every frame; decides for itself which of them to look at."""

    def see(self, frame: Frame, pose: Pose, body: BodyState | None, *, empty: bool) -> None:
        """Takes a frame.

        Args:
            frame: the picture.
            pose: as the model gave it for this frame.
            body: what was made of it; None where nobody was made out.
            empty: nobody has been there for a while, so that this is the room.
        """

    def looks(self) -> list[BackReading]:
        """What was seen since the last call, oldest first."""

    def close(self) -> None:
        """Stops looking. Safe to call twice."""


Job = tuple[Frame, Pose, BodyState | None]
"""A frame to look at, its pose and body; without a body it is the empty room's."""


def chosen(
    chooser: FrameGate, frame: Frame, pose: Pose, body: BodyState | None, *, empty: bool
) -> Job | None:
    """The frame as something to look at; None where it is none. For every frame, in order."""
    wanted = chooser.accepts(body)
    return (frame, pose, None if empty else body) if empty or wanted else None


def take(eye: BackObserver, job: Job) -> list[BackReading]:
    """Learns the empty room, or looks at the back; what that has given."""
    frame, pose, body = job
    if body is None:
        eye.update_background(frame)
        return []
    back = eye.observe(frame, pose, body)
    return [BackReading(time_s=frame.time_s, yaw_deg=body.yaw_deg, back=back)]


class InlineBack:
    """Looks while the caller waits: for replays, where the same film must tell the same."""

    def __init__(self, eye: BackObserver) -> None:
        self._eye = eye
        self._chooser = FrameGate()
        self._found: list[BackReading] = []

    def see(self, frame: Frame, pose: Pose, body: BodyState | None, *, empty: bool) -> None:
        """See `BackWorker`."""
        if job := chosen(self._chooser, frame, pose, body, empty=empty):
            self._found += take(self._eye, job)

    def looks(self) -> list[BackReading]:
        """See `BackWorker`."""
        found, self._found = self._found, []
        return found

    def close(self) -> None:
        """See `BackWorker`."""


class ThreadedBack:
    """Looks in a thread of its own, so that the count never waits."""

    def __init__(self, eye: BackObserver) -> None:
        self._eye = eye
        self._chooser = FrameGate()
        self._jobs: queue.Queue[Job | None] = queue.Queue(MOST_WAITING)
        self._found: deque[BackReading] = deque(maxlen=MOST_WAITING * 4)
        self._thread = threading.Thread(target=self._run, name="back", daemon=True)
        self._thread.start()

    def see(self, frame: Frame, pose: Pose, body: BodyState | None, *, empty: bool) -> None:
        """See `BackWorker`."""
        if job := chosen(self._chooser, frame, pose, body, empty=empty):
            with contextlib.suppress(queue.Full):
                self._jobs.put_nowait(job)

    def looks(self) -> list[BackReading]:
        """See `BackWorker`."""
        found = []
        while self._found:
            found.append(self._found.popleft())
        return found

    def close(self) -> None:
        """See `BackWorker`."""
        if self._thread.is_alive():
            while True:
                try:
                    self._jobs.put_nowait(None)
                    break
                except queue.Full:
                    self._jobs.get_nowait()
            self._thread.join(timeout=1.0)

    def _run(self) -> None:
        try:
            while (job := self._jobs.get()) is not None:
                self._found += take(self._eye, job)
        except Exception:  # noqa: BLE001 - the coach goes on without the back line, whatever broke it
            _log.exception("the back line has stopped")
