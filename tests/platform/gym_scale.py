"""Measures how the gyms' database grows: time to insert, size on disk, and the coaches' queries.

    .venv/bin/python tests/platform/gym_scale.py [--sets 10000000]

Starts a PostgreSQL of its own. Four weeks of a simulated gym, ten mirrors with 40 sets a day that
are sent by the real outbox, are the model. Their rows are copied under other ids, five times to
make a busy gym with 14,000 sets a week, and 13 times to make a year of it, of as many gyms as are
asked for. After each step it sends batches through gym.put_sets, and asks each view for a week of
one gym, and for the eight weeks of a report. EXPLAIN tells which partitions are read. Reps are
three quarters of the disk and no view reads them, so only the first `--reps-of` sets have theirs.
"""

import argparse
import json
import re
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from gym.samples import MONDAY_S, mirror, rep, set_of

from kiosk.gym.database import connected, migrate
from kiosk.gym.simulation import simulate
from postgres import binaries, server

MIRRORS, DAYS, SETS_A_DAY = 10, 28, 40
CROWD = 5
"""So many copies of each set are a busy gym's."""
BLOCKS = 13
"""Of so many days are a year."""
VIEWS = ("usage", "faults", "lifters", "accuracy")
LIMIT_MS = 100.0
BATCH = 50


def seconds(work: Callable[[], object]) -> float:
    start_s = time.perf_counter()
    work()
    return time.perf_counter() - start_s


def copy_gym(connection: Any, number: int, *, with_reps: bool) -> None:
    """Copies the model to a year, under other ids; number 0 is the simulated gym itself.

    The copies know nothing of the functions that mirrors call, and are as if they had been called.
    Nor are foreign keys checked, which would take longer than all else.
    """
    values = {"n": number, "last": BLOCKS - 1, "crowd": CROWD}
    new = "md5({0}::text || '.' || %(n)s || '.' || k || '.' || c)::uuid"
    mirror_id = "s.mirror" if number == 0 else "md5(s.mirror::text || '.' || %(n)s)::uuid"
    year = "CROSS JOIN generate_series(0, %(last)s::int) AS k "
    model = f"FROM model.sets AS s {year} CROSS JOIN generate_series(1, %(crowd)s::int) AS c "
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        if number:
            connection.execute(
                f"INSERT INTO gym.mirrors (id, name, gym, last_set_at) SELECT {mirror_id}, s.name, "
                "'copy ' || %(n)s, s.last_set_at FROM (SELECT id AS mirror, * FROM gym.mirrors) "
                "AS s WHERE s.gym = 'gym 01'",
                values,
            )
        connection.execute(
            f"INSERT INTO gym.set_ids (id, mirror, week) SELECT {new.format('s.id')}, {mirror_id}, "
            f"s.week - 28 * k {model}",
            values,
        )
        columns = _columns(connection, "sets", "id", "mirror", "week", "started_at")
        connection.execute(
            f"INSERT INTO gym.sets (id, mirror, week, started_at, {', '.join(columns)}) "
            f"SELECT {new.format('s.id')}, {mirror_id}, s.week - 28 * k, "
            f"s.started_at - k * interval '28 days', {', '.join(f's.{name}' for name in columns)} "
            f"{model} ORDER BY k DESC, s.started_at",
            values,
        )
        connection.execute(
            "INSERT INTO gym.check_sums (mirror, week, exercise, check_id, judged, faulty) "
            f"SELECT {mirror_id}, s.week - 28 * k, s.exercise, s.check_id, "
            "sum(s.judged) * %(crowd)s::int, sum(s.faulty) * %(crowd)s::int "
            f"FROM model.check_sums AS s {year} GROUP BY 1, 2, 3, 4",
            values,
        )
        if with_reps:
            columns = _columns(connection, "reps", "set_id", "week")
            connection.execute(
                f"INSERT INTO gym.reps (set_id, week, {', '.join(columns)}) "
                f"SELECT {new.format('s.id')}, s.week - 28 * k, "
                f"{', '.join(f'r.{name}' for name in columns)} {model} "
                "JOIN model.reps AS r ON r.set_id = s.id",
                values,
            )


def _columns(connection: Any, table: str, *but: str) -> list[str]:
    rows = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = ('gym.' || %s)::regclass "
        "AND attnum > 0 AND attname <> ALL (%s) ORDER BY attnum",
        (table, list(but)),
    )
    return [str(name) for (name,) in rows]


def put_ms(connection: Any, number: int) -> float:
    """Milliseconds a set of ten reps takes in a batch, median of twenty."""
    taken = []
    for _ in range(20):
        sets = [
            set_of(*(rep(place) for place in range(10)), lifter=1, at_s=MONDAY_S)
            for _ in range(BATCH)
        ]
        values = (json.dumps(mirror(number)), json.dumps(sets))
        taken.append(
            seconds(lambda values=values: connection.execute("SELECT gym.put_sets(%s, %s)", values))
        )
    return 1000 * statistics.median(taken) / BATCH


def query_ms(connection: Any, query: str, values: dict[str, object]) -> float:
    return 1000 * statistics.median(
        seconds(lambda: connection.execute(query, values).fetchall()) for _ in range(5)
    )


def sizes(connection: Any) -> dict[str, float]:
    rows = connection.execute(
        "SELECT coalesce(p.relname, c.relname), sum(pg_total_relation_size(c.oid)) / 1e6 "
        "FROM pg_class AS c LEFT JOIN pg_inherits AS i ON i.inhrelid = c.oid "
        "LEFT JOIN pg_class AS p ON p.oid = i.inhparent "
        "WHERE c.relnamespace = 'gym'::regnamespace AND c.relkind IN ('r', 'p') GROUP BY 1"
    )
    return {name: float(size) for name, size in rows}


def take_model(connection: Any) -> None:
    """Moves the simulated sets aside, and makes the partitions of the year before them."""
    connection.execute("CREATE SCHEMA model")
    for table in ("sets", "reps", "check_sums"):
        connection.execute(f"CREATE TABLE model.{table} AS SELECT * FROM gym.{table}")
    connection.execute("CREATE INDEX ON model.reps (set_id)")
    connection.execute("ANALYZE model.sets, model.reps")
    connection.execute(
        "SELECT gym.ensure_month(week - 28 * k) "
        "FROM (SELECT DISTINCT week FROM model.sets) AS s, generate_series(0, %s) AS k",
        (BLOCKS,),
    )
    connection.execute("DELETE FROM gym.sets")
    connection.execute("DELETE FROM gym.set_ids")


def check_sums(connection: Any) -> None:
    """The sums of the copies are those that the triggers would keep."""
    recounted = connection.execute(
        "SELECT sum((c.value -> 0)::int), sum((c.value -> 1)::int) "
        "FROM gym.sets CROSS JOIN LATERAL jsonb_each(checks) AS c"
    ).fetchone()
    kept = connection.execute("SELECT sum(judged), sum(faulty) FROM gym.check_sums").fetchone()
    assert kept == recounted, (kept, recounted)


def measure(connection: Any, gyms: int, week: date) -> tuple[list[float], float, float]:
    """Returns the milliseconds of each query, those of a put, and megabytes."""
    for table in ("sets", "check_sums"):
        connection.execute(f"VACUUM ANALYZE gym.{table}".encode())
    connection.execute("ANALYZE gym.mirrors, gym.set_ids")
    values = {"week": week, "gym": "gym 01", "first": week - timedelta(weeks=7)}
    queries = [
        f"SELECT * FROM gym.{view} WHERE week = %(week)s AND gym = %(gym)s" for view in VIEWS
    ]
    queries += [
        "SELECT * FROM gym.conditions WHERE gym = %(gym)s",
        "SELECT * FROM gym.faults WHERE week BETWEEN %(first)s AND %(week)s AND gym = %(gym)s",
    ]
    asked = [query_ms(connection, query, values) for query in queries]
    return asked, put_ms(connection, 10_000_000 + gyms), sum(sizes(connection).values())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=10_000_000)
    parser.add_argument("--reps-of", type=int, default=220_000, help="sets that have their reps")
    wanted = parser.parse_args()
    programs = binaries()
    if programs is None:
        sys.exit("PostgreSQL's server is missing: apt install postgresql")
    options = {"shared_buffers": "'1GB'", "max_wal_size": "'4GB'", "work_mem": "'32MB'"}
    slow = 0
    with server(programs, jit="off", **options) as running, connected(running.url()) as connection:
        migrate(connection)
        taken_s = seconds(lambda: simulate(running.url(), MIRRORS, DAYS, SETS_A_DAY))
        block = MIRRORS * DAYS * SETS_A_DAY
        print(f"simulated {block} sets in {taken_s:.0f} s: {block / taken_s:.0f} a second")
        for table, size in sorted(sizes(connection).items()):
            print(f"    {table}: {1e6 * size / block:.0f} bytes a set")
        take_model(connection)
        (week,) = connection.execute("SELECT max(week) - 7 FROM model.sets").fetchone() or (None,)
        print("sets      copied/s put ms/set MB     ", *VIEWS, "conditions 8_weeks_of_faults (ms)")
        gyms, goal, sets, year = 0, 1, 0, block * CROWD * BLOCKS
        while sets < wanted.sets:
            start_s, before = time.perf_counter(), sets
            while gyms < goal and sets < wanted.sets:
                copy_gym(connection, gyms, with_reps=sets < wanted.reps_of)
                sets, gyms = sets + year, gyms + 1
            if before == 0:
                check_sums(connection)
            rate = (sets - before) / (time.perf_counter() - start_s)
            asked, put, size = measure(connection, gyms, week)
            slow += sum(one > LIMIT_MS for one in asked[:-1])
            print(f"{sets:<9} {rate:<8.0f} {put:<10.2f} {size:<7.0f}",
                  *(f"{one:.1f}" for one in asked), flush=True)  # fmt: skip
            goal *= 2
        for view in VIEWS:
            plan = connection.execute(
                f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) SELECT * FROM gym.{view} "
                "WHERE week = %(week)s AND gym = 'gym 01'",
                {"week": week},
            ).fetchall()
            text = "\n".join(str(line[0]) for line in plan)
            print(f"{view}:\n{text}")
            print("partitions read:", *sorted(set(re.findall(r"\w+_\d{4}_\d\d\b", text))))
    if slow:
        print(f"{slow} queries of a week took more than {LIMIT_MS} ms")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
