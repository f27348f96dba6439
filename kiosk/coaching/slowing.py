"""Compares how fast the shoulders rise in the last reps of a set with the fastest one. Pure."""

from collections.abc import Sequence

from kiosk.coaching.record import Rep

LEAST = 0.2
"""Less slowing than this is not worth a word: sets that are ended by velocity often end here
(Pareja-Blanco et al. 2017 compare losses of 20 and 40 %)."""
IN_A_ROW = 2
"""So many last reps must all be slower: one may be a rep gone slow by chance."""
ALONE = 1.35
"""A rep this many times as fast as every other one was misread or jerked: it is no standard."""


def slowing(reps: Sequence[Rep]) -> float | None:
    """How much slower the shoulders rose in the last reps than in the fastest one of the set.

    The mean over the last IN_A_ROW counted reps, as a part of the fastest one's speed. None unless
    each of them is slower by LEAST.
    """
    speeds = [rep.rise_per_s for rep in reps if rep.counted and rep.rise_per_s is not None]
    if len(speeds) <= IN_A_ROW:
        return None
    *_, second, fastest = sorted(speeds)
    if fastest > ALONE * second:
        fastest = second
    slower = [1 - speed / fastest for speed in speeds[-IN_A_ROW:]]
    return sum(slower) / IN_A_ROW if min(slower) >= LEAST else None
