"""Places the joints of a side-on person by a few angles, for drawing and for judging."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from kiosk.body.geometry import Point
from kiosk.body.pose import Keypoint, Pose

SHIN, THIGH, TRUNK, HEAD = 0.246, 0.245, 0.288, 0.13
"""Segment lengths in statures (Winter, Biomechanics and Motor Control of Human Movement)."""
UPPER_ARM, FOREARM = 0.172, 0.157
"""The same source; the forearm ends in the wrist."""
ANKLE = 0.039
"""Height of the ankle over the floor, in statures; the same source."""
_BALANCE = 0.18
"""How far the hips go back for a trunk that lies level, in statures: the feet stay under the body's
centre of mass. Our default."""
_NECK_FOLLOWS = 0.8
"""The head stays raised a little while the trunk goes down. Our default."""
_SCORES = (0.85, 0.6)  # MoveNet sees the near side better

Arms = Literal["hips", "hang", "shoulders", "forward", "chest", "spine", "swing"]
"""Where the hands are: on the hips, below the shoulders, on a bar on the back, held forward, before
the chest, on a rod along the spine, or swung with a bell."""


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Joints of a person who faces right, in statures from the ankle: (forward, up).

    Attributes:
        lean_deg: of the trunk's line from the vertical, forward positive.
        bulge: how far the middle of the back stands out behind that line, in trunk lengths;
            negative is hollow.
        ankle, knee, hip, shoulder, head, elbow, wrist: of the near side.
    """

    lean_deg: float
    bulge: float
    ankle: Point
    knee: Point
    hip: Point
    shoulder: Point
    head: Point
    elbow: Point
    wrist: Point


def skeleton(
    lean_deg: float, knee_deg: float, *, bulge: float = 0.0, arms: Arms = "hang"
) -> Skeleton:
    """Places the joints for the trunk's lean, forward positive, and the knee's bend.

    The legs are rigid and put the hips where balance wants them: back, as the trunk goes forward.
    """
    back = _BALANCE * math.sin(math.radians(lean_deg))
    half = math.cos(math.radians(knee_deg / 2))
    tilt = math.degrees(math.asin(min(1.0, back / ((SHIN + THIGH) * half))))
    shin_deg = knee_deg / 2 - tilt
    ankle = (0.0, 0.0)
    knee = _from(ankle, SHIN, shin_deg)
    hip = _from(knee, THIGH, shin_deg - knee_deg)
    shoulder = _from(hip, TRUNK, lean_deg)
    head = _from(shoulder, HEAD, _NECK_FOLLOWS * lean_deg + 4)
    upper, fore = _ARMS[arms](lean_deg)
    elbow = _from(shoulder, UPPER_ARM, upper)
    return Skeleton(
        lean_deg, bulge, ankle, knee, hip, shoulder, head, elbow, _from(elbow, FOREARM, fore)
    )


def as_pose(
    body: Skeleton,
    time_s: float = 0.0,
    *,
    stature_px: float = 350.0,
    ankle_px: Point = (320.0, 446.0),
    half_width: float = 0.006,
    size: tuple[int, int] = (640, 480),
) -> Pose:
    """Returns what a camera would see of the person, from their right side.

    The standing person would be `stature_px` high, with the feet at `ankle_px`. `half_width` is
    from the middle to a shoulder, in statures; .1 faces the camera.
    """
    points = np.zeros((len(Keypoint), 3))

    def put(keypoint: int, at: Point, across: float, score: float) -> None:
        x = ankle_px[0] + stature_px * (at[0] + across)
        y = ankle_px[1] - stature_px * at[1]
        points[keypoint] = x, y, score if 0 <= x < size[0] and 0 <= y < size[1] else 0.05

    for keypoint, (ahead, up) in _FACE.items():
        put(keypoint, (body.head[0] + ahead, body.head[1] + up), 0.0, _SCORES[0])
    for keypoint, at in (
        (Keypoint.LEFT_SHOULDER, body.shoulder),
        (Keypoint.LEFT_ELBOW, body.elbow),
        (Keypoint.LEFT_WRIST, body.wrist),
        (Keypoint.LEFT_HIP, body.hip),
        (Keypoint.LEFT_KNEE, body.knee),
        (Keypoint.LEFT_ANKLE, body.ankle),
    ):
        # hips are narrower than shoulders, .44 against .72 trunks as MoveNet draws them
        wide = half_width * (0.6 if keypoint >= Keypoint.LEFT_HIP else 1.0)
        put(keypoint, at, wide, _SCORES[1])
        put(keypoint + 1, at, -wide, _SCORES[0])
    return Pose.of(time_s, points, size)


_FACE = {
    Keypoint.NOSE: (0.06, 0.0),
    Keypoint.LEFT_EYE: (0.04, 0.02),
    Keypoint.RIGHT_EYE: (0.04, 0.02),
    Keypoint.LEFT_EAR: (0.0, 0.0),
    Keypoint.RIGHT_EAR: (0.0, 0.0),
}


def _from(start: Point, length: float, angle_deg: float) -> Point:
    """Returns the end of a limb that leaves `start` at an angle from straight up, forward > 0."""
    angle = math.radians(angle_deg)
    return start[0] + length * math.sin(angle), start[1] + length * math.cos(angle)


def _swung(lean_deg: float) -> tuple[float, float]:
    """Swings a bell to chest height as the hips open, and between the legs as they fold."""
    folded = min(1.0, max(0.0, lean_deg / 60))
    arm = 95 + 115 * folded
    return arm, arm


# upper arm and forearm from straight up, forward positive: 180 hangs down
_ARMS: dict[Arms, Callable[[float], tuple[float, float]]] = {
    "hips": lambda lean: (lean + 214, lean + 132),
    "hang": lambda _: (178.0, 178.0),
    "shoulders": lambda lean: (lean + 205, lean + 18),
    "forward": lambda lean: (0.35 * lean + 92, 0.35 * lean + 90),
    "chest": lambda lean: (lean + 158, lean + 52),
    "spine": lambda lean: (lean + 208, lean + 196),
    "swing": _swung,
}
