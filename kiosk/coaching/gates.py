"""Decides whether a movement is a rep. Loose: no gate cost a real set on the recorded films."""

import math

from kiosk.body.observer import PRESENT
from kiosk.body.standing import UPRIGHT_DEG, feet_moved
from kiosk.body.state import BodyState, Outline
from kiosk.body.view import stretch
from kiosk.coaching.movement import Movement, Sample, middle_of
from kiosk.exercises.exercise import RepRule

TOP_DROP = 0.2
"""Shoulders lower than this at either end, in standing heights: the body is not tall again."""
BOTTOM_DROP = 0.04
"""Whoever leans by the least that counts lowers the shoulders by at least this, in standing
heights: 30 degrees of a trunk of .37 heights is .05. A lean without it is a misread pose."""
NO_REPS = frozenset({"feet_moved", "unclear", "supported", "kneels", "at_floor"})
"""Movements that nobody meant as a rep: stepping about, sitting down, a pose that was misread."""
FOLD_YAW_DEG = 35.0
"""Turned farther from side-on than this, a trunk that leans forward looks shorter. Side-on a lean
is seen as one, and a shorter trunk is a misread one."""
BEHIND, SUPPORTED_S = 0.15, 0.5
"""Whoever holds the centre of mass this far behind the ankles, in standing heights, for this long,
rests on something. Over the recorded and rendered reps it went .07 behind at most; seated, .36."""
PARTS = ((0.6, "trunk"), (0.25, "thigh"), (0.15, "shin"))
"""Shares of the body's mass, head and arms counted to the trunk (after Winter 2009, table 4.1)."""
FLOOR_REACH, FLOOR_NEAR, FLOOR_S = 0.2, 0.06, 1.8
"""Hands that come this near to the floor and rest within the second figure of their lowest place,
both in standing heights, for this long do something there. Over 18 rendered visits reps rested for
1.3 s at most, bends to plates and shoes for 2.7 s and more."""
KNEES_UP = 0.35
"""Least height of the higher knee above its ankle at the bottom, in parts of the standing one."""
LINE_YAW_DEG, KNEES_IN_LINE = 45.0, 0.5
"""From the front the knees of somebody who squats or hinges stand at least .8 hip widths apart. In
a lunge the model draws the hidden leg over the other one, .24 hip widths apart at most."""


def refusal(movement: Movement, rule: RepRule) -> str | None:
    """Key of the reason why this movement does not count; None when it is a rep."""
    top, end = movement.reference, movement.samples[-1]
    bottom = movement.samples[movement.rest : movement.deep[1] + 1]
    confidence = middle_of(s.body.confidence for s in movement.samples[movement.start :])
    checks = (
        ("unclear", confidence is None or confidence < PRESENT),
        ("too_shallow", movement.vertex_deg < rule.bottom_deg * _sparse(movement)),
        ("unclear", (middle_of(s.body.shoulder_drop for s in bottom) or 0.0) < BOTTOM_DROP),
        ("not_upright", not (_tall(top) and _tall(end))),
        ("too_fast", movement.lasts_s < rule.shortest_s),
        ("at_floor", not rule.from_floor and rest_at_floor_s(movement) > FLOOR_S),
        ("too_slow", _moves_s(movement, rule) > rule.longest_s),
        ("no_fold", not _folds(bottom, rule)),
        ("feet_moved", min(_feet_moved(top, bottom), _feet_moved(end, bottom)) > rule.feet_moved),
        ("supported", _supported(movement)),
        ("kneels", _knees_up(top, bottom) < KNEES_UP),
        ("one_leg", _knees_apart(top, bottom) > rule.knees_apart),
        ("one_leg", rule.fold == 0 and _in_line(bottom)),
    )
    return next((reason for reason, refused in checks if refused), None)


def _moves_s(movement: Movement, rule: RepRule) -> float:
    """How long a rep lasts; of a lift from the floor only the ascent, since a grip may be long."""
    return movement.strokes.tempo.concentric_s if rule.from_floor else movement.lasts_s


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
    if lean >= rule.fold_lean_deg:
        return True
    standing = bottom[-1].body.standing
    from_front = standing is not None and standing.yaw_deg > FOLD_YAW_DEG
    short = middle_of(trunk_shortening(s.body) for s in bottom) or 0.0
    return rule.fold == 0 or (from_front and short >= rule.fold)


def trunk_shortening(body: BodyState) -> float | None:
    """How much of the trunk's upright length is gone, in standing heights."""
    if body.standing is None:
        return None
    base, now = body.standing.outline, body.outline
    then = base.trunk_px * math.cos(math.radians(base.lean_deg))
    upright = now.trunk_px * math.cos(math.radians(now.lean_deg))
    return (then - upright) / max(base.height_px, 1.0)


def rest_at_floor_s(movement: Movement) -> float:
    """How long the hands rested near the floor: plates are loaded, a shoe is tied."""
    samples = movement.samples[movement.start :]
    height = _height(movement.reference)
    heights = [s.body.outline.hands_up_px for s in samples]
    lowest = min((up for up in heights if up is not None), default=height)
    if lowest > FLOOR_REACH * height:
        return 0.0
    return sum(
        after.time_s - before.time_s
        for before, after, up in zip(samples, samples[1:], heights, strict=False)
        if up is not None and up < lowest + FLOOR_NEAR * height
    )


def _supported(movement: Movement) -> bool:
    """Whether the body rests on something behind its feet, such as a chair; seen from the side."""
    behind = [(s.time_s, balance(s.body)) for s in movement.samples[movement.start :]]
    since_s: float | None = None
    for time_s, ahead in behind:
        if ahead is None or ahead > -BEHIND:
            since_s = None
        elif since_s is None:
            since_s = time_s
        elif time_s - since_s >= SUPPORTED_S:
            return True
    return False


def balance(body: BodyState) -> float | None:
    """How far the centre of mass lies ahead of the ankles, minus standing, in standing heights."""
    standing = body.standing
    if standing is None or standing.facing is None:
        return None
    height = max(standing.outline.height_px, 1.0) / stretch(standing.yaw_deg)
    return standing.facing * (_mass_ahead(body.outline) - _mass_ahead(standing.outline)) / height


def _mass_ahead(outline: Outline) -> float:
    """Pixels from the middle of the ankles to the centre of mass, to the picture's right."""
    left, right = outline.limbs
    at = mass = 0.0
    for share, name in reversed(PARTS):
        part = (getattr(left, name)[0] + getattr(right, name)[0]) / 2
        mass += share * (at + part / 2)
        at += part
    return mass


def _knees_up(top: Sample, bottom: tuple[Sample, ...]) -> float:
    """Height of the higher knee above its ankle at the bottom, in parts of that at the top."""

    def up(sample: Sample) -> float:
        return max(limb.shin[1] for limb in sample.body.outline.limbs)

    return (middle_of(map(up, bottom)) or 0.0) / max(up(top), 1.0)


def _in_line(bottom: tuple[Sample, ...]) -> bool:
    """Whether one leg hides the other, seen from where both would show."""
    standing = bottom[-1].body.standing
    if standing is None or standing.yaw_deg < LINE_YAW_DEG:
        return False
    apart = middle_of(abs(a[0] - b[0]) for a, b in (s.body.outline.knees for s in bottom))
    return (apart or 0.0) < KNEES_IN_LINE * standing.outline.hips_px


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
