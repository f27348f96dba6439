"""What one frame shows of a back: its profile, or the reason why there is none."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a back is not judged. Each value is the key of its words."""

    TURN_SIDE_ON = "turn_side_on"
    UNCLEAR = "unclear"
    HIDDEN = "hidden"
    ARMS_COVER_BACK = "arms_cover_back"
    BAR_COVERS_BACK = "bar_covers_back"
    NO_REFERENCE = "no_reference"
    NOT_BENT_ENOUGH = "not_bent_enough"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackProfile:
    """The back's contour in one frame.

    Attributes:
        bulge: how the contour bows between hip and shoulder, in standing torso lengths, outwards
            positive. It carries the body's own shape: compare it with the same person's at the
            same lean.
        lean_deg: the trunk's lean from standing.
        knee_deg: the knee's bend from standing.
        confidence: 0 to 1.
    """

    bulge: float
    lean_deg: float
    knee_deg: float
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BackReading:
    """What was read of the back in one frame, and how far the person was turned from side-on."""

    time_s: float
    yaw_deg: float
    back: BackProfile | Reason
