"""Reads a camera in a thread of its own: the newest frame wins, a lost camera is reopened."""

import logging
from collections.abc import Callable

from kiosk.errors import CameraError
from kiosk.system.retry import Backoff
from kiosk.system.worker import Mailbox, Worker
from kiosk.vision.camera.frame import Frame, FrameSource

FRAME_S = 1.0
"""No frame for this long is worth an error."""
HANGS_S = 5.0
"""Neither a frame nor an error for this long: it hangs in its driver. A lost camera has raised one
in 3 s, and a USB camera has 5 s to open."""
RETRY_S = (0.5, 8.0)
"""First and longest wait before the camera is opened again."""

_log = logging.getLogger(__name__)


class LiveSource(Worker):
    """Keeps a camera open and hands out its newest frame.

    Args:
        opener: opens the camera or film; called again after every loss, with back-off.
        wait: as that of `Worker`.
        prepare: called with every frame before it is handed out, in the camera's own thread.
        frames: holds the newest frame.

    A film is opened once: at its end `read` returns None.

    Attributes:
        name: of the camera, once it has been opened.
        heartbeats: grows with every frame, and with every attempt to open when it begins and fails.
        gives_frames: whether the newest of them was a frame.
    """

    def __init__(
        self,
        opener: Callable[[], FrameSource],
        wait: Callable[[float], bool] | None = None,
        prepare: Callable[[Frame], None] = lambda _: None,
        frames: Mailbox[Frame] | None = None,
    ) -> None:
        super().__init__("camera", wait)
        self.name = "camera"
        self.heartbeats = 0
        self.gives_frames = False
        self._opener = opener
        self._prepare = prepare
        self._frames: Mailbox[Frame] = Mailbox() if frames is None else frames
        self._backoff = Backoff(*RETRY_S)
        self._source: FrameSource | None = None
        self._ended = False
        self._fault: CameraError | None = None
        self._silent_s = 0.0

    @property
    def fault(self) -> str | None:
        """The reason why the camera gives no frames; None while it gives them."""
        if self._fault is not None:
            return str(self._fault)
        if self._silent_s >= HANGS_S:
            return f"{self.name} hangs and gives no frame; start the machine again"
        return None

    def read(self) -> Frame | None:
        """Reads the newest frame not yet read; None when a film has ended.

        Raises:
            CameraError: no frame within a second, or closed.
            BadInputError: there is no such kind of camera here, and no use in waiting for one.
        """
        frame = self._frames.take(FRAME_S)
        if self.stopping:
            raise CameraError(f"{self.name} was closed")
        if self._ended:
            # the last frame may have come between the wait and the end
            return frame or self._frames.take(0.0)
        if frame is None:
            self.raise_crash()
        self._measure_silence(frame)
        if frame is None:
            raise CameraError(self.fault or f"{self.name}: no frame for {FRAME_S:.0f} s")
        return frame

    def stop(self) -> None:
        """Asks the thread to stop, and closes the camera, which wakes a read that waits for it."""
        super().stop()
        self._frames.close()
        if self._source is not None:
            self._source.close()

    def run(self) -> None:
        """Opens the camera and reads it, again after every loss, until stopped or a film ends."""
        while not (self.stopping or self._ended):
            try:
                self._read_until_lost()
            except CameraError as error:
                self._beat(frame=False)
                if self.stopping:
                    return
                if self._fault is None:
                    _log.warning("%s", error)
                self._fault = error
                if self.wait(self._backoff.next_s()):
                    return

    def finished(self) -> None:
        """Wakes a reader, which then finds the end or the crash."""
        self._frames.close()

    def _read_until_lost(self) -> None:
        """Opens the camera and reads it until it is lost, or a film to its end."""
        self._beat(frame=False)
        source = self._source = self._opener()
        self.name = source.name
        try:
            while not self.stopping:
                frame = source.read()
                if frame is None:
                    self._ended = True
                    return
                if self._fault is not None:
                    _log.info("%s gives frames again", self.name)
                    self._fault = None
                    self._backoff.reset()
                self._prepare(frame)
                self._frames.put(frame)
                self._beat(frame=True)
        finally:
            source.close()

    def _measure_silence(self, frame: Frame | None) -> None:
        """Counts the seconds without a frame and without a fault."""
        hung = self._silent_s >= HANGS_S
        quiet = frame is None and self._fault is None
        self._silent_s = self._silent_s + FRAME_S if quiet else 0.0
        if self._silent_s >= HANGS_S and not hung:
            _log.warning("%s", self.fault)
        elif hung and frame is not None:
            _log.info("%s gives frames again", self.name)

    def _beat(self, *, frame: bool) -> None:
        self.heartbeats += 1
        self.gives_frames = frame
