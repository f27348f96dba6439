"""What an exercise file holds. Every figure stands in the file, with its source beside it."""

from typing import Annotated

from msgspec import Meta, Struct

from kiosk.pose.smoothing import OneEuro

Degrees = Annotated[float, Meta(ge=0, le=180)]
Seconds = Annotated[float, Meta(gt=0, le=60)]
Heights = Annotated[float, Meta(gt=0, le=2)]


class RepRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a movement is a rep.

    The counter follows one signal, the bend: the mean of the trunk's lean in degrees and of the
    shoulders' drop times `drop_deg`. Neither alone counts everything: the lean misses front views
    and squats, the drop counts ghosts when plates hide the hip.

    Attributes:
        drop_deg: degrees that a drop by one whole standing height is worth.
        bottom_deg: least bend at the bottom for a rep that counts.
        top_deg: most bend that still is a top.
        partial_deg: a smaller movement is none at all; from here to bottom_deg it is a partial rep.
        full_lean_deg: trunk lean of the exercise's full depth, the end of the depth gauge.
        full_drop: shoulder drop of the exercise's full depth, in standing heights.
        shortest_s, longest_s: from top to top.
        fold: least shortening of the trunk at the bottom in standing heights, for views from the
            front, or
        fold_lean_deg: least lean seen there; 0 where the trunk may stay upright.
        feet_moved: most that a foot may move from top to bottom, in standing heights.
        knees_apart: most that the knees may differ in height at the bottom, in standing heights.
    """

    drop_deg: Annotated[float, Meta(gt=0, le=400)]
    bottom_deg: Degrees
    top_deg: Degrees
    partial_deg: Degrees
    full_lean_deg: Degrees
    full_drop: Heights
    shortest_s: Seconds
    longest_s: Seconds
    fold: Annotated[float, Meta(ge=0, le=1)]
    fold_lean_deg: Degrees
    feet_moved: Heights
    knees_apart: Heights


class Exercise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One exercise, as its file says. Names and texts stand in the words table under its id.

    Attributes:
        id: the file's name without its ending.
        order: place in the row that the exercise button walks through.
        smoothing: constants for the keypoints.
        rep: when a movement is a rep.
        sources: where each group of figures comes from.
    """

    id: str
    order: int
    smoothing: OneEuro
    rep: RepRule
    sources: dict[str, str]
