"""Times the history at 100 000 sets of eight lifters: opening, migrating, an overview, an erasure.

Run from the checkout: .venv/bin/python tests/platform/bench_history.py [SETS]
Writes 1.4 GB to a temporary folder under the current one. Ends with 1 where an overview is slow.
"""

import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from kiosk.coaching.record import CheckResult, Grade, Measures, Rep, SetRecord, Tempo, Verdict
from kiosk.exercises.catalogue import catalogue
from kiosk.history.connection import FILE_NAME
from kiosk.history.reader import Reader
from kiosk.history.rows import SUM_UP_ALL_DAYS, row_of
from kiosk.history.schema import MIGRATIONS, migrate
from kiosk.history.store import SUM_UP_DAY, Store
from kiosk.training.facts import GUEST

TODAY = date(2026, 11, 25)
REPS = 8
EXERCISES = tuple(catalogue())
CHECKS = ("knee_dominance", "shallow", "no_lockout", "lean_back", "hips_late", "rounded_back")
ROUNDS = 15
LIMIT_MS = 50.0

Days = Callable[[int, int], date]


def two_years(number: int, sets: int) -> date:
    return TODAY - timedelta(days=730 * (sets - 1 - number) // sets)


def this_week(number: int, sets: int) -> date:
    monday = TODAY - timedelta(days=TODAY.weekday())
    return monday + timedelta(days=7 * number // sets)


def one_day(number: int, sets: int) -> date:
    return TODAY


def a_rep(number: int, chance: random.Random) -> Rep:
    checks = {
        name: CheckResult(
            verdict=Verdict.FAULT if chance.random() < 0.05 else Verdict.OK,
            value=chance.uniform(0, 60),
            limit=36.0,
            unit="deg",
            confidence=0.9,
        )
        for name in CHECKS
    }
    faulty = any(check.verdict is Verdict.FAULT for check in checks.values())
    return Rep(
        number=number,
        start_s=4.0 * number,
        bottom_s=4.0 * number + 1.3,
        end_s=4.0 * number + 2.4,
        counted=True,
        tempo=Tempo(eccentric_s=1.3, pause_s=0.2, concentric_s=0.9),
        measures=Measures(
            trunk_lean_deg=chance.uniform(60, 85),
            hip_flexion_deg=95.0,
            knee_flexion_deg=18.0,
            hip_share=0.84,
            depth=chance.uniform(0.8, 1.2),
        ),
        checks=checks,
        grade=Grade.FAULTY if faulty else Grade.CLEAN,
        score=chance.randint(60, 100),
    )


def first_columns() -> list[tuple[object, ...]]:
    """The columns of `reps` as the first version had them."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, MIGRATIONS[:1])
    return connection.execute("PRAGMA table_info(reps)").fetchall()


def build(path: Path, sets: int, day_of: Days) -> None:
    """A history as a kiosk of the first version left it; the sums of its sets are invented."""
    path.parent.mkdir()
    chance = random.Random(1)
    known = {row[1] for row in first_columns()}
    rows = [row_of(a_rep(number, chance)) for number in range(200)]
    kept = [{name: row[name] for name in row if name in known} for row in rows]
    columns = ("set_id", "position", *kept[0])
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")
    migrate(connection, MIGRATIONS[:1])

    def set_rows() -> Iterator[tuple[object, ...]]:
        for number in range(sets):
            day = day_of(number, sets)
            at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()
            exercise = EXERCISES[number % len(EXERCISES)] if day_of is not one_day else EXERCISES[0]
            clean = chance.randint(0, REPS)
            yield (number, exercise, at, day.isoformat(), REPS, clean, REPS - clean,
                   chance.uniform(0.8, 1.2), chance.uniform(60, 100))  # fmt: skip

    def rep_rows() -> Iterator[tuple[object, ...]]:
        for number in range(sets):
            for position in range(REPS):
                yield (number + 1, position, *chance.choice(kept).values())

    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO sets (run, serial, exercise, started_at, utc_offset_min, day, started_s,"
        " ended_s, ended, reps, clean, faulty, depth, trunk_lean_deg, eccentric_s, pause_s,"
        " concentric_s, score) VALUES ('bench', ?, ?, ?, 60, ?, 0.0, 40.0, 'idle', ?, ?, ?, ?,"
        " 70.0, 1.3, 0.2, 0.9, ?)",
        set_rows(),
    )
    connection.executemany(
        f"INSERT INTO reps ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
        rep_rows(),
    )
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def forget(path: Path) -> None:
    """Takes the file out of the system's memory, so that the disk is read."""
    descriptor = os.open(path, os.O_RDWR)
    os.fsync(descriptor)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)


def timed_ms(what: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    taken = []
    for _ in range(ROUNDS):
        before()
        start_s = time.perf_counter()
        what()
        taken.append(1000 * (time.perf_counter() - start_s))
    return statistics.median(taken)


def timed_s(what: Callable[[], object]) -> float:
    start_s = time.perf_counter()
    what()
    return time.perf_counter() - start_s


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def tell_saves(folder: Path, sets: int) -> None:
    """What a rep costs late in a day of so many sets of one exercise, and the sums of that day."""
    build(folder / FILE_NAME, sets, one_day)
    store = Store(folder)
    connection = store._connection
    assert connection is not None
    chance = random.Random(2)
    reps = tuple(a_rep(number, chance) for number in range(1, ROUNDS + 1))
    grown = (
        SetRecord(serial=1, exercise=EXERCISES[0], started_s=0.0, reps=reps[:count])
        for count in range(1, ROUNDS + 1)
    )
    at = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC).timestamp()
    save_ms = timed_ms(lambda: store.save(next(grown), at))
    connection.execute("BEGIN")
    (day,) = connection.execute("SELECT day FROM sets LIMIT 1").fetchone()
    its = {"lifter": GUEST, "exercise": EXERCISES[0], "day": day}
    sums_ms = timed_ms(lambda: connection.execute(SUM_UP_DAY, its))
    connection.execute("ROLLBACK")
    store.close()
    tell(
        f"a rep on a day of {sets:5d} sets {save_ms:8.2f} ms, {sums_ms:.2f} ms of it the day's sums"
    )


def tell_history(folder: Path, sets: int, day_of: Days) -> float:
    """Milliseconds of the slower overview."""
    path, reader = folder / FILE_NAME, Reader(folder)
    build(path, sets, day_of)
    size_mb, spread = path.stat().st_size / 1e6, day_of.__name__.replace("_", " ")
    tell(f"{sets} sets of {REPS} reps, {spread}, {size_mb:.0f} MB")
    migrating_s = timed_s(lambda: Store(folder).close())
    opening_s = timed_s(lambda: Store(folder).close())
    tell(f"  first opening, migrating {migrating_s:8.2f} s")
    tell(f"  opening                  {opening_s:8.2f} s")
    worst_ms = tell_overview(reader, "of guests alone", GUEST)
    share(path)
    worst_ms = max(worst_ms, tell_overview(reader, "of one of eight", 1))
    tell_reading(reader, "records", lambda: reader.records(1, EXERCISES[0]))
    tell_reading(reader, "last load", lambda: reader.last_load(1, EXERCISES[0]))
    tell_reading(reader, "used places", reader.used_lifters)
    store = Store(folder)
    tell(f"  erasing one place        {timed_s(lambda: store.erase_lifter_aside(1, 0.0)):8.2f} s")
    tell(f"  bringing it back         {timed_s(store.undo_erase):8.2f} s")
    tell(f"  erasing                  {timed_s(store.erase):8.2f} s")
    store.close()
    return worst_ms


def share(path: Path) -> None:
    """Gives the sets to eight places, with loads that rise, as if they had always been known."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN")
    connection.execute(
        "UPDATE sets SET lifter = 1 + abs(random() % 8), load_kg = 20 + 2.5 * (id * 30 / ? )"
        " + 2.5 * abs(random() % 4), target_reps = 8, target_sets = 3, set_number = 1 + id % 3,"
        " rest_s = 90.0",
        connection.execute("SELECT max(id) FROM sets").fetchone(),
    )
    connection.execute("DELETE FROM days")
    connection.execute(SUM_UP_ALL_DAYS)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def tell_overview(reader: Reader, whose: str, lifter: int) -> float:
    what = partial(reader.overview, TODAY, EXERCISES[0], lifter)
    return tell_reading(reader, f"overview {whose}", what)


def tell_reading(reader: Reader, name: str, what: Callable[[], object]) -> float:
    """Milliseconds of the slower reading: from the system's memory, or from the disk."""
    warm_ms = timed_ms(what)
    cold_ms = timed_ms(what, lambda: forget(reader.path))
    tell(f"  {name:24s} {warm_ms:8.2f} ms, from the disk {cold_ms:.2f} ms")
    return max(warm_ms, cold_ms)


def main() -> int:
    sets = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    tell(f"medians of {ROUNDS}, but opening and erasing once")
    with tempfile.TemporaryDirectory(dir=".") as place:
        for sets_of_a_day in (1, 300, 15_000):
            tell_saves(Path(place) / str(sets_of_a_day), sets_of_a_day)
        worst_ms = max(
            tell_history(Path(place) / day_of.__name__, sets, day_of)
            for day_of in (two_years, this_week)
        )
    tell(f"an overview took {worst_ms:.1f} ms at most; it may take {LIMIT_MS:.0f} ms")
    return int(worst_ms > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
