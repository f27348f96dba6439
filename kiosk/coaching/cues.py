"""Chooses the cue after a rep: one useful thing at most, and how long it stands on the screen."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from kiosk.coaching.record import Rep, Verdict
from kiosk.exercises.exercise import CheckRule, rules_by_priority

REPEAT_REPS = 3
"""The same cue comes every third rep at most: a correction takes a rep or two, and feedback on
every try makes people depend on it (Winstein and Schmidt 1990, disputed since). Our default."""
LEAST_S = 2.5
"""A cue stands at least this long: four words are read in passing. Our default."""
LONGEST_S = 6.0
"""A cue leaves the screen this long after it was said: one slow rep later. Our default."""
HINT_REPS, HINT_OF = 2, 3
"""Where to stand is said once the same kind of thing has hidden a joint in so many of the last
counted reps: a single rep may have been somebody who passed."""
OFFER_FAULTS, OFFER_REPS = 3, 5
"""A drill is offered when its mistake came in so many of the last counted reps."""


class CueKind(Enum):
    """Whether a cue names what to change, what has become good, or how to be seen better."""

    FAULT = "fault"
    PRAISE = "praise"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing to say, at a time in seconds on the source's axis.

    `check` is what it is about: of a hint, the reason why checks are silent.
    """

    kind: CueKind
    check: str
    time_s: float

    @property
    def key(self) -> str:
        """Key of its words; an exercise may have its own."""
        return f"{_SECTIONS[self.kind]}.{self.check}"


_SECTIONS = {CueKind.FAULT: "cue", CueKind.PRAISE: "praise", CueKind.HINT: "hint"}


@dataclass(frozen=True, slots=True)
class _Turn:
    """A cue's time on the screen in seconds, `until_s` no longer included."""

    cue: Cue
    from_s: float
    until_s: float


class CueArbiter:
    """Chooses what is said after each rep of a set.

    A fault comes before praise, and of several faults the one with the best priority that may be
    said now. Only a fault of this very rep is named, once its rule's `speak` has been reached.
    Praise is owed once for each fault that was named, and comes on a rep without any. Experimental
    checks never speak. Where plates keep hiding a joint it is said once a set how to stand, on a
    rep that leaves nothing else to say.
    """

    def __init__(self, rules: Iterable[CheckRule], *, plates: bool = False) -> None:
        self._plates = plates
        self._rules = rules_by_priority(rules)
        self._priority: dict[str, int] = {rule.id: rule.priority for rule in self._rules}
        self.reset()

    def reset(self) -> None:
        """Forgets everything, for a new set."""
        self._taken = 0
        self._recent = {rule.id: deque[bool](maxlen=rule.speak[1]) for rule in self._rules}
        self._said: dict[tuple[CueKind, str], int] = {}
        self._owed: set[str] = set()
        self._turns: tuple[_Turn, ...] = ()
        self._hidden = deque[str | None](maxlen=HINT_OF)
        self._hinted = False

    def update(self, rep: Rep, time_s: float) -> Cue | None:
        """Takes the next counted rep of the set; returns what to say now, None for nothing."""
        self._taken += 1
        self._hidden.append(rep.hidden)
        for kind, check in self._worth_saying(rep):
            since = self._taken - self._said.get((kind, check), -REPEAT_REPS)
            if since >= REPEAT_REPS:
                self._said[kind, check] = self._taken
                (self._owed.add if kind is CueKind.FAULT else self._owed.discard)(check)
                cue = Cue(kind, check, time_s)
                self._turns = self._with(cue)
                return cue
        return self._hint(rep, time_s)

    def _hint(self, rep: Rep, time_s: float) -> Cue | None:
        """What hides a joint again and again, for the first time in the set."""
        if self._hinted or not self._plates or rep.hidden is None:
            return None
        if (reason := keeps_hiding(self._hidden)) is None:
            return None
        self._hinted, cue = True, Cue(CueKind.HINT, reason, time_s)
        self._turns = self._with(cue)
        return cue

    def shown(self, time_s: float) -> Cue | None:
        """The cue that stands on the screen at a moment; None for none.

        A cue gives way after LEAST_S, to a newer one that is no less important or about the same
        check. Any other waits until it has gone. Just one waits, the more important.
        """
        return next((t.cue for t in self._turns if t.from_s <= time_s < t.until_s), None)

    def _worth_saying(self, rep: Rep) -> list[tuple[CueKind, str]]:
        faults: list[tuple[CueKind, str]] = []
        praises: list[tuple[CueKind, str]] = []
        for rule in self._rules:
            verdict = verdict_of(rep, rule.id)
            if verdict is Verdict.NOT_ASSESSED:
                continue
            recent = self._recent[rule.id]
            recent.append(verdict is Verdict.FAULT)
            if verdict is Verdict.FAULT and sum(recent) >= rule.speak[0]:
                faults.append((CueKind.FAULT, rule.id))
            elif verdict is Verdict.OK and rule.id in self._owed:
                praises.append((CueKind.PRAISE, rule.id))
        # praise on a rep with a fault would say two things at once, and one of them sounds untrue
        clean = all(verdict_of(rep, rule.id) is not Verdict.FAULT for rule in self._rules)
        return faults + praises if clean else faults

    def _with(self, cue: Cue) -> tuple[_Turn, ...]:
        """The turns on the screen from now on: the present one, and the next."""
        turns = [turn for turn in self._turns if cue.time_s < turn.until_s]
        if not turns:
            return (_turn(cue, cue.time_s),)
        now = turns[0]
        if len(turns) > 1 and not self._gives_way(turns[1].cue, cue):
            return self._turns
        if not self._gives_way(now.cue, cue):
            return (now, _turn(cue, now.until_s))
        from_s = max(cue.time_s, now.from_s + LEAST_S)
        return (_Turn(now.cue, now.from_s, from_s), _turn(cue, from_s))

    def _gives_way(self, old: Cue, new: Cue) -> bool:
        return new.check == old.check or self._rank(new) <= self._rank(old)

    def _rank(self, cue: Cue) -> tuple[int, int]:
        return _ORDER.index(cue.kind), self._priority.get(cue.check, 0)


_ORDER = (CueKind.FAULT, CueKind.PRAISE, CueKind.HINT)


def keeps_hiding(reasons: Iterable[str | None]) -> str | None:
    """Of the hidden joints of a few reps the usual one, the last of equals; None for a few only."""
    known = [reason for reason in reasons if reason is not None]
    return max(reversed(known), key=known.count) if len(known) >= HINT_REPS else None


def drill_offer(reps: Sequence[Rep], rules: Iterable[CheckRule]) -> str | None:
    """The drill against a mistake that keeps coming, the one of best priority; None without one."""
    last = [rep for rep in reps if rep.counted][-OFFER_REPS:]
    for rule in rules_by_priority(rules):
        faults = sum(verdict_of(rep, rule.id) is Verdict.FAULT for rep in last)
        if rule.drill and faults >= OFFER_FAULTS:
            return rule.drill
    return None


def verdict_of(rep: Rep, check: str) -> Verdict:
    """A check's answer on a rep; not assessed where the rep knows nothing of it."""
    result = rep.checks.get(check)
    return Verdict.NOT_ASSESSED if result is None else result.verdict


def _turn(cue: Cue, from_s: float) -> _Turn:
    return _Turn(cue, from_s, max(from_s + LEAST_S, cue.time_s + LONGEST_S))
