"""A source read by a thread of its own: the newest frame wins, a lost camera is sought again."""

import logging
import threading
from collections.abc import Callable

from kiosk.errors import CameraError
from kiosk.vision.camera.frame import Frame, FrameSource
from kiosk.vision.camera.mailbox import Mailbox

FRAME_S = 1.0
"""No frame for this long is worth an error."""
HANGS_S = 5.0
"""Neither a frame nor an error for this long: it hangs in its driver. A lost camera has said so in
3 s, and a USB camera has 5 s to open."""
RETRY_S = (0.5, 8.0)
"""First and longest wait before the camera is opened again."""

_log = logging.getLogger(__name__)


class LiveSource:
    """Keeps a camera open and hands out its newest frame.

    Args:
        opener: opens the camera or film; called again after every loss, with back-off.
        wait: waits that many seconds or until told to stop; returns whether to stop.
        prepare: told of every frame before it is handed out, in the camera's own thread.
        frames: where the newest frame lies.

    A film is opened once: at its end `read` returns None.

    Attributes:
        signs: grows with every frame, and with every attempt to open when it begins and fails.
        gives_frames: whether the newest of them was a frame.
    """

    def __init__(
        self,
        opener: Callable[[], FrameSource],
        wait: Callable[[float], bool] | None = None,
        prepare: Callable[[Frame], None] = lambda _: None,
        frames: Mailbox[Frame] | None = None,
    ) -> None:
        self.signs = 0
        self.gives_frames = False
        self._opener = opener
        self._prepare = prepare
        self._source: FrameSource | None = None
        self._frames: Mailbox[Frame] = Mailbox() if frames is None else frames
        self._stop = threading.Event()
        self._wait = wait or self._stop.wait
        self._ended = False
        self._fault: CameraError | None = None
        self._silent_s = 0.0
        self._crash: BaseException | None = None
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
        if self._fault is not None:
            return str(self._fault)
        if self._silent_s >= HANGS_S:
            return f"{self._name} hangs and gives no frame; start the machine again"
        return None

    def read(self) -> Frame | None:
        """The newest frame not yet read; None when a film has ended.

        Raises:
            CameraError: no frame within a second, or closed.
            BadInputError: there is no such kind of camera here, and no use in waiting for one.
        """
        frame = self._frames.take(FRAME_S)
        if self._stop.is_set():
            raise CameraError(f"{self._name} was closed")
        if self._ended:
            # the last frame may have come between the wait and the end
            return frame or self._frames.take(0.0)
        if frame is None and self._crash is not None:
            raise self._crash
        self._listen(frame)
        if frame is None:
            raise CameraError(self.fault or f"{self._name}: no frame for {FRAME_S:.0f} s")
        return frame

    def close(self) -> None:
        """Stops the thread and closes the camera. Safe to call twice."""
        self._stop.set()
        self._frames.close()
        if self._source is not None:
            self._source.close()  # which wakes a reader that waits for a frame
        if self._thread.is_alive():
            self._thread.join(timeout=2 * FRAME_S)

    def _listen(self, frame: Frame | None) -> None:
        """Counts the seconds without a frame while nothing says why."""
        hung = self._silent_s >= HANGS_S
        quiet = frame is None and self._fault is None
        self._silent_s = self._silent_s + FRAME_S if quiet else 0.0
        if self._silent_s >= HANGS_S and not hung:
            _log.warning("%s", self.fault)
        elif hung and frame is not None:
            _log.info("%s gives frames again", self._name)

    def _run(self) -> None:
        wait_s = RETRY_S[0]
        try:
            while not (self._stop.is_set() or self._ended):
                try:
                    self._watch()
                except CameraError as error:
                    self._sign(frame=False)
                    if self._stop.is_set():
                        return
                    if self._fault is None:
                        _log.warning("%s", error)
                        wait_s = RETRY_S[0]
                    self._fault = error
                    if self._wait(wait_s):
                        return
                    wait_s = min(2 * wait_s, RETRY_S[1])
        except BaseException as error:  # noqa: BLE001 - it is raised again, in whoever reads
            self._crash = error
        finally:
            self._frames.close()

    def _watch(self) -> None:
        """Reads one opened camera until it is lost, or a film to its end."""
        self._sign(frame=False)
        source = self._source = self._opener()
        self._name = source.name
        try:
            while not self._stop.is_set():
                frame = source.read()
                if frame is None:
                    self._ended = True
                    return
                if self._fault is not None:
                    _log.info("%s gives frames again", self._name)
                    self._fault = None
                self._prepare(frame)
                self._frames.put(frame)
                self._sign(frame=True)
        finally:
            source.close()

    def _sign(self, *, frame: bool) -> None:
        self.signs += 1
        self.gives_frames = frame
