"""From a frame to a pose: crop, resize, run the model, and back to pixels of the frame."""

import math
import time
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kiosk.body.pose import Pose
from kiosk.vision.camera.frame import Frame
from kiosk.vision.pose.crop import CropRegion, CropTracker
from kiosk.vision.pose.resample import Cut, Resampler

# Paint for what is not to be seen. A black band made twice as many phantoms with a score of .2.
_GREY = 128


class Network(Protocol):
    """The part of an `Interpreter` that estimating needs."""

    @property
    def input_size(self) -> int:
        """Side of the square input in pixels."""

    def run(self, picture: NDArray[np.uint8]) -> list[list[float]]:
        """17 rows of y, x (0 to 1 of the picture) and score, from [S, S, 3] uint8."""


class MoveNet:
    """Estimates one person's pose, frame after frame of one source. For one thread, but `prepare`.

    Attributes:
        last_invoke_s: seconds that the model took on the last frame, glimpses included.
        last_other_s: seconds that everything else in `estimate` took.
    """

    def __init__(self, interpreter: Network) -> None:
        self._interpreter = interpreter
        self._resample = Resampler(interpreter.input_size)
        self._resample_ahead = Resampler(interpreter.input_size)
        self._ahead: tuple[Frame, CropRegion, Cut] | None = None
        self._crop = CropTracker()
        self.last_invoke_s = 0.0
        self.last_other_s = 0.0

    def prepare(self, frame: Frame) -> None:
        """Cuts a frame that may be the next.

        For the camera's thread, which has the time while the model runs on the frame before. A
        frame that was not prepared, or for a crop that has moved since, is cut in `estimate`.
        """
        height, width = frame.rgbx.shape[:2]
        region = self._crop.next_region((width, height))
        self._ahead = (frame, region, self._resample_ahead(frame.rgbx, region))

    def estimate(self, frame: Frame) -> Pose:
        """The pose in the frame, seen through the crop that the frames before it gave."""
        began = time.perf_counter()
        height, width = frame.rgbx.shape[:2]
        region = self._crop.next_region((width, height))
        ahead = self._ahead
        if ahead is not None and ahead[0] is frame and ahead[1] == region:
            cut = ahead[2]
        else:
            cut = self._resample(frame.rgbx, region)
        ready = time.perf_counter()
        found = self._interpreter.run(cut.picture)
        ran = time.perf_counter()
        pose = _placed(found, cut.region, frame)
        self._crop.update(pose)
        self.last_invoke_s = ran - ready
        self.last_other_s = time.perf_counter() - began - self.last_invoke_s
        return pose

    def glimpse(self, frame: Frame, hidden: tuple[float, float]) -> Pose:
        """The pose in the whole frame with some columns painted over; the crop learns nothing.

        Args:
            frame: the picture; it stays as it is.
            hidden: from and to, in pixels; may reach beyond the frame.
        """
        height, width = frame.rgbx.shape[:2]
        cut = self._resample(frame.rgbx, CropRegion.whole((width, height)))
        side = self._interpreter.input_size
        first, last = ((x - cut.region.x0) / cut.region.side * side for x in hidden)
        cut.picture[:, max(0, math.floor(first)) : max(0, math.ceil(last))] = _GREY
        ready = time.perf_counter()
        found = self._interpreter.run(cut.picture)
        self.last_invoke_s += time.perf_counter() - ready
        return _placed(found, cut.region, frame)

    @property
    def crop_held(self) -> bool:
        """Whether the crop stands still."""
        return self._crop.held

    def hold_crop(self) -> bool:
        """Fixes the crop around the standing body for a set; see `CropTracker.hold`."""
        return self._crop.hold()

    def release_crop(self) -> None:
        """Lets the crop follow the body again."""
        self._crop.release()


def _placed(found: list[list[float]], region: CropRegion, frame: Frame) -> Pose:
    """The model's keypoints in a region of the frame, in pixels of the frame."""
    x0, y0, side = region.x0, region.y0, region.side
    marks = tuple([(x * side + x0, y * side + y0, score) for y, x, score in found])
    height, width = frame.rgbx.shape[:2]
    return Pose(frame.time_s, marks, (width, height))
