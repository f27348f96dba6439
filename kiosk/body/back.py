"""What one frame shows of a back: its profile, or the reason why there is none."""

from dataclasses import dataclass
from enum import StrEnum

LEAST_LEAN_DEG = 36.0
"""Less bent, arms and clothes hang before the back, and a bow hardly shows. A deadlift with bent
knees is often no deeper than 45 degrees, and a stiff-legged one with a round back, whose trunk is
its chord, no deeper than 50: from 40 on too few frames are left to measure."""


class Reason(StrEnum):
    """Why a back is not judged. Each value is the key of its words."""

    TURN_SIDE_ON = "turn_side_on"
    UNCLEAR = "unclear"
    HIDDEN = "hidden"
    ARMS_COVER_BACK = "arms_cover_back"
    BAR_COVERS_BACK = "bar_covers_back"
    NO_REFERENCE = "no_reference"
    NOT_BENT_ENOUGH = "not_bent_enough"
    NO_BACK_LINE = "no_back_line"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackProfile:
    """The back's contour in one frame.

    Attributes:
        bulge: how the contour bows between hip and shoulder, in standing torso lengths, outwards
            positive. It carries the body's own shape: compare it with the same person's at the
            same lean.
        lean_deg: the trunk's lean from standing.
        hip_drop: how far the hips have come down from standing, in standing heights: what bent
            knees do.
        confidence: 0 to 1.
        clothes: colours of the trunk from hip to shoulder, as R G B of 0 to 1 of each part in turn;
            empty where they were not read.
    """

    bulge: float
    lean_deg: float
    hip_drop: float
    confidence: float
    clothes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BackReading:
    """What was read of the back in one frame, and how far the person was turned from side-on."""

    time_s: float
    yaw_deg: float
    back: BackProfile | Reason
