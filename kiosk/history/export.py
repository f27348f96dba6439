"""Exports sets as a table for a terminal, CSV for a spreadsheet and JSON for a program."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import msgspec

from kiosk.coaching.record import Rep
from kiosk.history.rows import FACTS, REP_COLUMNS, StoredSet, row_of
from kiosk.training.facts import GUEST

SetWithReps = tuple[StoredSet, Sequence[Rep]]

_HEADINGS = (
    *("set", "started", "exercise", "place", "load", "reps", "corrected", "target", "of sets"),
    *("partial", "clean", "lean", "tempo", "score", "rest", "ended", "score from"),
)
_LEFT = {"started", "exercise", "tempo", "ended", "score from"}
_SAID = {"place", "load", "corrected", "target", "of sets", "rest"}
"""Columns that are left out where nobody has said anything of the kind."""
_UNKNOWN = "-"
ENTERED = "entered by hand"
"""Where a load comes from: the mirror measures none."""
_SET_COLUMNS = ("set_id", "exercise", "started_at", "ended", "set_reps", *FACTS, "load_source")
_STRONG_COLUMNS = (
    *("Date", "Workout Name", "Exercise Name", "Set Order", "Weight", "Weight Unit", "Reps", "RPE"),
    *("Distance", "Distance Unit", "Seconds", "Notes", "Workout Notes", "Workout Duration"),
)
_WORKOUT = "Gym mirror"


def format_table(sets: Iterable[StoredSet], name_of: Callable[[str], str] = str) -> str:
    """Formats one line per set, in the given order; `name_of` gives an exercise's id a name."""
    lines = [_HEADINGS, *(_cells(stored, name_of) for stored in sets)]
    columns = [
        column
        for column in zip(*lines, strict=True)
        if column[0] not in _SAID or set(column[1:]) - {_UNKNOWN}
    ]
    widths = [max(map(len, column)) for column in columns]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column[0] in _LEFT else cell.rjust(width)
            for column, cell, width in zip(columns, line, widths, strict=True)
        ).rstrip()
        for line in zip(*columns, strict=True)
    )


def format_json(sets: Iterable[SetWithReps]) -> str:
    """Formats sets in the given order, each with its reps and partials.

    Times of reps come out in seconds since the set began.
    """
    tree = [
        {
            **{key: value for key, value in asdict(stored).items() if key != "facts"},
            "counted": stored.reps,
            **_facts_of(stored),
            "reps": [{**asdict(rep), **_times_from(reps[0], rep)} for rep in reps],
        }
        for stored, reps in sets
    ]
    return msgspec.json.format(msgspec.json.encode(tree), indent=2).decode()


def format_csv(sets: Iterable[SetWithReps]) -> str:
    """Formats one row per rep, the columns of its set first and one column per check last.

    Times of reps come out in seconds since the set began.
    """
    sets = list(sets)
    checks = sorted({name for _, reps in sets for rep in reps for name in rep.checks})
    out = io.StringIO()
    table = csv.DictWriter(
        out,
        fieldnames=(*_SET_COLUMNS, *REP_COLUMNS, "judged", *(f"check_{name}" for name in checks)),
        extrasaction="ignore",
        lineterminator="\n",
    )
    table.writeheader()
    for stored, reps in sets:
        for rep in reps:
            table.writerow(
                {
                    "set_id": stored.id,
                    "exercise": stored.exercise,
                    "started_at": stored.started_at.isoformat(timespec="seconds"),
                    "ended": stored.ended,
                    "set_reps": stored.reps,
                    **_facts_of(stored),
                    **row_of(rep),
                    **_times_from(reps[0], rep),
                    "judged": " ".join(rep.judged),
                    **{f"check_{name}": check.verdict.value for name, check in rep.checks.items()},
                }
            )
    return out.getvalue()


def format_strong(sets: Iterable[StoredSet], name_of: Callable[[str], str] = str) -> str:
    """Formats one row per set, the oldest first, in the columns that Strong and Hevy import.

    Those of Strong's own export, with semicolons and the unit in a column; Hevy reads the same
    (github.com/a-mufasa/hevy-tools, strong-csv-migrator/README.md: the date with a time, no empty
    notes, 0 for no seconds, a duration; github.com/mwcaisse/strong-data-viz has the same columns).
    A workout is what one place did on one day; its rows share the time of its first set.

    Reps are the corrected ones where there are such, which the notes say, as they say where a load
    comes from. These programs know no unknown load: without one the weight is 0, and the notes say
    so. Sets without a rep are left out.
    """
    workouts: dict[tuple[int, date], list[StoredSet]] = {}
    for stored in sorted(sets, key=lambda stored: stored.id):
        if _done(stored):
            workouts.setdefault((stored.facts.lifter, stored.started_at.date()), []).append(stored)
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\n")
    table.writerow(_STRONG_COLUMNS)
    for (lifter, _), workout in workouts.items():
        first = workout[0].started_at
        name = _WORKOUT if lifter == GUEST else f"{_WORKOUT}, place {lifter}"
        ended_s = max((s.started_at - first).total_seconds() + (s.duration_s or 0) for s in workout)
        order = Counter[str]()
        for stored in workout:
            order[stored.exercise] += 1
            load_kg = stored.facts.load_kg
            table.writerow(
                (
                    first.strftime("%Y-%m-%d %H:%M:%S"),
                    name,
                    name_of(stored.exercise),
                    order[stored.exercise],
                    "0" if load_kg is None else f"{load_kg:.2f}".rstrip("0").rstrip("."),
                    "kg",
                    _done(stored),
                    *("", "0", "mi.", "0"),
                    _notes(stored),
                    "recorded by a gym mirror",
                    f"{max(1, round(ended_s / 60))}m",
                )
            )
    return out.getvalue().rstrip("\n")


def _done(stored: StoredSet) -> int:
    """How many reps the lifter says they did, which is what was counted where they say nothing."""
    corrected = stored.facts.corrected
    return stored.reps if corrected is None else corrected


def _notes(stored: StoredSet) -> str:
    load = "no load entered" if stored.facts.load_kg is None else f"load {ENTERED}"
    corrected = "" if stored.facts.corrected is None else " and corrected by hand"
    return f"{load}, reps counted: {stored.reps}{corrected}"


def _facts_of(stored: StoredSet) -> dict[str, Any]:
    source = None if stored.facts.load_kg is None else ENTERED
    return {**msgspec.structs.asdict(stored.facts), "load_source": source}


def _cells(stored: StoredSet, name_of: Callable[[str], str]) -> tuple[str, ...]:
    tempo, lean, facts = stored.tempo_s, stored.trunk_lean_deg, stored.facts
    number, sets = facts.set_number, facts.target_sets
    return (
        str(stored.id),
        stored.started_at.strftime("%Y-%m-%d %H:%M"),
        name_of(stored.exercise),
        _UNKNOWN if facts.lifter == GUEST else str(facts.lifter),
        _UNKNOWN if facts.load_kg is None else f"{facts.load_kg:.1f} kg",
        str(stored.reps),
        _UNKNOWN if facts.corrected is None else str(facts.corrected),
        _UNKNOWN if facts.target_reps is None else str(facts.target_reps),
        _UNKNOWN if number is None else f"{number}/{sets}" if sets else str(number),
        str(stored.partials),
        str(stored.clean),
        _UNKNOWN if lean is None else f"{lean:.0f}°",
        _UNKNOWN if tempo is None else "/".join(f"{seconds:.1f}" for seconds in tempo),
        _UNKNOWN if stored.score is None else str(stored.score),
        _UNKNOWN if facts.rest_s is None else f"{facts.rest_s:.0f} s",
        (stored.ended or "open").replace("_", " "),
        " ".join(stored.rests_on),
    )


def _times_from(first: Rep, rep: Rep) -> dict[str, Any]:
    """Returns the rep's times in seconds since the set's first rep started."""
    # to the millisecond: the difference of two clock readings has no truth beyond it
    times = ("start_s", "bottom_s", "end_s")
    return {name: round(getattr(rep, name) - first.start_s, 3) for name in times}
