"""Counts reps: top → bottom → back to top, and nothing else.

One phase machine serves all exercises; their files hold the figures. It never asks for the frame
rate: every window and every dwell is in seconds, so that 8 and 30 frames a second count alike.
"""

import math
from collections import deque
from dataclasses import fields, replace

from kiosk.body.geometry import turned
from kiosk.body.observer import remeasured
from kiosk.body.state import BodyState, Standing
from kiosk.coaching.checks import judge
from kiosk.coaching.gates import NO_REPS, refusal
from kiosk.coaching.movement import RISE_DEG, Movement, Sample, middle_of
from kiosk.coaching.record import Measures, Rep
from kiosk.coaching.snapshot import RepPhase
from kiosk.exercises.exercise import CheckRule, RepRule

TOP_PART = 0.45
"""A top lies below this part of the rep's deepest bend, however shallow the rep."""
DWELL_S = 0.1
"""A top or a descent must last this long, or one frame where frames are farther apart."""
MEMORY_S = 2.0
"""How far back at the top the lowest bend is sought: where the next descent is measured from."""
GAP_S = 0.4
"""Frames farther apart than this leave a gap: a person is believed to be back after as long."""
SETTLE_S, SETTLE_LONGEST_S = 0.4, 1.5
"""A counted rep is closed once the body has not come up any further for this long, and a baseline
is there to judge it by, or at the latest: a slow lockout belongs to its rep, and history must have
it within two seconds."""
LOST_S = 0.5
"""Unseen for longer in mid-rep, the movement is given up."""
UNSEEN_LEAN = 0.65
"""From the front a hinge shows no lean: there the drop alone makes up this part of the bend."""


class RepCounter:
    """Follows the bend of one person through one exercise.

    A rep counts the moment the body is back at the top (`pending` holds it); its record follows
    half a second later or with the next descent, when the lockout has been seen.
    """

    def __init__(self, rule: RepRule, checks: tuple[CheckRule, ...] = ()) -> None:
        self.rule = rule
        self.checks = checks
        self.phase = RepPhase.TOP
        self.depth = 0.0
        self._samples: deque[Sample] = deque()
        self._early: deque[BodyState] = deque()
        self._standing: Standing | None = None
        self._top_s = -math.inf
        self._seen_top = False
        self._peak = 0.0
        self._low = 0.0
        self._mark = self._low_s = 0.0
        self._since: float | None = None
        self._time_s: float | None = None
        self._bounced = False
        self._settling: tuple[float, Rep] | None = None
        self._done: list[Rep] = []
        self._ended: list[Movement] = []

    @property
    def pending(self) -> Rep | None:
        """The rep that counts already and whose record is still to come, as far as it is known."""
        return self._settling[1] if self._settling else None

    @property
    def at_floor(self) -> bool:
        """Whether the person is bent to a bar on the floor, for as long as they like."""
        return self.rule.from_floor and self.phase is not RepPhase.TOP

    def update(self, body: BodyState | None, time_s: float) -> list[Rep]:
        """Takes the body at `time_s`; returns the reps and partial reps that are now complete."""
        if body is None:
            self._lose(time_s)
        elif body.standing is None:
            self._early.append(body)
            while time_s - self._early[0].time_s > self.rule.longest_s:
                self._early.popleft()
        else:
            if body.standing is not self._standing:
                self._renew(body.standing)
            self._step(body)
        return self._handed_out()

    def retract(self, time_s: float) -> None:
        """Forgets what was seen at a top since this time: it may have been somebody else."""
        while self.phase is RepPhase.TOP and len(self._samples) > 1:
            if self._samples[-1].time_s <= time_s:
                break
            self._samples.pop()

    def flush(self) -> list[Rep]:
        """Closes a counted rep at once, and one that has just come back to the top."""
        if self.phase is RepPhase.CONCENTRIC and self._since is not None:
            self._end_at_top(self._samples[-1].time_s)
        self._settle()
        return self._handed_out()

    def ended(self) -> list[Movement]:
        """Hands out the movements that have come back to the top, whether or not they count."""
        ended, self._ended = self._ended, []
        return ended

    def _handed_out(self) -> list[Rep]:
        done, self._done = self._done, []
        return done

    def _renew(self, standing: Standing) -> None:
        """Reads all that is kept against a new baseline, and what came before the first one.

        A movement is judged against one baseline, and against the best that is known at its end.
        """
        self._standing = standing
        kept = [remeasured(sample.body, standing) for sample in self._samples]
        samples = [sample_of(body, self.rule) for body in kept]
        self._samples = deque(sample for sample in samples if sample is not None)
        if self.phase is RepPhase.TOP and self._settling is None and self._samples:
            self._top_s = self._lowest_s()
        self._trim(self._top_s)
        bends = [sample.bend_deg for sample in self._samples]
        if bends and self.phase is not RepPhase.TOP:
            self._peak = max(bends)
            self._low = min(bends[bends.index(self._peak) :])
        elif self._settling is not None:
            since_s = self._settling[0]
            later = [s.bend_deg for s in self._samples if s.time_s >= since_s]
            self._low = self._mark = min(later, default=self._low)
        early, self._early = self._early, deque()
        for body in early:
            self._step(remeasured(body, standing))

    def _step(self, body: BodyState) -> None:
        sample = sample_of(body, self.rule)
        if sample is None:
            return
        time_s = sample.time_s
        previous, self._time_s = self._time_s, time_s
        dwell_s = min(DWELL_S, time_s - previous) if previous is not None else 0.0
        self.depth = depth_of(sample.body, self.rule)
        self._samples.append(sample)
        if not self._seen_top:
            self._begin(sample)
        elif self.phase is RepPhase.TOP:
            self._at_top(sample, dwell_s)
        else:
            self._below(sample, dwell_s)

    def _begin(self, sample: Sample) -> None:
        """Waits for the first top, or for somebody who is first seen bent to the bar."""
        at_floor = self.rule.from_floor and sample.bend_deg >= self.rule.bottom_deg
        self._seen_top = at_floor or sample.bend_deg <= self.rule.top_deg
        self._trim(sample.time_s)
        if at_floor:
            self.phase, self._bounced, self._top_s = RepPhase.BOTTOM, False, -math.inf
            self._peak = self._low = sample.bend_deg

    def _lose(self, time_s: float) -> None:
        """Gives up the movement of somebody who has been unseen for too long."""
        if self._time_s is None or time_s - self._time_s <= LOST_S:
            return
        self._settle()
        self._samples.clear()
        self._early.clear()
        self._seen_top, self._since, self._time_s = False, None, None
        self.phase, self.depth = RepPhase.TOP, 0.0

    def _at_top(self, sample: Sample, dwell_s: float) -> None:
        if self._settling is not None:
            if sample.bend_deg < self._mark - 1:
                self._mark, self._low_s = sample.bend_deg, sample.time_s
            self._low = min(self._low, sample.bend_deg)
            known = self._standing is not None and self._standing.still
            still = known and sample.time_s - self._low_s >= SETTLE_S
            if still or sample.time_s - self._settling[0] >= SETTLE_LONGEST_S:
                self._settle()
        if self._settling is None:
            self._trim_top(sample.time_s - MEMORY_S)
            low = min(s.bend_deg for s in self._samples)
        else:
            low = self._low
        if sample.bend_deg <= low + RISE_DEG:
            self._since = None
        elif self._held(sample.time_s, dwell_s):
            self._settle()
            self._top_s = self._lowest_s()
            self.phase, self._peak, self._bounced = RepPhase.ECCENTRIC, sample.bend_deg, False
            self._low = sample.bend_deg

    def _below(self, sample: Sample, dwell_s: float) -> None:
        bend = sample.bend_deg
        if bend >= self._peak:
            self._peak = self._low = bend
        back = max(RISE_DEG / 2, 0.15 * self._peak)
        if self.phase is RepPhase.CONCENTRIC:
            if bend > self._low + RISE_DEG:
                self._bounce()
                self.phase, self._low = RepPhase.ECCENTRIC, bend
        elif bend < self._peak - back:
            self.phase, self._low = RepPhase.CONCENTRIC, bend
        else:
            near = bend > self._peak - back / 2 and bend > self.rule.bottom_deg
            self.phase = RepPhase.BOTTOM if near and bend < self._peak else RepPhase.ECCENTRIC
        self._low = min(self._low, bend)
        if bend > min(self.rule.top_deg, max(TOP_PART * self._peak, RISE_DEG)):
            self._since = None
        elif self._held(sample.time_s, dwell_s):
            self._end_at_top(sample.time_s)
        else:
            self._trim(sample.time_s - self.rule.longest_s - 2 * MEMORY_S)

    def _held(self, time_s: float, dwell_s: float) -> bool:
        """Whether the condition that just held has held for the dwell."""
        if self._since is None:
            self._since = time_s
        if time_s - self._since < dwell_s - 1e-9:
            return False
        self._since = None
        return True

    def _end_at_top(self, time_s: float) -> None:
        """Ends the movement: a rep that counts, a partial one, or nothing."""
        self.phase = RepPhase.TOP
        movement = self._movement()
        if movement.amplitude_deg < self.rule.partial_deg:
            self._trim(time_s)
            return
        self._ended.append(movement)
        reason = refusal(movement, self.rule)
        if reason is None:
            self._low = self._mark = movement.samples[-1].bend_deg
            self._low_s = time_s
            self._settling = (time_s, _rep(movement, self.rule))
            return
        self._trim(time_s)
        if reason not in NO_REPS:
            self._done.append(_rep(movement, self.rule, reason=reason))

    def _bounce(self) -> None:
        """Half-way up and down again: reported once a rep, since only the first is news."""
        if self._bounced or self._peak - self._low < max(self.rule.partial_deg, 0.4 * self._peak):
            return
        self._bounced = True
        self._done.append(_rep(self._movement(), self.rule, reason="not_back_up"))

    def _settle(self) -> None:
        """Completes the rep that counts already, with the lockout that has been seen since."""
        if self._settling is None:
            return
        since_s, self._settling = self._settling[0], None
        movement = self._movement(until_s=since_s)
        movement = replace(movement, samples=tuple(self._samples))
        ascent = movement.samples[: movement.deep[1] : -1]
        self._trim(min(ascent, key=lambda s: s.bend_deg).time_s)
        checks = judge(movement.reread(), self.checks)
        self._done.append(replace(_rep(movement, self.rule), checks=checks))

    def _movement(self, until_s: float = math.inf) -> Movement:
        samples = tuple(sample for sample in self._samples if sample.time_s <= until_s)
        return Movement.around(samples, from_floor=self.rule.from_floor)

    def _lowest_s(self) -> float:
        """When the kept samples bend least: the top before the movement."""
        return min(self._samples, key=lambda s: s.bend_deg).time_s

    def _trim_top(self, time_s: float) -> None:
        """Forgets tops before that time, but not the last one before a gap.

        The descent may lie in the gap: the rep then shows in its ascent.
        """
        before, after = self._samples[0], self._samples[min(1, len(self._samples) - 1)]
        if after.time_s < time_s or after.time_s - before.time_s < GAP_S:
            self._trim(time_s)

    def _trim(self, time_s: float) -> None:
        while len(self._samples) > 1 and self._samples[0].time_s < time_s:
            self._samples.popleft()


def sample_of(body: BodyState, rule: RepRule) -> Sample | None:
    """The bend of a body; None while there is no baseline to measure it against."""
    standing = body.standing
    if standing is None or body.shoulder_drop is None:
        return None
    # as it looks: stretched by the view, the noise of a lean would count as well
    lean_deg = abs(turned(body.outline.lean_deg - standing.outline.lean_deg))
    drop_deg = rule.drop_deg * max(body.shoulder_drop, 0.0)
    bend_deg = (lean_deg + drop_deg) / 2
    if rule.fold > 0 and standing.facing is None:
        bend_deg = max(bend_deg, UNSEEN_LEAN * drop_deg)
    return Sample(body.time_s, bend_deg, body)


def depth_of(body: BodyState, rule: RepRule) -> float:
    """0 standing, 1 at full depth: by the lean or by the drop, whichever shows more."""
    lean = abs(body.trunk_lean_deg or 0.0) / rule.full_lean_deg
    return max(0.0, lean, (body.shoulder_drop or 0.0) / rule.full_drop)


_OF_BODY = tuple(field.name for field in fields(Measures) if field.name != "depth")


def _rep(movement: Movement, rule: RepRule, *, reason: str | None = None) -> Rep:
    """The record of a movement, partial if there is a reason; its measures are medians."""
    strokes, bottom = movement.strokes, movement.bottom
    measures = {name: middle_of(getattr(body, name) for body in bottom) for name in _OF_BODY}
    depth = middle_of(depth_of(body, rule) for body in bottom)
    return Rep(
        number=0,
        start_s=strokes.start_s,
        bottom_s=movement.bottom_s,
        end_s=strokes.end_s,
        counted=reason is None,
        tempo=strokes.tempo,
        measures=Measures(**measures, depth=depth),
        partial_reason=reason,
        rise_per_s=movement.rise_per_s,
    )
