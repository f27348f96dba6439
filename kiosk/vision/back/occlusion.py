"""Whether an arm or a bar lies over the dorsal contour. Pure."""

from kiosk.body.back import Reason
from kiosk.body.pose import Keypoint, Pose
from kiosk.vision.back.contour import Trunk

SEEN = 0.2
"""Least score of an elbow or wrist that is believed."""
BEHIND = 0.10
"""An elbow or wrist this far behind the hip-shoulder line reaches the contour, in standing torso
lengths: hands on the hips, or behind the back."""
ALONG = (-0.2, 1.1)
"""Stretch of the trunk where that matters: 0 the hip, 1 the shoulder."""
BAR_ALONG, BAR_BEHIND = 0.75, 0.0
"""Both wrists up here and behind the line hold something on the shoulders."""

_ELBOWS = (Keypoint.LEFT_ELBOW, Keypoint.RIGHT_ELBOW)
_WRISTS = (Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST)


def covered(pose: Pose, trunk: Trunk) -> Reason | None:
    """What lies over the back, if anything."""
    wrists, elbows = (
        [trunk.place(x, y) for x, y, score in (pose.marks[k] for k in joints) if score >= SEEN]
        for joints in (_WRISTS, _ELBOWS)
    )
    if len(wrists) == 2 and all(a > BAR_ALONG and b > BAR_BEHIND for a, b in wrists):
        return Reason.BAR_COVERS_BACK
    if any(ALONG[0] < a < ALONG[1] and b > BEHIND for a, b in wrists + elbows):
        return Reason.ARMS_COVER_BACK
    return None
