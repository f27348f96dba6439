"""All that a screen may know of the coach at one moment; immutable, so threads may share it."""

from dataclasses import dataclass
from enum import Enum

from kiosk.body.pose import Pose
from kiosk.coaching.cues import Cue
from kiosk.coaching.record import Rep, SetRecord
from kiosk.coaching.rep_pair import RepPair
from kiosk.coaching.set_summary import Summary


class Stage(Enum):
    """Where a walk-up session stands."""

    WAITING = "waiting"  # nobody there
    FRAMING = "framing"  # somebody, not yet placed well
    READY = "ready"  # placed well; stands still for the baseline, or is about to begin
    SET = "set"
    SUMMARY = "summary"


class RepPhase(Enum):
    """Where the movement stands."""

    TOP = "top"
    ECCENTRIC = "eccentric"
    BOTTOM = "bottom"
    CONCENTRIC = "concentric"


@dataclass(frozen=True, slots=True)
class FramingStep:
    """One thing to put right before a set, and whether it is right now."""

    name: str  # whole_body | distance | side_on | alone | still
    met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The coach at one moment.

    Attributes:
        pose: the smoothed pose to draw as a stick figure; None when nobody is there.
        stillness: 0 to 1, how much of the standing baseline has been gathered.
        phase_s: seconds since that phase began; 0 before the first movement.
        depth: 0 standing, 1 the exercise's full depth, live; may exceed 1. In a drill with a wall,
            how much of the way to it the hips have gone.
        taps: how often the wall was reached since the drill was chosen.
        count: counted reps of the set.
        partials: movements of the set that did not count.
        last: the newest rep or partial of the set.
        current: the set under way, or the one that the summary shows.
        hip_share: hip / (hip + knee) of the bend right now; None near standing or unseen.
        drill: id of the drill on offer, because its mistake keeps coming.
        slower: how much slower the last two reps were than the fastest of the set, as a part of its
            speed; None while they are not.
        suggested: id of the exercise that the last movements fit better than the chosen one.
        bystander: somebody stands beside the person in their set.
        pair: how the worst and the best rep were seen, while the summary shows; it comes some steps
            after the summary. None where no rep had a fault. Nothing else may hold it, so that it
            is gone with the summary.
    """

    time_s: float
    stage: Stage
    exercise: str
    pose: Pose | None = None
    framing: tuple[FramingStep, ...] = ()
    stillness: float = 0.0
    phase: RepPhase = RepPhase.TOP
    phase_s: float = 0.0
    depth: float = 0.0
    taps: int = 0
    count: int = 0
    partials: int = 0
    last: Rep | None = None
    current: SetRecord | None = None
    hip_share: float | None = None
    cue: Cue | None = None
    drill: str | None = None
    slower: float | None = None
    suggested: str | None = None
    bystander: bool = False
    summary: Summary | None = None
    pair: RepPair | None = None
