"""Judges the back in each rep, from readings that were taken elsewhere. Pure."""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from kiosk.body.back import LEAST_LEAN_DEG, BackProfile, BackReading, Reason
from kiosk.body.state import BodyState, Standing
from kiosk.coaching.back_reference import BackReference
from kiosk.coaching.checks import BACK_MEASURE, held_against, not_assessed
from kiosk.coaching.measures import Measured
from kiosk.coaching.record import CheckResult, Rep
from kiosk.exercises.exercise import CheckRule, Exercise

MOST_READINGS = 40
"""Readings that are kept: two long reps' worth, however long nobody asks for them."""
REST_S = 300.0
"""Whoever is away for longer has not rested between two sets. Our default: two to five minutes are
usual."""
SAME_PLACE = 0.5
"""Hips farther from where they stood than this, in standing heights at the shoulder, are in another
place: the step or two by which people miss where they stood before. Our default."""
SAME_SIZE = 0.06
"""Most that a returned person's standing height may differ: adults differ by 4 in 100 (standard
deviation), and half a step nearer to a camera at three metres makes as much. Our default."""
SAME_CLOTHES, OTHER_CLOTHES = 0.07, 0.2
"""Most that the colours of clothes may differ, as the mean over colours and parts of the trunk: of
whoever returns, and of whoever was in sight all the time. As a back rounds, other parts of clothes
and arms lie along the trunk: on a recorded film that alone made .10."""


@dataclass(slots=True)
class _Owner:
    """Whom the references belong to, as they last stood before a judged rep.

    Attributes:
        references: by exercise and check.
    """

    standing: Standing | None = None
    clothes: tuple[float, ...] = ()
    seen_s: float = -math.inf
    references: dict[tuple[str, str], BackReference] = field(default_factory=dict)


class BackCheck:
    """Holds each rep against the same person's own good reps of the same exercise.

    The references outlast sets, changes of the exercise and a rest out of sight: whoever returns is
    the same person in the same place, of the same size, facing the same way, in the same clothes.

    Args:
        chosen: the person said who they are, by the place that they chose: they need not stand
            where they stood, and may be away for as long as the place is theirs.
    """

    def __init__(self, *, chosen: bool = False) -> None:
        self._chosen = chosen
        self._readings: deque[BackReading] = deque(maxlen=MOST_READINGS)
        self._owner = _Owner()
        self._standing: Standing | None = None
        self._returned = False

    def begin(self) -> None:
        """Begins with whoever is there now, who need not be the one before."""
        self._returned, self._standing = True, None
        self._readings.clear()

    def update(self, body: BodyState | None) -> None:
        """Takes the body of every pose."""
        if body is not None and body.standing is not None:
            self._standing = body.standing

    def record(self, reading: BackReading) -> None:
        """Keeps a reading for the rep that it lies in."""
        self._readings.append(reading)

    def judge(self, rep: Rep, exercise: Exercise) -> dict[str, CheckResult]:
        """The checks of the back on a finished rep, which then joins the reference if it is good.

        A check that the rep has answered already, with why it cannot be judged, is left out.
        """
        readings = [r for r in self._readings if rep.start_s <= r.time_s <= rep.end_s]
        rules = [
            rule
            for rule in exercise.checks
            if rule.measure == BACK_MEASURE and rule.id not in rep.checks
        ]
        if not readings:
            return {rule.id: not_assessed(_unread(rep)) for rule in rules}
        self._identify(rep, [r.back for r in readings if isinstance(r.back, BackProfile)])
        return {rule.id: self._judge(exercise.id, rule, readings) for rule in rules}

    def _judge(self, exercise_id: str, rule: CheckRule, readings: list[BackReading]) -> CheckResult:
        reference = self._owner.references.setdefault(
            (exercise_id, rule.id), BackReference(abs(rule.limit))
        )
        backs = [_side_on(reading, rule) for reading in readings]
        departure = reference.judge(backs)
        reference.learn(backs)
        if isinstance(departure, Reason):
            return not_assessed(departure)
        limit = departure.limit if rule.above is not None else -departure.limit
        return held_against(Measured(departure.bulge, 0.0), rule, limit, departure.confidence)

    def _identify(self, rep: Rep, profiles: list[BackProfile]) -> None:
        """Forgets the references if this rep is somebody else's."""
        if not profiles:
            return
        owner, clothes = self._owner, _middle([profile.clothes for profile in profiles])
        known = bool(clothes and owner.clothes)
        asked = self._returned and not self._chosen
        most = SAME_CLOTHES if asked else OTHER_CLOTHES
        same = not known or _apart(clothes, owner.clothes) <= most
        if self._chosen and self._standing is not None and owner.standing is not None:
            same = same and self._standing.facing == owner.standing.facing
        elif asked and owner.standing is not None:
            rested = known and rep.start_s - owner.seen_s <= REST_S
            same = same and rested and _same_stance(self._standing, owner.standing)
        if not same:
            owner = self._owner = _Owner()
        self._returned = False
        owner.standing, owner.seen_s = self._standing, rep.end_s
        owner.clothes = owner.clothes or clothes


def _side_on(reading: BackReading, rule: CheckRule) -> BackProfile | Reason:
    """What was read, or that the person was turned farther than the rule allows."""
    seen = rule.least_yaw_deg <= reading.yaw_deg <= rule.most_yaw_deg
    return reading.back if seen else Reason.TURN_SIDE_ON


def _unread(rep: Rep) -> Reason:
    """Why a rep has no reading at all."""
    lean_deg = rep.measures.trunk_lean_deg
    shallow = lean_deg is not None and lean_deg < LEAST_LEAN_DEG
    return Reason.NOT_BENT_ENOUGH if shallow else Reason.NO_BACK_LINE


def _same_stance(now: Standing | None, then: Standing) -> bool:
    """Whether place, size and facing are those of the same person after a rest."""
    if now is None or now.facing != then.facing:
        return False
    here, there = now.outline, then.outline
    height = max(there.height_px, 1.0)
    return (
        math.dist(here.hips, there.hips) <= SAME_PLACE * height
        and abs(here.height_px / height - 1) <= SAME_SIZE
    )


def _middle(clothes: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    """The medians of each colour; empty where none were read."""
    read = [one for one in clothes if one]
    return tuple(median(column) for column in zip(*read, strict=True)) if read else ()


def _apart(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """How far two readings of clothes differ, as the mean over their figures."""
    return sum(abs(x - y) for x, y in zip(a, b, strict=True)) / len(a)
