"""History for a terminal, a spreadsheet and a program."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, fields
from typing import Any

import msgspec

from kiosk.coaching.record import Measures, Rep
from kiosk.history.stored_set import StoredSet

SetWithReps = tuple[StoredSet, Sequence[Rep]]

_HEADINGS = ("set", "started", "exercise", "reps", "partial", "lean", "tempo", "score", "ended")
_RIGHT = {"set", "reps", "partial", "lean", "score"}
_SET_COLUMNS = ("set_id", "exercise", "started_at", "ended")
_REP_COLUMNS = (
    "number",
    "counted",
    "partial_reason",
    "start_s",
    "bottom_s",
    "end_s",
    "eccentric_s",
    "pause_s",
    "concentric_s",
    *(field.name for field in fields(Measures)),
    "score",
)


def as_table(sets: Iterable[StoredSet], name_of: Callable[[str], str] = str) -> str:
    """One line per set under a line of headings.

    Args:
        sets: in the order to show them.
        name_of: from an exercise's id to what to call it.
    """
    lines = [_HEADINGS, *(_cells(stored, name_of) for stored in sets)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if heading in _RIGHT else cell.ljust(width)
            for heading, cell, width in zip(_HEADINGS, line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def as_json(sets: Iterable[SetWithReps]) -> str:
    """A list of sets, each with the list of its reps and partials.

    Args:
        sets: in the order to write them. Times of reps come out in seconds since the set began.
    """
    told = [
        {
            **asdict(stored),
            "counted": stored.reps,
            "reps": [_from_start(rep, reps[0].start_s) for rep in reps],
        }
        for stored, reps in sets
    ]
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode()


def as_csv(sets: Iterable[SetWithReps]) -> str:
    """One row per rep, with the facts of its set in front and one column per check behind.

    Args:
        sets: in the order to write them. Times of reps come out in seconds since the set began.
    """
    sets = list(sets)
    checks = sorted({name for _, reps in sets for rep in reps for name in rep.checks})
    out = io.StringIO()
    table = csv.DictWriter(
        out,
        fieldnames=(*_SET_COLUMNS, *_REP_COLUMNS, *(f"check_{name}" for name in checks)),
        lineterminator="\n",
    )
    table.writeheader()
    for stored, reps in sets:
        for rep in reps:
            table.writerow(_row(stored, rep, reps[0].start_s))
    return out.getvalue()


def _cells(stored: StoredSet, name_of: Callable[[str], str]) -> tuple[str, ...]:
    tempo, lean = stored.tempo_s, stored.trunk_lean_deg
    return (
        str(stored.id),
        stored.started_at.strftime("%Y-%m-%d %H:%M"),
        name_of(stored.exercise),
        str(stored.reps),
        str(stored.partials),
        "-" if lean is None else f"{lean:.0f}°",
        "-" if tempo is None else "/".join(f"{seconds:.1f}" for seconds in tempo),
        "-" if stored.score is None else str(stored.score),
        (stored.ended or "open").replace("_", " "),
    )


def _from_start(rep: Rep, start_s: float) -> dict[str, Any]:
    # to the millisecond: the difference of two clock readings has no truth beyond it
    moments = ("start_s", "bottom_s", "end_s")
    return asdict(rep) | {name: round(getattr(rep, name) - start_s, 3) for name in moments}


def _row(stored: StoredSet, rep: Rep, start_s: float) -> dict[str, Any]:
    told = _from_start(rep, start_s)
    return {
        "set_id": stored.id,
        "exercise": stored.exercise,
        "started_at": stored.started_at.isoformat(timespec="seconds"),
        "ended": stored.ended,
        **{name: told[name] for name in _REP_COLUMNS if name in told},
        **told["tempo"],
        **told["measures"],
        "counted": int(rep.counted),
        **{f"check_{name}": check.verdict.value for name, check in rep.checks.items()},
    }
