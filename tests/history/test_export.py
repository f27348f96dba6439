"""Sets as a table, as JSON and as CSV."""

import csv
import io
import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from history.records import rep

from kiosk.history.export import format_csv, format_json, format_strong, format_table
from kiosk.history.rows import StoredSet
from kiosk.training.facts import Facts

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
SAID = Facts(
    lifter=3,
    load_kg=42.5,
    corrected=3,
    target_reps=8,
    target_sets=3,
    set_number=2,
    rest_s=91.6,
)
KNOWN = replace(FULL, facts=SAID)
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


def test_the_table_shows_what_people_said_where_they_said_anything() -> None:
    headings, known, guest = format_table([KNOWN, FULL]).splitlines()
    assert headings.split()[3:9] == ["place", "load", "reps", "corrected", "target", "of"]
    assert headings.split()[-4:] == ["rest", "ended", "score", "from"]
    assert known.split()[3:11] == ["hip_hinge", "3", "42.5", "kg", "2", "3", "8", "2/3"]
    assert "92 s" in known
    assert guest.split()[3:10] == ["hip_hinge", "-", "-", "2", "-", "-", "-"]
    (headings, line) = format_table([replace(FULL, facts=Facts(set_number=2))]).splitlines()
    assert headings.split()[3:7] == ["reps", "of", "sets", "partial"]
    assert line.split()[3:6] == ["hip_hinge", "2", "2"]


def test_json_has_what_was_counted_and_what_it_was_corrected_to() -> None:
    one, other = json.loads(format_json([(KNOWN, REPS), (FULL, REPS)]))
    assert (one["counted"], one["corrected"], len(one["reps"])) == (2, 3, 3)
    assert (one["lifter"], one["load_kg"], one["load_source"]) == (3, 42.5, "entered by hand")
    assert [one[key] for key in ("target_reps", "target_sets", "set_number", "rest_s")] == [
        *(8, 3, 2),
        91.6,
    ]
    assert (other["counted"], other["corrected"], other["lifter"]) == (2, None, 0)
    assert (other["load_kg"], other["load_source"], "facts" in other) == (None, None, False)


def test_csv_has_the_facts_of_its_set_in_each_row() -> None:
    rows = list(csv.DictReader(io.StringIO(format_csv([(KNOWN, REPS), (FULL, REPS)]))))
    facts = ("lifter", "load_kg", "load_source", "corrected", "set_reps", "target_reps", "rest_s")
    for row in rows[:3]:
        assert [row[key] for key in facts] == [
            "3",
            "42.5",
            "entered by hand",
            "3",
            "2",
            "8",
            "91.6",
        ]
    for row in rows[3:]:
        assert [row[key] for key in facts] == ["0", "", "", "", "2", "", ""]
    assert [row["counted"] for row in rows[:3]] == ["1", "0", "1"]


def strong(*sets: StoredSet) -> list[dict[str, str]]:
    table = format_strong(sets, {"hip_hinge": "Hip hinge", "squat": "Squat"}.__getitem__)
    return list(csv.DictReader(io.StringIO(table), delimiter=";"))


def test_strong_and_hevy_get_one_row_a_set_in_their_columns() -> None:
    assert format_strong([]) == (
        "Date;Workout Name;Exercise Name;Set Order;Weight;Weight Unit;Reps;RPE;Distance;"
        "Distance Unit;Seconds;Notes;Workout Notes;Workout Duration"
    )
    (row,) = strong(KNOWN)
    assert row["Date"] == "2026-11-23 11:15:30"
    assert (row["Workout Name"], row["Exercise Name"]) == ("Gym mirror, place 3", "Hip hinge")
    assert (row["Weight"], row["Weight Unit"], row["Reps"]) == ("42.5", "kg", "3")
    assert row["Notes"] == "load entered by hand, reps counted: 2 and corrected by hand"
    assert all(row[key] for key in row if key != "RPE")  # Hevy refuses empty ones


def test_a_load_that_nobody_entered_is_not_guessed_for_strong() -> None:
    (row,) = strong(FULL)
    assert (row["Weight"], row["Reps"], row["Workout Name"]) == ("0", "2", "Gym mirror")
    assert row["Notes"] == "no load entered, reps counted: 2"
    (row,) = strong(replace(FULL, facts=Facts(load_kg=61.2349)))
    assert row["Weight"] == "61.23"


def test_a_workout_is_what_one_place_did_on_one_day() -> None:
    def later(number: int, minutes: float, **changes: object) -> StoredSet:
        return replace(KNOWN, id=number, started_at=AT + timedelta(minutes=minutes), **changes)

    rows = strong(
        later(6, 24 * 60),
        later(5, 30, exercise="squat"),
        later(4, 20, facts=Facts(lifter=1)),
        later(3, 10),
        later(2, 5, reps=0, facts=Facts(lifter=3)),  # nothing was done
        later(1, 0),
    )
    assert [(row["Date"][8:16], row["Exercise Name"], row["Set Order"]) for row in rows] == [
        ("23 11:15", "Hip hinge", "1"),
        ("23 11:15", "Hip hinge", "2"),
        ("23 11:15", "Squat", "1"),
        ("23 11:35", "Hip hinge", "1"),
        ("24 11:15", "Hip hinge", "1"),
    ]
    assert [row["Workout Duration"] for row in rows] == ["30m", "30m", "30m", "1m", "1m"]
