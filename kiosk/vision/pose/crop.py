"""Chooses the square of the next frame that the model is shown. Pure.

While somebody moves about, the square follows the previous pose by MoveNet's own rule, as its
authors wrote it in JavaScript (tfjs-models, pose-detection/src/movenet/crop_utils.ts). For the
length of a set it stands still: a crop that moves adds jitter to every keypoint, and a bystander
outside a fixed one is never seen.
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.body.pose import SIDES, Keypoint, Mark, Pose, near_side_score
from kiosk.body.running_mean import newest_share

MIN_SCORE = 0.2  # MIN_CROP_KEYPOINT_SCORE of crop_utils.ts
_TORSO_EXPANSION = 1.9
_BODY_EXPANSION = 1.2
# CROP_FILTER_ALPHA 0.9 a frame at 30 frames a second: a tenth of a step is left after 1/30 s.
_SMOOTHING_S = 1 / 30 / math.log(10)

# Half the held square in heights of the standing body, from its topmost to its lowest keypoint. In
# 52 rendered sets of hinges, lifts, swings and squats, seen from the side, the joints came within
# .42 heights of the middle of that body sideways, and heels and toes within .57 up or down.
_HELD_HALF = 0.62
_STANDING_S = 1.0  # the standing body is the median over this long
_GONE_S = 0.5
_GONE_SCORE = 0.25  # int8 gave an empty picture up to .19, and a person in a hinge .5 and more
_BORDER = 0.02  # of the square's side: this near, a keypoint presses against it

_HIPS = [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]
_SHOULDERS = [Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]
_TORSO = _SHOULDERS + _HIPS
_ANKLES = [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]
_HEAD = list(range(Keypoint.NOSE, Keypoint.RIGHT_EAR + 1))

_JOINTS = SIDES[0] + SIDES[1]


@dataclass(frozen=True, slots=True)
class CropRegion:
    """A square in pixels of the frame, from its upper left corner x0, y0.

    It may reach beyond the frame, where all is black.
    """

    x0: float
    y0: float
    side: float

    @classmethod
    def around(cls, x: float, y: float, half: float) -> "CropRegion":
        """Makes the square of side 2 `half` with its middle at x, y."""
        return cls(x - half, y - half, 2 * half)

    def on_pixels(self) -> "CropRegion":
        """Rounds it to the nearest square of whole pixels, of at least one."""
        return CropRegion(round(self.x0), round(self.y0), max(1, round(self.side)))

    @classmethod
    def whole(cls, size: tuple[int, int]) -> "CropRegion":
        """Makes the smallest square around a whole frame of `size` (width, height)."""
        width, height = size
        return cls.around(width / 2, height / 2, max(size) / 2)


def crop_for(pose: Pose) -> CropRegion:
    """Computes MoveNet's crop for the frame after `pose`: a square around the hips and the body.

    Half its side is the largest of 1.9 times the reach of the torso and 1.2 times the reach of
    every keypoint with a score of at least 0.2, both measured from between the hips along x or y.
    A hip or shoulder below that score takes no part; the authors' rule admits it as soon as its
    other side is seen. Without a hip and a shoulder, or where the square would be larger than the
    whole frame, it is the whole frame.
    """
    marks = pose.marks
    hips = [marks[k] for k in _HIPS if marks[k][2] > MIN_SCORE]
    torso = [marks[k] for k in _TORSO if marks[k][2] > MIN_SCORE]
    if not hips or len(torso) == len(hips) or near_side_score(pose) < MIN_SCORE:
        return CropRegion.whole(pose.size)
    x = (hips[0][0] + hips[-1][0]) / 2
    y = (hips[0][1] + hips[-1][1]) / 2
    body = [mark for mark in marks if mark[2] >= MIN_SCORE]
    width, height = pose.size
    half = min(
        max(_TORSO_EXPANSION * _reach(torso, x, y), _BODY_EXPANSION * _reach(body, x, y)),
        max(x, width - x, y, height - y),
    )
    if half > max(pose.size) / 2:
        return CropRegion.whole(pose.size)
    return CropRegion.around(x, y, half)


def _reach(marks: Sequence[Mark], x: float, y: float) -> float:
    """Measures how far the farthest of the keypoints lies from x, y, along one axis."""
    return max(max(abs(mark[0] - x), abs(mark[1] - y)) for mark in marks)


class CropTracker:
    """Follows the body with a square, or holds the square still."""

    def __init__(self) -> None:
        self._pose: Pose | None = None
        self._region: CropRegion | None = None
        self._held: CropRegion | None = None
        self._recent: deque[Pose] = deque()
        self._well_s = 0.0
        self._undo: tuple[Pose | None, CropRegion | None, CropRegion | None, float] | None = None

    @property
    def held(self) -> bool:
        """Whether the square stands still."""
        return self._held is not None

    def next_region(self, size: tuple[int, int]) -> CropRegion:
        """Chooses the square of the next frame, of `size` (width, height) in pixels.

        Any thread may ask, and gets an older square while another thread updates.
        """
        if self._pose is None or self._region is None or self._pose.size != size:
            return CropRegion.whole(size)
        return self._held or self._region

    def update(self, pose: Pose) -> None:
        """Takes in the pose that was found in the last frame."""
        self._undo = self._pose, self._region, self._held, self._well_s
        before = self._pose
        if before is not None and before.size != pose.size:
            self.release()
            self._recent.clear()
            before = None
        self._pose = pose
        if self._held is not None:
            self._check_held(self._held, pose)
        else:
            self._follow(pose, before)
        self._recent.append(pose)
        while pose.time_s - self._recent[0].time_s > _STANDING_S:
            self._recent.popleft()

    def correct(self, pose: Pose) -> None:
        """Takes in a pose in place of the last one, which was somebody else's."""
        self.undo()
        self.update(pose)

    def undo(self) -> None:
        """Forgets the last pose, which was somebody else's."""
        if self._undo is not None:
            self._pose, self._region, self._held, self._well_s = self._undo
            self._undo = None
            if self._recent:
                self._recent.pop()

    def hold(self) -> bool:
        """Fixes the square around the body as it has stood during the last second.

        A hinge either way fits in it. It lets go by itself once the person has left it for
        half a second: near side hardly seen, or pressed against the square's border. Returns
        whether it is fixed: a head and an ankle must have been seen.
        """
        if self._pose is None or (region := _around_standing(self._recent)) is None:
            return False
        self._held, self._well_s = region, self._pose.time_s
        return True

    def release(self) -> None:
        """Lets the square follow the body again, from where the body is now."""
        if self._held is not None and self._pose is not None:
            self._held, self._region = None, crop_for(self._pose)

    def _follow(self, pose: Pose, before: Pose | None) -> None:
        target = crop_for(pose)
        whole = CropRegion.whole(pose.size)
        last = self._region
        if before is None or last is None or whole in (target, last):
            self._region = target
            return
        new = newest_share(pose.time_s - before.time_s, _SMOOTHING_S)
        self._region = CropRegion(
            last.x0 + new * (target.x0 - last.x0),
            last.y0 + new * (target.y0 - last.y0),
            last.side + new * (target.side - last.side),
        )

    def _check_held(self, region: CropRegion, pose: Pose) -> None:
        if near_side_score(pose) >= _GONE_SCORE and not _presses(region, pose):
            self._well_s = pose.time_s
        elif pose.time_s - self._well_s > _GONE_S:
            self.release()


def _around_standing(poses: deque[Pose]) -> CropRegion | None:
    """Fits the square for a hinge to the body in these poses; None where it was not seen whole."""
    keypoints: NDArray[np.float64] = np.median([pose.marks for pose in poses], axis=0)
    points, seen = keypoints[:, :2], keypoints[:, 2] >= MIN_SCORE
    if not (seen[_HEAD].any() and seen[_ANKLES].any() and seen[_HIPS].any()):
        return None
    rows = points[seen, 1]
    trunk = [k for k in (*_HIPS, *_ANKLES) if seen[k]]
    height = float(np.ptp(rows))
    return CropRegion.around(
        float(points[trunk, 0].mean()), float(rows.min()) + height / 2, _HELD_HALF * height
    )


def _presses(region: CropRegion, pose: Pose) -> bool:
    """Checks whether a confident joint of trunk or legs lies at the square's border."""
    border = _BORDER * region.side
    left, right = region.x0 + border, region.x0 + region.side - border
    top, bottom = region.y0 + border, region.y0 + region.side - border
    return any(
        score >= MIN_SCORE and not (left <= x <= right and top <= y <= bottom)
        for x, y, score in (pose.marks[k] for k in _JOINTS)
    )
