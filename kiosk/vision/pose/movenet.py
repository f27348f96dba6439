"""Estimates poses: crops a frame, runs the model, and maps keypoints back to the frame."""

import math
import time

from kiosk.body.pose import Pose, pose_fault
from kiosk.vision.camera.frame import Frame
from kiosk.vision.models.interpreter import Interpreter
from kiosk.vision.models.selection import AUTO, choose, load_interpreter
from kiosk.vision.pose.crop import CropRegion, CropTracker
from kiosk.vision.pose.resample import Cut, Resampler

# Paint for what is not to be seen. A black band made twice as many phantoms with a score of .2.
_GREY = 128


class MoveNet:
    """Estimates one person's pose, frame after frame of one source. For one thread, but `prepare`.

    Attributes:
        last_invoke_s: seconds that the model took on the last frame, second looks included.
        crop: chooses the square of each frame that the model is shown.
    """

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self._resample = Resampler(interpreter.input_size)
        self._resample_ahead = Resampler(interpreter.input_size)
        self._ahead: tuple[Frame, CropRegion, Cut] | None = None
        self.crop = CropTracker()
        self.last_invoke_s = 0.0

    def prepare(self, frame: Frame) -> None:
        """Cuts a frame that may be the next.

        For the camera's thread, which has the time while the model runs on the frame before. A
        frame that was not prepared, or for a crop that has moved since, is cut in `estimate`.
        """
        region = self.crop.next_region(frame.size)
        self._ahead = (frame, region, self._resample_ahead(frame.rgbx, region))

    def estimate(self, frame: Frame) -> Pose:
        """Estimates the pose in the frame, seen through the crop that the frames before it gave."""
        region = self.crop.next_region(frame.size)
        ahead = self._ahead
        if ahead is not None and ahead[0].rgbx is frame.rgbx and ahead[1] == region:
            cut = ahead[2]
        else:
            cut = self._resample(frame.rgbx, region)
        self.last_invoke_s = 0.0
        pose = self._run(cut, frame)
        if pose_fault(pose) is None:  # else every crop from here on would be none
            self.crop.update(pose)
        return pose

    def estimate_without(
        self, frame: Frame, hidden: tuple[float, float], region: CropRegion | None = None
    ) -> Pose:
        """Estimates the pose in a region with some columns painted over in a copy.

        The region is the whole frame where none is named. The crop learns nothing. `hidden` is from
        and to in pixels, and may reach beyond the frame.
        """
        cut = self._resample(frame.rgbx, region or CropRegion.whole(frame.size))
        side = self._interpreter.input_size
        first, last = ((x - cut.region.x0) / cut.region.side * side for x in hidden)
        cut.picture[:, max(0, math.floor(first)) : max(0, math.ceil(last))] = _GREY
        return self._run(cut, frame)

    def _run(self, cut: Cut, frame: Frame) -> Pose:
        """Runs the model on a part of the frame; the pose is in pixels of the frame."""
        began = time.perf_counter()
        found = self._interpreter.run(cut.picture)
        self.last_invoke_s += time.perf_counter() - began
        x0, y0, side = cut.region.x0, cut.region.y0, cut.region.side
        marks = tuple([(x * side + x0, y * side + y0, score) for y, x, score in found])
        return Pose(frame.time_s, marks, frame.size)


def load_estimator(
    variant: str = AUTO, threads: int = 0, fps: float | None = None
) -> tuple[MoveNet, str]:
    """Opens a pose model.

    Args:
        variant: its name in the manifest, or "auto".
        threads: of the interpreter; 0 for all cores but one.
        fps: frames a second that a live set asks for: "auto" then takes the most accurate model
            that gives them on this machine. Without it, for a replay that gives the same
            everywhere, "auto" is the default model, or what stands in for it.

    Returns:
        The estimator, and the variant's name with the figures that it was chosen by.

    Raises:
        ModelError: no such variant, or its file is missing, damaged or another model.
    """
    choice = choose(fps, threads) if variant == AUTO and fps is not None else None
    interpreter, chosen = load_interpreter(choice.variant if choice else variant, threads)
    return MoveNet(interpreter), str(choice or chosen)
