"""Measures how the gyms' database grows: time to insert, size on disk, and the coaches' queries.

    .venv/bin/python tests/platform/gym_scale.py [--sets 10000000]

Starts a PostgreSQL of its own. Four weeks of a simulated gym, ten mirrors with 30 sets a day that
are sent by the real outbox, are the model. Their rows are copied under other ids to a year, 13
times four weeks, of as many gyms as are asked for. After each step it sends batches through
gym.put_sets, and asks each view for a week of one gym, and for the eight weeks of a report. EXPLAIN
tells which partitions are read. Reps are three quarters of the disk and no view reads them, so only
the first `--reps-of` sets have theirs.
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

MIRRORS, DAYS, SETS_A_DAY = 10, 28, 30
BLOCKS = 13
"""Of so many days are a year."""
VIEWS = ("usage", "faults", "lifters", "accuracy")
LIMIT_MS = 100.0
BATCH = 50


def seconds(work: Callable[[], object]) -> float:
    start_s = time.perf_counter()
    work()
    return time.perf_counter() - start_s


def copy_gym(connection: Any, number: int, blocks: range, *, with_reps: bool) -> None:
    """Copies the simulated gym to earlier blocks of four weeks, under other ids.

    Number 0 is the simulated gym itself, which becomes a year old. The copies know nothing of the
    functions that mirrors call, and are as if they had been called.
    """
    values = {"n": number, "first": blocks.start, "last": blocks.stop - 1}
    new = "md5({0}::text || '.' || %(n)s || '.' || k)::uuid"
    mirror_id = "s.mirror" if number == 0 else "md5(s.mirror::text || '.' || %(n)s)::uuid"
    if number:
        connection.execute(
            f"INSERT INTO gym.mirrors (id, name, gym, last_set_at) SELECT {mirror_id}, s.name, "
            "'copy ' || %(n)s, s.last_set_at FROM (SELECT id AS mirror, * FROM gym.mirrors) AS s "
            "WHERE s.gym = 'gym 01'",
            values,
        )
    model = "FROM model.sets AS s CROSS JOIN generate_series(%(first)s::int, %(last)s::int) AS k "
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
    """Keeps the simulated sets aside, and makes the partitions of the year before them."""
    connection.execute("CREATE SCHEMA model")
    for table in ("sets", "reps"):
        connection.execute(f"CREATE TABLE model.{table} AS SELECT * FROM gym.{table}")
    connection.execute("CREATE INDEX ON model.reps (set_id)")
    connection.execute("ANALYZE model.sets, model.reps")
    connection.execute(
        "SELECT gym.ensure_month(week - 28 * k) "
        "FROM (SELECT DISTINCT week FROM model.sets) AS s, generate_series(0, %s) AS k",
        (BLOCKS,),
    )


def measure(connection: Any, gyms: int, week: date) -> tuple[list[float], float, float]:
    """Returns the milliseconds of each query, those of a put, and megabytes."""
    connection.execute("VACUUM ANALYZE gym.sets")
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
        (week,) = connection.execute("SELECT max(week) - 7 FROM gym.sets").fetchone() or (None,)
        print("sets      copied/s put ms/set MB     ", *VIEWS, "conditions 8_weeks_of_faults (ms)")
        gyms, goal, sets = 0, 1, block
        while sets < wanted.sets:
            start_s, before = time.perf_counter(), sets
            while gyms < goal and sets < wanted.sets:
                blocks = range(1 if gyms == 0 else 0, BLOCKS)
                copy_gym(connection, gyms, blocks, with_reps=sets < wanted.reps_of)
                sets, gyms = sets + len(blocks) * block, gyms + 1
            rate = (sets - before) / (time.perf_counter() - start_s)
            asked, put, size = measure(connection, gyms, week)
            slow += sum(one > LIMIT_MS for one in asked[:-1])
            print(f"{sets:<9} {rate:<8.0f} {put:<10.2f} {size:<7.0f}",
                  *(f"{one:.1f}" for one in asked), flush=True)  # fmt: skip
            goal *= 4
        plan = connection.execute(
            "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) SELECT * FROM gym.faults "
            "WHERE week = %(week)s AND gym = 'gym 01'",
            {"week": week},
        ).fetchall()
        text = "\n".join(str(line[0]) for line in plan)
        print(text)
        print("partitions read:", *sorted(set(re.findall(r"sets_\d{4}_\d\d\b", text))))
    if slow:
        print(f"{slow} queries of a week took more than {LIMIT_MS} ms")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
