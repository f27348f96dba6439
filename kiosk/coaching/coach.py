"""The coach: poses in, snapshots out. A live set and a replay run this same object."""

from dataclasses import dataclass, replace

from kiosk.body.back import BackReading
from kiosk.body.observer import BodyObserver
from kiosk.body.pose import Pose
from kiosk.body.smoothing import PoseSmoother
from kiosk.body.state import BodyState
from kiosk.coaching.back_check import BackCheck
from kiosk.coaching.counter import RepCounter
from kiosk.coaching.cues import CueArbiter, drill_offer
from kiosk.coaching.record import Ended, Rep
from kiosk.coaching.session import Session
from kiosk.coaching.snapshot import RepPhase, Snapshot, Stage
from kiosk.coaching.summary import Summary, rep_score
from kiosk.coaching.wall_target import WallTarget
from kiosk.exercises.exercise import Exercise


@dataclass(frozen=True, slots=True)
class _Tally:
    reps: tuple[Rep, ...] = ()
    count: int = 0
    drill: str | None = None


class Coach:
    """Follows whoever stands before the mirror through one exercise after another.

    Every call returns a new snapshot; its `current` is the set to store whenever it has changed.

    Attributes:
        partial_reps: movements that did not count, since the start.
    """

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._smoother = PoseSmoother(exercise.smoothing)
        self._observer = BodyObserver()
        self._counter = RepCounter(exercise.rep, exercise.checks)
        self._session = Session(exercise.id)
        self._arbiter = CueArbiter(exercise.checks)
        self._back = BackCheck(exercise.checks)
        self._body: BodyState | None = None
        self._wall = _wall(exercise)
        self._reach = 0.0
        self._alone = True
        self._summary: Summary | None = None
        self._tally = _Tally()
        self._hip_share: float | None = None
        self._time_s = 0.0
        self._phase: tuple[RepPhase, float | None] = (RepPhase.TOP, None)
        self._pose: Pose | None = None
        self.partial_reps = 0

    @property
    def exercise(self) -> Exercise:
        """The chosen exercise."""
        return self._exercise

    def update(self, pose: Pose) -> Snapshot:
        """Takes the next pose as the model gave it."""
        self._time_s = pose.time_s
        smooth = self._smoother.smooth(pose)
        body = self._observer.observe(smooth)
        self._body = body
        self._pose = None if body is None else smooth
        self._hip_share = None if body is None else body.hip_share
        if self._wall is not None and body is not None:
            self._reach = self._wall.reach(body)
        was_open = self._session.open
        reps = self._scored(self._counter.update(body, pose.time_s))
        self.partial_reps += sum(not rep.counted for rep in reps)
        if self._counter.phase is not self._phase[0]:
            self._phase = (self._counter.phase, pose.time_s)
        over = self._session.update(
            pose.time_s,
            body,
            reps,
            self._counter.pending,
            still=self._observer.stillness >= 1.0,
            moving=self._counter.phase is not RepPhase.TOP,
            bystander=pose.bystander,
        )
        if self._session.open and not was_open:
            self._arbiter.reset()
        for rep in reps:
            if rep.counted:
                self._arbiter.take(rep, pose.time_s)
        waiting = self._session.stage is Stage.WAITING
        if waiting and not self._alone:
            self._back = BackCheck(self._exercise.checks, running=self._back.running)
            self._wall, self._reach = _wall(self._exercise), 0.0
        self._alone = waiting
        if over:
            self._close(Ended.IDLE if body is not None else Ended.WALKED_OFF)
        return self.snapshot()

    @property
    def body(self) -> BodyState | None:
        """The body of the last pose; None where nobody was made out."""
        return self._body

    def record_back(self, reading: BackReading) -> None:
        """Keeps a reading of the back for the rep that it lies in."""
        self._back.record(reading)

    def finish(self, ended: Ended = Ended.BUTTON) -> Snapshot:
        """Ends the set now, with every rep that has been counted; leaves a summary otherwise."""
        if self._session.stage is Stage.SUMMARY and ended is Ended.BUTTON:
            self._session.dismiss()
        else:
            self._close(ended)
        return self.snapshot()

    def switch(self, exercise: Exercise) -> Snapshot:
        """Goes over to another exercise; an open set is closed with every rep that counted."""
        self._close(Ended.SWITCHED)
        self._exercise = exercise
        self._smoother = PoseSmoother(exercise.smoothing)
        self._counter = RepCounter(exercise.rep, exercise.checks)
        self._phase = (RepPhase.TOP, None)
        self._arbiter = CueArbiter(exercise.checks)
        self._back = BackCheck(exercise.checks)
        self._wall, self._reach = _wall(exercise), 0.0
        self._session.switch(exercise.id)
        return self.snapshot()

    def snapshot(self) -> Snapshot:
        """The coach as it stands now."""
        session, counter = self._session, self._counter
        current = session.current
        in_set = session.stage in (Stage.SET, Stage.SUMMARY)
        reps = current.reps if in_set and current is not None else session.stray
        tally = self._tallied(reps)
        return Snapshot(
            time_s=self._time_s,
            stage=session.stage,
            exercise=self._exercise.id,
            pose=self._pose,
            framing=session.framing,
            stillness=self._observer.stillness,
            phase=self._phase[0],
            phase_s=0.0 if self._phase[1] is None else self._time_s - self._phase[1],
            depth=self._reach if self._wall else counter.depth,
            taps=self._wall.taps if self._wall else 0,
            count=tally.count + (counter.pending is not None),
            partials=len(reps) - tally.count,
            last=reps[-1] if reps else None,
            current=current,
            hip_share=self._hip_share,
            cue=self._arbiter.shown(self._time_s) if session.open else None,
            drill=tally.drill if session.open else None,
            summary=self._summary if session.stage is Stage.SUMMARY else None,
        )

    def _close(self, ended: Ended) -> None:
        reps = self._scored(self._counter.flush())
        self.partial_reps += sum(not rep.counted for rep in reps)
        self._session.close(self._time_s, ended, reps)
        current = self._session.current
        if self._session.stage is Stage.SUMMARY and current is not None:
            self._summary = Summary.of(current, self._exercise.checks)

    def _tallied(self, reps: tuple[Rep, ...]) -> _Tally:
        """What is told of the reps, worked out when they change and not for each frame."""
        if reps is not self._tally.reps:
            count = sum(rep.counted for rep in reps)
            self._tally = _Tally(reps, count, drill_offer(reps, self._exercise.checks))
        return self._tally

    def _scored(self, reps: list[Rep]) -> list[Rep]:
        return [self._complete(rep) if rep.counted else rep for rep in reps]

    def _complete(self, rep: Rep) -> Rep:
        """A counted rep with the verdict on its back, and its score."""
        checks = {**rep.checks, **self._back.judge(rep)}
        return replace(rep, checks=checks, score=rep_score(checks, self._exercise.checks))


def _wall(exercise: Exercise) -> WallTarget | None:
    return WallTarget(exercise.target) if exercise.target else None
