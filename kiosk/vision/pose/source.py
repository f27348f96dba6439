"""Gives poses: from a camera or a film through the model, or as a trace recorded them.

MoveNet finds one person, and with two before the mirror it may go over from one to the other. So,
now and then and only when asked, the picture is shown to it once more with the followed person
painted over. And where it has gone over to the other, a `SecondLook` finds the first one again.
"""

import logging
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace as dated
from typing import Protocol

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from kiosk.body.follower import Follower
from kiosk.body.pose import Pose, absent, near_side_score, nobody, pose_fault
from kiosk.errors import FrameError, KioskError, ModelError
from kiosk.vision.camera.frame import Frame, FrameSource
from kiosk.vision.pose.crop import MIN_SCORE, CropRegion, CropTracker
from kiosk.vision.pose.idle import IdleCheck
from kiosk.vision.pose.light import LightCheck
from kiosk.vision.pose.orientation import OrientationCheck
from kiosk.vision.pose.second_look import SecondLook
from kiosk.vision.pose.timeline import ABSENT_S, Timeline
from kiosk.vision.pose.trace import Trace

BEFORE_S, DURING_S = 0.5, 1.5
"""Seconds of the source from one search for a bystander to the next, before a set and in it. There
it takes place between two reps, and a frame that comes late shifts nothing."""
SEEN = 0.30
"""Least score of somebody's better side, as for somebody to be there at all. In 450 pictures of one
person before a composed background, what was found of comparable height had .25 at most."""
COMPARABLE = 0.55
"""Least height of a bystander in heights of the followed one: whoever is smaller is far behind. Of
people pasted in and found, 98 in 100 at .6 and more passed, and none of 220 at .45 and less."""
MOST_FAILED = 10
"""So many frames in a row on which the model fails, a third of a second of them at 30 a second, are
a fault and no accident."""
SIZE_FRAMES = 5
"""So many frames in a row of another size are the camera's new size; fewer are damaged ones."""
_MARGIN = 0.05  # of the height, to paint over toes, hair and clothes beside the keypoints

_log = logging.getLogger(__name__)


class Estimator(Protocol):
    """Finds poses in pictures; `MoveNet` is the real one.

    Attributes:
        last_invoke_s: seconds that the model took on the last frame.
        crop: the part of the picture that the model is shown.
    """

    last_invoke_s: float
    crop: CropTracker

    def prepare(self, frame: Frame) -> None:
        """Cuts a frame that may be the next, in another thread than all else."""

    def estimate(self, frame: Frame) -> Pose:
        """Estimates the pose in the frame, seen through the crop that the frames before gave."""

    def estimate_without(
        self, frame: Frame, hidden: tuple[float, float], region: CropRegion | None = None
    ) -> Pose:
        """Estimates the pose with some columns, from and to, painted over.

        It is shown the region; the whole frame without one.
        """


class PoseSource:
    """Gives one pose after another; without pictures it has no crop and finds no bystander."""

    capture_s: float = 0.0
    """Seconds that the last read waited for its picture."""
    invoke_s: float = 0.0
    """Seconds that the model took in the last read."""
    frame: Frame | None = None
    """The picture of the last pose; None where there are only poses."""
    looked: bool = True
    """Whether the model saw the last picture: it need not see every one of an empty room."""
    skipped: bool = False
    """Whether nobody need see the last pose: it comes a moment after another of an empty room."""

    def read(self) -> Pose | None:
        """Reads the next pose; None at the end.

        Raises:
            FrameError: this frame cannot be used; the next one may.
            CameraError: a camera gave no frame in time or was lost.
            ModelError: there is no model yet, or it fails frame after frame.
        """
        raise NotImplementedError

    def steady(self, *, stands_still: bool, wanted: bool) -> None:
        """Asks for a crop that does not move, learnt from a body that stands still.

        Args:
            stands_still: the body of the last pose stands as it did for the last seconds.
            wanted: somebody is ready or in a set; False lets the crop follow again.
        """

    def rest(self, *, empty: bool) -> None:
        """Lets the model rest while nobody is there and nothing changes; empty says that it is so.

        The next pose is then that of nobody, at once.
        """

    def check_bystander(self, every_s: float | None) -> None:
        """Asks to check so often whether somebody stands beside the person; None stops it.

        Each check costs the model's time once more.
        """

    def follow(self, person: Follower) -> None:
        """Names the person whose pose is wanted, where the model may find somebody else first.

        A frame in which it does costs the model's time once more.
        """

    def close(self) -> None:
        """Releases the camera or the film. Safe to call twice."""


class SeenPoses(PoseSource):
    """Poses estimated from pictures; `estimator` raises `ModelError` while there is no model.

    What cannot be used is rejected here, and logged once a kind: a frame whose time does not go on,
    or whose size is another one's; a pose that is no pose; a frame on which the model fails.

    Args:
        source: of the pictures.
        estimator: returns the model.
        live: the source is a camera, which reports every long gap.
    """

    def __init__(
        self, source: FrameSource, estimator: Callable[[], Estimator], *, live: bool = False
    ) -> None:
        self._source = source
        self._estimator = estimator
        self._bystanders: BystanderDetector | None = None
        self._checks_every_s: float | None = None
        self._person: Follower | None = None
        self._second_look = SecondLook()
        self._timeline = Timeline(live=live)
        self._live = live
        self._idle, self._empty = IdleCheck(), False
        self._light, self._orientation = LightCheck(live=live), OrientationCheck()
        self._size: tuple[int, int] | None = None
        self._other_size: tuple[tuple[int, int], int] | None = None
        self._absent_s = -math.inf
        self._failed = 0
        self._told: set[str] = set()

    def read(self) -> Pose | None:
        """Reads the next picture and estimates the pose in it; None at the end."""
        began = time.perf_counter()
        self.invoke_s = 0.0
        try:
            frame = self._source.read()
            self.capture_s = time.perf_counter() - began
            if frame is None:
                self.frame = None
                return None
            estimator = self._estimator()
        except KioskError:
            self.frame = None
            self._timeline.interrupt()
            # it may be another camera, or hang another way, when it is back
            self._light = LightCheck(live=self._live)
            self._orientation = OrientationCheck()
            raise
        frame = self.frame = self._checked(frame)
        # a film gives the same each time, whatever it is played for
        may_rest = self._live and self._empty
        self.skipped = may_rest and not self._idle.is_due(frame.time_s)
        self.looked = not may_rest or (not self.skipped and self._idle.must_look(frame))
        if not self.looked:
            pose = nobody(frame.time_s, frame.size)
            return pose if self.skipped else replace(pose, unseen=self._light.update(frame, pose))
        pose = self._estimate(estimator, frame)
        self._idle.record(pose)
        self.invoke_s = estimator.last_invoke_s
        return pose

    def _checked(self, frame: Frame) -> Frame:
        """Returns the frame with its time on an axis that only goes forward."""
        size = frame.size
        if self._size not in (None, size):
            known, count = self._other_size or (size, 0)
            self._other_size = (size, count + 1 if known == size else 1)
            if self._other_size[1] < SIZE_FRAMES:
                was = "{}x{}".format(*self._size or ())
                raise self._rejected("size", f"a frame of {size[0]}x{size[1]}, not {was}")
        time_s = self._timeline.place(frame.time_s)
        if time_s is None:
            raise self._rejected("time", f"a frame out of time, at {frame.time_s:.3f} s")
        if self._size not in (None, size):
            self._absent_s = time_s + ABSENT_S
        self._size, self._other_size = size, None
        return frame if time_s == frame.time_s else dated(frame, time_s=time_s)

    def _estimate(self, estimator: Estimator, frame: Frame) -> Pose:
        try:
            pose = estimator.estimate(frame)
            fault = pose_fault(pose)
            if fault is None:
                pose = self._look_closer(estimator, frame, pose)
        except KioskError:
            raise
        except Exception as error:  # a runtime raises what it likes
            raise self._failure(f"{type(error).__name__}: {error}") from error
        if fault is not None:
            raise self._failure(f"its pose is none: {fault}")
        self._failed = 0
        # no pixel is where it was: nobody is seen until whoever was there has been forgotten
        return absent(pose) if pose.time_s < self._absent_s else pose

    def _look_closer(self, estimator: Estimator, frame: Frame, pose: Pose) -> Pose:
        """Finds the followed person's pose, whoever is beside them, or why nobody can be seen."""
        if self._person is not None and not self._person.could_be(pose):
            pose = self._second_look.find(self._person, estimator, frame, pose)
        unseen = self._light.update(frame, pose)
        # of a picture that shows nothing nobody can tell how it hangs
        unseen = unseen or self.check_orientation(estimator, frame, pose)
        if unseen is not None:
            return replace(pose, unseen=unseen)
        if self._checks_every_s is None:
            return pose
        self._bystanders = self._bystanders or BystanderDetector(estimator)
        found = self._bystanders.check(frame, pose, self._checks_every_s)
        return replace(pose, bystander=found)

    def check_orientation(self, estimator: Estimator, frame: Frame, pose: Pose) -> str | None:
        """Returns the key of how the picture hangs, if it hangs wrong.

        While nobody stands upright, the model is shown a turned picture twice a second.
        """
        return self._orientation.update(frame, pose, estimator)

    def _failure(self, what: str) -> KioskError:
        """Rejects one frame; so many in a row are a fault of the model."""
        what = f"the model fails ({' '.join(what.split())})"
        self._failed += 1
        if self._failed < MOST_FAILED:
            return self._rejected("model", what)
        return ModelError(f"{what}; get it anew with 'kiosk models'")

    def _rejected(self, kind: str, what: str) -> FrameError:
        """Logs the first rejection of its kind: a fault that stays must not fill the log."""
        what = f"{self._source.name}: {what}; the frame is left out"
        if kind not in self._told:
            self._told.add(kind)
            _log.warning("%s", what)
        return FrameError(what)

    def steady(self, *, stands_still: bool, wanted: bool) -> None:
        """Holds or releases the crop. One that let go in mid-set waits for the next stillness."""
        crop = self._estimator().crop
        if not wanted:
            crop.release()
        elif stands_still and not crop.held:
            crop.hold()

    def rest(self, *, empty: bool) -> None:
        """Lets the model rest while nobody is there and nothing changes."""
        self._empty = empty

    def check_bystander(self, every_s: float | None) -> None:
        """Sets how often a bystander is looked for."""
        self._checks_every_s = every_s

    def follow(self, person: Follower) -> None:
        """Looks for this person again in every frame in which somebody else was found."""
        self._person = person

    def close(self) -> None:
        """Closes the camera or the film."""
        self._source.close()


class TracedPoses(PoseSource):
    """Poses as a trace recorded them."""

    def __init__(self, trace: Trace) -> None:
        self._poses: Iterator[Pose] = iter(trace)

    def read(self) -> Pose | None:
        """Reads the next pose; None at the end."""
        pose = next(self._poses, None)
        if pose is not None and (fault := pose_fault(pose)) is not None:
            raise FrameError(f"the trace's pose at {pose.time_s:.3f} s is none: {fault}")
        return pose


class BystanderDetector:
    """Searches beside the followed person. For the estimator's thread."""

    def __init__(self, estimator: Estimator) -> None:
        self._estimator = estimator
        self._checked_s = -math.inf

    def check(self, frame: Frame, followed: Pose, every_s: float) -> bool | None:
        """Detects somebody of comparable size beside the followed person.

        Who stands right in front of them or behind them cannot be seen. None where it did not
        search: too soon, or nobody is followed.
        """
        if 0 <= frame.time_s - self._checked_s < every_s or near_side_score(followed) < SEEN:
            return None
        self._checked_s = frame.time_s
        height = _height_px(followed)
        xs = followed.keypoints[_seen(followed), 0]
        margin = _MARGIN * height
        hidden = float(xs.min()) - margin, float(xs.max()) + margin
        other = self._estimator.estimate_without(frame, hidden)
        return near_side_score(other) >= SEEN and _height_px(other) >= COMPARABLE * height


def _seen(pose: Pose) -> NDArray[np.bool_]:
    return pose.keypoints[:, 2] >= MIN_SCORE


def _height_px(pose: Pose) -> float:
    """Measures from the topmost keypoint seen to the lowest."""
    return float(np.ptp(pose.keypoints[_seen(pose), 1]))
