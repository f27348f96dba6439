"""How an exercise looks when it is done well, and how each of its mistakes looks."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from kiosk.exercises.stick_figure import Arms

Lean = Annotated[float, Meta(ge=-30, le=110)]
Knee = Annotated[float, Meta(ge=0, le=150)]
Bulge = Annotated[float, Meta(ge=-0.3, le=0.3)]
Seconds = Annotated[float, Meta(ge=0, le=5)]
Share = Annotated[float, Meta(ge=0, le=0.8)]

Load = Literal["none", "barbell", "plates", "kettlebell", "rod", "band", "wall"]
Muscle = Literal["glutes", "hamstrings", "lower_back", "core", "quads"]


class Stroke(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rep, by the angles that the checks measure.

    Attributes:
        lean_deg, knee_deg: trunk lean and knee bend at the bottom.
        top_lean_deg: trunk lean between two reps; negative leans back.
        bulge: how far the back rounds at the bottom, in trunk lengths; negative is hollow.
        knees_lead: by which part of a stroke's time the knees are ahead of the trunk.
        down_s, hold_s, up_s, top_s: seconds down, at the bottom, up, and before the next.
    """

    lean_deg: Lean
    knee_deg: Knee
    top_lean_deg: Lean = 0.0
    bulge: Bulge = 0.0
    knees_lead: Share = 0.0
    down_s: Seconds = 1.8
    hold_s: Seconds = 0.5
    up_s: Seconds = 1.4
    top_s: Seconds = 0.9

    @property
    def whole_s(self) -> float:
        """From one descent to the next."""
        return self.down_s + self.hold_s + self.up_s + self.top_s


class Appearance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the screens show of an exercise.

    Attributes:
        arms: where the hands are.
        load: what is held, worn or reached for.
        muscles: those that do the work, the first of them most.
        stroke: a good rep. A test plays it to the coach, who must find no fault in it.
        mistakes: a rep with each mistake, by the check that finds it, as far as a camera can. The
            file says what the mistake changes in the stroke.
    """

    arms: Arms
    load: Load = "none"
    muscles: tuple[Muscle, ...]
    stroke: Stroke
    mistakes: dict[str, Stroke] = {}
