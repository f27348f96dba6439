"""Whether somebody else stands beside the person whom the pose follows.

MoveNet finds one person, and with two before the mirror it may go over from one to the other. So,
twice a second and only when asked, it looks at the picture once more with the one painted over.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kiosk.body.pose import Pose
from kiosk.vision.camera.frame import Frame
from kiosk.vision.pose.crop import MIN_SCORE, near_side_score

EVERY_S = 0.5
"""Seconds of the source from one look to the next."""
SEEN = 0.30
"""Least score of somebody's better side, as for somebody to be there at all. In 450 looks at one
person in a composed room, what was found of comparable height had .25 at most."""
COMPARABLE = 0.55
"""Least height of a bystander in heights of the followed one: whoever is smaller is far behind. Of
people pasted in and found, 98 in 100 at .6 and more passed, and none of 220 at .45 and less."""
_MARGIN = 0.05  # of the height, to paint over toes, hair and clothes beside the keypoints

Columns = tuple[float, float]
"""From and to, in pixels of the frame."""


class BystanderDetector:
    """Looks beside the followed person. For the estimator's thread.

    Args:
        glimpse: what the model finds in a frame some of whose columns are painted over, as
            `MoveNet.glimpse`.
    """

    def __init__(self, glimpse: Callable[[Frame, Columns], Pose]) -> None:
        self._glimpse = glimpse
        self._looked_s = -math.inf

    def look(self, frame: Frame, followed: Pose) -> bool | None:
        """Whether there is somebody of comparable size beside the one of `followed`.

        Who stands right in front of them or behind them cannot be seen.

        Args:
            frame: the picture.
            followed: the pose that was found in it.

        Returns:
            None where it did not look: too soon, or nobody is followed.
        """
        if 0 <= frame.time_s - self._looked_s < EVERY_S or near_side_score(followed) < SEEN:
            return None
        self._looked_s = frame.time_s
        height = _height_px(followed)
        xs = followed.keypoints[_seen(followed), 0]
        margin = _MARGIN * height
        other = self._glimpse(frame, (float(xs.min()) - margin, float(xs.max()) + margin))
        return near_side_score(other) >= SEEN and _height_px(other) >= COMPARABLE * height


def _seen(pose: Pose) -> NDArray[np.bool_]:
    return pose.keypoints[:, 2] >= MIN_SCORE


def _height_px(pose: Pose) -> float:
    """From the topmost keypoint seen to the lowest."""
    return float(np.ptp(pose.keypoints[_seen(pose), 1]))
