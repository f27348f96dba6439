"""The coach: poses in, snapshots out. A live set and a replay run this same object."""

from kiosk.body.observer import BodyObserver
from kiosk.coaching.counter import RepCounter
from kiosk.coaching.record import Ended
from kiosk.coaching.session import Session
from kiosk.coaching.snapshot import RepPhase, Snapshot, Stage
from kiosk.exercises.exercise import Exercise
from kiosk.pose.pose import Pose
from kiosk.pose.smoothing import PoseSmoother


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
        self._time_s = 0.0
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
        self._pose = None if body is None else smooth
        reps = self._counter.update(body, pose.time_s)
        self.partial_reps += sum(not rep.counted for rep in reps)
        over = self._session.update(
            pose.time_s,
            body,
            reps,
            self._counter.pending,
            still=self._observer.stillness >= 1.0,
            moving=self._counter.phase is not RepPhase.TOP,
        )
        if over:
            self._close(Ended.IDLE if body is not None else Ended.WALKED_OFF)
        return self.snapshot()

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
        self._session.switch(exercise.id)
        return self.snapshot()

    def snapshot(self) -> Snapshot:
        """The coach as it stands now."""
        session, counter = self._session, self._counter
        current = session.current
        in_set = session.stage in (Stage.SET, Stage.SUMMARY)
        reps = current.reps if in_set and current is not None else session.stray
        return Snapshot(
            time_s=self._time_s,
            stage=session.stage,
            exercise=self._exercise.id,
            pose=self._pose,
            framing=session.framing,
            stillness=self._observer.stillness,
            phase=counter.phase,
            depth=counter.depth,
            count=sum(rep.counted for rep in reps) + (counter.pending is not None),
            partials=sum(not rep.counted for rep in reps),
            last=reps[-1] if reps else None,
            current=current,
        )

    def _close(self, ended: Ended) -> None:
        reps = self._counter.flush()
        self.partial_reps += sum(not rep.counted for rep in reps)
        self._session.close(self._time_s, ended, reps)
