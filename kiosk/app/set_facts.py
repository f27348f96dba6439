"""Keeps what is known of the set under way and of the last one beside its reps.

The main loop updates it; the perception thread asks it for a set's facts as soon as the set begins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from msgspec.structs import replace

from kiosk.coaching.record import SetRecord
from kiosk.coaching.snapshot import Snapshot, Stage
from kiosk.errors import HistoryError
from kiosk.exercises.exercise import Exercise
from kiosk.history.reader import Reader
from kiosk.training.facts import GUEST, Facts
from kiosk.training.lifters import next_lifter
from kiosk.training.loads import Unit, stepped
from kiosk.training.plan import Plan, Plans, plan_for
from kiosk.training.records import Record, new_records
from kiosk.training.tags import tag_digest
from kiosk.training.visits import Rest, Visits
from kiosk.ui.screen.scene import Lifting

RestShown = Literal["down", "up", "off"]
ASKED_S = 30.0
"""A load is asked for as long as the summary stays, and at least for so long: time to put the
weight down and to come to the buttons."""


class Storage(Protocol):
    """Where facts and plans are stored, as `HistoryThread` has it; nothing waits for a disk."""

    def describe(self, serial: int, facts: Facts) -> None:
        """Gives the newest set other facts."""

    def set_plan(self, lifter: int, exercise: str, plan: Plan) -> None:
        """Keeps what a lifter has planned."""

    def set_tag(self, digest: str, lifter: int) -> None:
        """Keeps whose a tag is."""


@dataclass(slots=True)
class _Set:
    """A set and its facts.

    Attributes:
        ended_s: when its end was taken into account; None before.
        asked: of which exercise the load has been asked for, with the proposal in `load_kg`.
        answered: no load is asked for any more.
    """

    record: SetRecord
    facts: Facts
    ended_s: float | None = None
    asked: str | None = None
    load_kg: float | None = None
    answered: bool = False
    records: tuple[Record, ...] = ()


class SetFacts:
    """Who lifts, how heavy, how many and how long after the set before.

    Args:
        reader: of the history, for last loads and what was planned by button.
        storage: of the facts.
        exercises: by id.
        programme: what a coach has planned.
        unit: of the loads.
        places: how many there are to choose from.
        rest: how it is shown.

    Attributes:
        visits: of all who share the mirror.
        places: as given.
    """

    def __init__(
        self,
        reader: Reader,
        storage: Storage,
        exercises: Mapping[str, Exercise],
        programme: Plans,
        *,
        unit: Unit,
        places: int,
        rest: RestShown,
    ) -> None:
        self.visits = Visits(self.plan)
        self._reader = reader
        self._storage = storage
        self._exercises = exercises
        self._programme = programme
        self._unit = unit
        self._rest_shown = rest
        self.places = places
        self._plans: dict[tuple[int, str], Plan] | None = None
        self._guest_plans: dict[str, Plan] = {}
        self._loads: dict[tuple[int, str], float | None] = {}
        self._tag: str | None = None  # read last
        self._new_tags: dict[str, int] = {}  # which the reader may not know yet
        self._next = Facts()
        self._set: _Set | None = None
        self._snapshot: Snapshot | None = None
        self._now_s = 0.0

    @property
    def lifter(self) -> int:
        """The place that is chosen."""
        return self.visits.lifter

    def of(self, record: SetRecord) -> Facts:
        """The facts of a set, from any thread; of one that has just begun, those of the next."""
        known = self._set
        if known is None or known.record.serial != record.serial:
            known = self._set = _Set(record, self._next)
        return known.facts

    def update(
        self, snapshot: Snapshot | None, exercise: Exercise, now_s: float, *, active: bool
    ) -> None:
        """Takes the newest snapshot; active is whoever presses a button."""
        self._snapshot, self._now_s = snapshot, now_s
        there = snapshot is not None and snapshot.stage is not Stage.WAITING
        self.visits.update(now_s, present=active or there)
        if self.visits.ended:
            self._forget_guest()
        known = self._set
        record = None if snapshot is None else snapshot.current
        if record is not None and known is not None and record.serial == known.record.serial:
            self._follow(known, record)
        self._next = self.visits.upcoming(exercise.id, now_s)

    @property
    def shown(self) -> Lifting:
        """What the screen may know: of the set under way or summed up, else of the next one."""
        known, snapshot = self._set, self._snapshot
        stage = Stage.WAITING if snapshot is None else snapshot.stage
        if known is None or stage not in (Stage.SET, Stage.SUMMARY):
            return Lifting(facts=self._next, rest=self._rest, unit=self._unit)
        asks = self.asks_load
        return Lifting(
            facts=replace(known.facts, load_kg=known.load_kg) if asks else known.facts,
            rest=self._rest if stage is Stage.SUMMARY else None,
            asks_load=asks,
            records=known.records,
            unit=self._unit,
        )

    @property
    def _rest(self) -> Rest | None:
        """The rest of the chosen place, as the settings have it."""
        rest = self.visits.rest(self._now_s)
        if rest is None or self._rest_shown == "off":
            return None
        return replace(rest, counts_up=self._rest_shown == "up")

    # the load and the count

    @property
    def asks_load(self) -> bool:
        """Whether the load of the set that is summed up is asked for."""
        known, snapshot = self._set, self._snapshot
        return (
            known is not None
            and known.asked == known.record.exercise
            and not known.answered
            and snapshot is not None
            and snapshot.stage is Stage.SUMMARY
            and snapshot.suggested is None
        )

    @property
    def holds_summary(self) -> bool:
        """Whether the summary stays for a while in any case, since its load is asked for."""
        known = self._set
        ended_s = None if known is None else known.ended_s
        return ended_s is not None and self.asks_load and self._now_s - ended_s < ASKED_S

    def step_load(self, by: int) -> None:
        """Makes the proposed load heavier or lighter by so many steps."""
        known = self._set
        weight = None if known is None else self._exercises[known.record.exercise].weight
        if known is not None and weight is not None:
            known.load_kg = stepped(known.load_kg, by, self._unit, weight)

    def enter_load(self) -> None:
        """Takes the proposed load for the set's; none was proposed, and it stays unknown."""
        known = self._set
        if known is None:
            return
        known.answered = True
        if known.load_kg is None:
            return
        facts = known.facts
        self._loads[facts.lifter, known.record.exercise] = known.load_kg
        if facts.lifter != GUEST:
            known.records = self._new_records(known, known.load_kg)
        self._describe(known, replace(facts, load_kg=known.load_kg))

    def correct(self, by: int) -> None:
        """Corrects the count of the set that is summed up, beside what was counted."""
        known = self._set
        if known is None:
            return
        counted = len(known.record.counted)
        was = counted if known.facts.corrected is None else known.facts.corrected
        reps = max(0, was + by)
        self._describe(known, replace(known.facts, corrected=None if reps == counted else reps))

    def delete(self, *, deleted: bool) -> None:
        """Counts the set that is summed up no more, or again."""
        known = self._set
        if known is not None and known.ended_s is not None:
            exercise = known.record.exercise
            moved = (exercise, None) if deleted else (None, exercise)
            self.visits.recount(known.facts.lifter, *moved)

    # lifters and plans

    def choose_next(self) -> int:
        """Goes on to the next place; returns it."""
        return self.choose(next_lifter(self.lifter, self._used, self.places))

    @property
    def free_place(self) -> int:
        """The first place that nobody uses; the first of all where all are used."""
        used = self._used
        return next((place for place in range(1, self.places + 1) if place not in used), 1)

    @property
    def _used(self) -> frozenset[int]:
        """The places that have done a set."""
        try:
            return self._reader.used_lifters() | self.visits.known
        except HistoryError:
            return self.visits.known

    def choose(self, lifter: int) -> int:
        """Takes a place for whoever lifts from now on."""
        self.visits.choose(lifter, self._now_s)
        self._plans = None  # read again: it may have been unreadable, erased or brought back
        return lifter

    def read_tag(self, number: str) -> int | None:
        """Takes the place that a tag belongs to, and returns it; None for a new tag.

        Raises:
            HistoryError: the tags cannot be read.
        """
        salt = self._reader.tag_salt()
        if salt is None:
            raise HistoryError("there is no history yet to keep tags in; try again")
        self._tag = tag_digest(number, salt)
        place = (self._reader.tags() | self._new_tags).get(self._tag)
        return None if place is None else self.choose(place)

    def take_tag(self, place: int) -> None:
        """Gives the tag that was read last to a place, and takes that place."""
        if self._tag is not None:
            self._new_tags[self._tag] = place
            self._storage.set_tag(self._tag, place)
            self.choose(place)

    def plan(self, lifter: int, exercise: str) -> Plan:
        """What is planned: by button, by a coach's programme, or by the exercise's file."""
        if lifter == GUEST and exercise in self._guest_plans:
            return self._guest_plans[exercise]
        if self._plans is None:
            try:
                self._plans = self._reader.plans()
            except HistoryError:
                self._plans = {}
        return plan_for(lifter, self._exercises[exercise], self._plans, self._programme)

    def set_plan(self, exercise: str, plan: Plan) -> None:
        """Keeps what the chosen lifter plans; what a guest plans, until they have left."""
        if self.lifter == GUEST:
            self._guest_plans[exercise] = plan
            return
        plans = self._plans if self._plans is not None else {}
        plans[self.lifter, exercise] = plan
        self._plans = plans
        self._storage.set_plan(self.lifter, exercise, plan)

    def forget(self) -> None:
        """Forgets loads and plans, which were erased or brought back."""
        self._plans = None
        self._loads.clear()
        self._new_tags.clear()

    def _follow(self, known: _Set, record: SetRecord) -> None:
        was, known.record = known.record, record
        if record.exercise != was.exercise:
            self._move(known, was.exercise)
        if record.ended is None:
            return
        if known.ended_s is None:
            known.ended_s = self._now_s
            self.visits.end(known.facts.lifter, record.exercise, self._now_s)
        if known.asked != record.exercise and self._exercises[record.exercise].weight is not None:
            known.asked, known.answered = record.exercise, False
            known.load_kg = self._last_load(known.facts.lifter, record.exercise)

    def _move(self, known: _Set, was: str) -> None:
        """Gives a set that became one of another exercise that one's plan and its number."""
        lifter, exercise = known.facts.lifter, known.record.exercise
        if known.ended_s is not None:
            self.visits.recount(lifter, was, None)
        then = self.visits.upcoming(exercise, self._now_s, lifter)
        if known.ended_s is not None:
            self.visits.recount(lifter, None, exercise)
        moved = replace(
            known.facts,
            load_kg=None,
            target_reps=then.target_reps,
            target_sets=then.target_sets,
            set_number=then.set_number,
        )
        self._describe(known, moved)

    def _describe(self, known: _Set, facts: Facts) -> None:
        known.facts = facts
        self._storage.describe(known.record.serial, facts)

    def _forget_guest(self) -> None:
        """Forgets what a guest has planned and entered: the next one is somebody else."""
        self._guest_plans.clear()
        for key in [key for key in self._loads if key[0] == GUEST]:
            del self._loads[key]

    def _last_load(self, lifter: int, exercise: str) -> float | None:
        key = (lifter, exercise)
        if lifter == GUEST:
            return self._loads.get(key)
        if key not in self._loads:
            try:
                self._loads[key] = self._reader.last_load(lifter, exercise)
            except HistoryError:
                return None
        return self._loads[key]

    def _new_records(self, known: _Set, load_kg: float) -> tuple[Record, ...]:
        try:
            before = self._reader.records(known.facts.lifter, known.record.exercise)
        except HistoryError:
            return ()
        return new_records(before, known.record, load_kg, known.facts.corrected)
