"""Sets as a table, as JSON and as CSV."""

import csv
import io
import json
from datetime import datetime, timedelta, timezone

import pytest
from history.records import rep

from kiosk.history.export import format_csv, format_json, format_table
from kiosk.history.rows import StoredSet

AT = datetime(2026, 11, 23, 11, 15, 30, tzinfo=timezone(timedelta(hours=1)))
FULL = StoredSet(
    id=12,
    exercise="hip_hinge",
    started_at=AT,
    duration_s=26.0,
    ended="walked_off",
    reps=2,
    partials=1,
    clean=1,
    faulty=1,
    trunk_lean_deg=71.5,
    tempo_s=(1.5, 0.25, 0.8),
    score=80,
    rests_on=("knee_dominance", "no_lockout"),
)
OPEN = StoredSet(
    id=13,
    exercise="squat",
    started_at=AT,
    duration_s=None,
    ended=None,
    reps=0,
    partials=0,
    clean=0,
    faulty=0,
    trunk_lean_deg=None,
    tempo_s=None,
    score=None,
    rests_on=(),
)
REPS = (rep(1), rep(1, counted=False, score=None), rep(2, fault=True))


def test_the_table_has_one_line_a_set() -> None:
    names = {"hip_hinge": "Hip hinge", "squat": "Squat"}
    assert format_table([OPEN, FULL], names.__getitem__).splitlines() == [
        (
            "set  started           exercise   reps  partial  clean  lean  tempo        score  "
            "ended       score from"
        ),
        " 13  2026-11-23 11:15  Squat         0        0      0     -  -                -  open",
        (
            " 12  2026-11-23 11:15  Hip hinge     2        1      1   72°  1.5/0.2/0.8     80  "
            "walked off  knee_dominance no_lockout"
        ),
    ]


def test_an_empty_table_is_its_headings() -> None:
    assert format_table([]).split()[0] == "set"
    assert len(format_table([]).splitlines()) == 1


def test_json_nests_reps_in_sets_and_counts_time_from_the_start() -> None:
    one, other = json.loads(format_json([(FULL, REPS), (OPEN, ())]))
    assert one["started_at"] == "2026-11-23T11:15:30+01:00"
    assert (one["id"], one["counted"], one["partials"]) == (12, 2, 1)
    assert (one["clean"], one["rests_on"]) == (1, ["knee_dominance", "no_lockout"])
    assert [rep["counted"] for rep in one["reps"]] == [True, False, True]
    assert [rep["grade"] for rep in one["reps"]] == ["clean", None, "faulty"]
    assert one["reps"][0]["start_s"] == 0.0
    assert one["reps"][0]["bottom_s"] == pytest.approx(1.25)
    assert one["reps"][2]["checks"]["knee_dominance"]["verdict"] == "fault"
    assert one["reps"][0]["measures"]["trunk_lean_deg"] == pytest.approx(71.0)
    assert (other["ended"], other["reps"]) == (None, [])


def test_csv_has_one_row_a_rep() -> None:
    rows = list(csv.DictReader(io.StringIO(format_csv([(FULL, REPS), (OPEN, ())]))))
    assert [row["set_id"] for row in rows] == ["12"] * 3
    assert [row["counted"] for row in rows] == ["1", "0", "1"]
    assert [row["check_knee_dominance"] for row in rows] == ["ok", "ok", "fault"]
    assert [row["grade"] for row in rows] == ["clean", "", "faulty"]
    assert [row["judged"] for row in rows] == ["knee_dominance"] * 3
    assert [row["score"] for row in rows] == ["90", "", "90"]
    assert float(rows[2]["bottom_s"]) == pytest.approx(5.25)
    assert rows[0]["started_at"] == "2026-11-23T11:15:30+01:00"
    assert None not in rows[0]
    assert None not in rows[0].values()
