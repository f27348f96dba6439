"""A set as a few lines of plain text, to take home without any network."""

from datetime import date
from statistics import fmean

from kiosk.coaching.record import Rep, SetRecord
from kiosk.coaching.summary import Summary
from kiosk.ui.words.words import Words

_MOST_REPS = 30  # more lines would make a code too fine for a phone at arm's length
_SIGNS = {True: "+", False: "!", None: "."}  # clean, with a fault, not judged


def takeaway(record: SetRecord, summary: Summary, day: date | None, words: Words) -> str:
    """The set as text.

    Args:
        record: the set.
        summary: of it.
        day: when it was; None leaves the date out.
        words: of the screen.
    """
    name = words.name_of(record.exercise)
    when = f" {day.isoformat()}" if day is not None else ""
    reps = words("takeaway.reps", count=summary.reps)
    score = "" if summary.score is None else words("takeaway.score", score=summary.score)
    lines = [f"{name}{when}", f"{reps}{score}", *_rep_by_rep(record.counted, words)]
    if record.counted:
        lines.append(_tempo(record.counted, words))
    if summary.one_thing is not None:
        advice = words(words.own_key(summary.one_thing.key, record.exercise))
        lines.append(words("takeaway.work_on", advice=advice))
        if summary.one_thing.drill_key is not None:
            drill = words(summary.one_thing.drill_key)
            lines.append(words("takeaway.drill", drill=drill))
    return "\n".join(lines)


def _rep_by_rep(counted: tuple[Rep, ...], words: Words) -> list[str]:
    """Depth in per cent of full depth and a sign for each rep."""
    depths = [
        f"{round(100 * rep.measures.depth)}{_sign(rep)}"
        for rep in counted[-_MOST_REPS:]
        if rep.measures.depth is not None
    ]
    return [words("takeaway.depth", reps=" ".join(depths))] if depths else []


def _sign(rep: Rep) -> str:
    return _SIGNS[None if rep.score is None else rep.score >= 100]


def _tempo(counted: tuple[Rep, ...], words: Words) -> str:
    return words(
        "summary.tempo",
        down=fmean(rep.tempo.eccentric_s for rep in counted),
        hold=fmean(rep.tempo.pause_s for rep in counted),
        up=fmean(rep.tempo.concentric_s for rep in counted),
    )
