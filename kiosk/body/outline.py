"""Turns seventeen keypoints into an outline in pixels and degrees."""

from math import dist

from kiosk.body.geometry import Point, bend_deg, lean_deg, middle, turned
from kiosk.body.pose import Keypoint, Pose
from kiosk.body.state import Limbs, Outline

EDGE = 0.005
"""A keypoint this near the border, in parts of the picture, may be cut off."""
SEEN = 0.15
"""Least score of a keypoint that is seen; a hidden one is guessed with less."""

K = Keypoint
_IN_VIEW = (K.NOSE, K.LEFT_HIP, K.RIGHT_HIP, K.LEFT_ANKLE, K.RIGHT_ANKLE)
_LIMB = (
    (K.LEFT_SHOULDER, K.LEFT_HIP, K.LEFT_KNEE, K.LEFT_ANKLE),
    (K.RIGHT_SHOULDER, K.RIGHT_HIP, K.RIGHT_KNEE, K.RIGHT_ANKLE),
)


def read_outline(pose: Pose) -> Outline:
    """Measures the outline of a pose.

    Trunk and height use the middle of both sides: side-on, the model swaps left and right for
    single frames, and the middle does not notice.
    """
    marks = pose.marks
    at: list[Point] = [(x, y) for x, y, _ in marks]
    shoulders = middle(at[K.LEFT_SHOULDER], at[K.RIGHT_SHOULDER])
    hips = middle(at[K.LEFT_HIP], at[K.RIGHT_HIP])
    ankles = (at[K.LEFT_ANKLE], at[K.RIGHT_ANKLE])
    ears = middle(at[K.LEFT_EAR], at[K.RIGHT_EAR])
    trunk_px, trunk_deg = dist(hips, shoulders), lean_deg(hips, shoulders)
    limbs, confidence = [], []
    for shoulder, hip, knee, ankle in _LIMB:
        limbs.append(
            Limbs(
                hip_deg=bend_deg(at[shoulder], at[hip], at[knee]),
                knee_deg=bend_deg(at[hip], at[knee], at[ankle]),
                shin_deg=lean_deg(at[ankle], at[knee]),
                thigh_px=dist(at[hip], at[knee]),
                shin_px=dist(at[knee], at[ankle]),
            )
        )
        confidence.append(
            (marks[shoulder][2] + marks[hip][2] + marks[knee][2] + marks[ankle][2]) / 4
        )
    return Outline(
        time_s=pose.time_s,
        height_px=max(ankles[0][1], ankles[1][1]) - shoulders[1],
        lean_deg=trunk_deg,
        trunk_px=trunk_px,
        legs_deg=lean_deg(middle(*ankles), hips),
        leg_px=max(limb.thigh_px + limb.shin_px for limb in limbs),
        neck_deg=turned(lean_deg(shoulders, ears) - trunk_deg),
        shoulders_px=dist(at[K.LEFT_SHOULDER], at[K.RIGHT_SHOULDER]),
        hips_px=dist(at[K.LEFT_HIP], at[K.RIGHT_HIP]),
        hips=hips,
        knees=(at[K.LEFT_KNEE], at[K.RIGHT_KNEE]),
        ankles=ankles,
        limbs=(limbs[0], limbs[1]),
        confidence=(confidence[0], confidence[1]),
        gaze=(at[K.NOSE][0] - ears[0]) / max(trunk_px, 1.0),
        whole_body=_whole_body(pose),
        picture_height_px=pose.size[1],
    )


def _whole_body(pose: Pose) -> bool:
    width, height = pose.size
    return all(
        score >= SEEN and EDGE < x / width < 1 - EDGE and EDGE < y / height < 1 - EDGE
        for x, y, score in (pose.marks[k] for k in _IN_VIEW)
    )
