"""Seventeen keypoints at one moment."""

import math
from enum import IntEnum

import msgspec
import numpy as np
from numpy.typing import NDArray


class Keypoint(IntEnum):
    """COCO's order, which is MoveNet's. Left and right are the person's own."""

    NOSE = 0
    LEFT_EYE = 1
    RIGHT_EYE = 2
    LEFT_EAR = 3
    RIGHT_EAR = 4
    LEFT_SHOULDER = 5
    RIGHT_SHOULDER = 6
    LEFT_ELBOW = 7
    RIGHT_ELBOW = 8
    LEFT_WRIST = 9
    RIGHT_WRIST = 10
    LEFT_HIP = 11
    RIGHT_HIP = 12
    LEFT_KNEE = 13
    RIGHT_KNEE = 14
    LEFT_ANKLE = 15
    RIGHT_ANKLE = 16


Mark = tuple[float, float, float]
"""One keypoint: x and y in pixels of the frame, y downwards, and score 0 to 1."""


class Pose(msgspec.Struct, frozen=True, eq=False, gc=False):
    """What the model saw in one frame.

    Plain floats, since seventeen points are too few for arrays: least of all right after the model,
    which has emptied the processor's caches.

    Attributes:
        time_s: the frame's time in seconds.
        marks: the 17 keypoints, in the order of `Keypoint`.
        size: width and height of the frame in pixels.
        bystander: whether somebody else stands beside this person; None where nobody looked, as in
            most frames and in every trace.
        unseen: what in the picture keeps anybody from being seen, by its key in
            `vision.pose.unseen`; None where nothing does.
    """

    time_s: float
    marks: tuple[Mark, ...]
    size: tuple[int, int]
    bystander: bool | None = None
    unseen: str | None = None

    @classmethod
    def of(cls, time_s: float, keypoints: NDArray[np.floating], size: tuple[int, int]) -> "Pose":
        """The pose whose `marks` stand in a [17, 3] array."""
        return cls(time_s, tuple(map(tuple, keypoints.tolist())), size)

    @property
    def keypoints(self) -> NDArray[np.float64]:
        """`marks` as [17, 3] float64, made anew for whoever asks; not to be written to."""
        keypoints = np.array(self.marks)
        keypoints.setflags(write=False)
        return keypoints


ABSURD = 4.0
"""Farther than so many long sides of the frame from its middle, a keypoint is an error. The model
is shown a square that reaches beyond the frame by less than one of them."""
_SCORES = (-0.5, 1.5)
"""Scores outside are an error; a little outside 0 to 1 models give them."""


def pose_fault(pose: Pose) -> str | None:
    """Says what in a pose cannot be: NaN, infinity, a place far off or a score that is none."""
    if len(pose.marks) != len(Keypoint):
        return f"{len(pose.marks)} keypoints"
    width, height = pose.size
    most = ABSURD * max(pose.size)
    # the usual case in a few calls, since every frame is asked, right after the model
    xs, ys, scores = zip(*pose.marks, strict=True)
    if (
        math.isfinite(sum(xs) + sum(ys) + sum(scores))
        and max(max(xs) - width / 2, width / 2 - min(xs)) <= most
        and max(max(ys) - height / 2, height / 2 - min(ys)) <= most
        and _SCORES[0] <= min(scores)
        and max(scores) <= _SCORES[1]
    ):
        return None
    for keypoint, (x, y, score) in zip(Keypoint, pose.marks, strict=True):
        if not (math.isfinite(x) and math.isfinite(y) and math.isfinite(score)):
            return f"{keypoint.name.lower()} is no number"
        if max(abs(x - width / 2), abs(y - height / 2)) > most:
            return f"{keypoint.name.lower()} is at {x:.3g}, {y:.3g} of {width}x{height}"
        if not _SCORES[0] <= score <= _SCORES[1]:
            return f"{keypoint.name.lower()} has a score of {score:.3g}"
    return None


def nobody(time_s: float, size: tuple[int, int]) -> Pose:
    """A moment with nobody in it."""
    nothing = (0.0, 0.0, 0.0)
    return Pose(time_s, (nothing,) * len(Keypoint), size)


def absent(pose: Pose) -> Pose:
    """The same moment with nobody in it."""
    return nobody(pose.time_s, pose.size)


K = Keypoint
SIDES = (
    (K.LEFT_SHOULDER, K.LEFT_HIP, K.LEFT_KNEE, K.LEFT_ANKLE),
    (K.RIGHT_SHOULDER, K.RIGHT_HIP, K.RIGHT_KNEE, K.RIGHT_ANKLE),
)
"""Shoulder, hip, knee and ankle of either side."""


def near_side_score(pose: Pose) -> float:
    """Means the scores of shoulder, hip, knee and ankle, on the side where that is higher."""
    marks = pose.marks
    (a, b, c, d), (e, f, g, h) = SIDES
    left = marks[a][2] + marks[b][2] + marks[c][2] + marks[d][2]
    right = marks[e][2] + marks[f][2] + marks[g][2] + marks[h][2]
    return max(left, right) / 4
