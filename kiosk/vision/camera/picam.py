"""Reads the Raspberry Pi's own camera by picamera2."""

import contextlib
import threading
import time
from concurrent.futures import CancelledError
from typing import Any

from kiosk.errors import CameraError, SourceError
from kiosk.system.worker import Worker
from kiosk.vision.camera.frame import Frame

FRAME_TIMEOUT_S = 1.0
"""A frame that takes longer means a wedged camera."""
CLOSE_TIMEOUT_S = 2.0

PIXELS = "XBGR8888"
"""R, G, B and a byte of no meaning: picamera2 names a format as a word, little end first."""

REMEDY = "stop other camera programs, check the cable and `rpicam-hello --list-cameras`"


class PiCamera:
    """A camera that libcamera knows, by default the first.

    Raises:
        SourceError: picamera2 is not installed, as on anything but a Raspberry Pi.
        CameraError: no such camera, or one that another program holds or that refuses to start.
    """

    def __init__(
        self, *, size: tuple[int, int] = (640, 480), fps: float = 30.0, number: int = 0
    ) -> None:
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._last_ns = -1
        self._camera = _open(number)
        self.name = f"Pi camera ({self._camera.camera_properties.get('Model', 'unknown')})"
        try:
            _start(self._camera, size, fps)
        except (RuntimeError, OSError, ValueError) as error:
            self.close()
            raise CameraError(f"{self.name} does not start: {error}; {REMEDY}") from error

    def read(self) -> Frame:
        """Reads the next frame, with the monotonic time at which its exposure began.

        Raises:
            CameraError: no frame in time, the camera is lost, or it was closed.
        """
        give_up_s = time.monotonic() + FRAME_TIMEOUT_S
        with self._lock:
            while (left_s := give_up_s - time.monotonic()) > 0:
                frame = self._capture(left_s)
                if frame is not None:
                    return frame
        raise CameraError(f"{self.name}: its clock stands still; {REMEDY}")

    def close(self) -> None:
        """Releases the camera, within two seconds even when it is wedged."""
        if self._closing.is_set():
            return
        self._closing.set()
        # Ends a read that waits in another thread. Were its job left in picamera2's list, the one
        # that stops the camera would wait behind it for ever.
        self._camera.cancel_all_and_flush()
        with self._lock:
            _Closer(self._camera).start().join(CLOSE_TIMEOUT_S)

    def _capture(self, timeout_s: float) -> Frame | None:
        """Takes one request and gives it back; None where the camera's time did not advance."""
        if self._closing.is_set():
            raise CameraError(f"{self.name} was closed")
        try:
            request = self._camera.capture_request(wait=timeout_s)
        except TimeoutError as error:
            # a job left behind would take the next frame and never give it back
            self._camera.cancel_all_and_flush()
            raise CameraError(
                f"{self.name} gave no frame for {FRAME_TIMEOUT_S:g} s; {REMEDY}"
            ) from error
        except CancelledError as error:
            raise CameraError(f"{self.name} was closed") from error
        except (RuntimeError, OSError) as error:
            raise CameraError(f"{self.name} is lost: {error}; {REMEDY}") from error
        try:
            taken_ns = request.get_metadata().get("SensorTimestamp", time.monotonic_ns())
            if taken_ns <= self._last_ns:
                return None
            self._last_ns = taken_ns
            # copies the buffer, which goes back now, and leaves out the stride's padding
            return Frame(rgbx=request.make_array("main"), time_s=taken_ns / 1e9)
        finally:
            request.release()


class _Closer(Worker):
    """Closes a camera, which never comes back where that is wedged."""

    def __init__(self, camera: Any) -> None:
        super().__init__("camera closer")
        self._camera = camera

    def run(self) -> None:
        with contextlib.suppress(RuntimeError, OSError):  # it may be the reason for closing
            self._camera.close()


def _open(number: int) -> Any:
    try:
        from picamera2 import Picamera2  # noqa: PLC0415 - exists on a Raspberry Pi only
    except (ImportError, ValueError) as error:  # ValueError: built for another numpy
        raise SourceError(
            f"the Pi camera cannot be used here ({error}): on a Raspberry Pi `sudo apt install "
            "python3-picamera2`, elsewhere use `--source FILE` or `--source usb:0`"
        ) from error
    try:
        return Picamera2(number) if number else Picamera2()
    except (RuntimeError, IndexError, OSError) as error:
        which = f" {number}" if number else ""
        raise CameraError(
            f"no Pi camera{which} can be opened: {error}; {REMEDY}, or use `--source usb:0`"
        ) from error


def _start(camera: Any, size: tuple[int, int], fps: float) -> None:
    period_us = round(1e6 / fps)
    # Left alone, libcamera takes the sensor's mode nearest to the size, which on some sensors
    # shows only the middle of the view (raspberrypi/picamera2#558). The half-size binned mode
    # shows all of it at 30 frames a second or more.
    whole = camera.camera_properties.get("PixelArraySize")
    config = camera.create_video_configuration(
        main={"size": size, "format": PIXELS},
        raw={"size": (whole[0] // 2, whole[1] // 2)} if whole else {},
        buffer_count=4,
        queue=False,  # a queued frame may be older than the call that asks for one
        controls={"FrameDurationLimits": (period_us, period_us)},
    )
    camera.configure(config)
    given = camera.stream_configuration("main")["format"]
    if given != PIXELS:
        raise ValueError(f"it gives {given} pictures; if it is a USB camera use `--source usb:0`")
    camera.start()
