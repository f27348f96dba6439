"""Reads a USB camera by Video4Linux and PyAV."""

import contextlib
import os
from pathlib import Path

import av

from kiosk.errors import CameraError
from kiosk.system.worker import Mailbox, Worker
from kiosk.vision.camera.frame import Frame, to_rgbx
from kiosk.vision.camera.present import cameras_present

FRAME_TIMEOUT_S = 1.0
"""A frame that takes longer means a wedged camera."""
OPEN_TIMEOUT_S = 5.0
"""USB cameras take a second or two from opening to their first frame."""


class UsbCamera(Worker):
    """A camera that the kernel shows as /dev/videoN, by that path or by a link to it.

    FFmpeg waits for a frame inside the kernel, where no time-out reaches. So a thread of its own
    reads the camera and keeps the newest frame, and only that thread touches the device: a wedged
    camera costs the thread, never the kiosk.

    Size and rate are asked for; the camera may give its nearest.

    Raises:
        CameraError: no such device, no camera, one in use, or one that gives no frame.
    """

    def __init__(
        self, device: str, *, size: tuple[int, int] = (640, 480), fps: float = 30.0
    ) -> None:
        target = os.path.realpath(device)  # a link may lead elsewhere at the next opening
        self.name = f"USB camera {device}" + (f" ({target})" if target != device else "")
        super().__init__(self.name)
        self._device = device
        self._options = {"video_size": f"{size[0]}x{size[1]}", "framerate": f"{fps:g}"}
        self._frames: Mailbox[Frame] = Mailbox()
        self._fault: str | None = None
        if not Path(device).exists():
            raise CameraError(f"{device}: no such camera; {_remedy()}")
        self.start()
        try:
            self._first: Frame | None = self._take(OPEN_TIMEOUT_S)
        except CameraError:
            self.close()
            raise

    def read(self) -> Frame:
        """Reads the newest frame not yet read, with the kernel's monotonic time of it.

        Raises:
            CameraError: no frame in time, the camera is lost, or it was closed.
        """
        first, self._first = self._first, None
        return self._take(0.0 if first else FRAME_TIMEOUT_S, first)

    def close(self) -> None:
        """Releases the camera: at its next frame, which a wedged one never gives."""
        self.stop()
        self.join(FRAME_TIMEOUT_S)

    def stop(self) -> None:
        """Asks the thread to stop, and wakes a waiting reader."""
        super().stop()
        self._frames.close()

    def run(self) -> None:
        """Opens the camera and keeps its newest frame, until stopped or the camera is lost."""
        last_s = float("-inf")
        with av.open(self._device, format="v4l2", options=self._options) as container:
            for packet in container.demux(video=0):
                with contextlib.suppress(av.FFmpegError):  # one bad picture is no lost camera
                    for picture in packet.decode():
                        if picture.time is None or picture.time <= last_s:
                            continue
                        last_s = picture.time
                        rgbx = to_rgbx(picture, (picture.width, picture.height))
                        self._frames.put(Frame(rgbx, last_s))
                if self.stopping:
                    return

    def finished(self) -> None:
        """Keeps the reason why no more frames come, and wakes a waiting reader."""
        self._fault = str(getattr(self.crash, "strerror", None) or self.crash or "it stopped")
        self._frames.close()

    def _take(self, timeout_s: float, otherwise: Frame | None = None) -> Frame:
        """Takes the newest frame, waiting for one; `otherwise` where none comes in time."""
        frame = self._frames.take(timeout_s) or otherwise
        if self.stopping:
            raise CameraError(f"{self.name} was closed")
        if frame is None:
            fault = self._fault or f"no frame for {timeout_s:g} s"
            raise CameraError(f"{self.name}: {fault}; {_remedy()}")
        return frame


def _remedy() -> str:
    return (
        "plug it in, stop other camera programs and let your user into the group video "
        f"({cameras_present()})"
    )
