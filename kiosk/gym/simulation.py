"""Lets many made-up mirrors store and send sets, by the real history and the real outbox."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from kiosk.gym.database import check_version, connected
from kiosk.gym.made_up import made_up_sets
from kiosk.history.store import Store
from kiosk.outbox.changes import Changes
from kiosk.outbox.connect import Target
from kiosk.outbox.mirror_health import MirrorHealth
from kiosk.outbox.outbox_state import OutboxState
from kiosk.outbox.sender import BATCH, Sender
from kiosk.outbox.server import Server
from kiosk.system.mirror_state import MirrorState

MIRRORS_A_GYM = 10
_UNLIMITED = 1e9
"""Sets a second: here the server is to be the limit, and not the sender."""
_UNWELL = ("camera", "dark", "slow")


@dataclass(frozen=True, slots=True)
class Sent:
    """What one mirror, or several, took: sets, reps, and seconds of one core."""

    sets: int
    reps: int
    store_s: float
    send_s: float


@dataclass(frozen=True, slots=True)
class Rates:
    """What all of them took.

    Attributes:
        mirrors, sets, reps: stored there.
        wall_s: from the first set stored to the last one sent.
        store_s, send_s: in the histories and in the outboxes, summed over the processes.
        bytes_of: table and size with its indexes, before and after.
    """

    mirrors: int
    sets: int
    reps: int
    wall_s: float
    store_s: float
    send_s: float
    bytes_of: dict[str, tuple[int, int]]


def simulate(
    url: str,
    mirrors: int,
    days: int,
    sets_a_day: int,
    *,
    seed: int = 1,
    processes: int | None = None,
    told: Callable[[int], None] = lambda _: None,
) -> Rates:
    """Makes up mirrors, and returns how fast their sets came in; `told` hears of each mirror.

    Raises:
        KioskError: the database cannot be used.
    """
    with connected(url) as connection:
        check_version(connection)
        before = _sizes(connection)
    start_s = time.perf_counter()
    sets = reps = 0
    store_s = send_s = 0.0
    # spawned: a fork would share the parent's libraries in whatever state they are
    with ProcessPoolExecutor(processes or os.cpu_count(), get_context("spawn")) as pool:
        tasks = [
            pool.submit(run_mirror, url, number, days, sets_a_day, seed)
            for number in range(1, mirrors + 1)
        ]
        for done, task in enumerate(as_completed(tasks), start=1):
            one = task.result()
            sets, reps = sets + one.sets, reps + one.reps
            store_s, send_s = store_s + one.store_s, send_s + one.send_s
            told(done)
    wall_s = time.perf_counter() - start_s
    with connected(url) as connection:
        after = _sizes(connection)
    sizes = {table: (before[table], after[table]) for table in after}
    return Rates(mirrors, sets, reps, wall_s, store_s, send_s, sizes)


def run_mirror(url: str, number: int, days: int, sets_a_day: int, seed: int) -> Sent:
    """Stores the sets of one made-up mirror and sends them."""
    random = Random(f"{seed} {number}")  # noqa: S311 - made-up sets, repeatable
    gym = f"gym {(number - 1) // MIRRORS_A_GYM + 1:02}"
    name = f"{gym} mirror {(number - 1) % MIRRORS_A_GYM + 1}"
    run, mirror = (UUID(int=random.getrandbits(128)) for _ in range(2))
    sets = reps = 0
    with TemporaryDirectory(prefix="mirror") as folder:
        place = Path(folder)
        start_s = time.perf_counter()
        with closing(Store(place, run=run.hex)) as store:
            for one in made_up_sets(random, datetime.now().astimezone(), days, sets_a_day):
                store.save(one.record, one.started_at, one.facts)
                sets, reps = sets + 1, reps + len(one.record.reps)
            path = store.path
        stored_s = time.perf_counter()
        target, health = _target(url), _health(random)
        with OutboxState(place / "outbox", target.name) as state:
            about = {"name": name, "gym": gym, "app_version": "made up"}

            def connect() -> Server:
                return Server(target, mirror, about)

            sender = Sender(
                Changes(path),
                state,
                connect,
                target=target.name,
                folder=place,
                rate=_UNLIMITED,
                health=MirrorHealth(lambda: health),
            )
            with closing(sender):
                while True:
                    sender.step()
                    if sender.status.error is not None:
                        time.sleep(0.2)  # as a mirror waits, and shorter
                    elif not sender.status.waiting:
                        break
        sent_s = time.perf_counter()
    return Sent(sets, reps, stored_s - start_s, sent_s - stored_s)


def format_rates(rates: Rates) -> str:
    """Formats the rates as a table."""
    per_set = rates.wall_s / max(rates.sets, 1)
    lines = [
        f"mirrors              {rates.mirrors:>12}",
        f"sets                 {rates.sets:>12}",
        f"reps                 {rates.reps:>12}",
        f"seconds in all       {rates.wall_s:>12.1f}",
        f"sets a second        {1 / per_set if rates.sets else 0:>12.0f}",
        f"ms to store a set    {1000 * rates.store_s / max(rates.sets, 1):>12.2f}",
        f"ms to send a set     {1000 * rates.send_s / max(rates.sets, 1):>12.2f} (sent by {BATCH})",
    ]
    for table, (before, after) in rates.bytes_of.items():
        grown = after - before
        lines.append(
            f"{table:<21}{after / 1e6:>12.1f} MB, {grown / max(rates.sets, 1):.0f} bytes a set"
        )
    return "\n".join(lines)


def _target(url: str) -> Target:
    """Returns the URL as the outbox has it; its own settings allow less, such as no socket."""
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415 - an extra

    options: dict[str, Any] = dict(conninfo_to_dict(url))
    return Target(str(options.get("dbname", "")), options)


def _health(random: Random) -> MirrorState:
    """Makes up how a mirror is: one of twenty is unwell."""
    faults = (random.choice(_UNWELL),) if random.random() < 0.05 else ()
    heat_c = round(random.gauss(62, 7))
    return MirrorState(doing="waiting", version="made up", faults=faults, temperature_c=heat_c)


def _sizes(connection: Any) -> dict[str, int]:
    """Returns bytes by table, with indexes; those of partitions under the table's name."""
    rows = connection.execute(
        "SELECT coalesce(p.relname, c.relname), sum(pg_total_relation_size(c.oid)) "
        "FROM pg_class AS c LEFT JOIN pg_inherits AS i ON i.inhrelid = c.oid "
        "LEFT JOIN pg_class AS p ON p.oid = i.inhparent "
        "WHERE c.relnamespace = 'gym'::regnamespace AND c.relkind IN ('r', 'p') "
        "GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return {str(name): int(size) for name, size in rows}
