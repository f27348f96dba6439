"""Follows who trains, in which set of how many, and how long since the last one. Pure.

Knows people only by the place that they chose, never by what they look like.
"""

import math
from collections.abc import Callable

from msgspec import Struct

from kiosk.training.facts import GUEST, Facts
from kiosk.training.plan import Plan

GUEST_AGAIN_S = 300.0
"""Nobody there for so long, and a guest is next: longer than a usual rest, as in `REST_S` of the
back's reference."""
FORGOTTEN_S = 600.0
"""Nobody there for so long, and nobody rests any more."""
VISIT_S = 3600.0
"""Whoever has done no set for so long begins a new visit: their sets are counted anew."""


class Rest(Struct, frozen=True):
    """A rest under way.

    Attributes:
        since_s: seconds since the set ended.
        planned_s: seconds that it is to last.
        counts_up: the first are shown, and not how much is left.
    """

    since_s: float
    planned_s: float
    counts_up: bool = False

    @property
    def over(self) -> bool:
        """Whether the planned rest is over."""
        return self.since_s >= self.planned_s


class _Visit:
    """One place's sets, from coming to leaving.

    Attributes:
        ended_s: when the last set ended; minus infinity before the first.
        exercise: of that set.
        sets: how many of each exercise.
    """

    def __init__(self) -> None:
        self.ended_s = -math.inf
        self.exercise: str | None = None
        self.sets: dict[str, int] = {}


class Visits:
    """All who share the mirror. Times are seconds of one clock that only goes forward.

    Args:
        plan_for: the plan of a place and an exercise.

    Attributes:
        lifter: the place that is chosen.
        ended: whether nobody has been there for so long that whoever comes is another guest.
    """

    def __init__(self, plan_for: Callable[[int, str], Plan]) -> None:
        self.lifter = GUEST
        self.ended = False
        self._plan_for = plan_for
        self._visits: dict[int, _Visit] = {}
        self._seen_s = -math.inf

    def choose(self, lifter: int, now_s: float) -> None:
        """Takes the place of whoever trains from now on. A set under way keeps its own."""
        self.lifter, self._seen_s, self.ended = lifter, now_s, False

    def update(self, now_s: float, *, present: bool) -> None:
        """Goes on to this moment; somebody is present who is seen or presses a button."""
        if present:
            self._seen_s = now_s
        gone_s = now_s - self._seen_s
        self.ended = gone_s >= GUEST_AGAIN_S
        if self.ended:
            self.lifter = GUEST
        if gone_s >= FORGOTTEN_S:
            self._visits.clear()
        for lifter, visit in list(self._visits.items()):
            if now_s - visit.ended_s >= VISIT_S:
                del self._visits[lifter]

    @property
    def known(self) -> frozenset[int]:
        """The places that have done a set lately."""
        return frozenset(self._visits) - {GUEST}

    def upcoming(self, exercise: str, now_s: float, lifter: int | None = None) -> Facts:
        """What is known of the next set of a place, by default of the chosen one."""
        lifter = self.lifter if lifter is None else lifter
        visit, plan = self._visits.get(lifter), self._plan_for(lifter, exercise)
        return Facts(
            lifter=lifter,
            target_reps=plan.reps,
            target_sets=plan.sets,
            set_number=1 + (visit.sets.get(exercise, 0) if visit else 0),
            rest_s=None if visit is None else max(0.0, now_s - visit.ended_s),
        )

    def end(self, lifter: int, exercise: str, now_s: float) -> None:
        """Records that a set of that place is over: the rest begins."""
        visit = self._visits.setdefault(lifter, _Visit())
        visit.ended_s, visit.exercise = now_s, exercise
        visit.sets[exercise] = visit.sets.get(exercise, 0) + 1

    def recount(self, lifter: int, was: str | None, now: str | None) -> None:
        """Makes the last set one of another exercise; None where it was or is deleted."""
        visit = self._visits.get(lifter)
        if visit is None:
            return
        if was is not None:
            visit.sets[was] = max(0, visit.sets.get(was, 0) - 1)
        if now is not None:
            visit.exercise = now
            visit.sets[now] = visit.sets.get(now, 0) + 1

    def rest(self, now_s: float) -> Rest | None:
        """The rest of the chosen place; None where it has not done a set."""
        visit = self._visits.get(self.lifter)
        if visit is None or visit.exercise is None:
            return None
        plan = self._plan_for(self.lifter, visit.exercise)
        return Rest(max(0.0, now_s - visit.ended_s), plan.rest_s)
