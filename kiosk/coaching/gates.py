"""Decides whether a movement is a rep. Loose: no gate cost a real set on the recorded films."""

import math

from kiosk.body.observer import PRESENT
from kiosk.body.standing import UPRIGHT_DEG, feet_moved
from kiosk.body.state import BodyState
from kiosk.coaching.movement import Movement, Sample, middle_of
from kiosk.exercises.exercise import RepRule

TOP_DROP = 0.2
"""Shoulders lower than this at either end, in standing heights: the body is not tall again."""
BOTTOM_DROP = 0.04
"""Whoever leans by the least that counts lowers the shoulders by at least this, in standing
heights: 30 degrees of a trunk of .37 heights is .05. A lean without it is a misread pose."""
NO_REPS = frozenset({"feet_moved", "unclear"})
"""Movements that nobody meant as a rep: stepping about, or a pose that was misread."""


def refusal(movement: Movement, rule: RepRule) -> str | None:
    """Key of the reason why this movement does not count; None when it is a rep."""
    top, end = movement.samples[movement.start], movement.samples[-1]
    bottom = movement.samples[movement.deep[0] : movement.deep[1] + 1]
    confidence = middle_of(s.body.confidence for s in movement.samples[movement.start :])
    checks = (
        ("unclear", confidence is None or confidence < PRESENT),
        ("too_shallow", movement.vertex_deg < rule.bottom_deg * _sparse(movement)),
        ("unclear", (middle_of(s.body.shoulder_drop for s in bottom) or 0.0) < BOTTOM_DROP),
        ("not_upright", not (_tall(top) and _tall(end))),
        ("too_fast", movement.lasts_s < rule.shortest_s),
        ("too_slow", movement.lasts_s > rule.longest_s),
        ("no_fold", not _folds(bottom, rule)),
        ("feet_moved", _feet_moved(top, bottom) > rule.feet_moved),
        ("one_leg", _knees_apart(top, bottom) > rule.knees_apart),
    )
    return next((reason for reason, refused in checks if refused), None)


def _sparse(movement: Movement) -> float:
    """Less is asked where frames are few: between two of them, and smoothed, a peak is flatter.

    1 up to 10 frames a second, 0.9 at 5.
    """
    frames = movement.samples[movement.start :]
    apart_s = (frames[-1].time_s - frames[0].time_s) / max(len(frames) - 1, 1)
    return 1 - min(max(apart_s - 0.1, 0.0), 0.1)


def _tall(sample: Sample) -> bool:
    drop = sample.body.shoulder_drop
    return (
        drop is not None
        and drop < TOP_DROP
        and abs(sample.body.outline.lean_deg) < UPRIGHT_DEG + 10
    )


def _folds(bottom: tuple[Sample, ...], rule: RepRule) -> bool:
    """Whether the trunk leans as a hinge asks; from the front its shortening shows it."""
    lean = middle_of(abs(s.body.trunk_lean_deg or 0.0) for s in bottom) or 0.0
    short = middle_of(trunk_shortening(s.body) for s in bottom) or 0.0
    return lean >= rule.fold_lean_deg or short >= rule.fold


def trunk_shortening(body: BodyState) -> float | None:
    """How much of the trunk's upright length is gone, in standing heights."""
    if body.standing is None:
        return None
    base, now = body.standing.outline, body.outline
    then = base.trunk_px * math.cos(math.radians(base.lean_deg))
    upright = now.trunk_px * math.cos(math.radians(now.lean_deg))
    return (then - upright) / max(base.height_px, 1.0)


def _height(sample: Sample) -> float:
    standing = sample.body.standing
    return max(standing.outline.height_px, 1.0) if standing else 1.0


def _feet_moved(top: Sample, bottom: tuple[Sample, ...]) -> float:
    """The farther-moved foot, top against the middle of the bottom, in standing heights."""
    scale = max(top.body.outline.height_px, 1.0) / _height(top)
    moved = middle_of(feet_moved(s.body.outline, top.body.outline) for s in bottom)
    return (moved or 0.0) * scale


def _knees_apart(top: Sample, bottom: tuple[Sample, ...]) -> float:
    """How much more the knees differ in height at the bottom than at the top, in heights."""

    def apart(sample: Sample) -> float:
        left, right = sample.body.outline.knees
        return abs(left[1] - right[1])

    more = middle_of(apart(s) for s in bottom)
    return ((more or 0.0) - apart(top)) / _height(top)
