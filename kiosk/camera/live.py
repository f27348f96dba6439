"""A source read by a thread of its own: the newest frame wins, a lost camera is sought again."""

import logging
import threading
from collections.abc import Callable

from kiosk.camera.frame import Frame, FrameSource
from kiosk.errors import CameraError, KioskError
from kiosk.mailbox import Mailbox

FRAME_S = 1.0
"""No frame for this long is worth an error."""
RETRY_S = (0.5, 8.0)
"""First and longest wait before the camera is opened again."""

_log = logging.getLogger(__name__)


class LiveSource:
    """Keeps a camera open and hands out its newest frame.

    Args:
        opener: opens the camera or film; called again after every loss, with back-off.
        wait: waits that many seconds or until told to stop; returns whether to stop.

    A film is opened once: at its end `read` returns None.
    """

    def __init__(
        self,
        opener: Callable[[], FrameSource],
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        self._opener = opener
        self._frames: Mailbox[Frame] = Mailbox()
        self._stop = threading.Event()
        self._wait = wait or self._stop.wait
        self._ended = False
        self._fault: KioskError | None = None
        self._name = "camera"
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)

    def start(self) -> "LiveSource":
        """Opens the camera in its thread."""
        self._thread.start()
        return self

    @property
    def name(self) -> str:
        """The camera's name, once it has been opened."""
        return self._name

    @property
    def duration_s(self) -> float | None:
        """None: it is live."""
        return None

    @property
    def fault(self) -> str | None:
        """What keeps the camera from giving frames; None while it gives them."""
        return str(self._fault) if self._fault else None

    def read(self) -> Frame | None:
        """The newest frame not yet read; None when a film has ended.

        Raises:
            CameraError: no frame within a second.
        """
        frame = self._frames.take(FRAME_S)
        if frame is None and not self._ended:
            raise CameraError(self.fault or f"{self._name}: no frame for {FRAME_S:.0f} s")
        return frame

    def close(self) -> None:
        """Stops the thread and closes the camera. Safe to call twice."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2 * FRAME_S)

    def _run(self) -> None:
        wait_s = RETRY_S[0]
        while not self._stop.is_set():
            try:
                source = self._opener()
                self._name = source.name
                try:
                    while not self._stop.is_set():
                        frame = source.read()
                        if frame is None:
                            self._ended = True
                            return
                        if self._fault is not None:
                            _log.info("%s gives frames again", self._name)
                        self._fault, wait_s = None, RETRY_S[0]
                        self._frames.put(frame)
                finally:
                    source.close()
            except KioskError as error:
                if self._fault is None:
                    _log.warning("%s", error)
                self._fault = error
                if self._wait(wait_s):
                    return
                wait_s = min(2 * wait_s, RETRY_S[1])
