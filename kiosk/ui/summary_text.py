"""A summary in words: what changed over the set, and what was not judged."""

from collections.abc import Iterator

from kiosk.coaching.summary import Fade, Summary
from kiosk.exercises.exercise import Exercise
from kiosk.ui.words.words import Words

DEPTH_DEG, TEMPO_S, HIP_SHARE = 5.0, 0.3, 0.06
"""Least change from the first to the last third that is worth a word. Our default."""
_MOST = 2
_SEPARATOR = ", "
_OFF = "off"  # an experimental check: nobody waits for its verdict


def fade_line(fade: Fade, exercise: Exercise, words: Words) -> str | None:
    """What changed towards the end, two things at most; None when nothing is worth telling."""
    changes = list(_changes(fade, exercise, words))[:_MOST]
    return words("summary.fade", changes=_SEPARATOR.join(changes)) if changes else None


def _changes(fade: Fade, exercise: Exercise, words: Words) -> Iterator[str]:
    by_lean = exercise.depth_by == "lean"
    for change, least, less, more in (
        (fade.trunk_lean_deg if by_lean else None, DEPTH_DEG, "shallower", "deeper"),
        (fade.tempo_s, TEMPO_S, "faster", "slower"),
        (fade.hip_share, HIP_SHARE, "more_knee", "more_hip"),
    ):
        if change is not None and abs(change.change) >= least:
            key = less if change.change < 0 else more
            yield words(f"summary.{key}", by=abs(change.change))


def unjudged_line(summary: Summary, words: Words) -> str | None:
    """What was not judged in most reps, and the most common reason; None when all was judged."""
    open_ = {
        check: tally
        for check, tally in summary.assessed.items()
        if tally.reason not in (None, _OFF) and tally.not_assessed > tally.ok + tally.fault
    }
    weights: dict[str, int] = {}
    for tally in open_.values():
        if tally.reason_key is not None:
            weights[tally.reason_key] = weights.get(tally.reason_key, 0) + tally.not_assessed
    if not weights:
        return None
    # of equals `max` keeps the first, and the best priority stands first
    key = max(weights, key=weights.__getitem__)
    reason = words(key)
    if summary.score is None:
        return words("summary.none_judged", reason=reason)
    # the two checks of the back bear one name
    names = dict.fromkeys(
        words(f"summary.check.{check}") for check, tally in open_.items() if tally.reason_key == key
    )
    what = (
        _SEPARATOR.join(names)
        if len(names) <= _MOST
        else words("summary.checks", checks=len(names))
    )
    return words("summary.unjudged", what=what, reason=reason)
