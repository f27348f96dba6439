"""Formats a set's summary: what the score rests on, what changed, what was not judged."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from statistics import fmean

from kiosk.coaching.checks import BACK_MEASURE
from kiosk.coaching.record import Grade, Rep, SetRecord
from kiosk.coaching.set_summary import Fade, Summary
from kiosk.exercises.exercise import Exercise
from kiosk.training.facts import NOTHING_SAID, Facts
from kiosk.training.loads import Unit
from kiosk.ui.training_text import format_clock, load_text
from kiosk.ui.words.words import Words

DEPTH_DEG, TEMPO_S, HIP_SHARE = 5.0, 0.3, 0.06
"""Least change from the first to the last third that is worth a word. Our default."""
_MOST = 2
_SEPARATOR = ", "
_MOST_REPS = 30  # more would make a code too fine for a phone at arm's length
_MOST_NAMES = 4  # more would not fit into one line
_SIGNS = {Grade.CLEAN: "+", Grade.FAULTY: "!", Grade.PARTLY: "~", Grade.UNJUDGED: "."}
_OFF = "off"  # an experimental check: nobody waits for its verdict


def fade_line(fade: Fade, exercise: Exercise, words: Words) -> str | None:
    """Formats what changed towards the end, two things at most; None when nothing is worth it."""
    changes = list(_changes(fade, exercise, words))[:_MOST]
    return words("summary.fade", changes=_SEPARATOR.join(changes)) if changes else None


def _changes(fade: Fade, exercise: Exercise, words: Words) -> Iterator[str]:
    by_lean = exercise.depth_by == "lean"
    for change, least, less, more in (
        (fade.trunk_lean_deg if by_lean else None, DEPTH_DEG, "shallower", "deeper"),
        (fade.tempo_s, TEMPO_S, "faster", "slower"),
        (fade.hip_share, HIP_SHARE, "more_knee", "more_hip"),
    ):
        if change is not None and abs(change) >= least:
            key = less if change < 0 else more
            yield words(f"summary.{key}", by=abs(change))


def slower_line(slower: float, words: Words, key: str) -> str:
    """Formats how much slower the last reps were, as the text of this key has it."""
    return words(key, percent=round(100 * slower))


def rests_on_line(summary: Summary, words: Words) -> str | None:
    """Formats which checks the score rests on, and of how many reps; None without a score."""
    if summary.score is None:
        return None
    checks = name_checks(summary.rests_on, words)
    if summary.scored == summary.reps:
        return words("summary.rests_on", checks=checks)
    return words("summary.rests_on_some", checks=checks, judged=summary.scored, reps=summary.reps)


def name_checks(checks: Iterable[str], words: Words, most: int = _MOST_NAMES) -> str:
    """Formats checks by their short names, and how many more there are than `most`."""
    # the two checks of the back bear one name
    names = list(dict.fromkeys(words(f"summary.check.{check}") for check in checks))
    more = f" +{len(names) - most}" if len(names) > most else ""
    return _SEPARATOR.join(names[:most]) + more


def unjudged_line(summary: Summary, words: Words) -> str | None:
    """Formats what was not judged in most reps, and the usual reason; None when all was judged.

    Where main checks are among it, the reason is theirs: it is why reps are not clean.
    """
    open_ = {
        check: tally
        for check, tally in summary.assessed.items()
        if tally.reason not in (None, _OFF) and tally.not_assessed > tally.ok + tally.fault
    }
    weights: dict[str, int] = {}
    for tally in [open_[check] for check in summary.main if check in open_] or open_.values():
        if tally.reason is not None:
            weights[tally.reason] = weights.get(tally.reason, 0) + tally.not_assessed
    if not weights:
        return None
    # of equals `max` keeps the first, and the best priority stands first
    most = max(weights, key=weights.__getitem__)
    reason = words(f"reason.{most}")
    if summary.score is None:
        return words("summary.none_judged", reason=reason)
    # the two checks of the back bear one name
    names = dict.fromkeys(
        words(f"summary.check.{check}") for check, tally in open_.items() if tally.reason == most
    )
    what = (
        _SEPARATOR.join(names)
        if len(names) <= _MOST
        else words("summary.checks", checks=len(names))
    )
    return words("summary.unjudged", what=what, reason=reason)


def back_line(summary: Summary, exercise: Exercise, words: Words) -> str | None:
    """Formats what the back was compared with; None when it was not judged in any rep."""
    backs = {rule.id for rule in exercise.checks if rule.measure == BACK_MEASURE}
    tallies = [tally for check, tally in summary.assessed.items() if check in backs]
    return words("summary.own_back") if any(tally.ok + tally.fault for tally in tallies) else None


def tempo_line(counted: Sequence[Rep], words: Words) -> str:
    """Formats the mean seconds down, at the bottom and up."""
    return words(
        "summary.tempo",
        down=fmean(rep.tempo.eccentric_s for rep in counted),
        hold=fmean(rep.tempo.pause_s for rep in counted),
        up=fmean(rep.tempo.concentric_s for rep in counted),
    )


def _entered(facts: Facts, unit: Unit, words: Words) -> Iterator[str]:
    """Formats what was entered, planned and timed."""
    if facts.corrected is not None:
        yield words("takeaway.corrected", count=facts.corrected)
    if facts.load_kg is not None:
        yield words("takeaway.load", load=load_text(facts.load_kg, unit, words))
    if facts.target_reps is not None and facts.target_sets is not None:
        number, of = facts.set_number or 1, facts.target_sets
        yield words("takeaway.plan", number=number, of=of, reps=facts.target_reps)
    if facts.rest_s is not None:
        yield words("takeaway.rest", rest=format_clock(facts.rest_s))


def takeaway(
    record: SetRecord,
    summary: Summary,
    day: date | None,
    words: Words,
    facts: Facts = NOTHING_SAID,
    unit: Unit = "kg",
) -> str:
    """Formats the set as lines of plain text, to take home without any network."""
    name = words.name_of(record.exercise)
    when = f" {day.isoformat()}" if day is not None else ""
    reps = words("takeaway.reps", count=summary.reps)
    rests_on = rests_on_line(summary, words)
    score = rests_on and words("takeaway.score", score=summary.score, rests_on=rests_on)
    lines = [f"{name}{when}", f"{reps}{score or ''}", *_entered(facts, unit, words)]
    # what the signs behind the depths mean
    grades = [
        f"{sign} {words(f'summary.mark.{grade.value}', count=summary.grades[grade])}"
        for grade, sign in _SIGNS.items()
        if summary.grades[grade]
    ]
    lines += [_SEPARATOR.join(grades)] if grades else []
    # depth in per cent of full depth and a sign for each rep
    depths = [
        f"{round(100 * rep.measures.depth)}{_SIGNS[rep.grade or Grade.UNJUDGED]}"
        for rep in record.counted[-_MOST_REPS:]
        if rep.measures.depth is not None
    ]
    if depths:
        lines.append(words("takeaway.depth", reps=" ".join(depths)))
    if record.counted:
        lines.append(tempo_line(record.counted, words))
    if (rule := summary.one_thing) is not None:
        advice = words(words.own_key(f"advice.{rule.id}", record.exercise))
        lines.append(words("takeaway.work_on", advice=advice))
        if rule.drill:
            drill = words(f"drill.{rule.drill}.name")
            lines.append(words("takeaway.drill", drill=drill))
    return "\n".join(lines)
