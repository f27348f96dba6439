"""Stand-ins for the parts that touch the world, for tests here and in code that builds on this."""

from collections.abc import Iterable, Iterator

import numpy as np

from kiosk.camera.frame import Frame
from kiosk.errors import CameraError, KioskError


class FakeClock:
    """A clock that moves only when told to, or while somebody sleeps on it.

    Example:
        >>> clock = FakeClock()
        >>> clock.sleep(1.5)
        >>> clock()
        1.5
    """

    def __init__(self, now_s: float = 0.0) -> None:
        self.now_s = now_s
        self.slept: list[float] = []

    def __call__(self) -> float:
        """The time in seconds, as `time.monotonic` would tell it."""
        return self.now_s

    def advance(self, seconds: float) -> None:
        """Lets time pass."""
        self.now_s += seconds

    def sleep(self, seconds: float) -> None:
        """Lets time pass as a sleeper does, and notes for how long."""
        self.slept.append(seconds)
        self.advance(seconds)


class FakeCamera:
    """A `FrameSource` that plays a script of frames and faults.

    A frame is handed out, an error is raised, and the next read goes on behind it. After the
    script the camera is a film at its end (`read` returns None), or, with `live`, a camera that
    gives nothing more (`read` raises `CameraError`, at once).

    Example:
        >>> camera = FakeCamera([blank_frame(0.0), CameraError("lost"), blank_frame(2.0)])
        >>> camera.read().time_s
        0.0
    """

    def __init__(
        self,
        script: Iterable[Frame | KioskError],
        *,
        name: str = "fake camera",
        duration_s: float | None = None,
        live: bool = False,
    ) -> None:
        self._script: Iterator[Frame | KioskError] = iter(script)
        self._name = name
        self._duration_s = duration_s
        self._live = live
        self.closed = False

    @property
    def name(self) -> str:
        """What it was called."""
        return self._name

    @property
    def duration_s(self) -> float | None:
        """The length it was given."""
        return self._duration_s

    def read(self) -> Frame | None:
        """The next frame of the script; None when closed, or when a film is over.

        Raises:
            KioskError: where the script says so.
            CameraError: a live camera is closed or its script is over.
        """
        step = None if self.closed else next(self._script, None)
        if isinstance(step, KioskError):
            raise step
        if step is None and self._live:
            raise CameraError(f"{self._name} gives no frames")
        return step

    def close(self) -> None:
        """Notes that it was closed."""
        self.closed = True


def blank_frame(time_s: float, size: tuple[int, int] = (64, 48), grey: int = 0) -> Frame:
    """A picture of one grey, `size` being width and height in pixels."""
    width, height = size
    return Frame(rgb=np.full((height, width, 3), grey, np.uint8), time_s=time_s)
