import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from random import Random
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from gym.samples import DAY_S, MONDAY_S, count, delete, health, mirror, put, rep, set_of
from psycopg import Connection
from psycopg.errors import InsufficientPrivilege, IntegrityConstraintViolation

from kiosk.errors import BadInputError, DatabaseError
from kiosk.gym.database import Migration, check_version, connected, migrate, migrations, version_of

WITHOUT_COMMENT = """
    SELECT c.relname || coalesce('.' || a.attname, '')
    FROM pg_class AS c
    LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'gym'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
        AND NOT c.relispartition
        AND (obj_description(c.oid, 'pg_class') IS NULL OR col_description(c.oid, a.attnum) IS NULL)
    UNION ALL
    SELECT proname || '()' FROM pg_proc
    WHERE pronamespace = 'gym'::regnamespace AND obj_description(oid, 'pg_proc') IS NULL
"""


@pytest.fixture
def owner(gym_url: str) -> Iterator["Connection[tuple[object, ...]]"]:
    with psycopg.connect(gym_url, autocommit=True) as connection:
        yield connection


def partitions(connection: "Connection[tuple[object, ...]]") -> list[str]:
    rows = connection.execute(
        "SELECT inhrelid::regclass::text FROM pg_inherits "
        "WHERE inhparent IN ('gym.sets'::regclass, 'gym.reps'::regclass, "
        "'gym.check_sums'::regclass) ORDER BY 1"
    )
    return [str(name) for (name,) in rows]


def test_an_empty_database_becomes_the_newest_and_stays_it(empty: str) -> None:
    with connected(empty) as connection:
        assert version_of(connection) == 0
        assert migrate(connection) == list(migrations())
        check_version(connection)
        assert migrate(connection) == []


def test_every_table_column_view_and_function_has_a_comment(
    owner: "Connection[tuple[object, ...]]",
) -> None:
    assert owner.execute(WITHOUT_COMMENT).fetchall() == []
    owner.execute("ALTER TABLE gym.sets ADD COLUMN bare integer")
    assert owner.execute(WITHOUT_COMMENT).fetchall() == [("sets.bare",)]


def test_two_that_migrate_at_once_take_turns(empty: str) -> None:
    def run() -> int:
        with connected(empty) as connection:
            return len(migrate(connection))

    with ThreadPoolExecutor() as pool:
        done = [pool.submit(run) for _ in range(2)]
        assert sum(one.result() for one in done) == len(migrations())


def test_a_step_that_fails_leaves_the_version_before_it(gym_url: str) -> None:
    newest = len(migrations())
    broken = Migration(newest + 1, "broken", 1, "CREATE TABLE gym.half (id int); SELECT 1 / 0")
    with pytest.raises(DatabaseError, match="division by zero"), connected(gym_url) as connection:
        migrate(connection, [*migrations(), broken])
    with connected(gym_url) as connection:
        assert version_of(connection) == newest
        assert connection.execute("SELECT to_regclass('gym.half')").fetchone() == (None,)


def test_a_newer_schema_is_refused_and_left_alone(gym_url: str) -> None:
    with connected(gym_url) as connection:
        connection.execute("INSERT INTO gym.version VALUES (99, 'future', 99)")
        with pytest.raises(DatabaseError, match="newer kiosk"):
            migrate(connection)
        with pytest.raises(DatabaseError, match="newer kiosk"):
            check_version(connection)


def test_a_database_without_our_tables_says_what_to_run(empty: str) -> None:
    with connected(empty) as connection, pytest.raises(DatabaseError, match="kiosk gym init"):
        check_version(connection)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///secret",
        "postgresql://me:secret@[::1",
        "postgresql://me:secret%zz@a/b",
        "postgresql://me:secret@a/b?nonsense=1",
    ],
)
def test_a_wrong_url_is_one_line_and_shows_no_password(url: str) -> None:
    with pytest.raises(BadInputError) as caught, connected(url):
        pass
    assert "secret" not in str(caught.value)


def test_a_server_that_is_not_there_is_one_line_without_the_password() -> None:
    with (
        pytest.raises(DatabaseError, match="cannot be reached") as caught,
        connected("postgresql://me:secret@/x?host=/nowhere"),
    ):
        pass
    assert "secret" not in str(caught.value)


def test_a_set_that_is_sent_twice_is_there_once(owner: "Connection[tuple[object, ...]]") -> None:
    one = set_of(rep(0), rep(1, "knee"), rep(2, counted=False))
    assert put(owner, mirror(), one) == 1
    assert put(owner, mirror(), one) == 1
    assert (count(owner, "sets"), count(owner, "reps"), count(owner, "set_ids")) == (1, 3, 1)
    row = owner.execute("SELECT week, duration_s, reps, checks FROM gym.sets").fetchone()
    assert row is not None
    assert [str(row[0]), *row[1:]] == ["2026-11-23", 30, 2, {"knee": [2, 1], "back": [2, 0]}]
    assert owner.execute(
        "SELECT start_s, counted, verdicts FROM gym.reps ORDER BY position LIMIT 2"
    ).fetchall() == [
        (0, True, {"knee": "ok", "back": "ok"}),
        (4, True, {"knee": "fault", "back": "ok"}),
    ]


def test_checks_may_come_as_the_text_that_the_history_holds(
    owner: "Connection[tuple[object, ...]]",
) -> None:
    one = set_of(rep(0, "knee"))
    one["rep_rows"][0]["checks"] = json.dumps(one["rep_rows"][0]["checks"])
    put(owner, mirror(), one)
    assert owner.execute("SELECT checks -> 'knee' FROM gym.sets").fetchone() == ([1, 1],)


def test_a_set_under_way_grows_and_corrections_follow(
    owner: "Connection[tuple[object, ...]]",
) -> None:
    one = set_of(rep(0), ended=None, ended_s=None)
    put(owner, mirror(), one)
    later = set_of(rep(0), rep(1, "back"), corrected=3, load_kg=60.5, lifter=2)
    put(owner, mirror(), later | {"id": one["id"]})
    assert owner.execute(
        "SELECT reps, corrected, load_kg, lifter, ended, checks -> 'back' FROM gym.sets"
    ).fetchall() == [(2, 3, 60.5, 2, "idle", [2, 1])]
    assert count(owner, "reps") == 2


def test_a_set_that_moved_to_another_exercise_keeps_no_rep_of_before(
    owner: "Connection[tuple[object, ...]]",
) -> None:
    one = set_of(rep(0), rep(1), rep(2))
    put(owner, mirror(), one)
    moved = set_of(rep(0, "knee", start_s=1001), exercise="squat") | {"id": one["id"]}
    put(owner, mirror(), moved)
    assert owner.execute("SELECT exercise FROM gym.sets").fetchall() == [("squat",)]
    assert owner.execute("SELECT start_s, grade FROM gym.reps").fetchall() == [(1, "faulty")]


def test_a_set_has_one_place_whatever_the_clock_does_later(
    owner: "Connection[tuple[object, ...]]",
) -> None:
    one = set_of(rep(0))
    put(owner, mirror(), one)
    put(owner, mirror(), one | {"started_at": MONDAY_S + 90 * DAY_S, "reps": 7})
    assert owner.execute("SELECT week::text, reps FROM gym.sets").fetchall() == [("2026-11-23", 7)]


def test_deleting_leaves_nothing_and_a_set_may_come_back(
    owner: "Connection[tuple[object, ...]]",
) -> None:
    one, other = set_of(rep(0), rep(1)), set_of(rep(0))
    put(owner, mirror(), one, other)
    assert delete(owner, mirror(), one["id"], str(uuid4())) == 1
    assert delete(owner, mirror(), one["id"]) == 0
    assert (count(owner, "sets"), count(owner, "reps"), count(owner, "set_ids")) == (1, 1, 1)
    put(owner, mirror(), one)
    assert (count(owner, "sets"), count(owner, "reps")) == (2, 3)


RECOUNTED = """
    SELECT mirror, week, exercise, c.key,
        sum((c.value -> 0)::int)::int, sum((c.value -> 1)::int)::int
    FROM gym.sets CROSS JOIN LATERAL jsonb_each(checks) AS c GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
KEPT = "SELECT * FROM gym.check_sums ORDER BY mirror, week, exercise, check_id"


class Sent:
    """What three mirrors have stored, with one change after the other by chance."""

    def __init__(self, connection: "Connection[tuple[object, ...]]", seed: int) -> None:
        self._connection = connection
        self._chance = Random(seed)
        self.stored: dict[str, tuple[int, dict[str, Any]]] = {}

    def change(self) -> None:
        kinds = (self.add, self.add, self.resend, self.correct, self.redo, self.remove, self.erase)
        self._chance.choice(kinds)()

    def add(self) -> None:
        number = self._chance.randint(1, 3)
        sets = [self._made() for _ in range(self._chance.randint(1, 5))]
        put(self._connection, mirror(number), *sets)
        self.stored |= {one["id"]: (number, one) for one in sets}

    def resend(self) -> None:
        for key in self._some():
            self._put(key, {})

    def correct(self) -> None:
        for key in self._some():
            self._put(key, {"corrected": self._chance.randint(0, 9), "lifter": 2})

    def redo(self) -> None:
        """Other reps, perhaps of another exercise."""
        for key in self._some():
            self._put(key, self._made() | {"id": key})

    def remove(self) -> None:
        for key in self._some():
            delete(self._connection, mirror(self.stored.pop(key)[0]), key)

    def erase(self, number: int | None = None) -> None:
        number = number or self._chance.randint(1, 3)
        mine = [key for key, (whose, _) in self.stored.items() if whose == number]
        delete(self._connection, mirror(number), *mine)
        self.stored = {key: one for key, one in self.stored.items() if key not in mine}

    def _put(self, key: str, changed: dict[str, Any]) -> None:
        number, one = self.stored[key]
        self.stored[key] = number, one | changed
        put(self._connection, mirror(number), one | changed)

    def _some(self) -> list[str]:
        most = min(len(self.stored), self._chance.randint(1, 4))
        return self._chance.sample(sorted(self.stored), most)

    def _made(self) -> dict[str, Any]:
        chance = self._chance
        reps = [
            rep(
                place,
                *chance.sample(["knee", "back"], chance.randint(0, 2)),
                counted=chance.random() < 0.8,
            )
            for place in range(chance.randint(0, 6))
        ]
        at_s = MONDAY_S + 7 * DAY_S * chance.randint(0, 5)
        return set_of(*reps, exercise=chance.choice(["hip_hinge", "squat"]), at_s=at_s)


@pytest.mark.parametrize("seed", range(3))
def test_the_sums_over_checks_are_those_of_a_recount_whatever_happens(
    owner: "Connection[tuple[object, ...]]", seed: int
) -> None:
    sent, most = Sent(owner, seed), 0
    for _ in range(60):
        sent.change()
        kept = owner.execute(KEPT).fetchall()
        assert kept == owner.execute(RECOUNTED).fetchall()
        most = max(most, len(kept))
    assert most > 12
    for number in (1, 2, 3):
        sent.erase(number)
    assert count(owner, "check_sums") == 0


def test_a_mirror_can_neither_change_nor_delete_a_set_of_another(
    owner: "Connection[tuple[object, ...]]",
) -> None:
    one = set_of(rep(0))
    put(owner, mirror(1), one)
    with pytest.raises(IntegrityConstraintViolation):
        put(owner, mirror(2), one | {"reps": 0})
    assert delete(owner, mirror(2), one["id"]) == 0
    assert owner.execute("SELECT reps FROM gym.sets").fetchall() == [(1,)]


def test_a_batch_with_one_bad_set_stores_none_of_it(
    owner: "Connection[tuple[object, ...]]",
) -> None:
    with pytest.raises(psycopg.Error) as caught:
        put(owner, mirror(), set_of(rep(0)), set_of(rep(0), lifter=9))
    assert (caught.value.sqlstate or "")[:2] == "23"
    assert (count(owner, "sets"), count(owner, "set_ids")) == (0, 0)


def test_partitions_are_made_when_a_month_comes_also_by_many_at_once(gym_url: str) -> None:
    def send(number: int) -> None:
        with psycopg.connect(gym_url, autocommit=True) as connection:
            for month in range(6):
                at_s = MONDAY_S + 31 * DAY_S * month
                put(connection, mirror(number), set_of(rep(0), at_s=at_s))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(send, range(1, 7)))
    with psycopg.connect(gym_url) as connection:
        assert count(connection, "sets") == 36
        assert len(partitions(connection)) == 18


@pytest.mark.parametrize(
    ("at_s", "tail"), [(100.0, "before_2020"), (5e9, "after_2099"), (MONDAY_S, "2026_11")]
)
def test_a_wrong_clock_loses_no_set_and_makes_no_heap_of_partitions(
    owner: "Connection[tuple[object, ...]]", at_s: float, tail: str
) -> None:
    put(owner, mirror(), set_of(rep(0), at_s=at_s), set_of(rep(0), at_s=at_s + 1))
    assert count(owner, "sets") == 2
    assert partitions(owner) == [f"gym.{kind}_{tail}" for kind in ("check_sums", "reps", "sets")]


def test_the_reps_of_a_month_may_be_dropped_and_the_rest_goes_on(
    owner: "Connection[tuple[object, ...]]",
) -> None:
    one = set_of(rep(0), rep(1))
    put(owner, mirror(), one)
    owner.execute("DROP TABLE gym.reps_2026_11")
    assert (count(owner, "sets"), count(owner, "lifters"), count(owner, "usage")) == (1, 0, 1)
    put(owner, mirror(), one)
    assert (count(owner, "sets"), count(owner, "reps")) == (1, 2)


def test_a_week_begins_on_monday_where_the_mirror_stands(
    owner: "Connection[tuple[object, ...]]",
) -> None:
    """Sunday evening in UTC is Monday in Berlin, and Sunday in New York."""
    for offset_min in (60, -300):
        put(owner, mirror(), set_of(rep(0), at_s=MONDAY_S - 600, utc_offset_min=offset_min))
    weeks = owner.execute("SELECT week::text FROM gym.sets ORDER BY 1").fetchall()
    assert weeks == [("2026-11-16",), ("2026-11-23",)]


def test_health_is_one_row_per_time_with_the_same_faults(
    owner: "Connection[tuple[object, ...]]",
) -> None:
    for faults, heat in (
        ((), 50),
        ((), 61),
        ((), 58),
        (("dark", "camera"), 62),
        (("camera", "dark"), 55),
        ((), 50),
    ):
        health(owner, mirror(), *faults, temperature_c=heat)
    rows = owner.execute(
        "SELECT faults, temperature_c, hottest_c FROM gym.health ORDER BY since"
    ).fetchall()
    assert rows == [([], 58, 61), (["camera", "dark"], 55, 62), ([], 50, 50)]


def test_the_mirrors_role_may_call_and_touch_nothing_else(gym_url: str) -> None:
    with closing(psycopg.connect(gym_url, autocommit=True)) as connection:
        connection.execute("SET ROLE mirror")
        one = set_of(rep(0), rep(1))
        put(connection, mirror(), one)
        health(connection, mirror(), "dark")
        known = connection.execute("SELECT gym.set_ids_of(%s)", (mirror()["id"],)).fetchall()
        assert [str(row[0]) for row in known] == [one["id"]]
        assert connection.execute("SELECT gym.schema_version()").fetchone() == (1,)
        for statement in (
            "SELECT * FROM gym.sets",
            "SELECT * FROM gym.mirrors",
            "INSERT INTO gym.mirrors (id) VALUES (gen_random_uuid())",
            "DELETE FROM gym.reps",
            "SELECT gym.meet('{}')",
            "SELECT gym.ensure_month('2050-01-01')",
            "CREATE TABLE gym.mine (id int)",
        ):
            with pytest.raises(InsufficientPrivilege):
                connection.execute(statement)
        assert delete(connection, mirror(), one["id"]) == 1


def test_a_coach_can_change_nothing(gym_url: str) -> None:
    with closing(psycopg.connect(gym_url, autocommit=True)) as connection:
        connection.execute("SET ROLE coach")
        check_version(connection)
        for call in (
            lambda: put(connection, mirror(), set_of(rep(0))),
            lambda: delete(connection, mirror()),
        ):
            with pytest.raises(InsufficientPrivilege):
                call()
        with pytest.raises(InsufficientPrivilege):
            connection.execute("UPDATE gym.mirrors SET name = 'x'")
