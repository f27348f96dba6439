"""Defines a picture with its time, and what every source of pictures offers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:  # the screen needs frames, and no FFmpeg
    from av.video.frame import VideoFrame

_QUICK_PX = 8
"""FFmpeg's quick conversion to four bytes makes so many pixels at once, and leaves what is over at
the end of a row as the memory was."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One upright, unmirrored picture.

    Attributes:
        rgbx: [height, width, 4] uint8: R, G, B and a byte of no meaning, since SDL scales pixels of
            four bytes alone. Rows may be padded (a strided view); never written to.
        time_s: seconds on the source's own axis, strictly increasing: a camera's monotonic clock,
            or a film's presentation time from 0.
    """

    rgbx: NDArray[np.uint8]
    time_s: float

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        height, width = self.rgbx.shape[:2]
        return width, height


class FrameSource(Protocol):
    """A camera or a film. One thread reads it; any thread may close it."""

    @property
    def name(self) -> str:
        """Names it for messages: a path, or the camera's model."""

    def read(self) -> Frame | None:
        """Reads the next frame, waiting at most about a second; None at the end of a film.

        Raises:
            CameraError: a camera gave no frame in time or was lost.
        """

    def close(self) -> None:
        """Releases the device. Safe to call twice."""


def to_rgbx(picture: "VideoFrame", size: tuple[int, int]) -> NDArray[np.uint8]:
    """Converts an FFmpeg picture to R, G, B and a byte of no meaning, without padding.

    The result is [height, width, 4] uint8, of the width and height given by `size`.
    """
    width, height = size
    # starting threads for one small picture costs more than the conversion itself
    if width % _QUICK_PX == 0:
        quick = picture.reformat(width, height, "rgba", threads=1).to_ndarray()
        return cast("NDArray[np.uint8]", quick)
    rgbx = np.zeros((height, width, 4), np.uint8)
    rgbx[..., :3] = picture.reformat(width, height, "rgb24", threads=1).to_ndarray()
    return rgbx
