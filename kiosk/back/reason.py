"""Why a back is not judged."""

from enum import StrEnum


class Reason(StrEnum):
    """Each value is a key of the words that say so."""

    TURN_SIDE_ON = "turn_side_on"
    UNCLEAR = "unclear"
    HIDDEN = "hidden"
    ARMS_COVER_BACK = "arms_cover_back"
    BAR_COVERS_BACK = "bar_covers_back"
    NO_REFERENCE = "no_reference"
    NOT_BENT_ENOUGH = "not_bent_enough"
