"""A picture with its time, and where pictures come from."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


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


class FrameSource(Protocol):
    """A camera or a film. One thread reads it; any thread may close it."""

    @property
    def name(self) -> str:
        """What to call it in messages: a path, or the camera's model."""

    @property
    def duration_s(self) -> float | None:
        """Length of a film in seconds; None for a camera, or where the film does not say."""

    def read(self) -> Frame | None:
        """The next frame, waiting at most about a second; None at the end of a film.

        Raises:
            CameraError: a camera gave no frame in time or was lost.
        """

    def close(self) -> None:
        """Lets go of the device. Safe to call twice."""
