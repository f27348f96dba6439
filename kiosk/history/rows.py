"""Converts sets and reps to rows of the history's tables and back. Names each column once."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

import msgspec

from kiosk.coaching.record import CheckResult, Grade, Measures, Rep, SetRecord, Tempo, Verdict
from kiosk.coaching.set_summary import rests_on
from kiosk.training.facts import NOTHING_SAID, Facts

_TEMPO = tuple(field.name for field in fields(Tempo))
_MEASURES = tuple(field.name for field in fields(Measures))
_CHECK = tuple(field.name for field in fields(CheckResult))
REP_COLUMNS = (
    *("number", "counted", "partial_reason", "start_s", "bottom_s", "end_s"),
    *(*_TEMPO, *_MEASURES, "grade", "score"),
)
"""Columns of `reps` with one value of the rep each; its checks have three more."""
FACTS = Facts.__struct_fields__
"""Columns of `sets` that people have said; the later ones win."""
SUMS: Mapping[str, str] = MappingProxyType(
    {
        "reps": "count(*) FILTER (WHERE counted)",
        "partials": "count(*) FILTER (WHERE NOT counted)",
        "clean": "count(*) FILTER (WHERE grade = 'clean')",
        "faulty": "count(*) FILTER (WHERE grade = 'faulty')",
        "depth_reps": "count(depth) FILTER (WHERE counted)",
        **{
            column: f"avg({column}) FILTER (WHERE counted)"
            for column in ("depth", "trunk_lean_deg", *_TEMPO, "score")
        },
    }
)
"""Columns of `sets` that sum up the set's rows in `reps`, and how."""
_TYPES: Mapping[type | tuple[type, ...], tuple[str, ...]] = MappingProxyType(
    {
        int: (
            *("id", "utc_offset_min", "reps", "partials", "clean", "faulty", "number", "counted"),
            *("lifter", "sets", "version", "newest"),
        ),
        float: ("started_at", "started_s", "start_s", "bottom_s", "end_s"),
        str: ("exercise", "day", "rests_on", "checks", "digest"),
        bytes: ("salt", "file"),
        (bytes, type(None)): ("removal",),
        (int, type(None)): ("corrected", "target_reps", "target_sets", "set_number"),
        (float, type(None)): ("ended_s", "trunk_lean_deg", "depth", "load_kg", "rest_s"),
        (str, type(None)): ("ended", "partial_reason", "grade"),
        (int, float, type(None)): ("score",),
    }
)
"""What each column holds. SQLite sees to it when it writes, and does not when it reads."""
_TYPE_OF = {column: kind for kind, columns in _TYPES.items() for column in columns}
SUM_UP_SETS = f"""
    UPDATE sets SET ({", ".join(SUMS)}) =
        (SELECT {", ".join(SUMS.values())} FROM reps WHERE set_id = sets.id)
"""  # noqa: S608 - fixed names
"""Computes the sums of every set from its reps; of one, with a condition behind it."""
SUMS_OF_DAYS = """
    SELECT lifter, day, exercise, count(*), sum(reps), sum(clean), sum(clean + faulty),
        total(depth * depth_reps), sum(depth_reps), max(load_kg) FILTER (WHERE reps > 0)
    FROM sets
"""
"""Gives the rows of `days`, with a condition and a grouping behind it."""
SUM_UP_ALL_DAYS = f"INSERT INTO days {SUMS_OF_DAYS} GROUP BY lifter, day, exercise"
"""Fills `days`, which is empty."""
_DECODER = msgspec.json.Decoder(dict[str, CheckResult])


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSet:
    """One set as a line of history.

    Attributes:
        id: the row's number in the file, rising.
        exercise: the exercise's id.
        started_at: local time with its offset.
        duration_s: first rep's start to the set's end; None while open.
        ended: how it ended, a value of `Ended`; None while open.
        reps: counted reps.
        partials: movements that did not count.
        clean: reps of which every main check was judged, without a fault.
        faulty: reps with a fault.
        trunk_lean_deg: mean over the counted reps, None where nothing was measured.
        tempo_s: mean of (eccentric, pause, concentric) over the counted reps.
        score: mean over the reps that have one.
        rests_on: checks behind the score, in the order of the exercise file; empty without one.
        facts: what people said of it.
    """

    id: int
    exercise: str
    started_at: datetime
    duration_s: float | None
    ended: str | None
    reps: int
    partials: int
    clean: int
    faulty: int
    trunk_lean_deg: float | None
    tempo_s: tuple[float, float, float] | None
    score: int | None
    rests_on: tuple[str, ...]
    facts: Facts = NOTHING_SAID

    @property
    def mostly_open(self) -> bool:
        """Whether most of the counted reps are neither clean nor faulty: too little was seen."""
        return 2 * (self.clean + self.faulty) < self.reps


def row_of_set(
    record: SetRecord, run: str, started_at_utc: float, facts: Facts = NOTHING_SAID
) -> dict[str, Any]:
    """Returns column names and values of a set, all but its sums; see `Store.save`."""
    local = datetime.fromtimestamp(started_at_utc, UTC).astimezone()
    offset = local.utcoffset()
    assert offset is not None
    return {
        "run": run,
        "serial": record.serial,
        "exercise": record.exercise,
        "started_at": started_at_utc,
        "utc_offset_min": round(offset.total_seconds() / 60),
        "day": local.date().isoformat(),
        "started_s": record.started_s,
        "ended_s": record.ended_s,
        "ended": None if record.ended is None else record.ended.value,
        "rests_on": " ".join(rests_on(record.counted)),
        **msgspec.structs.asdict(facts),
    }


def set_of(row: Mapping[str, Any]) -> StoredSet:
    """Returns the set in a row of `sets`; raises whatever a damaged value leads to."""
    check_types(row)
    zone = timezone(timedelta(minutes=row["utc_offset_min"]))
    eccentric_s, pause_s, concentric_s = tempo_s = tuple(row[name] for name in _TEMPO)
    return StoredSet(
        started_at=datetime.fromtimestamp(row["started_at"], zone),
        duration_s=None if row["ended_s"] is None else row["ended_s"] - row["started_s"],
        tempo_s=None if None in tempo_s else (eccentric_s, pause_s, concentric_s),
        score=None if row["score"] is None else round(row["score"]),
        rests_on=tuple(row["rests_on"].split()),
        facts=Facts(**{name: row[name] for name in FACTS}),
        **{
            name: row[name]
            for name in (
                *("id", "exercise", "ended", "reps", "partials", "clean", "faulty"),
                "trunk_lean_deg",
            )
        },
    )


def row_of(rep: Rep) -> dict[str, Any]:
    """Returns column names and values of a rep, all but its place in its set."""
    values = {
        **{field.name: getattr(rep, field.name) for field in fields(Rep)},
        "counted": int(rep.counted),
        "grade": None if rep.grade is None else rep.grade.value,
        **{name: getattr(rep.tempo, name) for name in _TEMPO},
        **{name: getattr(rep.measures, name) for name in _MEASURES},
    }
    # without the nulls, which would be most of a year's file; `asdict` takes five times as long,
    # for it copies each value
    checks = {
        name: {key: value for key in _CHECK if (value := getattr(check, key)) is not None}
        for name, check in rep.checks.items()
    }
    return {
        **{name: values[name] for name in REP_COLUMNS},
        "checks": msgspec.json.encode(checks).decode(),
        "assessed": len(rep.judged),
        "faults": sum(check.verdict is Verdict.FAULT for check in rep.checks.values()),
    }


def rep_of(row: Mapping[str, Any]) -> Rep:
    """Returns the rep in a row of `reps`; raises whatever a damaged value leads to."""
    check_types(row)
    return Rep(
        number=row["number"],
        start_s=row["start_s"],
        bottom_s=row["bottom_s"],
        end_s=row["end_s"],
        counted=bool(row["counted"]),
        tempo=Tempo(**{name: row[name] for name in _TEMPO}),
        measures=Measures(**{name: row[name] for name in _MEASURES}),
        partial_reason=row["partial_reason"],
        checks=_DECODER.decode(row["checks"]),
        grade=None if row["grade"] is None else Grade(row["grade"]),
        score=row["score"],
    )


def check_types(row: Mapping[str, Any]) -> bool:
    """Returns True; raises TypeError for a row with a value that its column never holds."""
    for column in row.keys():  # noqa: SIM118 - a row of SQLite iterates over its values
        if (kind := _TYPE_OF.get(column)) is not None and not isinstance(row[column], kind):
            raise TypeError(f"{column} holds {row[column]!r:.40}")
    return True
