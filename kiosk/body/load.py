"""What one bend did to the floor where the hands reached it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReading:
    """One bend, from standing to standing, compared by its pictures.

    Attributes:
        from_s, time_s: when the person last stood before the bend, and stood again after it.
        rest_s: how long the hands rested at their lowest.
        low: how high the lower hand was there above the ankles, in standing heights.
        changed: whether a load left its place on the floor or was set down there; None where that
            could not be seen.
        doubtful: whether so little has changed that a shadow or a foot may have done it.
    """

    from_s: float
    time_s: float
    rest_s: float
    low: float
    changed: bool | None
    doubtful: bool = False
