"""Takes one pose from its source through the coach into a snapshot.

A live set, a demo and a replay take the same step; they differ in who calls it and how often.
"""

import logging
import threading
import time
from collections.abc import Callable

from kiosk.body.pose import Pose, absent
from kiosk.body.standing import upright
from kiosk.body.state import BodyState
from kiosk.coaching.back_check import BackCheck
from kiosk.coaching.coach import Coach
from kiosk.coaching.record import Ended, SetRecord
from kiosk.coaching.snapshot import RepPhase, Snapshot, Stage
from kiosk.errors import FrameError
from kiosk.exercises.exercise import Exercise
from kiosk.training.facts import GUEST
from kiosk.vision.back.back_worker import BackWorker
from kiosk.vision.load.load_observer import LoadObserver
from kiosk.vision.pose.pace_check import PaceCheck
from kiosk.vision.pose.source import BEFORE_S, DURING_S, PoseSource
from kiosk.vision.pose.unseen import UNSEEN

_CHECKS_EVERY_S = {Stage.FRAMING: BEFORE_S, Stage.READY: BEFORE_S, Stage.SET: DURING_S}

_log = logging.getLogger(__name__)


class Pipeline:
    """Owns the coach. One thread steps it; any thread may end a set, switch or read the snapshot.

    Args:
        poses: where the poses come from.
        coach: who judges them.
        on_set: called with the open or closed set whenever it has changed, from whichever thread
            changed it.
        on_pose: called with every raw pose, for recording.
        back: observes the back; None leaves its checks unanswered.
        load: observes what is lifted and set down; None counts without.

    Attributes:
        other_s: seconds of the last step outside capture and model: the loop's own cost.
        lock: held while the coach is used.
        snapshot: the newest; None before the first pose or press.
        unseen: why nobody can be seen or counted at the moment, though there are poses, by its key
            in `UNSEEN`; None while they can.
        news: set with every new snapshot; whoever shows them clears it.
    """

    def __init__(
        self,
        poses: PoseSource,
        coach: Coach,
        on_set: Callable[[SetRecord], None],
        on_pose: Callable[[Pose], None] | None = None,
        back: BackWorker | None = None,
        load: LoadObserver | None = None,
    ) -> None:
        self.poses = poses
        self.other_s = 0.0
        self.news = threading.Event()
        self._coach = coach
        self._on_set = on_set
        self._on_pose = on_pose
        self._back = back
        self._load = load
        if load is not None:
            coach.expect_loads()
        self.lock = threading.Lock()
        self._accepted = False
        self._backs = {GUEST: coach.person.practice.back}
        self._aside_failed = False
        self._pace = PaceCheck()
        self._told: set[str] = set()
        self.unseen: str | None = None
        self._reported: SetRecord | None = None
        self.snapshot: Snapshot | None = None

    @property
    def exercise(self) -> Exercise:
        """The chosen exercise."""
        return self._coach.exercise

    def step(self) -> bool:
        """Takes the next pose; False when the source has come to its end.

        Raises:
            CameraError: the camera gave no frame in time or was lost.
            ModelError: there is no model yet, or it fails frame after frame.
        """
        began = time.perf_counter()
        try:
            pose = self.poses.read()
        except FrameError:
            return True  # the next one may do; who rejected this one has logged it
        if pose is None or self.poses.skipped:
            return pose is not None
        if self._on_pose is not None:
            self._on_pose(pose)
        self.unseen = self._why_unseen(pose)
        if self.unseen is not None:
            pose = absent(pose)  # what cannot be seen is not counted
        with self.lock:
            for reading in self._back.poll() if self._back else ():
                self._coach.record_back(reading)
            snapshot = self._publish(self._coach.update(pose))
            body = self._coach.body
        try:
            if self.unseen is None and self.poses.looked:
                self._look_aside(pose, body, snapshot)
        except Exception:  # noqa: BLE001 - the reps count without it
            if not self._aside_failed:
                _log.exception("what is lifted, or the back, could not be observed")
            self._aside_failed = True
        self._steer_source(snapshot, body)
        if self._accepted:
            self._move()
        spent = time.perf_counter() - began
        self.other_s = spent - self.poses.capture_s - self.poses.invoke_s
        return True

    def _steer_source(self, snapshot: Snapshot, body: BodyState | None) -> None:
        """Tells the source of the poses whom to follow, what to look for and whether to rest."""
        self.poses.steady(
            stands_still=snapshot.stillness >= 1.0,
            wanted=snapshot.stage in (Stage.READY, Stage.SET),
        )
        self.poses.rest(empty=snapshot.stage is Stage.WAITING)
        self.poses.follow(self._coach.person.follower)
        # an upright body's height is what a bystander is compared with, and nobody bends unasked
        every_s = _CHECKS_EVERY_S.get(snapshot.stage)
        stands = body is not None and upright(body.outline) and snapshot.phase is RepPhase.TOP
        self.poses.check_bystander(every_s if stands else None)

    def _why_unseen(self, pose: Pose) -> str | None:
        """Key of what keeps anybody from being seen or counted, logged once each."""
        slow = self._pace.update(pose.time_s)
        unseen = "slow" if slow else pose.unseen
        if unseen is not None and unseen not in self._told:
            self._told.add(unseen)
            _log.warning("%s", UNSEEN[unseen])
        return unseen

    def _look_aside(self, pose: Pose, body: BodyState | None, snapshot: Snapshot) -> None:
        """Observes in the picture what poses do not show: what is lifted, and the back."""
        frame = self.poses.frame if self._load or self._back else None
        if self._load is not None and frame is not None:
            lifted = self._load.update(frame, pose, body)
            if lifted is not None:
                with self.lock:
                    self._coach.record_load(lifted)
        if self._back is not None and frame is not None:
            empty = snapshot.stage is Stage.WAITING
            most_yaw_deg = self._coach.person.practice.most_back_yaw_deg
            self._back.submit(frame, pose, body, empty=empty, most_yaw_deg=most_yaw_deg)

    def finish(self, ended: Ended = Ended.BUTTON) -> None:
        """Ends the set now; every counted rep stays."""
        with self.lock:
            self._publish(self._coach.finish(ended))

    def switch(self, exercise: Exercise) -> None:
        """Goes over to another exercise; an open set is closed with every counted rep."""
        with self.lock:
            self._publish(self._coach.switch(exercise))

    def pause(self, *, paused: bool) -> None:
        """Lets nothing count while somebody is there for something else than a set."""
        if paused is not self._coach.paused:
            with self.lock:
                self._coach.pause(paused=paused)

    def stay(self) -> None:
        """Keeps the summary for a while longer: somebody is busy with it."""
        with self.lock:
            self._coach.stay()

    def choose(self, lifter: int) -> None:
        """Holds backs against the good reps of the place that was chosen, until `end_visits`."""
        with self.lock:
            back = self._backs.setdefault(lifter, BackCheck(chosen=True))
            self._coach.use_back(back)

    def end_visits(self) -> None:
        """Forgets the good reps of all places; whoever comes is a guest."""
        with self.lock:
            self._backs = {GUEST: self._backs[GUEST]}
            self._coach.use_back(self._backs[GUEST])

    def accept(self) -> None:
        """Moves the set to the suggested exercise, in the next step: it may take a second."""
        self._accepted = True

    def _move(self) -> None:
        self._accepted = False
        # without the lock, so that no press waits for it
        rejudged = self._coach.rejudge()
        if rejudged is not None:
            with self.lock:
                self._publish(self._coach.move(rejudged))

    def _publish(self, snapshot: Snapshot) -> Snapshot:
        current = snapshot.current
        if current is not None and current is not self._reported:
            self._reported = current
            self._on_set(current)
        self.snapshot = snapshot
        self.news.set()
        return snapshot
