"""The body at one moment, in angles and lengths that do not depend on the picture's scale.

Structs, since a frame makes four or five of them, and a frozen dataclass sets its many fields one
by one. None can hold itself, so that the garbage collector need not look at them.
"""

from enum import IntEnum

import msgspec

from kiosk.body.geometry import Point


class Side(IntEnum):
    """The person's own side."""

    LEFT = 0
    RIGHT = 1


LegScores = tuple[float, float, float]
"""Scores of hip, knee and ankle."""


class Limbs(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Trunk and leg of one side, from lower to upper joint, in pixels to the right and up."""

    trunk: Point
    thigh: Point
    shin: Point


class Angles(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How a body is bent, in degrees in its sagittal plane; None where a limb has no length.

    Attributes:
        lean_deg: hips to shoulders from the vertical, picture's right positive.
        hip_deg: between trunk and thigh, 0 straight.
        knee_deg: between thigh and shin, 0 straight.
        shin_deg: ankle to knee from the vertical, picture's right positive.
    """

    lean_deg: float
    hip_deg: float | None
    knee_deg: float | None
    shin_deg: float


class Outline(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One pose read as a body, before anything is known of the person. Lengths in pixels.

    Attributes:
        time_s: the pose's time.
        height_px: from the lower ankle up to the middle of the shoulders; negative upside down.
        lean_deg: middle of hips → middle of shoulders from the vertical, picture's right positive.
        trunk_px: length of that line.
        legs_deg: middle of ankles → middle of hips from the vertical, picture's right positive.
        leg_px: hip to ankle over the knee, of the longer-looking side.
        neck_deg: middle of shoulders → middle of ears, against the trunk's line; the picture's
            right positive.
        shoulders_px, hips_px: width between the two sides.
        toward_px: how far the left shoulder is to the picture's right of the right one: positive
            of somebody who faces the camera, negative of one seen from behind.
        hips: the middle of the hips.
        knees, ankles: (left, right).
        limbs: (left, right).
        confidence: (left, right), mean score of shoulder, hip, knee and ankle.
        scores: (left, right), each of hip, knee and ankle.
        hands_up_px: the lower hand above the lower ankle; None where no wrist is seen.
        gaze: nose ahead of the ears in trunk lengths, picture's right positive.
        whole_body: head, hips and both feet are seen inside the picture.
        picture_height_px: the picture's own height.
    """

    time_s: float
    height_px: float
    lean_deg: float
    trunk_px: float
    legs_deg: float
    leg_px: float
    neck_deg: float
    shoulders_px: float
    hips_px: float
    toward_px: float
    hips: Point
    knees: tuple[Point, Point]
    ankles: tuple[Point, Point]
    limbs: tuple[Limbs, Limbs]
    confidence: tuple[float, float]
    scores: tuple[LegScores, LegScores]
    hands_up_px: float | None
    gaze: float
    whole_body: bool
    picture_height_px: int


class Standing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The same person's own upright stance: what every angle is judged against.

    Attributes:
        outline: medians over the stretch of standing.
        facing: +1 faces the picture's right, -1 its left, None towards the camera or unknown.
        yaw_deg: turned away from side-on, 0 side-on to 90 facing the camera.
        angles: (left, right), of the outline; what is measured is minus these.
        still: whether the body held still. Of one in motion the lean is off by 7 to 12 degrees.
        quiet: whether it did so for a whole quiet stretch.
    """

    outline: Outline
    facing: int | None
    yaw_deg: float
    angles: tuple[Angles, Angles]
    still: bool
    quiet: bool


class BodyState(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The body at one moment, minus the same person's standing; None where not measurable.

    Attributes:
        time_s: the pose's time in seconds.
        outline: what it was read from.
        side: the side that is seen better, chosen slowly.
        confidence: mean score of that side's shoulder, hip, knee and ankle.
        standing: the baseline in force; None until an upright stretch was seen.
        yaw_deg: turned away from side-on, 0 to 90, as last seen while upright.
        trunk_lean_deg: forward positive; without a known facing, the size of the lean.
        shoulder_drop: how far the shoulders have come down, in standing heights.
        hip_flexion_deg, knee_flexion_deg: more bent than when standing is positive.
        shin_angle_deg: forward positive.
        hip_travel_legs: backwards positive, in leg lengths, against the ankles.
        knee_travel_legs: forward positive, in leg lengths, against the ankles.
        hip_share: hip / (hip + knee) of the bend; None below 20 degrees at the hip, where the
            ratio is mostly noise.
        stance_hips: distance of the feet in hip widths, as last seen from the front.
        feet_moved: how far the farther-moved foot is from where it stood, in standing heights.
    """

    time_s: float
    outline: Outline
    side: Side
    confidence: float
    standing: Standing | None
    yaw_deg: float
    trunk_lean_deg: float | None = None
    shoulder_drop: float | None = None
    hip_flexion_deg: float | None = None
    knee_flexion_deg: float | None = None
    shin_angle_deg: float | None = None
    hip_travel_legs: float | None = None
    knee_travel_legs: float | None = None
    hip_share: float | None = None
    stance_hips: float | None = None
    feet_moved: float | None = None
