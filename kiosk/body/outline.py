"""Turns seventeen keypoints into an outline in pixels and degrees."""

from math import dist, hypot

from kiosk.body.geometry import Point, lean_deg, middle, turned, vector
from kiosk.body.pose import SIDES, Keypoint, Pose
from kiosk.body.state import Limbs, Outline

EDGE = 0.005
"""A keypoint this near the border, in parts of the picture, may be cut off."""
SEEN = 0.15
"""Least score of a keypoint that is seen; a hidden one is guessed with less."""

HAND_SEEN = 0.2
"""Least score of a wrist that is believed."""

K = Keypoint
_IN_VIEW = (K.NOSE, K.LEFT_HIP, K.RIGHT_HIP, K.LEFT_ANKLE, K.RIGHT_ANKLE)


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
    limbs, confidence, scores = [], [], []
    for shoulder, hip, knee, ankle in SIDES:
        limbs.append(
            Limbs(
                trunk=vector(at[hip], at[shoulder]),
                thigh=vector(at[knee], at[hip]),
                shin=vector(at[ankle], at[knee]),
            )
        )
        leg = (marks[hip][2], marks[knee][2], marks[ankle][2])
        scores.append(leg)
        confidence.append((marks[shoulder][2] + leg[0] + leg[1] + leg[2]) / 4)
    wrists = (marks[K.LEFT_WRIST], marks[K.RIGHT_WRIST])
    hand = max((y for _, y, score in wrists if score >= HAND_SEEN), default=None)
    return Outline(
        time_s=pose.time_s,
        height_px=max(ankles[0][1], ankles[1][1]) - shoulders[1],
        lean_deg=trunk_deg,
        trunk_px=trunk_px,
        legs_deg=lean_deg(middle(*ankles), hips),
        leg_px=max(hypot(*limb.thigh) + hypot(*limb.shin) for limb in limbs),
        neck_deg=turned(lean_deg(shoulders, ears) - trunk_deg),
        shoulders_px=dist(at[K.LEFT_SHOULDER], at[K.RIGHT_SHOULDER]),
        hips_px=dist(at[K.LEFT_HIP], at[K.RIGHT_HIP]),
        toward_px=at[K.LEFT_SHOULDER][0] - at[K.RIGHT_SHOULDER][0],
        hips=hips,
        knees=(at[K.LEFT_KNEE], at[K.RIGHT_KNEE]),
        ankles=ankles,
        limbs=(limbs[0], limbs[1]),
        confidence=(confidence[0], confidence[1]),
        scores=(scores[0], scores[1]),
        hands_up_px=None if hand is None else max(ankles[0][1], ankles[1][1]) - hand,
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
