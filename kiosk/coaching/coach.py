"""The coach: poses in, snapshots out. A live set and a replay run this same object."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kiosk.body.back import BackReading
from kiosk.body.load import LoadReading
from kiosk.body.pose import Pose
from kiosk.body.state import BodyState
from kiosk.coaching.back_check import BackCheck
from kiosk.coaching.cues import drill_offer
from kiosk.coaching.hands import Hands
from kiosk.coaching.person import Person, Practice
from kiosk.coaching.record import Ended, Rep
from kiosk.coaching.rep_pair import PairReader
from kiosk.coaching.session import Session
from kiosk.coaching.set_summary import Summary, graded
from kiosk.coaching.slowing import slowing
from kiosk.coaching.snapshot import RepPhase, Snapshot, Stage
from kiosk.exercises.exercise import Exercise


@dataclass(frozen=True, slots=True)
class Rejudged:
    """What was seen of one person, judged again as another exercise.

    Attributes:
        was: the person as they stood.
        person: the same one as if that exercise had been chosen when they came.
        reps: all that they have done of it, in the order they ended.
    """

    was: Person
    person: Person
    reps: list[Rep]

    @property
    def exercise(self) -> Exercise:
        """That exercise."""
        return self.person.practice.exercise


class Coach:
    """Follows whoever stands before the mirror through one exercise after another.

    Every call returns a new snapshot; its `current` is the set to store whenever it has changed.

    Args:
        exercise: the chosen one.
        others: exercises that may be suggested in its place.

    Attributes:
        person: whoever is there, or the blank one who comes next.
        partial_reps: movements that did not count, since the start.
        paused: whoever is there is followed, and nothing that they do counts.
    """

    def __init__(self, exercise: Exercise, others: Iterable[Exercise] = ()) -> None:
        self._others = tuple(others)
        self.person = Person(Practice(exercise, others=self._others))
        self.partial_reps = 0
        self.paused = False
        self._session = Session(exercise.id)
        self._summary: Summary | None = None
        self._summed_up: int | None = None  # the serial of its set
        self._pair: PairReader | None = None
        self._reps: tuple[Rep, ...] = ()
        self._count = 0
        self._drill: str | None = None
        self._slower: float | None = None
        self._time_s = 0.0

    @property
    def exercise(self) -> Exercise:
        """The chosen exercise."""
        return self.person.practice.exercise

    @property
    def body(self) -> BodyState | None:
        """The body of the last pose; None where nobody was made out."""
        return self.person.body

    def update(self, pose: Pose) -> Snapshot:
        """Takes the next pose as the model gave it."""
        self._time_s = pose.time_s
        if self.person.follower.moved_on(pose.time_s):
            self._close(Ended.WALKED_OFF)
            self.person = Person(self._practice(self.exercise), self._hands())
        person, session, stage = self.person, self._session, self._session.stage
        reps, pending = self._follow(person, pose)
        over = session.update(
            pose.time_s,
            person.body,
            reps,
            pending,
            still=person.observer.stillness >= 1.0,
            moving=person.practice.phase is not RepPhase.TOP,
            covered=person.follower.covered,
            at_floor=person.practice.counter.at_floor,
            bystander=pose.bystander,
        )
        if session.stage is Stage.SET and stage is not Stage.SET:
            person.practice.arbiter.reset()
        if stage is Stage.SUMMARY and session.stage not in (Stage.SUMMARY, Stage.SET):
            person.practice.suggestion.reset()
        for rep in reps:
            if rep.counted:
                person.practice.arbiter.update(rep, pose.time_s)
        if session.stage is Stage.WAITING and stage is not Stage.WAITING:
            self.person = Person(self._practice(self.exercise), self._hands())
        if person.body is None and session.stage is Stage.WAITING:
            self.person.hands.walk_in()
        if over:
            self._close(Ended.IDLE if person.body is not None else Ended.WALKED_OFF)
        elif self._pair is not None:
            self._pair.step()
        return self.snapshot()

    def pause(self, *, paused: bool) -> None:
        """Lets nothing count until it goes on; whoever is there then is looked at anew.

        The summary of a set before that shows no more.
        """
        if self.paused and not paused:
            self.person = Person(self._practice(self.exercise), self._hands())
            self._session.dismiss()
        self.paused = paused

    def expect_loads(self) -> None:
        """Counts loaded lifts by what the hands hold from now on: every bend will be read."""
        self.person.hands.running = True

    def record_load(self, reading: LoadReading) -> None:
        """Keeps the reading of a bend: whether a load was picked up or set down."""
        self.person.record_load(reading)

    def record_back(self, reading: BackReading) -> None:
        """Keeps a reading of the back for the rep that it lies in."""
        self.person.record_back(reading)

    def finish(self, ended: Ended = Ended.BUTTON) -> Snapshot:
        """Ends the set now, with every rep that has been counted; leaves a summary otherwise."""
        if self._session.stage is Stage.SUMMARY and ended is Ended.BUTTON:
            self._session.dismiss()
            self.person.practice.suggestion.reset()
        else:
            self._close(ended)
        return self.snapshot()

    def stay(self) -> None:
        """Keeps the summary for a while longer: somebody is busy with it."""
        self._session.stay(self._time_s)

    def use_back(self, back: BackCheck) -> None:
        """Holds backs against the references of whoever lifts now."""
        self.person.practice.back = back
        back.begin()

    def switch(self, exercise: Exercise) -> Snapshot:
        """Goes over to another exercise; an open set is closed with every rep that counted."""
        self._close(Ended.SWITCHED)
        self.person.practice = self._practice(exercise)
        self._session.switch(exercise.id)
        return self.snapshot()

    def rejudge(self) -> Rejudged | None:
        """Judges what was seen of this person again, as the exercise that is suggested.

        Changes nothing, so that it needs no lock against `finish` and `switch`; None without a
        suggestion. May take a second.
        """
        was, suggested = self.person, self.person.practice.suggestion.offered
        return None if suggested is None else Rejudged(was, *was.again(suggested, self._others))

    def move(self, rejudged: Rejudged) -> Snapshot:
        """Goes over to another exercise, and the set with it; nothing if somebody else has come.

        Where nothing counts as that exercise the set stays what it was.
        """
        if rejudged.was is not self.person:
            return self.snapshot()
        session, person, exercise = self._session, rejudged.person, rejudged.exercise
        reps = rejudged.reps + (person.flush() if session.stage is Stage.SUMMARY else [])
        earlier = self._beyond_recording(rejudged)
        after_s = earlier[-1].end_s if earlier else session.since_s
        reps = earlier + [rep for rep in reps if rep.bottom_s > after_s]
        if not any(rep.counted for rep in reps):
            return self.switch(exercise)
        self.person, self._summed_up = person, None
        session.move(exercise.id, reps)
        for rep in reps:
            if rep.counted:
                person.practice.arbiter.update(rep, rep.end_s)
        self._sum_up()
        return self.snapshot()

    def snapshot(self) -> Snapshot:
        """The coach as it stands now."""
        session, person, practice = self._session, self.person, self.person.practice
        current, in_set = session.current, session.stage is Stage.SET
        summed_up = session.stage is Stage.SUMMARY
        if not summed_up:
            self._pair = None
        reps = current.reps if (in_set or summed_up) and current is not None else session.stray
        if reps is not self._reps:  # worked out when they change and not for each frame
            self._reps, self._count = reps, sum(rep.counted for rep in reps)
            self._drill = drill_offer(reps, self.exercise.checks)
            self._slower = slowing(reps)
        wall, since_s = practice.wall, practice.phase_from_s
        suggested = practice.suggestion.offered
        offers = session.stage in (Stage.READY, Stage.SET, Stage.SUMMARY)
        return Snapshot(
            time_s=self._time_s,
            stage=session.stage,
            exercise=practice.exercise.id,
            pose=person.pose,
            framing=session.framing,
            stillness=person.observer.stillness,
            phase=practice.phase,
            phase_s=0.0 if since_s is None else self._time_s - since_s,
            depth=wall.reach if wall else practice.counter.depth,
            taps=wall.taps if wall else 0,
            count=self._count + (person.pending is not None),
            partials=len(reps) - self._count,
            last=reps[-1] if reps else None,
            current=current,
            hip_share=person.body.hip_share if person.body else None,
            cue=practice.arbiter.shown(self._time_s) if in_set else None,
            drill=self._drill if in_set else None,
            slower=self._slower if in_set else None,
            suggested=None if suggested is None or not offers else suggested.id,
            bystander=session.bystander,
            summary=self._summary if summed_up else None,
            pair=None if self._pair is None else self._pair.pair,
        )

    def _follow(self, person: Person, pose: Pose) -> tuple[list[Rep], Rep | None]:
        """Returns the reps that have ended, and one that counts and whose record is to come."""
        reps = person.update(pose)
        if self.paused:
            return [], None
        self.partial_reps += sum(not rep.counted for rep in reps)
        return reps, person.pending

    def _practice(self, exercise: Exercise) -> Practice:
        """A blank one but for the back: whoever returns from a rest is held against their own."""
        return Practice(exercise, self.person.practice.back, self._others)

    def _hands(self) -> Hands:
        """Those of whoever comes next; that bends are being read is known once and for all."""
        return Hands(running=self.person.hands.running)

    def _close(self, ended: Ended) -> None:
        reps = self.person.flush()
        self.partial_reps += sum(not rep.counted for rep in reps)
        self._session.close(self._time_s, ended, reps)
        self.person.practice.suggestion.end_set()
        self._sum_up()

    def _beyond_recording(self, rejudged: Rejudged) -> list[Rep]:
        """The reps of the set that began before the recording does: counted, and unjudged."""
        current = self._session.current
        if self._session.stage not in (Stage.SET, Stage.SUMMARY) or current is None:
            return []
        from_s = rejudged.was.recording.from_s
        return [
            graded(replace(rep, checks={}), rejudged.exercise) if rep.counted else rep
            for rep in current.reps
            if rep.start_s < from_s
        ]

    def _sum_up(self) -> None:
        current = self._session.current
        if self._session.stage is Stage.SUMMARY and current is not None:
            unseen, self.person.hands.unseen = self.person.hands.unseen, 0
            to_s = self._time_s if current.ended_s is None else current.ended_s
            crossed_s = self.person.recording.others_s(current.started_s, to_s)
            if self._summed_up == current.serial and self._summary is not None:
                # the set is summed up once more, and perhaps somebody else has come
                unseen += self._summary.hands_unseen
                crossed_s = max(crossed_s, self._summary.crossed_s)
            summary = Summary.of(current, self.exercise)
            summary = replace(summary, hands_unseen=unseen, crossed_s=crossed_s)
            self._summary, self._summed_up = summary, current.serial
            # whoever takes the person's place at the mirror has not been seen in the set
            if self._pair is None or self._pair.record is not current:
                recording = self.person.recording
                self._pair = PairReader(current, summary, self.exercise, recording)
