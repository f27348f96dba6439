"""The walk-up session: nobody → framed → standing still → set → summary, by the body alone."""

import math
from dataclasses import replace

from kiosk.body.state import BodyState
from kiosk.coaching.record import Ended, Rep, SetRecord
from kiosk.coaching.snapshot import FramingStep, Stage

IDLE_S = 8.0
"""Standing idle this long after the last rep ends the set."""
STUCK_S = 20.0
"""So long without a rep ends the set as well, for whoever sits down or stays bent: no rep lasts
longer than ten seconds."""
GONE_S = 1.5
"""Out of sight this long, the person has walked off. Longer than a model's short absences."""
SUMMARY_S = 20.0
"""A summary stays this long, or until the person moves on."""
FAREWELL_S = 8.0
"""For somebody who walked off the summary stays this long: they may look back."""
SIDE_ON_DEG = 25.0
"""Asked for before a set; form is judged within 15 degrees, and the estimate wavers by ten."""
NEAR_PART, FAR_PART = 0.95, 0.35
"""A standing body fills at least FAR_PART and at most NEAR_PART of the picture's height."""
WHOLE = 1.25
"""A body from head to feet against its height at the shoulders."""
ATTEMPTS = frozenset({"too_shallow", "not_back_up"})
"""Partial reps that were meant as reps: enough to open a set for somebody who stood ready."""

NOT_WAITED_FOR = frozenset({"alone", "still"})
"""Steps that no set waits for: a gym is full of people, and stillness has its own measure."""

BYSTANDER_READINGS = 2
"""So many readings in a row must differ from the answer before it changes: one may be wrong."""


class BystanderFilter:
    """Whether the person before the mirror is alone, steadied.

    Attributes:
        alone: None until somebody has looked for others; then True, until two readings in a row
            have found somebody, and again once two in a row have found nobody.
    """

    def __init__(self) -> None:
        self.alone: bool | None = None
        self._otherwise = 0

    def update(self, bystander: bool | None) -> None:
        """Takes the next reading; None where nobody looked."""
        if bystander is None:
            return
        if self.alone is None:
            self.alone = True
        self._otherwise = self._otherwise + 1 if bystander == self.alone else 0
        if self._otherwise >= BYSTANDER_READINGS:
            self.alone, self._otherwise = not self.alone, 0


class Session:
    """One mirror's sets, one after the other. All times are seconds of the source."""

    def __init__(self, exercise_id: str) -> None:
        self.exercise_id = exercise_id
        self.stage = Stage.WAITING
        self.current: SetRecord | None = None
        self.framing: tuple[FramingStep, ...] = ()
        self.stray: tuple[Rep, ...] = ()
        self._bystander = BystanderFilter()
        self._serial = 0
        self._seen_s: float | None = None
        self._active_s = self._done_s = 0.0
        self._summary_s = 0.0
        self._closed_s = self._before_s = -math.inf

    @property
    def bystander(self) -> bool:
        """Whether somebody stands beside the person in their set; it never ends for that."""
        return self.stage is Stage.SET and self._bystander.alone is False

    def update(
        self,
        time_s: float,
        body: BodyState | None,
        reps: list[Rep],
        pending: Rep | None,
        *,
        still: bool,
        moving: bool,
        covered: bool = False,
        at_floor: bool = False,
        bystander: bool | None = None,
    ) -> bool:
        """Takes one moment; returns whether the set must be closed once the last rep is in.

        Args:
            time_s: its time.
            body: who is there, None for nobody.
            reps: reps and partial reps that have just been completed.
            pending: a rep that counts already and whose record is still to come.
            still: the person stands still.
            moving: a rep is under way.
            covered: somebody else passes before or behind them, so that they are not seen.
            at_floor: they are bent to what they lift from the floor, for as long as they like.
            bystander: somebody else was seen beside them; None where nobody looked.
        """
        self._bystander.update(bystander)
        if covered or body is not None:
            self._seen_s = time_s
        for rep in reps:
            self._record(rep, ready=self.stage is Stage.READY)
        if pending is not None and self.stage is not Stage.SET:
            self._begin(pending.start_s)
        if reps or pending is not None:
            self._done_s = self._active_s = time_s
        elif moving:
            self._active_s = time_s
            self._done_s = time_s if at_floor else self._done_s
        gone = self._seen_s is None or time_s - self._seen_s > GONE_S
        if self.stage is Stage.SET:
            idle = time_s - self._active_s > IDLE_S
            return gone or idle or time_s - self._done_s > STUCK_S
        if self.stage is Stage.SUMMARY:
            if time_s - self._summary_s > (FAREWELL_S if gone else SUMMARY_S):
                self.stage, self.stray = Stage.WAITING if gone else Stage.FRAMING, ()
        else:
            self._place(body, still=still, gone=gone)
        return False

    def close(self, time_s: float, ended: Ended, reps: list[Rep]) -> None:
        """Ends the open set, if there is one, with the reps that were still on their way.

        A set without a counted rep is none: it is forgotten.
        """
        for rep in reps:
            self._record(rep, ready=False)
        if self.stage is not Stage.SET or self.current is None:
            return
        if not self.current.counted:
            self.current, self.stage = None, Stage.FRAMING
            return
        self._before_s = self._closed_s
        self._closed_s = last_s = self.current.reps[-1].end_s
        self.current = replace(self.current, ended_s=last_s, ended=ended)
        self.stage, self._summary_s = Stage.SUMMARY, time_s

    def stay(self, time_s: float) -> None:
        """Shows the summary for as long again: somebody is busy with it."""
        self._summary_s = time_s

    def dismiss(self) -> None:
        """Leaves the summary."""
        if self.stage is Stage.SUMMARY:
            self.stage, self.stray = Stage.FRAMING, ()

    @property
    def since_s(self) -> float:
        """When the set before this one was over: reps that end later belong to this one."""
        return self._before_s if self.stage is Stage.SUMMARY else self._closed_s

    def switch(self, exercise_id: str) -> None:
        """Another exercise from now on; the open set must have been closed."""
        self.exercise_id, self.stray = exercise_id, ()
        self.dismiss()

    def move(self, exercise_id: str, reps: list[Rep]) -> None:
        """Turns the set into one of another exercise, with the reps that it has as such.

        Where no set is open nor summed up, because nothing counted, the reps open one.
        """
        self.exercise_id, self.stray = exercise_id, ()
        if self.stage in (Stage.SET, Stage.SUMMARY) and self.current is not None:
            self.current = replace(self.current, exercise=exercise_id, reps=())
        elif reps:
            self._begin(reps[0].start_s)
        for rep in reps:
            self._append(rep)

    def _place(self, body: BodyState | None, *, still: bool, gone: bool) -> None:
        """Waiting, framing or ready."""
        if gone:
            self.stage, self.framing, self.stray = Stage.WAITING, (), ()
            self._bystander = BystanderFilter()
        elif body is not None:
            self.framing = framing(body, still=still, alone=self._bystander.alone)
            placed = all(step.met for step in self.framing if step.name not in NOT_WAITED_FOR)
            stood = body.standing is not None and body.standing.quiet
            ready = stood and (placed or self.stage is Stage.READY)
            self.stage = Stage.READY if ready else Stage.FRAMING

    def _begin(self, started_s: float) -> None:
        self._serial += 1
        self.current = SetRecord(
            serial=self._serial, exercise=self.exercise_id, started_s=started_s, reps=()
        )
        self.stage, self.stray = Stage.SET, ()

    def _record(self, rep: Rep, *, ready: bool) -> None:
        if self.stage is not Stage.SET:
            if not rep.counted and not (ready and rep.partial_reason in ATTEMPTS):
                self.stray = (rep,)
                return
            self._begin(rep.start_s)
        self._append(rep)

    def _append(self, rep: Rep) -> None:
        if self.current is not None:
            number = len(self.current.counted) + (1 if rep.counted else 0)
            rep = replace(rep, number=number)
            self.current = replace(self.current, reps=(*self.current.reps, rep))


def framing(body: BodyState, *, still: bool, alone: bool | None) -> tuple[FramingStep, ...]:
    """What is asked for before a set, in the order to put it right.

    Whether they are alone takes part only where somebody has looked.
    """
    standing = body.standing.outline if body.standing else body.outline
    part = WHOLE * standing.height_px / body.outline.picture_height_px
    return (
        FramingStep("whole_body", body.outline.whole_body and part < NEAR_PART),
        FramingStep("distance", part > FAR_PART),
        FramingStep("side_on", body.yaw_deg < SIDE_ON_DEG),
        *(() if alone is None else (FramingStep("alone", alone),)),
        FramingStep("still", still),
    )
