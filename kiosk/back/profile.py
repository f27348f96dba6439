"""What one look at a back gives."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BackProfile:
    """The back line in one frame.

    Attributes:
        time_s: the frame's time.
        bulge: how the contour bows between hip and shoulder, in standing torso lengths, outwards
            positive. It carries the body's own shape: compare it with the same person's at the
            same lean.
        lean_deg: the trunk's lean from standing.
        knee_deg: the knee's bend from standing.
        confidence: 0 to 1.
    """

    time_s: float
    bulge: float
    lean_deg: float
    knee_deg: float
    confidence: float
