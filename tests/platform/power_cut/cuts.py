"""Cuts the power while the history is written and erased; see run.sh.

``cuts.py [CUTS]``: so many cuts in sets, and in erases where the store can erase; and a quarter of
them in sets without flushing, which have to be found out.
"""

import multiprocessing
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from forgetful import STEPS, serve
from history.records import MORNING, rep

from kiosk.coaching.record import Ended, SetRecord
from kiosk.errors import HistoryError
from kiosk.history.connection import FILE_NAME
from kiosk.history.store import Store

REPS = 4
SETS = 60  # enough for SQLite to write its log back into the file, once at 1000 pages
SETS_BEFORE_ERASING, ERASES = 3, 5
PATIENCE_S = 60.0

_fork = multiprocessing.get_context("fork")


def marker(serial: int) -> str:
    """What a set is called, to be found in a file's raw bytes."""
    return f"marker-{serial:04d}-marker"


@dataclass
class Told:
    """What the worker was told, line by line, before the power went.

    Attributes:
        reps: saved reps of each set that is in the history.
        erased: sets of which an erase was acknowledged.
        erasing: whether an erase had begun and was not acknowledged.
        saves: acknowledged saves in all.
    """

    reps: dict[int, int] = field(default_factory=dict)
    erased: set[int] = field(default_factory=set)
    erasing: bool = False
    saves: int = 0

    @classmethod
    def read(cls, file: Path) -> "Told":
        told = cls()
        for line in file.read_text("ascii").splitlines():
            what, *numbers = line.split()
            if what == "saved":
                told.reps[int(numbers[0])] = int(numbers[1])
                told.saves += 1
            told.erasing = what == "erasing"
            if what == "erased":
                told.erased |= set(told.reps)
                told.reps = {}
        return told


def work(mount: Path, acknowledged: Path, synchronous: str | None, *, erases: bool) -> None:
    """Saves set after set as the kiosk does, a rep at a time, and notes what was acknowledged.

    `synchronous` None flushes as the store itself does: what is tried is the kiosk as it is.
    """
    note = os.open(acknowledged, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def tell(line: str) -> None:
        os.write(note, f"{line} {(mount / STEPS[1:]).stat().st_size}\n".encode())

    try:
        store = Store(mount, run="before")
        if synchronous is not None:
            assert store._connection is not None
            store._connection.execute(f"PRAGMA synchronous = {synchronous}")
        for serial in range(1, (SETS_BEFORE_ERASING * ERASES if erases else SETS) + 1):
            for count in range(1, REPS + 1):
                record = SetRecord(
                    serial=serial,
                    exercise=marker(serial),
                    started_s=1000.0,
                    reps=tuple(rep(number) for number in range(1, count + 1)),
                    ended_s=1030.0 if count == REPS else None,
                    ended=Ended.WALKED_OFF if count == REPS else None,
                )
                store.save(record, MORNING)
                tell(f"saved {serial} {count}")
            if erases and serial % SETS_BEFORE_ERASING == 0:
                tell("erasing")
                store.erase()
                tell("erased")
    except (HistoryError, OSError):
        pass  # the power is gone
    os._exit(0)


@contextmanager
def mounted(folder: Path, cut_at: int | None, seed: int) -> Iterator[Path]:
    """The forgetful file system; what a cut leaves of it is in `folder`/out afterwards."""
    mount, out = folder / "mount", folder / "out"
    mount.mkdir()
    out.mkdir()
    server = _fork.Process(target=serve, args=(mount, out, cut_at, seed))
    server.start()
    try:
        give_up_s = time.monotonic() + PATIENCE_S
        while not mount.is_mount():
            assert server.is_alive(), "the file system does not mount: is /dev/fuse there?"
            assert time.monotonic() < give_up_s
            time.sleep(0.005)
        yield mount
    finally:
        subprocess.run(["umount", "--lazy", mount], check=False)
        server.join(PATIENCE_S)
        server.kill()


def run(
    folder: Path, synchronous: str | None, *, erases: bool, cut_at: int | None, seed: int
) -> Path:
    """One life of the history, up to the cut; returns the file of what was acknowledged."""
    acknowledged = folder / "acknowledged"
    acknowledged.touch()
    with mounted(folder, cut_at, seed) as mount:
        how = {"erases": erases}
        worker = _fork.Process(target=work, args=(mount, acknowledged, synchronous), kwargs=how)
        worker.start()
        worker.join(PATIENCE_S)
        worker.kill()
        worker.join()
    return acknowledged


def judge(image: Path, told: Told) -> Iterator[str]:
    """What the cut has spoilt."""
    raw = b"".join(file.read_bytes() for file in image.iterdir())
    if any(marker(serial).encode() in raw for serial in told.erased):
        yield "erased, and still readable"
    try:
        with closing(Store(image, run="after")) as store:
            if store.notice is not None:
                yield "damaged"
    except HistoryError:
        yield "does not open"
        return
    with closing(sqlite3.connect(image / FILE_NAME)) as connection:
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            yield "damaged"
        ask = (
            "SELECT serial, count(reps.id) FROM sets LEFT JOIN reps ON set_id = sets.id GROUP BY 1"
        )
        found = dict(connection.execute(ask).fetchall())
    if told.erased & set(found):
        yield "erased, and back"
    lost = [serial for serial, reps in told.reps.items() if found.get(serial, 0) < reps]
    if lost and not (told.erasing and not found):
        yield "half erased" if told.erasing else "acknowledged, and lost"


def steps_of(erases: bool) -> list[int]:
    """The steps on which a cut is to fall: all of a life without one, or those of its erases."""
    with tempfile.TemporaryDirectory() as name:
        lines = run(Path(name), None, erases=erases, cut_at=None, seed=0).read_text().splitlines()
    at = [(line.split()[0], int(line.split()[-1])) for line in lines]
    if not erases:
        return list(range(1, at[-1][1] + 1))
    begins = [step for what, step in at if what == "erasing"]
    ends = [step for what, step in at if what == "erased"]
    assert len(ends) == ERASES, "the worker did not come to its end"
    return [n for a, b in zip(begins, ends, strict=True) for n in range(a + 1, b + 2)]


def cut_often(title: str, cuts: int, synchronous: str | None, *, erases: bool) -> bool:
    """Cuts so often, tells what came of it, and returns whether nothing was spoilt."""
    begin_s = time.monotonic()
    steps = steps_of(erases)
    luck = random.Random(title)
    # spread over the whole, each somewhere in its own share of it
    places = [steps[int((n + luck.random()) * len(steps) / cuts)] for n in range(cuts)]
    spoilt: Counter[str] = Counter()
    lives = saves = 0
    for seed, cut_at in enumerate(places):
        folder = Path(tempfile.mkdtemp(prefix="power-cut-"))
        told = Told.read(run(folder, synchronous, erases=erases, cut_at=cut_at, seed=seed))
        found = set(judge(folder / "out", told))
        spoilt.update(found)
        lives += bool(found)
        saves += told.saves
        shutil.rmtree(folder, ignore_errors=True)
    took_s = time.monotonic() - begin_s
    what = ", ".join(f"{count} {name}" for name, count in spoilt.items()) or "nothing spoilt"
    told_of = f"{cuts} cuts on {len(steps)} steps, {saves} saves acknowledged"
    say(f"{title}: {told_of}: {what}; {took_s:.0f} s")
    return lives == 0


def say(line: str) -> None:
    """Tells it at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(cuts: int) -> int:
    """Returns the exit code: 0 if the kiosk loses nothing, and one that does not flush does."""
    good = cut_often("in sets", cuts, None, erases=False)
    good = cut_often("in erases", cuts, None, erases=True) and good
    if cut_often("in sets, not flushed", max(cuts // 4, 4), "OFF", erases=False):
        say("not flushing spoilt nothing: this test cannot fail")
        good = False
    return int(not good)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 100))
