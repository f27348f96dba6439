"""Holds all that is known of one person, so that it is replaced as a whole when they leave."""

import math
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace

from kiosk.body.back import BackReading
from kiosk.body.follower import Follower
from kiosk.body.load import LoadReading
from kiosk.body.observer import GONE_S, BodyObserver
from kiosk.body.pose import Pose
from kiosk.body.smoothing import PoseSmoother
from kiosk.body.state import BodyState, Standing
from kiosk.coaching.back_check import BackCheck
from kiosk.coaching.checks import not_assessed
from kiosk.coaching.counter import RepCounter
from kiosk.coaching.cues import CueArbiter
from kiosk.coaching.hands import Hands
from kiosk.coaching.record import Rep, Verdict
from kiosk.coaching.recording import Recording
from kiosk.coaching.set_summary import graded
from kiosk.coaching.snapshot import RepPhase
from kiosk.coaching.suggestion import Suggestion
from kiosk.exercises.exercise import Exercise, TargetRule

TAINT_S = 0.3
"""So long before somebody else is noticed, they may have been in the poses already."""
LOCKOUT_S = 0.5
"""The lockout is judged by what is seen until this long after a rep."""


class WallTarget:
    """The wall behind the heels: a distance for the hips, a little farther after each success.

    One tap a rep: the hips must come forward again, to half the distance, before the next.

    Attributes:
        distance_legs: where the wall stands now, in leg lengths of hip travel.
        reach: how much of the way to the wall the hips have gone, 1 at the wall.
        taps: how often it was reached.
    """

    def __init__(self, rule: TargetRule) -> None:
        self.distance_legs = rule.first_legs
        self.reach = 0.0
        self.taps = 0
        self._rule = rule
        self._away = True

    def update(self, body: BodyState) -> None:
        """Takes the next body.

        Unseen hips reach nothing: turned away from side-on their travel cannot be measured.
        """
        travel = body.hip_travel_legs
        self.reach = 0.0 if travel is None else max(0.0, travel) / self.distance_legs
        if self._away and self.reach >= 1.0:
            self._away = False
            self.taps += 1
        elif not self._away and travel is not None and self.reach < 0.5:
            # it moves when the hips are away from it: a target that flees in mid-rep is unfair
            self._away = True
            farther = self.distance_legs + self._rule.step_legs
            self.distance_legs = min(farther, self._rule.most_legs)


class Practice:
    """One person at one exercise; replaced when either changes.

    `phase_from_s` is when the present phase began; None before the first movement. `back` finds out
    by itself whether the person is still the same, and may be that of the practice before.
    `others` are the exercises that may be suggested in its place.
    """

    def __init__(
        self,
        exercise: Exercise,
        back: BackCheck | None = None,
        others: Iterable[Exercise] = (),
    ) -> None:
        self.exercise = exercise
        self.most_back_yaw_deg = exercise.most_back_yaw_deg  # worked out once: each frame asks
        self.suggestion = Suggestion(exercise, others)
        self.smoother = PoseSmoother(exercise.smoothing)
        self.counter = RepCounter(exercise.rep, exercise.checks)
        self.arbiter = CueArbiter(exercise.checks, plates=exercise.plates)
        self.back = back or BackCheck()
        self.back.begin()
        self.wall = WallTarget(exercise.target) if exercise.target else None
        self.phase = RepPhase.TOP
        self.phase_from_s: float | None = None

    def update(self, body: BodyState | None, time_s: float) -> list[Rep]:
        """Takes the next body; returns the reps and partial reps that are now complete."""
        self.back.update(body)
        if self.wall is not None and body is not None:
            self.wall.update(body)
        reps = [self._score(rep) for rep in self.counter.update(body, time_s)]
        if self.counter.phase is not self.phase:
            self.phase, self.phase_from_s = self.counter.phase, time_s
        return reps

    def flush(self) -> list[Rep]:
        """Completes at once the rep that counts already or has just come back to the top."""
        return [self._score(rep) for rep in self.counter.flush()]

    def _score(self, rep: Rep) -> Rep:
        """The rep; a counted one with the verdict on its back, its grade and its score."""
        if not rep.counted:
            return rep
        checks = {**rep.checks, **self.back.judge(rep, self.exercise)}
        return graded(replace(rep, checks=checks), self.exercise)


class Person:
    """One person, from their coming until they have left.

    Attributes:
        observer: their side and their standing baseline.
        follower: which poses are theirs.
        practice: what they do of the chosen exercise.
        hands: what they hold.
        recording: what was seen of them, to be judged again.
        body: of the last pose; None where nobody was made out.
        pose: the smoothed pose of that body.
    """

    def __init__(
        self,
        practice: Practice,
        hands: Hands | None = None,
        standing: Standing | None = None,
    ) -> None:
        self.observer = BodyObserver(standing)
        self.follower = Follower()
        self._standing = standing
        self._seen_s = -math.inf
        self.practice = practice
        self.hands = hands or Hands()
        self.recording = Recording()
        self.body: BodyState | None = None
        self.pose: Pose | None = None

    def update(self, pose: Pose) -> list[Rep]:
        """Takes the next pose as the model gave it; returns the reps that are now complete."""
        self.recording.add(pose)
        if not self.follower.accepts(pose, self._standing):
            if self.body is not None:
                self.practice.counter.retract(pose.time_s - TAINT_S)
                self.observer.interrupt(pose.time_s - TAINT_S)
            self.recording.disown(pose.time_s - TAINT_S, pose.time_s)
            self.body = self.pose = None
            return []
        regained = self.follower.regained
        if regained:
            self.recording.reclaim(regained[0].time_s)
        return [rep for own in (*regained, pose) for rep in self._observe(own)]

    def _observe(self, pose: Pose) -> list[Rep]:
        """Takes the next pose of this person."""
        smooth = self.practice.smoother.smooth(pose)
        self.body = self.observer.observe(smooth)
        self.pose = None if self.body is None else smooth
        # in a short absence the person is still known by how they stood
        if self.body is not None:
            self._standing, self._seen_s = self.body.standing, pose.time_s
        elif pose.time_s - self._seen_s > GONE_S:
            self._standing = None
        reps = [self._doubted(rep) for rep in self.practice.update(self.body, pose.time_s)]
        for movement in self.practice.counter.ended():
            self.practice.suggestion.update(movement, self.hands.held)
        if not self._waits_for_hands:
            return reps
        return self.hands.judge(reps, pose.time_s, from_floor=self._from_floor)

    def record_load(self, reading: LoadReading) -> None:
        """Keeps the reading of a bend: whether a load was picked up or set down."""
        self.recording.add(reading)
        self.hands.record(reading, from_floor=self._from_floor)

    def record_back(self, reading: BackReading) -> None:
        """Keeps a reading of the back for the rep that it lies in."""
        self.recording.add(reading)
        self.practice.back.record(reading)

    def flush(self) -> list[Rep]:
        """Completes at once the rep that counts already or has just come back to the top."""
        reps = [self._doubted(rep) for rep in self.practice.flush()]
        if not self._waits_for_hands:
            return reps
        return self.hands.flush(reps, from_floor=self._from_floor)

    def again(self, exercise: Exercise, others: Iterable[Exercise]) -> "tuple[Person, list[Rep]]":
        """The same person as if they had chosen another exercise, and their reps of it.

        Changes nothing here. Takes about as long as all poses of the recording took.
        """
        standing = None if self.recording.whole else self._standing
        practice = Practice(exercise, deepcopy(self.practice.back), others)
        person = Person(practice, self.hands.blank(), standing)
        reps: list[Rep] = []
        for event in self.recording:
            if isinstance(event, Pose):
                reps += person.update(event)
            elif isinstance(event, BackReading):
                person.record_back(event)
            else:
                person.record_load(event)
        return person, reps

    def _doubted(self, rep: Rep) -> Rep:
        """The rep; without its faults if somebody else was in the way: they may be theirs."""
        to_s = rep.end_s + LOCKOUT_S
        if not rep.counted or self.recording.others_s(rep.start_s, to_s) == 0:
            return rep
        checks = {
            check: not_assessed("crossed") if result.verdict is Verdict.FAULT else result
            for check, result in rep.checks.items()
        }
        return graded(replace(rep, checks=checks), self.practice.exercise)

    @property
    def pending(self) -> Rep | None:
        """The rep that counts already; None where the hands have yet to be read for it."""
        return None if self._waits_for_hands else self.practice.counter.pending

    @property
    def _waits_for_hands(self) -> bool:
        return self.hands.running and self.practice.exercise.loaded

    @property
    def _from_floor(self) -> bool:
        return self.practice.exercise.rep.from_floor
