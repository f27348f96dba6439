"""Measures one finished rep: the numbers that checks hold against their limits.

A measure that cannot be taken honestly is a reason instead, a key of the words that say it.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from statistics import mean, median
from types import MappingProxyType

from kiosk.body.state import BodyState
from kiosk.body.view import sagittal
from kiosk.coaching.movement import Movement, Sample, middle_of
from kiosk.coaching.record import Tempo

REST_S, REST_DEG = 0.25, 1.5
"""The way up has come to rest when it gains less than this in this time. A minimum-jerk movement
of 70 degrees in 1.2 s is then within 2 degrees of its end."""
BEND_OF_NOISE = 1.65
"""Median size of a - 2b + c over noise of standard deviation 1: .67 times the root of 6."""
UNSEEN_S = 0.3
"""A body that is not seen for longer right after a moment may not have come to rest at it."""
BACK_S = 0.1
"""A lean back is the mean over the farthest stretch of this length: longer than one bad frame, and
the top of a swing that leans back lasts just 0.15 s."""
BEND_FROM_DEG = 25.0
"""A knee that bends less than this says nothing about the order of hips and knees."""
DROP_FROM = 0.12
"""Shoulders lowered by less than this, in standing heights, say nothing about the hips' part."""
OBLIQUE_DEG = 35.0
"""Turned farther from side-on and seen from behind, shoulders that go away from the camera look as
if they came down less: a rendered clean deadlift gave .61 of its drop to the hips."""
HIP_FROM_DEG = 20.0
"""A hip bent less than this says nothing about hips against knees."""
FIRST_PART, MIN_FRAMES = 1 / 3, 2
"""The descent begins with this part of its depth, and must be seen in so many frames."""
STANCE_ERROR = 0.05
"""Of the stance in hip widths: over synthetic people from the front it was .07 on average."""
LIMBS = ((0.72, 1.3), (0.6, 1.3), (0.72, 1.3))
"""How much shorter or longer than standing trunk, thigh and shin may look at the bottom, side-on.
Outside, something hides a joint, such as a weight plate, and the model has put it elsewhere. A
thigh looks shorter than it is where the knee is bent far: over rendered people and recorded ones
down to .63, with the knee's angle still right to 15 degrees."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure that could be taken.

    Attributes:
        value: in the check's unit.
        error: its standard error, from the scatter of the frames it was taken from.
    """

    value: float
    error: float


MeasureFn = Callable[[Movement], Measured | str]
Pick = Callable[[BodyState], float | None]


def over(samples: Iterable[Sample], pick: Pick) -> Measured | str:
    """The median over some frames and its error.

    The scatter is taken from how far a frame lies off the line between its neighbours, so that a
    movement is not taken for noise; the median of n frames errs by 1.25 / sqrt(n) of it.
    """
    values = [value for s in samples if (value := pick(s.body)) is not None]
    if not values:
        return "unclear"
    bends = [abs(a - 2 * b + c) for a, b, c in zip(values, values[1:], values[2:], strict=False)]
    scatter = median(bends) / BEND_OF_NOISE if bends else 0.0
    return Measured(median(values), 1.25 * scatter / math.sqrt(len(values)))


def at_bottom(pick: Pick) -> MeasureFn:
    """A measure of the body around its lowest hip."""

    def measure(movement: Movement) -> Measured | str:
        if not _limbs_seen(movement.bottom_samples):
            return "hidden"
        return over(movement.bottom_samples, pick)

    return measure


def hip_share(movement: Movement) -> Measured | str:
    """Hip / (hip + knee) of the bend at the bottom."""
    if not _limbs_seen(movement.bottom_samples):
        return "hidden"
    hip = middle_of(b.hip_flexion_deg for b in movement.bottom)
    if hip is None or hip < HIP_FROM_DEG:
        return "not_bent_enough"
    return over(movement.bottom_samples, lambda b: b.hip_share)


def hip_drop_share(movement: Movement) -> Measured | str:
    """How much of the shoulders' way down the hips go too: a view from the front shows it.

    A hinge lowers the shoulders and hardly the hips, a squat lowers both alike.
    """
    standing = movement.samples[-1].body.standing
    if standing is None:
        return "no_standing"
    if standing.yaw_deg > OBLIQUE_DEG and standing.outline.toward_px < 0:
        return "not_for_this_view"
    height = max(standing.outline.height_px, 1.0)
    top = movement.reference.body.outline.hips[1]
    drop = middle_of(b.shoulder_drop for b in movement.bottom)
    if drop is None or drop < DROP_FROM:
        return "not_bent_enough"
    return over(
        movement.bottom_samples, lambda b: (b.outline.hips[1] - top) / height / max(drop, DROP_FROM)
    )


def hip_sink(movement: Movement) -> Measured | str:
    """`hip_drop_share` minus `hip_share`: what an oblique view shows of the hips, both ways.

    The one is read from heights and the other from angles, so their errors are not the same ones: a
    swing whose hips sink differs from a hinged one by more in both together than in either.
    """
    drop, share = hip_drop_share(movement), hip_share(movement)
    if isinstance(drop, str) or isinstance(share, str):
        return drop if isinstance(drop, str) else str(share)
    return Measured(drop.value - share.value, math.hypot(drop.error, share.error))


def hips_above_knees(movement: Movement) -> Measured | str:
    """Height of the hips above the knees at the bottom, in parts of that at the top; 0 is parallel.

    A height looks alike from every side.
    """
    top = _thigh_up(movement.reference.body)
    return over(movement.bottom_samples, lambda b: _thigh_up(b) / max(top, 1.0))


def lean_after(movement: Movement) -> Measured | str:
    """Trunk lean where the way up first comes to rest: 0 is a full lockout.

    Where it first rests, not where it is tallest: whoever stops short and stands up later, on the
    way to something else, has not locked this rep out.
    """
    after = movement.samples[movement.deep[1] :]
    rest = min(after, key=lambda s: s.bend_deg)
    for first in after:
        ahead = [s for s in after if first.time_s <= s.time_s <= first.time_s + REST_S]
        if _interrupted(after, ahead[-1]):
            continue
        # at just 8 frames a second the next one is due then, give or take the rounding
        if ahead[-1].time_s - first.time_s < REST_S / 2 - 1e-6:
            break
        lowest = min(s.bend_deg for s in ahead)
        if first.bend_deg < movement.peak_deg / 2 and first.bend_deg - lowest < REST_DEG:
            rest = first
            break
    if rest is after[-1] or _interrupted(after, rest):
        # a set that is ended on the way up does not show how far it would have gone
        return "unclear"
    near = [s for s in after if rest.time_s <= s.time_s <= rest.time_s + REST_S]
    return over(near, lambda b: b.trunk_lean_deg)


def _interrupted(samples: tuple[Sample, ...], last: Sample) -> bool:
    """Whether the body was not seen for a while right after this sample."""
    following = (s.time_s for s in samples if s.time_s > last.time_s)
    return next(following, last.time_s) - last.time_s > UNSEEN_S


def lean_back(movement: Movement) -> Measured | str:
    """How far the trunk goes behind its standing line after the bottom; forward is negative."""
    standing = movement.samples[-1].body.standing
    if standing is None or standing.facing is None:
        return "turn_side_on"
    after = movement.samples[movement.deep[1] :]
    leans = [(s.time_s, lean) for s in after if (lean := s.body.trunk_lean_deg) is not None]
    means = [*_means(leans, BACK_S), *_means(leans[::-1], BACK_S)]
    # the scatter around a turning point would be that of its own curve, so none is given
    return Measured(-min(means), 0.0) if means else "too_few_frames"


def _means(curve: list[tuple[float, float]], span_s: float) -> Iterator[float]:
    """The means of a curve, straight from point to point, over this long from each of its points.

    Straight lines and not the points alone, so that the frame rate changes little.
    """
    for first, start in enumerate(curve):
        (at_s, at), area, left_s = start, 0.0, span_s
        for next_s, following in islice(curve, first + 1, None):
            step_s = min(abs(next_s - at_s), left_s)
            end = at + (following - at) * step_s / max(abs(next_s - at_s), 1e-9)
            area, left_s = area + step_s * (at + end) / 2, left_s - step_s
            if left_s < 1e-6:
                yield area / span_s
                break
            at_s, at = next_s, following


def hips_lead(movement: Movement) -> Measured | str:
    """Hip share of the bend gained when a third of the way down is done: who leads, hip or knee."""
    if not _limbs_seen(movement.bottom_samples):
        return "hidden"
    start = movement.samples[movement.start]
    part_deg = start.bend_deg + FIRST_PART * (movement.peak_deg - start.bend_deg)
    descent = movement.samples[movement.start : movement.deep[0] + 1]
    first = [s for s in descent if s.bend_deg >= part_deg / 2 and s.bend_deg <= 1.5 * part_deg]
    if len(first) < MIN_FRAMES:
        return "too_few_frames"
    hip = middle_of(s.body.hip_flexion_deg for s in first)
    knee = middle_of(s.body.knee_flexion_deg for s in first)
    if hip is None or knee is None:
        return "unclear"
    hip, knee = max(hip, 0.0), max(knee, 0.0)
    if hip + knee < HIP_FROM_DEG:
        return "not_bent_enough"
    return over(first, lambda b: _share(b, hip + knee))


def hips_rise_first(movement: Movement) -> Measured | str:
    """How much more of the knees' way up is done than of the trunk's, half-way through the ascent.

    0 when both rise together, 1 when the knees are straight before the trunk has moved.
    """
    if not _limbs_seen(movement.bottom_samples):
        return "hidden"
    strokes = movement.strokes
    half_s = (strokes.bottom_to_s + strokes.end_s) / 2
    knees_up = _done(movement, lambda b: b.knee_flexion_deg, half_s)
    trunk_up = _done(movement, lambda b: b.trunk_lean_deg, half_s)
    if knees_up is None or trunk_up is None:
        return "not_bent_enough"
    return Measured(knees_up - trunk_up, 0.05)


def neck(movement: Movement) -> Measured | str:
    """Head against the trunk's line at the bottom, minus standing; thrown back is positive."""
    standing = movement.samples[-1].body.standing
    if standing is None or standing.facing is None:
        return "turn_side_on"
    facing, base = standing.facing, standing.outline.neck_deg
    return over(movement.bottom_samples, lambda b: -facing * (b.outline.neck_deg - base))


def stance(movement: Movement) -> Measured | str:
    """Feet apart in hip widths, as seen while the person faced the mirror."""
    seen = movement.samples[-1].body.stance_hips
    return "face_me_first" if seen is None else Measured(seen, STANCE_ERROR)


def timed(stroke: Callable[[Tempo], float]) -> MeasureFn:
    """Seconds of a part of the rep; they err by half a frame."""
    return lambda movement: Measured(
        stroke(movement.strokes.tempo), 0.5 / max(movement.frames_per_s, 1.0)
    )


MEASURES: Mapping[str, MeasureFn] = MappingProxyType(
    {
        "knee_flexion": at_bottom(lambda b: b.knee_flexion_deg),
        "hip_share": hip_share,
        "hip_drop_share": hip_drop_share,
        "hip_sink": hip_sink,
        "hips_above_knees": hips_above_knees,
        "trunk_lean": at_bottom(lambda b: b.trunk_lean_deg),
        "shoulder_drop": at_bottom(lambda b: b.shoulder_drop),
        "lean_after": lean_after,
        "lean_back": lean_back,
        "hips_lead": hips_lead,
        "hips_rise_first": hips_rise_first,
        "neck": neck,
        "stance": stance,
        "eccentric": timed(lambda tempo: tempo.eccentric_s),
        "concentric": timed(lambda tempo: tempo.concentric_s),
    }
)
"""Every measure by the name that exercise files use."""


def _share(body: BodyState, whole_deg: float) -> float | None:
    """Hip share of a small bend, against the whole of the stretch so that noise cannot blow up."""
    hip, knee = body.hip_flexion_deg, body.knee_flexion_deg
    if hip is None or knee is None:
        return None
    return 0.5 + (hip - knee) / (2 * whole_deg)


def _thigh_up(body: BodyState) -> float:
    left, right = body.outline.limbs
    return (left.thigh[1] + right.thigh[1]) / 2


def limb_ratios(samples: tuple[Sample, ...]) -> tuple[float, ...] | None:
    """How long trunk, thigh and shin look, in lengths when standing; None without a baseline."""
    ratios: list[list[float]] = [[], [], []]
    for sample in samples:
        body = sample.body
        if body.standing is None:
            return None
        yaw_deg, there = body.standing.yaw_deg, body.standing.outline
        here = sagittal(body.outline, body.side, yaw_deg, there.trunk_px)
        upright = sagittal(there, body.side, yaw_deg)
        pairs = (
            (here.trunk, upright.trunk),
            (here.thigh, upright.thigh),
            (here.shin, upright.shin),
        )
        for column, (now, then) in zip(ratios, pairs, strict=True):
            column.append(math.hypot(*now) / max(math.hypot(*then), 1.0))
    return tuple(mean(column) for column in ratios)


def _limbs_seen(samples: tuple[Sample, ...]) -> bool:
    """Whether trunk, thigh and shin look about as long as when standing."""
    ratios = limb_ratios(samples)
    return ratios is not None and all(
        least < ratio < most for ratio, (least, most) in zip(ratios, LIMBS, strict=True)
    )


def _done(movement: Movement, pick: Pick, time_s: float) -> float | None:
    """Part of a figure's way from the bottom to the top that is done at a moment of the ascent."""
    bottom = middle_of(pick(b) for b in movement.bottom)
    end = middle_of(pick(s.body) for s in movement.samples[-3:])
    near = min(movement.samples, key=lambda s: abs(s.time_s - time_s))
    now = pick(near.body)
    if bottom is None or end is None or now is None or bottom - end < BEND_FROM_DEG:
        return None
    return (bottom - now) / (bottom - end)
