"""Seventeen keypoints at one moment."""

from dataclasses import dataclass
from enum import IntEnum

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


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """What the model saw in one frame.

    Attributes:
        time_s: the frame's time in seconds.
        keypoints: [17, 3] float64: x and y in pixels of the frame, y downwards, and score 0 to 1.
        size: width and height of the frame in pixels.
        bystander: whether somebody else stands beside this person; None where nobody looked, as in
            most frames and in every trace.
    """

    time_s: float
    keypoints: NDArray[np.float64]
    size: tuple[int, int]
    bystander: bool | None = None
