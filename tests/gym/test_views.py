from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from gym.samples import DAY_S, MONDAY_S, health, mirror, put, rep, set_of
from psycopg import Connection
from psycopg.rows import TupleRow, dict_row

VIEWS = ("usage", "faults", "fading", "lifters", "conditions", "accuracy")
Rows = list[dict[str, Any]]
Owner = Connection[TupleRow]


@pytest.fixture
def owner(gym_url: str) -> Iterator[Owner]:
    with psycopg.connect(gym_url, autocommit=True) as connection:
        yield connection


def read(connection: Owner, query: str) -> Rows:
    """Rows as a coach sees them."""
    connection.execute("SET ROLE coach")
    try:
        return connection.cursor(row_factory=dict_row).execute(query.encode()).fetchall()
    finally:
        connection.execute("RESET ROLE")


def monday_of_now_s() -> float:
    now = datetime.now(UTC)
    return now.timestamp() // DAY_S * DAY_S - now.weekday() * DAY_S


@pytest.mark.parametrize("view", VIEWS)
def test_a_coach_reads_every_view_also_of_an_empty_database(owner: Owner, view: str) -> None:
    assert read(owner, f"SELECT * FROM gym.{view}") == []


def test_usage_tells_the_hour_where_the_mirror_stands(owner: Owner) -> None:
    tuesday_six_s = MONDAY_S + DAY_S + 5 * 3600  # 6 o'clock in Berlin
    put(
        owner,
        mirror(),
        set_of(rep(0), rep(1), at_s=tuesday_six_s),
        set_of(rep(0), at_s=tuesday_six_s + 3599),
        set_of(rep(0), at_s=tuesday_six_s + 3600),
    )
    rows = read(owner, "SELECT weekday, hour, sets, reps, minutes FROM gym.usage ORDER BY hour")
    assert rows == [
        {"weekday": 2, "hour": 6, "sets": 2, "reps": 3, "minutes": 1},
        {"weekday": 2, "hour": 7, "sets": 1, "reps": 1, "minutes": 0.5},
    ]


def test_faults_are_a_share_of_the_reps_that_could_be_judged(owner: Owner) -> None:
    put(owner, mirror(1), set_of(rep(0, "knee"), rep(1), rep(2, "knee", counted=False)))
    put(owner, mirror(2), set_of(rep(0, "knee"), rep(1, "knee")))
    put(owner, mirror(3, gym="south"), set_of(rep(0)))
    put(owner, mirror(1), set_of(rep(0), at_s=MONDAY_S + 7 * DAY_S))
    rows = read(
        owner,
        "SELECT gym, week::text, judged, faulty, share FROM gym.faults WHERE check_id = 'knee' "
        "ORDER BY gym, week",
    )
    assert [tuple(row.values()) for row in rows] == [
        ("north", "2026-11-23", 4, 3, 0.75),
        ("north", "2026-11-30", 1, 0, 0),
        ("south", "2026-11-23", 1, 0, 0),
    ]


def test_a_fault_fades_only_where_that_is_more_than_chance(owner: Owner) -> None:
    def sets(exercise: str, weeks_ago: int, faulty: int, of: int) -> None:
        reps = [rep(number, *["knee"] * (number < faulty)) for number in range(of)]
        at_s = monday_of_now_s() - 7 * weeks_ago * DAY_S
        put(owner, mirror(), set_of(*reps, exercise=exercise, at_s=at_s, utc_offset_min=0))

    for exercise, before, now in (("a", 30, 10), ("b", 10, 30), ("c", 21, 20), ("d", 3, 2)):
        of = 4 if exercise == "d" else 40
        sets(exercise, 5, before, of)
        sets(exercise, 0, now, of)
    sets("e", 0, 1, 4)
    sets("f", 9, 1, 4)  # too long ago
    rows = read(
        owner, "SELECT exercise, trend FROM gym.fading WHERE check_id = 'knee' ORDER BY exercise"
    )
    assert {row["exercise"]: row["trend"] for row in rows} == {
        "a": "fades", "b": "grows", "c": "unclear", "d": "unclear", "e": None,
    }  # fmt: skip


def test_lifters_are_places_and_guests_are_none(owner: Owner) -> None:
    put(
        owner,
        mirror(),
        set_of(rep(0), rep(1, "knee"), lifter=3, load_kg=40),
        set_of(rep(0), rep(1), lifter=3, load_kg=50, corrected=4),
        set_of(rep(0), lifter=3),
        set_of(rep(0), lifter=0, load_kg=200),
    )
    (row,) = read(owner, "SELECT * FROM gym.lifters WHERE week = '2026-11-23'")
    assert (row["lifter"], row["sets"], row["reps"]) == (3, 3, 7)
    assert (row["heaviest_kg"], row["volume_kg"]) == (50, 280)
    assert (row["judged"], row["clean_share"]) == (5, pytest.approx(0.8))


def test_conditions_tell_why_a_mirror_is_unwell(owner: Owner) -> None:
    now_s = datetime.now(UTC).timestamp()
    for number, ago_days, faults, heat in (
        (1, 0, (), 60),
        (2, 4, (), 60),
        (3, 0, ("camera",), 60),
        (4, 0, ("dark",), 85),
    ):
        put(owner, mirror(number), set_of(rep(0), at_s=now_s - ago_days * DAY_S))
        health(owner, mirror(number), *faults, temperature_c=heat)
    put(owner, mirror(5), set_of(rep(0), at_s=now_s + 90 * DAY_S))  # its clock is wrong
    owner.execute(
        "UPDATE gym.mirrors SET last_seen = now() - interval '2 days' WHERE name LIKE '%5'"
    )
    rows = read(owner, "SELECT name, days_without_sets, reasons FROM gym.conditions ORDER BY name")
    assert [tuple(row.values()) for row in rows] == [
        ("mirror 1", 0, []),
        ("mirror 2", 4, ["no_sets"]),
        ("mirror 3", 0, ["camera_lost", "faults"]),
        ("mirror 4", 0, ["hot", "faults"]),
        ("mirror 5", 0, ["silent"]),
    ]


def test_a_fault_that_is_over_makes_no_mirror_unwell(owner: Owner) -> None:
    health(owner, mirror(), "camera", temperature_c=90)
    health(owner, mirror())
    assert [row["reasons"] for row in read(owner, "SELECT reasons FROM gym.conditions")] == [[]]


def test_accuracy_counts_corrections_and_which_way_they_go(owner: Owner) -> None:
    five = [rep(number) for number in range(5)]
    put(
        owner,
        mirror(),
        *(set_of(*five, corrected=said) for said in (None, 5, 7, 4)),
        set_of(),  # nothing counted, nothing said
        set_of(corrected=2),
    )
    (row,) = read(owner, "SELECT * FROM gym.accuracy")
    assert (row["sets"], row["corrected"], row["counted_reps"]) == (5, 3, 20)
    assert (row["over"], row["under"]) == (1, 4)
    assert row["share_right"] == pytest.approx(0.4)


@pytest.mark.parametrize("view", ["usage", "faults", "lifters", "accuracy"])
def test_a_week_reads_the_partition_of_its_month_alone(owner: Owner, view: str) -> None:
    for month in range(4):
        at_s = MONDAY_S - 31 * DAY_S * month
        put(owner, mirror(), set_of(rep(0), lifter=1, at_s=at_s))
    query = f"EXPLAIN SELECT * FROM gym.{view} WHERE week = '2026-11-23' AND gym = 'north'"
    plan = "\n".join(str(row["QUERY PLAN"]) for row in read(owner, query))
    table = "check_sums" if view == "faults" else "sets"
    assert f"{table}_2026_11" in plan
    assert f"{table}_2026_10" not in plan
    everything = "\n".join(
        str(row["QUERY PLAN"]) for row in read(owner, f"EXPLAIN SELECT * FROM gym.{view}")
    )
    assert f"{table}_2026_10" in everything
