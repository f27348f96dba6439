"""Computes where an exercise's stroke stands at a time, for figures that show how it goes."""

from dataclasses import dataclass

from kiosk.coaching.snapshot import RepPhase
from kiosk.exercises.exercise import Stroke


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a stroke stands; `share` is how much of the phase's time has gone, 0 to 1."""

    lean_deg: float
    knee_deg: float
    bulge: float
    phase: RepPhase
    share: float


def moment(stroke: Stroke, time_s: float) -> Moment:
    """The stroke at a time; reps follow each other for ever, the first one begins at 0.

    Each way is a `smooth_step`.
    """
    phase, share = _phase(stroke, time_s % stroke.whole_s)
    going = {RepPhase.TOP: 0.0, RepPhase.BOTTOM: 1.0}.get(phase, share)
    lag = stroke.knees_lead
    trunk, knee = smooth_step((going - lag) / (1 - lag)), smooth_step(going / (1 - lag))
    if phase is RepPhase.CONCENTRIC:
        trunk, knee = 1 - trunk, 1 - knee
    top = stroke.top_lean_deg
    return Moment(
        lean_deg=top + (stroke.lean_deg - top) * trunk,
        knee_deg=stroke.knee_deg * knee,
        bulge=stroke.bulge * trunk,
        phase=phase,
        share=share,
    )


def _phase(stroke: Stroke, time_s: float) -> tuple[RepPhase, float]:
    for phase, lasts_s in (
        (RepPhase.ECCENTRIC, stroke.down_s),
        (RepPhase.BOTTOM, stroke.hold_s),
        (RepPhase.CONCENTRIC, stroke.up_s),
    ):
        if time_s < lasts_s:
            return phase, time_s / lasts_s
        time_s -= lasts_s
    return RepPhase.TOP, min(1.0, time_s / stroke.top_s) if stroke.top_s else 1.0


def smooth_step(part: float) -> float:
    """0 to 1 as people move between two rests: minimum jerk (Flash and Hogan 1985)."""
    part = min(max(part, 0.0), 1.0)
    return part**3 * (10 - 15 * part + 6 * part * part)
