"""Exports sets as a table for a terminal, CSV for a spreadsheet and JSON for a program."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any

import msgspec

from kiosk.coaching.record import Rep
from kiosk.history.rows import REP_COLUMNS, StoredSet, row_of

SetWithReps = tuple[StoredSet, Sequence[Rep]]

_HEADINGS = (
    *("set", "started", "exercise", "reps", "partial", "clean", "lean", "tempo", "score"),
    *("ended", "score from"),
)
_RIGHT = {"set", "reps", "partial", "clean", "lean", "score"}
_SET_COLUMNS = ("set_id", "exercise", "started_at", "ended")


def format_table(sets: Iterable[StoredSet], name_of: Callable[[str], str] = str) -> str:
    """Formats one line per set, in the given order; `name_of` gives an exercise's id a name."""
    lines = [_HEADINGS, *(_cells(stored, name_of) for stored in sets)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if heading in _RIGHT else cell.ljust(width)
            for heading, cell, width in zip(_HEADINGS, line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def format_json(sets: Iterable[SetWithReps]) -> str:
    """Formats sets in the given order, each with its reps and partials.

    Times of reps come out in seconds since the set began.
    """
    tree = [
        {
            **asdict(stored),
            "counted": stored.reps,
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
                    **row_of(rep),
                    **_times_from(reps[0], rep),
                    "judged": " ".join(rep.judged),
                    **{f"check_{name}": check.verdict.value for name, check in rep.checks.items()},
                }
            )
    return out.getvalue()


def _cells(stored: StoredSet, name_of: Callable[[str], str]) -> tuple[str, ...]:
    tempo, lean = stored.tempo_s, stored.trunk_lean_deg
    return (
        str(stored.id),
        stored.started_at.strftime("%Y-%m-%d %H:%M"),
        name_of(stored.exercise),
        str(stored.reps),
        str(stored.partials),
        str(stored.clean),
        "-" if lean is None else f"{lean:.0f}°",
        "-" if tempo is None else "/".join(f"{seconds:.1f}" for seconds in tempo),
        "-" if stored.score is None else str(stored.score),
        (stored.ended or "open").replace("_", " "),
        " ".join(stored.rests_on),
    )


def _times_from(first: Rep, rep: Rep) -> dict[str, Any]:
    """Returns the rep's times in seconds since the set's first rep started."""
    # to the millisecond: the difference of two clock readings has no truth beyond it
    times = ("start_s", "bottom_s", "end_s")
    return {name: round(getattr(rep, name) - first.start_s, 3) for name in times}
