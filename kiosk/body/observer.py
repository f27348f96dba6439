"""Measures the body in each pose: side, standing baseline, angles."""

import math

from msgspec.structs import replace

from kiosk.body.geometry import turned
from kiosk.body.outline import read_outline
from kiosk.body.pose import Pose
from kiosk.body.running_mean import RunningMean
from kiosk.body.standing import StandingTracker, feet_moved, upright, yaw_deg
from kiosk.body.state import BodyState, Outline, Side, Standing
from kiosk.body.view import FRONTAL_DEG, angles_of, stretch

PRESENT = 0.30
"""Least mean score of the better side's shoulder, hip, knee and ankle for somebody to be there. An
empty room gives phantoms of about .12; the worst real set stayed above .30."""
GONE_S = 1.0
"""Unseen for longer, a person is gone, and whoever comes next starts anew."""
SIDE_S = 3.0
"""Time constant of the choice of side: single frames flip it in a fifth of all frames."""
SIDE_MARGIN = 0.05
"""The other side must be seen better by this mean score before it is taken."""
YAW_S = 0.5
"""Time constant of the yaw that people are guided by."""
FACES_S = 4.0
"""Whoever stood side-on has to face the mirror for this long before their stance is read: somebody
who stands right in front of them for three seconds is taken for them."""
SHARE_YAW_DEG = 65.0
"""Turned farther from side-on, too little of a bend at hip and knee shows sideways."""
SHARE_FROM_DEG = 20.0
"""Below this bend of the hip its share of the whole bend is mostly noise."""


class BodyObserver:
    """Measures one person after another. Same poses in, same bodies out.

    Args:
        standing: how the first person is known to stand; None while nothing is known.
    """

    def __init__(self, standing: Standing | None = None) -> None:
        self._seen_s = -math.inf
        self._reset(standing)

    def _reset(self, standing: Standing | None = None) -> None:
        """Forgets the person."""
        self._tracker = StandingTracker(standing)
        self._scores = (RunningMean(SIDE_S), RunningMean(SIDE_S))
        self._side: Side | None = None
        self._yaw, self._stance = RunningMean(YAW_S), RunningMean(YAW_S)
        self._side_on_s = -math.inf

    @property
    def stillness(self) -> float:
        """0 to 1: how much of the standing baseline has been gathered."""
        return self._tracker.stillness

    def interrupt(self, since_s: float) -> None:
        """Learns that somebody else has come between the poses, perhaps since that time already."""
        self._tracker.interrupt(since_s)

    def observe(self, pose: Pose) -> BodyState | None:
        """The body in this pose; None while nobody is there."""
        outline = read_outline(pose)
        if max(outline.confidence) < PRESENT:
            if pose.time_s - self._seen_s > GONE_S:
                self._reset()
            return None
        self._seen_s = pose.time_s
        side = self._choose_side(outline)
        standing = self._tracker.update(outline)
        self._update_yaw(outline, standing)
        yaw = self._yaw.value
        return measured(outline, side, standing, 90.0 if yaw is None else yaw, self._stance.value)

    def _update_yaw(self, outline: Outline, standing: Standing | None) -> None:
        """Updates yaw and stance, which show in the widths of an upright body and of no other."""
        if not upright(outline):
            return
        time_s = outline.time_s
        yaw = self._yaw.update(yaw_deg(outline), time_s)
        if yaw < FRONTAL_DEG:
            stood_side_on = standing is not None and standing.yaw_deg < FRONTAL_DEG
            self._side_on_s = time_s if stood_side_on else -math.inf
        elif time_s - self._side_on_s > FACES_S and outline.hips_px > 0:
            self._stance.update(math.dist(*outline.ankles) / outline.hips_px, time_s)

    def _choose_side(self, outline: Outline) -> Side:
        """The side seen better over the last seconds; a small lead changes nothing."""
        left = self._scores[Side.LEFT].update(outline.confidence[Side.LEFT], outline.time_s)
        right = self._scores[Side.RIGHT].update(outline.confidence[Side.RIGHT], outline.time_s)
        if self._side is None:
            self._side = Side.LEFT if left >= right else Side.RIGHT
        elif (left, right)[1 - self._side] > (left, right)[self._side] + SIDE_MARGIN:
            self._side = Side(1 - self._side)
        return self._side


def measured(
    outline: Outline,
    side: Side,
    standing: Standing | None,
    yaw_deg: float,
    stance_hips: float | None = None,
) -> BodyState:
    """The body in an outline, against a baseline; its angles are None without one."""
    body = BodyState(
        time_s=outline.time_s,
        outline=outline,
        side=side,
        confidence=outline.confidence[side],
        standing=standing,
        yaw_deg=yaw_deg,
        stance_hips=stance_hips,
    )
    if standing is None:
        return body
    base, facing = standing.outline, standing.facing
    here, there = angles_of(outline, side, standing.yaw_deg, base.trunk_px), standing.angles[side]
    lean = turned(here.lean_deg - there.lean_deg)
    hip = _minus(here.hip_deg, there.hip_deg)
    knee = _minus(here.knee_deg, there.knee_deg)
    leg = max(base.leg_px, 1.0) / stretch(standing.yaw_deg)
    feet_x = outline.ankles[side][0] - base.ankles[side][0]
    hips_x = outline.hips[0] - base.hips[0] - feet_x
    knee_x = outline.knees[side][0] - base.knees[side][0] - feet_x
    return replace(
        body,
        trunk_lean_deg=abs(lean) if facing is None else facing * lean,
        shoulder_drop=1 - outline.height_px / max(base.height_px, 1.0),
        hip_flexion_deg=hip,
        knee_flexion_deg=knee,
        shin_angle_deg=None if facing is None else facing * (here.shin_deg - there.shin_deg),
        hip_travel_legs=None if facing is None else -facing * hips_x / leg,
        knee_travel_legs=None if facing is None else facing * knee_x / leg,
        hip_share=_share(hip, knee) if standing.yaw_deg <= SHARE_YAW_DEG else None,
        feet_moved=feet_moved(outline, base),
    )


def remeasured(body: BodyState, standing: Standing) -> BodyState:
    """The same body against another baseline."""
    return measured(body.outline, body.side, standing, body.yaw_deg, body.stance_hips)


def _minus(value: float | None, base: float | None) -> float | None:
    return None if value is None or base is None else value - base


def _share(hip: float | None, knee: float | None) -> float | None:
    if hip is None or knee is None or hip < SHARE_FROM_DEG:
        return None
    return hip / (hip + max(knee, 0.0))
