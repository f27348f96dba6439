"""What can be said of a movement once it is over."""

from collections.abc import Iterable
from statistics import median

from kiosk.body.state import BodyState
from kiosk.coaching.movement import Strokes, Window
from kiosk.coaching.record import Measures, Tempo
from kiosk.exercises.exercise import RepRule


def middle_of(values: Iterable[float | None]) -> float | None:
    """The median of what was measurable; None where nothing was."""
    known = [value for value in values if value is not None]
    return median(known) if known else None


def measures(window: Window, rule: RepRule) -> Measures:
    """Figures at the bottom, each the median of what was measurable there."""
    bottom = window.bottom
    return Measures(
        trunk_lean_deg=middle_of(b.trunk_lean_deg for b in bottom),
        hip_flexion_deg=middle_of(b.hip_flexion_deg for b in bottom),
        knee_flexion_deg=middle_of(b.knee_flexion_deg for b in bottom),
        shin_angle_deg=middle_of(b.shin_angle_deg for b in bottom),
        hip_travel_legs=middle_of(b.hip_travel_legs for b in bottom),
        knee_travel_legs=middle_of(b.knee_travel_legs for b in bottom),
        hip_share=middle_of(b.hip_share for b in bottom),
        depth=middle_of(depth_of(b, rule) for b in bottom),
    )


def depth_of(body: BodyState, rule: RepRule) -> float:
    """0 standing, 1 at full depth: by the lean or by the drop, whichever shows more."""
    lean = abs(body.trunk_lean_deg or 0.0) / rule.full_lean_deg
    return max(0.0, lean, (body.shoulder_drop or 0.0) / rule.full_drop)


def tempo(strokes: Strokes) -> Tempo:
    """Seconds down, at the bottom, and up."""
    return Tempo(
        eccentric_s=strokes.bottom_from_s - strokes.start_s,
        pause_s=strokes.bottom_to_s - strokes.bottom_from_s,
        concentric_s=strokes.end_s - strokes.bottom_to_s,
    )
