"""Plays a film at the speed at which it was filmed."""

import threading
import time
from collections.abc import Callable

from kiosk.vision.camera.frame import Frame, FrameSource

CATCH_UP_S = 1.0
"""Longest time one read spends on skipping; a film that decodes too slowly then plays slower."""


class Paced:
    """Plays a film whose frames come out at their own times, as a camera's would.

    The first read starts the film. A reader that comes late gets the newest frame that is due and
    the ones before it are dropped. Frames keep the film's times.

    Args:
        source: the film.
        clock: monotonic seconds.
        sleep: waits that many seconds; without one, a wait that `close` cuts short.
    """

    def __init__(
        self,
        source: FrameSource,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self.name = source.name
        self._source = source
        self._clock = clock
        self._closed = threading.Event()
        self._sleep = sleep or self._closed.wait
        self._start_s: float | None = None
        self._ahead: Frame | None = None

    def read(self) -> Frame | None:
        """Reads the newest frame that is due, or the next one as soon as it is; None at the end.

        Waits as long as the film shows one picture.

        Raises:
            CameraError: as the source does.
        """
        frame, self._ahead = self._ahead or self._source.read(), None
        if frame is None:
            return None
        now_s = self._clock()
        give_up_s = now_s + CATCH_UP_S
        if self._start_s is None:
            self._start_s = now_s - frame.time_s
        while self._start_s + frame.time_s < now_s:
            later = self._source.read()
            now_s = self._clock()
            if later is None or self._start_s + later.time_s > now_s:
                self._ahead = later
                break
            frame = later
            if now_s >= give_up_s:
                self._start_s = now_s - frame.time_s
        wait_s = self._start_s + frame.time_s - now_s
        if wait_s > 0:
            self._sleep(wait_s)
        return None if self._closed.is_set() else frame

    def close(self) -> None:
        """Closes the film and wakes a waiting reader."""
        self._closed.set()
        self._source.close()
