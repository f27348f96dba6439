"""Minutes of use, in which something breaks every 40 seconds."""

import dataclasses
import runpy
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.body.pose import Pose
from kiosk.history.reader import Reader
from kiosk.system.health import HealthPoller
from kiosk.vision.camera.frame import Frame
from paths import ROOT
from soak import world
from soak.report import JUDGED_FROM_S, Report, format_report
from soak.soak import soak
from soak.usage import Sample, growth, rises
from soak.world import WorldEstimator

HOURS = 0.06
SEED = 31  # a full disk at the end of a set


@dataclass
class Soaked:
    report: Report
    folder: Path


@pytest.fixture(scope="module")
def soaked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Soaked]:
    folder = tmp_path_factory.mktemp("soak")
    before = threading.active_count()
    yield Soaked(soak(folder, HOURS, seed=SEED, every_s=40), folder)
    assert threading.active_count() == before


def rows(folder: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "history.sqlite3")) as connection:
        return connection.execute(
            "SELECT set_id, position, counted, start_s, end_s, checks FROM reps ORDER BY id"
        ).fetchall()


def test_no_rep_is_lost_while_people_come_and_go_and_things_break(soaked: Soaked) -> None:
    report = soaked.report
    assert report.failures == ()
    assert set(report.faults) == {"camera lost", "camera wedged", "disk full", "clock jumps"}
    assert report.ledger.done == report.ledger.counted >= 10
    assert report.ledger.reps == report.stored.reps >= report.ledger.counted
    assert report.ledger.disturbed > 0
    assert report.log_lines <= sum(report.faults.values())
    assert "all well" in format_report(report)


def test_the_same_seed_plays_the_same_day(soaked: Soaked, tmp_path: Path) -> None:
    soak(tmp_path, HOURS / 2, seed=SEED, every_s=40)
    again = rows(tmp_path)
    assert again
    assert again == rows(soaked.folder)[: len(again)]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("DELETE FROM reps WHERE id = 1", "reps stored"),
        ("DELETE FROM sets WHERE id = 1", "sets stored"),
        ("UPDATE sets SET ended = NULL WHERE id = 1", "never ended"),
        ("UPDATE reps SET pause_s = -1", "below zero"),
    ],
)
def test_a_history_that_differs_from_what_was_counted_is_told(
    soaked: Soaked, tmp_path: Path, change: str, named: str
) -> None:
    copy = tmp_path / "history.sqlite3"
    copy.write_bytes((soaked.folder / copy.name).read_bytes())
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute(change)
    stored = soaked.report.ledger.against(Reader(tmp_path))
    assert any(named in line for line in stored.wrong)
    failed = dataclasses.replace(soaked.report, stored=stored)
    assert format_report(failed).endswith("failed")


def test_sets_that_were_never_stored_are_told(soaked: Soaked, tmp_path: Path) -> None:
    ledger = soaked.report.ledger
    assert ledger.against(Reader(tmp_path)).wrong == (f"0 sets stored, {ledger.sets} counted",)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "SOON_S", 0.01)
    monkeypatch.setattr(world, "PATIENCE_S", 0.3)


def delayed(monkeypatch: pytest.MonkeyPatch, delay: Callable[[], object]) -> None:
    """Has the model do something before its third pose."""
    estimate, frames = WorldEstimator.estimate, iter(range(1_000_000))

    def late(self: WorldEstimator, frame: Frame) -> Pose:
        if next(frames) == 2:
            delay()
        return estimate(self, frame)

    monkeypatch.setattr(WorldEstimator, "estimate", late)


@pytest.mark.usefixtures("impatient")
def test_a_thread_that_hangs_fails_the_soak(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delayed(monkeypatch, lambda: threading.Event().wait(2.0))
    report = soak(tmp_path, 0.001)
    assert any("a thread hung: it has done nothing" in line for line in report.failures)


@pytest.mark.usefixtures("impatient")
def test_a_machine_that_is_slow_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def compute() -> None:
        began_s = time.thread_time()
        while time.thread_time() - began_s < 1.0:
            pass

    delayed(monkeypatch, compute)
    report = soak(tmp_path, 0.001)
    assert report.failures == ()
    assert report.slowest_s >= 0.9
    assert "slow     the machine took" in format_report(report)


@pytest.mark.usefixtures("impatient")
def test_a_thread_that_computes_for_ever_fails_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "MOST_S", 0.6)

    def compute() -> None:
        began_s = time.monotonic()
        while time.monotonic() - began_s < 5.0:
            pass

    delayed(monkeypatch, compute)
    assert any("it does not end" in line for line in soak(tmp_path, 0.001).failures)


def test_a_crash_in_the_kiosk_ends_the_soak(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "PATIENCE_S", 0.1)
    monkeypatch.setattr(HealthPoller, "run", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        soak(tmp_path, HOURS)


def with_memory(report: Report, megabytes_an_hour: float, handles_an_hour: int = 0) -> Report:
    samples = [
        Sample(3600.0 * h, 80 + megabytes_an_hour * h, 5, 10 + handles_an_hour * h, 3, 47000)
        for h in range(25)
    ]
    return dataclasses.replace(report, samples=samples, lasted_s=4 * JUDGED_FROM_S)


def test_a_day_in_which_memory_creeps_up_fails_and_a_level_one_does_not(soaked: Soaked) -> None:
    assert with_memory(soaked.report, 0.0).failures == ()
    assert with_memory(soaked.report, 0.02).failures == ()
    assert with_memory(soaked.report, 0.1).failures == ("memory grows",)
    assert with_memory(soaked.report, 0.0, handles_an_hour=1).failures == ("handles grow",)


def test_growth_is_that_of_a_line_and_not_of_two_looks() -> None:
    times = [float(n) for n in range(100)]
    assert growth(times, [100.0 + n / 99 for n in range(100)]) == pytest.approx(0.01, rel=0.01)
    assert growth(times, [90.0, *[100.0] * 98, 110.0]) == pytest.approx(0.0, abs=0.02)
    assert growth([1.0], [100.0]) is None
    assert not rises([5, 6, 5, 5, 6, 5, 6, 5])
    assert not rises([5, 6])
    assert rises([5, 5, 5, 5, 6, 6, 6, 6])


def test_the_command_tells_and_its_code_says_whether_all_was_well(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main = runpy.run_path(str(ROOT / "tests/platform/soak_hours.py"))["main"]
    assert main(["--hours", "0.01", "--seed", "2", "--speed", "1000000"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("   use  memory")
    assert out.endswith("all well\n")
    with pytest.raises(SystemExit):
        main(["--hours", "0"])
    assert "above 0" in capsys.readouterr().err
