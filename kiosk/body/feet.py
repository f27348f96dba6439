"""Where both feet are, and how far they went, whichever of them the model calls the left one."""

from kiosk.body.pose import Keypoint, Pose
from kiosk.body.state import Standing

FOOT_SEEN = 0.3
"""Least score of a foot whose place is believed."""

Feet = tuple[float | None, float | None]
"""Where the left and the right foot are, in pixels of x; None where one is not seen."""
NO_FEET: Feet = (None, None)


def feet_in(pose: Pose) -> Feet:
    """The feet that are seen in a pose."""
    left, _, left_score = pose.marks[Keypoint.LEFT_ANKLE]
    right, _, right_score = pose.marks[Keypoint.RIGHT_ANKLE]
    return left if left_score >= FOOT_SEEN else None, right if right_score >= FOOT_SEEN else None


def feet_of_standing(standing: Standing | None) -> Feet:
    """Where the feet of a standing baseline are."""
    if standing is None:
        return NO_FEET
    (left, _), (right, _) = standing.outline.ankles
    return left, right


def feet_apart(now: Feet, then: Feet) -> float:
    """How far the farther-moved foot is from where it was, in pixels."""
    (left, right), (once_left, once_right) = now, then
    straight = max(_way(left, once_left), _way(right, once_right))
    return min(straight, max(_way(left, once_right), _way(right, once_left)))


def drifted(home: Feet, now: Feet, share: float) -> Feet:
    """The place of the feet, moved by this share of the way to where they are now."""
    (left, right), (now_left, now_right) = home, now
    straight = _way(now_left, left) + _way(now_right, right)
    if straight > _way(now_left, right) + _way(now_right, left):
        now_left, now_right = now_right, now_left
    return _nearer(left, now_left, share), _nearer(right, now_right, share)


def _way(now: float | None, then: float | None) -> float:
    """How far a foot has moved; nothing where it was not seen."""
    return 0.0 if now is None or then is None else abs(now - then)


def _nearer(home: float | None, now: float | None, share: float) -> float | None:
    if home is None or now is None:
        return now if home is None else home
    return home + share * (now - home)
