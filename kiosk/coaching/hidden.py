"""Names the joint of the near leg that is hidden at the bottom, behind a weight plate as a rule."""

from collections.abc import Iterable
from statistics import median

from kiosk.coaching.measures import LIMBS, limb_ratios
from kiosk.coaching.movement import BOTTOM_S, Movement, Sample
from kiosk.coaching.record import HIDDEN

MOST_YAW_DEG = 40.0
"""Turned farther from side-on, limbs look too short for other reasons as well: seven of eight
rendered good mornings whose trunk looked so stood 41 to 48 degrees away, without any plate."""
COVERED = 0.5
"""A joint with a higher score was seen. Of 35 reps within 40 degrees of side-on whose limbs did not
fit or whose leg was not seen, the worst joint had at most this in 25 of 26 with plates, and more
than this in eight of nine without; the ninth was seen no better when standing."""
KNOWN = 0.45
"""Whoever is not seen even this well when standing is not hidden but badly seen."""
_ENDS = ({0}, {0, 1}, {1, 2})
"""Which of hip, knee and ankle make trunk, thigh and shin look too short or too long."""


def hidden_joint(movement: Movement) -> str | None:
    """Key of the reason that names the hidden joint of the near leg; None where it is not known.

    It is the joint seen worst of those that the odd limbs have in common: its score is low, and
    lower than at the top.
    """
    bottom, standing = movement.bottom_samples, movement.reference.body.standing
    ratios = limb_ratios(bottom)
    if standing is None or standing.yaw_deg > MOST_YAW_DEG or ratios is None:
        return None
    top_s = movement.reference.time_s
    top = [s for s in movement.samples if abs(s.time_s - top_s) <= BOTTOM_S]
    if median(s.body.confidence for s in top) < KNOWN:
        return None
    below, above = _scores(bottom), _scores(top)
    worst = min(_suspects(ratios), key=below.__getitem__)
    return HIDDEN[worst] if below[worst] <= COVERED and below[worst] < above[worst] else None


def _suspects(ratios: Iterable[float]) -> set[int]:
    """The joints that all odd limbs share, or else those of any; all three where none is odd."""
    odd = [
        ends
        for ratio, ends, (least, most) in zip(ratios, _ENDS, LIMBS, strict=True)
        if not least < ratio < most
    ]
    if not odd:
        return {0, 1, 2}
    return set.intersection(*odd) or set.union(*odd)


def _scores(samples: Iterable[Sample]) -> tuple[float, ...]:
    """Median scores of hip, knee and ankle of the near leg."""
    legs = [s.body.outline.scores[s.body.side] for s in samples]
    return tuple(median(leg[joint] for leg in legs) for joint in range(3))
