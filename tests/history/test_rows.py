"""A rep comes back from its row as it was, and a set with the sums of its reps."""

import json
import sqlite3
from contextlib import closing
from dataclasses import fields, replace
from statistics import mean

import pytest
from history.records import MORNING, closed, record, rep
from hypothesis import given
from hypothesis import strategies as st

from kiosk.coaching.record import CheckResult, Ended, Grade, Measures, Rep, Tempo, Verdict
from kiosk.history.rows import SUMS, rep_of, row_of, row_of_set, set_of
from kiosk.history.schema import empty_history

numbers = st.floats(-1e6, 1e6)
maybe = st.none() | numbers
names = st.text(max_size=20)
checks = st.builds(
    CheckResult,
    verdict=st.sampled_from(Verdict),
    value=maybe,
    limit=maybe,
    unit=st.none() | names,
    confidence=maybe,
    reason=st.none() | names,
)
reps = st.builds(
    Rep,
    number=st.integers(0, 99),
    start_s=numbers,
    bottom_s=numbers,
    end_s=numbers,
    counted=st.booleans(),
    tempo=st.builds(Tempo, eccentric_s=numbers, pause_s=numbers, concentric_s=numbers),
    measures=st.builds(Measures, **{field.name: maybe for field in fields(Measures)}),
    partial_reason=st.none() | names,
    checks=st.dictionaries(names, checks, max_size=3),
    grade=st.none() | st.sampled_from(Grade),
    score=st.none() | st.integers(0, 100),
)


@given(reps)
def test_a_rep_comes_back_as_it_was(one: Rep) -> None:
    assert rep_of(row_of(one)) == one


def test_a_row_holds_no_nulls_of_checks_and_counts_its_verdicts() -> None:
    row = row_of(rep(1, fault=True))
    assert json.loads(row["checks"])["rounded_back"] == {
        "verdict": "not_assessed",
        "reason": "arms_cover_the_back",
    }
    assert (row["assessed"], row["faults"], row["counted"]) == (1, 1, 1)
    assert (row_of(rep(1))["faults"], row_of(rep(1, counted=False))["counted"]) == (0, 0)


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("at_utc", "day", "offset_min"),
    [
        (MORNING, "2026-11-23", 60),
        (MORNING + 13.75 * 3600, "2026-11-24", 60),  # midnight in Berlin, 23:00 UTC
        (MORNING - 150 * 86400, "2026-06-26", 120),  # in summer
    ],
)
def test_a_set_is_filed_under_its_local_day(at_utc: float, day: str, offset_min: int) -> None:
    row = row_of_set(record(7), "run", at_utc)
    assert (row["day"], row["utc_offset_min"], row["started_at"]) == (day, offset_min, at_utc)
    assert (row["run"], row["serial"], row["ended_s"], row["ended"]) == ("run", 7, None, None)
    over = row_of_set(closed(record(7), 1030.0, Ended.BUTTON), "run", at_utc)
    assert (over["ended_s"], over["ended"]) == (1030.0, "button")


def stored(**changes: object) -> dict[str, object]:
    row = {"id": 3, **row_of_set(closed(record(1), 1030.0), "run", MORNING), **dict.fromkeys(SUMS)}
    return {**row, "reps": 2, "partials": 1, "clean": 1, "faulty": 0, **changes}


@pytest.mark.usefixtures("berlin")
def test_a_set_comes_back_from_its_row() -> None:
    tempo = {"eccentric_s": 1.5, "pause_s": 0.25, "concentric_s": 0.8}
    measured = {"score": 80.6, "trunk_lean_deg": 71.5, "rests_on": "knee_dominance no_lockout"}
    found = set_of(stored(**tempo, **measured))
    assert (found.id, found.exercise, found.ended) == (3, "hip_hinge", "idle")
    assert found.started_at.isoformat() == "2026-11-23T11:15:00+01:00"
    assert (found.duration_s, found.reps, found.partials, found.clean) == (26.0, 2, 1, 1)
    assert found.rests_on == ("knee_dominance", "no_lockout")
    assert (found.tempo_s, found.score, found.trunk_lean_deg) == ((1.5, 0.25, 0.8), 81, 71.5)


def test_what_a_row_lacks_is_none() -> None:
    found = set_of(stored(ended_s=None, ended=None, eccentric_s=1.5))
    assert (found.duration_s, found.ended, found.tempo_s) == (None, None, None)
    assert (found.score, found.trunk_lean_deg, found.rests_on) == (None, None, ())


def sums_of(*reps: Rep) -> dict[str, object]:
    with closing(empty_history()) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = OFF")
        for position, one in enumerate(reps):
            row = {"set_id": 1, "position": position, **row_of(one)}
            values = ", ".join(f":{name}" for name in row)
            connection.execute(f"INSERT INTO reps ({', '.join(row)}) VALUES ({values})", row)
        named = ", ".join(f"{sql} AS {column}" for column, sql in SUMS.items())
        return dict(connection.execute(f"SELECT {named} FROM reps").fetchone())


def test_sums_are_over_the_counted_reps_alone() -> None:
    unjudged = replace(rep(3, score=None), grade=Grade.UNJUDGED, checks={}, measures=Measures())
    partly = replace(rep(3, score=None), grade=Grade.PARTLY, measures=Measures())
    counted = [rep(1), rep(2, fault=True, score=70), unjudged, partly]
    found = sums_of(*counted, rep(3, counted=False, fault=True, score=0))
    counts = {"reps": 4, "partials": 1, "clean": 1, "faulty": 1, "depth_reps": 2}
    assert {name: found[name] for name in counts} == counts
    assert found["score"] == 80
    assert found["depth"] == pytest.approx(mean([1.1, 1.2]))
    assert found["trunk_lean_deg"] == pytest.approx(71.5)
    for name in ("eccentric_s", "pause_s", "concentric_s"):
        assert found[name] == pytest.approx(mean(getattr(one.tempo, name) for one in counted))


def test_sums_of_nothing_are_none_or_zero() -> None:
    found = sums_of()
    assert {name for name, value in found.items() if value is None} == {
        *("depth", "trunk_lean_deg", "eccentric_s", "pause_s", "concentric_s", "score")
    }
    assert {value for value in found.values() if value is not None} == {0}
