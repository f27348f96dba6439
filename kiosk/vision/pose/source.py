"""Where poses come from: a camera or a film through the model, or a trace of what it once saw."""

import time
from collections.abc import Iterator
from typing import Protocol

from msgspec.structs import replace

from kiosk.body.pose import Pose
from kiosk.vision.camera.frame import Frame, FrameSource
from kiosk.vision.pose.bystander_detector import BystanderDetector
from kiosk.vision.pose.trace import Trace


class Estimator(Protocol):
    """Finds poses in pictures; `MoveNet` is the real one."""

    @property
    def last_invoke_s(self) -> float:
        """Seconds that the model took on the last frame."""

    @property
    def crop_held(self) -> bool:
        """Whether the picture section stands still."""

    def prepare(self, frame: Frame) -> None:
        """Cuts a frame that may be the next, in another thread than all else."""

    def estimate(self, frame: Frame) -> Pose:
        """The pose in the frame, seen through the section that the frames before it gave."""

    def glimpse(self, frame: Frame, hidden: tuple[float, float]) -> Pose:
        """The pose in the whole frame with the columns from one pixel to another painted over."""

    def hold_crop(self) -> bool:
        """Fixes the section around the standing body; whether it could."""

    def release_crop(self) -> None:
        """Lets the section follow the body again."""


class PoseSource(Protocol):
    """One pose after another.

    Attributes:
        capture_s: seconds that the last read waited for its picture.
        invoke_s: seconds that the model took in the last read.
        frame: the picture of the last pose; None where there are only poses.
    """

    capture_s: float
    invoke_s: float
    frame: Frame | None

    def read(self) -> Pose | None:
        """The next pose; None at the end.

        Raises:
            CameraError: a camera gave no frame in time or was lost.
            ModelError: there is no model yet.
        """

    def steady(self, *, stands_still: bool, wanted: bool) -> None:
        """Asks for a picture section that does not move, learnt from a body that stands still.

        Args:
            stands_still: the body of the last pose stands as it did for the last seconds.
            wanted: somebody is ready or in a set; False lets the section follow again.
        """

    def check_bystander(self, *, wanted: bool) -> None:
        """Asks for a look about twice a second whether somebody stands beside the person.

        Args:
            wanted: the next pose may say so; each look costs the model's time once more.
        """

    def close(self) -> None:
        """Lets go of the camera or the film. Safe to call twice."""


class SeenPoses:
    """Poses estimated from pictures."""

    def __init__(self, source: FrameSource, estimator: Estimator) -> None:
        self._source = source
        self._estimator = estimator
        self._lookout = BystanderDetector(estimator.glimpse)
        self._looks_aside = False
        self.frame: Frame | None = None
        self.capture_s = 0.0
        self.invoke_s = 0.0

    def read(self) -> Pose | None:
        """See `PoseSource`."""
        began = time.perf_counter()
        frame = self.frame = self._source.read()
        self.capture_s = time.perf_counter() - began
        if frame is None:
            return None
        pose = self._estimator.estimate(frame)
        if self._looks_aside:
            pose = replace(pose, bystander=self._lookout.look(frame, pose))
        self.invoke_s = self._estimator.last_invoke_s
        return pose

    def steady(self, *, stands_still: bool, wanted: bool) -> None:
        """See `PoseSource`. A section that let go in mid-set waits for the next stillness."""
        if not wanted:
            self._estimator.release_crop()
        elif stands_still and not self._estimator.crop_held:
            self._estimator.hold_crop()

    def check_bystander(self, *, wanted: bool) -> None:
        """See `PoseSource`."""
        self._looks_aside = wanted

    def close(self) -> None:
        """See `PoseSource`."""
        self._source.close()


class TracedPoses:
    """Poses as a trace recorded them: nothing can be steadied, and nobody looks aside."""

    def __init__(self, trace: Trace) -> None:
        self._poses: Iterator[Pose] = iter(trace)
        self.frame: Frame | None = None
        self.capture_s = 0.0
        self.invoke_s = 0.0

    def read(self) -> Pose | None:
        """See `PoseSource`."""
        return next(self._poses, None)

    def steady(self, *, stands_still: bool, wanted: bool) -> None:
        """See `PoseSource`."""

    def check_bystander(self, *, wanted: bool) -> None:
        """See `PoseSource`."""

    def close(self) -> None:
        """See `PoseSource`."""
