"""Turns the pictures of a source that hangs turned, by quarters."""

import numpy as np
from numpy.typing import NDArray

from kiosk.vision.camera.frame import Frame, FrameSource


class TurnedSource:
    """A source whose pictures come turned clockwise by so many degrees: 90, 180 or 270.

    Attributes:
        duration_s: length in seconds, where the source is a film that tells it.
    """

    @property
    def notes(self) -> tuple[str, ...]:
        """What had to be guessed or left out of a film."""
        return tuple(getattr(self._source, "notes", ()))

    def __init__(self, source: FrameSource, degrees: int) -> None:
        self.name = source.name
        self.duration_s: float | None = getattr(source, "duration_s", None)
        self._source = source
        self._degrees = degrees

    def read(self) -> Frame | None:
        """Reads the next frame, turned; None at the end of a film.

        Raises:
            CameraError: as the source does.
        """
        frame = self._source.read()
        return None if frame is None else Frame(turned(frame.rgbx, self._degrees), frame.time_s)

    def close(self) -> None:
        """Closes the source."""
        self._source.close()


def turned(rgbx: NDArray[np.uint8], degrees: int) -> NDArray[np.uint8]:
    """Turns a picture clockwise by quarters: [height, width, 4] uint8, rows may be padded.

    The same array for 0 degrees, else a new one without padding.
    """
    if degrees % 360 == 0:
        return rgbx
    # a pixel is moved as one element, not byte by byte
    pixels = np.ascontiguousarray(np.rot90(rgbx.view(np.uint32)[..., 0], -degrees // 90))
    return pixels.view(np.uint8).reshape(*pixels.shape, 4)
