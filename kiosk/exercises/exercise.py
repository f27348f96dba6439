"""Defines what an exercise file holds. Every figure stands there, with its source beside it."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from kiosk.body.smoothing import OneEuro
from kiosk.exercises.stick_figure import Arms

Degrees = Annotated[float, Meta(ge=0, le=180)]
Seconds = Annotated[float, Meta(gt=0, le=60)]
Heights = Annotated[float, Meta(gt=0, le=2)]
Lean = Annotated[float, Meta(ge=-30, le=110)]
StrokeSeconds = Annotated[float, Meta(ge=0, le=5)]
# braces would be filled in, and a control character cannot be drawn; the longest text has 83
Text = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^{}\x00-\x1f\x7f]+\Z")]
CheckId = Literal[
    "knee_dominance",
    "shallow",
    "no_lockout",
    "lean_back",
    "rounded_back",
    "over_arched_back",
    "hips_late",
    "hips_shoot_up",
    "stance",
    "tempo",
    "head_up",
]
Measure = Literal[
    "knee_flexion",
    "hip_share",
    "hip_drop_share",
    "hip_sink",
    "hips_above_knees",
    "trunk_lean",
    "shoulder_drop",
    "lean_after",
    "lean_back",
    "hips_lead",
    "hips_rise_first",
    "neck",
    "stance",
    "eccentric",
    "concentric",
    "back_bulge",
]
Phase = Literal["setup", "first_third", "bottom", "ascent", "top", "whole"]
Unit = Literal["deg", "s", "ratio", "hip_widths", "trunks"]
Load = Literal["none", "barbell", "plates", "kettlebell", "rod", "band", "wall"]
Muscle = Literal["glutes", "hamstrings", "lower_back", "core", "quads"]
Trait = Literal[
    "hip_share",
    "hip_drop_share",
    "hip_sink",
    "lasts_s",
    "pause_s",
    "dead_stop_s",
    "hands_top",
    "hands_bottom",
    "loaded",
]
LIMITS: dict[str, tuple[float, float]] = {
    "deg": (-180, 180),
    "s": (0, 60),
    "ratio": (-1, 1),
    "hip_widths": (0, 5),
    "trunks": (-1, 1),
}
"""What a limit may be in each unit; beyond, it is a slip of the pen."""

LEAST_FPS = 15.0
"""What every exercise asks for: the figures at a bottom are medians of five frames then."""


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
        from_floor: whether what is lifted lies on the floor between reps. Then a rep is the ascent,
            also of somebody who is first seen at the floor, and time there is unlimited.
        shortest_s, longest_s: from top to top, or the ascent of a lift from the floor.
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
    from_floor: bool = False
    shortest_s: Seconds
    longest_s: Seconds
    fold: Annotated[float, Meta(ge=0, le=1)]
    fold_lean_deg: Degrees
    feet_moved: Heights
    knees_apart: Heights


class CheckRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that is checked in every rep.

    Attributes:
        id: what is checked.
        measure: the figure that is held against the limit, a name of `coaching.measures`.
        phase: the part of the rep in which it is measured.
        above, below: the limit, a fault beyond it; just one of the two is given.
        unit: of the limit.
        band: nearer to the limit than this it gives no verdict.
        least_yaw_deg, most_yaw_deg: how far the person may be turned from side-on.
        least_hip_share: below this share of the hip in the bend it gives no verdict: the
            movement was another one.
        quiet_knee_deg: knees that bend less than this are quiet, and no fault is found in them.
        least_fps: frames a second below which it gives no verdict.
        priority: which of several faults is cued first, 1 before 2.
        speak: faults among the last reps before it is cued, as [faults, reps].
        cost: points that a fault takes from a rep's score.
        drill: id of the drill that helps; empty for none.
        experimental: measured, and left off until it is good enough.
        source: where the figures come from.
    """

    id: CheckId
    measure: Measure
    phase: Phase
    above: float | None = None
    below: float | None = None
    unit: Unit
    band: Annotated[float, Meta(ge=0)] = 0.0
    least_yaw_deg: Degrees = 0.0
    most_yaw_deg: Degrees = 90.0
    least_hip_share: Annotated[float, Meta(ge=0, le=1)] = 0.0
    quiet_knee_deg: Degrees = 0.0
    least_fps: Annotated[float, Meta(ge=0, le=60)] = 0.0
    priority: Annotated[int, Meta(ge=1, le=20)]
    speak: tuple[Annotated[int, Meta(ge=1)], Annotated[int, Meta(ge=1, le=10)]] = (1, 1)
    cost: Annotated[int, Meta(ge=0, le=100)] = 20
    drill: str = ""
    experimental: bool = False
    source: Annotated[str, Meta(min_length=1)]

    @property
    def limit(self) -> float:
        """The limit, on whichever side it lies."""
        return self.above if self.above is not None else self.below or 0.0

    def __post_init__(self) -> None:
        if (self.above is None) == (self.below is None):
            raise ValueError(f'check "{self.id}" needs either `above` or `below`')
        low, high = LIMITS[self.unit]
        if not low <= self.limit <= high:
            raise ValueError(
                f'check "{self.id}": limit {self.limit:g} is not within {low} to {high} {self.unit}'
            )
        departs = self.limit if self.above is not None else -self.limit
        if self.measure == "back_bulge" and departs <= 0:
            raise ValueError(
                f'check "{self.id}": the back departs by 0 from the person\'s own good reps; '
                "give `above` more than 0, or `below` less"
            )
        if self.speak[0] > self.speak[1]:
            raise ValueError(f'check "{self.id}": speak asks for more faults than reps')


def rules_by_priority(rules: Iterable[CheckRule]) -> tuple[CheckRule, ...]:
    """Sorts the rules that are not experimental, best priority first, one for each check."""
    kept: dict[str, CheckRule] = {}
    for rule in sorted(rules, key=lambda rule: rule.priority):
        if not rule.experimental:
            kept.setdefault(rule.id, rule)
    return tuple(kept.values())


class TargetRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A wall for the hips to reach behind the heels, all in leg lengths of hip travel.

    Attributes:
        first_legs: where it stands at first.
        step_legs: how much farther it moves after each success.
        most_legs: the farthest it goes.
    """

    first_legs: Annotated[float, Meta(gt=0, le=1)]
    step_legs: Annotated[float, Meta(ge=0, le=0.2)]
    most_legs: Annotated[float, Meta(gt=0, le=1)]

    def __post_init__(self) -> None:
        if self.most_legs < self.first_legs:
            raise ValueError("target.most_legs must not be smaller than target.first_legs")


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
    knee_deg: Annotated[float, Meta(ge=0, le=150)]
    top_lean_deg: Lean = 0.0
    bulge: Annotated[float, Meta(ge=-0.3, le=0.3)] = 0.0
    knees_lead: Annotated[float, Meta(ge=0, le=0.8)] = 0.0
    down_s: StrokeSeconds = 1.8
    hold_s: StrokeSeconds = 0.5
    up_s: StrokeSeconds = 1.4
    top_s: StrokeSeconds = 0.9

    @property
    def whole_s(self) -> float:
        """Seconds from one descent to the next."""
        return self.down_s + self.hold_s + self.up_s + self.top_s


class Appearance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the screens show of an exercise.

    Attributes:
        arms: where the hands are.
        load: what is held, worn or reached for.
        muscles: those that do the work, the first of them most.
        stroke: a good rep. A test plays it to the coach, who must find no fault in it.
        mistakes: a rep with each mistake, by the check that finds it, as far as a camera can. The
            file holds what the mistake changes in the stroke.
    """

    arms: Arms
    load: Load = "none"
    muscles: tuple[Muscle, ...]
    stroke: Stroke
    mistakes: dict[str, Stroke] = {}


class PlanRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is planned where nobody has planned otherwise: a habit of training, no limit.

    Attributes:
        reps: of one set.
        sets: one after the other.
        rest_s: seconds between them.
    """

    reps: Annotated[int, Meta(ge=1, le=100)]
    sets: Annotated[int, Meta(ge=1, le=20)]
    rest_s: Annotated[float, Meta(ge=10, le=900)]


class WeightRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a load is asked for after a set.

    Attributes:
        counts: all that is lifted, or each of two dumbbells.
        first_kg: what the first press of + gives to whoever has entered none yet.
        step_kg: what one press adds or takes. A pair of the smallest plates that every gym has;
            kettlebells come in fours.
    """

    counts: Literal["total", "each"] = "total"
    first_kg: Annotated[float, Meta(gt=0, le=100)]
    step_kg: Annotated[float, Meta(gt=0, le=20)] = 2.5


class ExerciseWords(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What users read and hear of an exercise, in one language.

    Attributes:
        name: as the screens show it.
        three: what matters on the way down, at the bottom, and on the way up.
        steps: to learn it by.
        line: what a drill asks for, in a sentence; a lift has none.
        offered_as: a drill's name where it is offered; its plain name by default.
        cue: by check, what to change, in at most four words.
        praise: by check, spoken once when what was cued has become good, in at most four words.
        mistake: by check, the heading of its page in the lesson.
        advice: by check, the one thing to work on after a set.
    """

    name: Text
    three: tuple[Text, Text, Text]
    steps: Annotated[tuple[Text, ...], Meta(min_length=3, max_length=4)]
    line: Text | None = None
    offered_as: Text | None = None
    cue: dict[CheckId, Text] = {}
    praise: dict[CheckId, Text] = {}
    mistake: dict[CheckId, Text] = {}
    advice: dict[CheckId, Text] = {}


class Exercise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One exercise: its file, merged with the files that it extends.

    Attributes:
        id: the file's name without its ending.
        order: place in the row that the exercise button walks through.
        kind: a lift, or a drill that is offered when its mistake keeps coming.
        pattern: how the bend is to be shared between hips and knees; "either" is not judged.
        depth_by: what measures how deep a rep went: the trunk's lean, or the shoulders' drop.
        target: a wall for the hips to reach; it takes the place of the depth.
        smoothing: constants for the keypoints.
        rep: when a movement is a rep.
        appearance: what the screens draw.
        checks: what is checked in every rep.
        main: the checks that must all be judged before a rep may be called clean.
        fits: by trait, the least and the most that its reps usually show: shares of the bend and of
            the shoulders' drop, seconds from top to top, at the bottom, and at rest with a load on
            the floor, hands below the shoulders in trunk lengths when standing, hands above the
            ankles in standing heights at the bottom, and 0 for empty hands to 1 for a load. Empty:
            the exercise is never suggested, nor another one in its place.
        plan: reps, sets and rest where nobody has planned otherwise.
        weight: how its load is asked for; None where it has none worth entering.
        words: by language; what it leaves out is taken from the words of every exercise.
        sources: where each group of figures comes from.
    """

    id: str
    order: int
    kind: Literal["lift", "drill"] = "lift"
    pattern: Literal["hinge", "squat", "either"] = "either"
    depth_by: Literal["lean", "drop"] = "lean"
    target: TargetRule | None = None
    smoothing: OneEuro
    rep: RepRule
    appearance: Appearance
    checks: tuple[CheckRule, ...] = ()
    main: tuple[CheckId, ...] = ()
    fits: dict[Trait, tuple[float, float]] = {}
    plan: PlanRule
    weight: WeightRule | None = None
    words: Mapping[str, ExerciseWords]
    sources: dict[str, str]

    def __post_init__(self) -> None:
        for trait, (low, high) in self.fits.items():
            if not low < high:
                raise ValueError(f"fits.{trait} must begin with the smaller figure")

    @property
    def loaded(self) -> bool:
        """Whether a weight is held that comes from the floor."""
        return self.appearance.load in ("barbell", "plates", "kettlebell")

    @property
    def plates(self) -> bool:
        """Whether what is held has weight plates as a rule, which hide the legs from the side."""
        return self.appearance.load in ("barbell", "plates")

    @property
    def needed_fps(self) -> float:
        """Frames a second at which every check can be assessed."""
        return max([LEAST_FPS, *(check.least_fps for check in self.checks)])

    @property
    def most_back_yaw_deg(self) -> float | None:
        """Turned farther from side-on no back is judged; None where none is at all."""
        backs = [rule for rule in self.checks if rule.measure == "back_bulge"]
        return max((rule.most_yaw_deg for rule in backs if not rule.experimental), default=None)
