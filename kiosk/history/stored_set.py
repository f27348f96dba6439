"""What history tells of a set when it is looked at again."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSet:
    """One set as a line of history.

    Attributes:
        id: the row's number in the file, rising.
        exercise: the exercise's id.
        started_at: local time with its offset.
        duration_s: first rep's start to the set's end; None while open.
        ended: how it ended, a value of `Ended`; None while open.
        reps: counted reps.
        partials: movements that did not count.
        trunk_lean_deg: mean over the counted reps, None where nothing was measured.
        tempo_s: mean of (eccentric, pause, concentric) over the counted reps.
        score: mean over the reps that have one.
    """

    id: int
    exercise: str
    started_at: datetime
    duration_s: float | None
    ended: str | None
    reps: int
    partials: int
    trunk_lean_deg: float | None
    tempo_s: tuple[float, float, float] | None
    score: int | None
