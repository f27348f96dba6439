"""What is known of a rep and of a set once they are over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

HIDDEN = ("hidden_hips", "hidden_knees", "hidden_feet")
"""Reasons that name the joint that is hidden."""


class Verdict(Enum):
    """A check's answer. NOT_ASSESSED always carries a reason that a person understands."""

    OK = "ok"
    FAULT = "fault"
    NOT_ASSESSED = "not_assessed"


class Grade(Enum):
    """What is known of a counted rep: clean only where every main check was judged."""

    CLEAN = "clean"  # all main checks judged, and no fault
    FAULTY = "faulty"  # any fault
    PARTLY = "partly"  # no fault in what was judged, but not every main check was
    UNJUDGED = "unjudged"  # counted, and nothing judged


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One check on one rep; `reason` is the key of the words that say why nothing was assessed.

    The value and the limit it was held against are in `unit`; confidence is 0 to 1.
    """

    verdict: Verdict
    value: float | None = None
    limit: float | None = None
    unit: str | None = None
    confidence: float | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """Seconds down, still at the bottom, and up."""

    eccentric_s: float
    pause_s: float
    concentric_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Medians of the `BodyState` at the bottom of a rep, in its units; None where not measurable.

    Attributes:
        depth: shoulder drop and lean as the counter sees them, 1.0 = full depth of the exercise.
    """

    trunk_lean_deg: float | None = None
    hip_flexion_deg: float | None = None
    knee_flexion_deg: float | None = None
    shin_angle_deg: float | None = None
    hip_travel_legs: float | None = None
    knee_travel_legs: float | None = None
    hip_share: float | None = None
    depth: float | None = None


HINGE_FROM, SQUAT_TO = 0.68, 0.58
"""Hip share of the bend from which a movement is a hinge, and up to which it is a squat. Clean
synthetic hinges have .69 and more, squats .39 to .56; floor deadlifts lie between, .55 to .71."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rep:
    """One movement down and back up, counted or only partial.

    Attributes:
        number: 1, 2, 3 … among the counted reps of its set; a partial carries the number of the
            counted rep before it.
        start_s, bottom_s, end_s: seconds on the source's axis.
        counted: False for a partial rep, which is shown and stored but not counted.
        partial_reason: key of the words that say why it was not counted.
        grade: None for a partial rep.
        score: 0 to 100 from the checks; None where no main check was judged.
        rise_per_s: how fast the shoulders rose, in standing heights a second; None where that was
            not seen. Only to be compared with other reps of the same person in the same place.
    """

    number: int
    start_s: float
    bottom_s: float
    end_s: float
    counted: bool
    tempo: Tempo
    measures: Measures
    partial_reason: str | None = None
    checks: Mapping[str, CheckResult] = field(default_factory=dict)
    grade: Grade | None = None
    score: int | None = None
    rise_per_s: float | None = None

    @property
    def judged(self) -> tuple[str, ...]:
        """The checks that gave a verdict."""
        return tuple(
            check
            for check, result in self.checks.items()
            if result.verdict is not Verdict.NOT_ASSESSED
        )

    @property
    def hidden(self) -> str | None:
        """The reason that names a hidden joint, if it kept a check silent."""
        reasons = {result.reason for result in self.checks.values()}
        return next((reason for reason in HIDDEN if reason in reasons), None)

    @property
    def pattern(self) -> str | None:
        """What it was, whatever was asked for: "hinge", "squat", None between or where unseen."""
        share = self.measures.hip_share
        if share is None or SQUAT_TO < share < HINGE_FROM:
            return None
        return "hinge" if share >= HINGE_FROM else "squat"


class Ended(Enum):
    """Why a set is over."""

    WALKED_OFF = "walked_off"
    IDLE = "idle"
    BUTTON = "button"
    SWITCHED = "switched"
    SOURCE_ENDED = "source_ended"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRecord:
    """A set, under way or over. Grows by replacement: each new rep makes a new record.

    Attributes:
        serial: 1, 2, 3 … since the kiosk started; the same set keeps it.
        exercise: the exercise's id.
        started_s: start of the first rep, seconds on the source's axis.
        ended_s: None while the set is open.
        reps: counted and partial reps in the order they ended.
    """

    serial: int
    exercise: str
    started_s: float
    reps: tuple[Rep, ...]
    ended_s: float | None = None
    ended: Ended | None = None

    @property
    def counted(self) -> tuple[Rep, ...]:
        """The reps that count."""
        return tuple(rep for rep in self.reps if rep.counted)

    @property
    def partials(self) -> tuple[Rep, ...]:
        """The movements that were seen but did not count."""
        return tuple(rep for rep in self.reps if not rep.counted)
