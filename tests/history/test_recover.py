"""Whatever happens to a file, new sets are kept, and it is said what became of the old ones."""

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from history import flips
from history.records import MORNING, closed, record, rep

from kiosk.history.history_files import aside_files, log_of
from kiosk.history.notice import Event
from kiosk.history.reader import Reader
from kiosk.history.recover import draft_path, recover
from kiosk.history.schema import MIGRATIONS, migrate
from kiosk.history.store import Store
from paths import HISTORIES as DAMAGED

SAMPLE = 300
SHARED = Path("/dev/shm")


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder without a disk below it, for hundreds of files: each is flushed many times."""
    with tempfile.TemporaryDirectory(dir=SHARED if SHARED.is_dir() else tmp_path) as folder:
        yield Path(folder)


def test_no_flipped_bit_of_the_first_page_loses_a_set_in_silence(memory: Path) -> None:
    contents = flips.whole_history(memory / "whole")
    for bit in flips.sample(SAMPLE):
        fault = flips.fault_of(contents, bit, memory / "flipped")
        assert fault is None, f"byte {bit // 8}, bit {bit % 8}: {fault}"


@pytest.mark.parametrize("byte", [18, 19, 47, 56 + 3, 63])
def test_a_header_that_sqlite_would_believe_is_damage(memory: Path, byte: int) -> None:
    """Versions of the format, of the schema's format, the encoding, and the history's version."""
    contents = flips.whole_history(memory / "whole")
    for bit in range(8 * byte, 8 * byte + 8):
        assert flips.fault_of(contents, bit, memory / "flipped") is None


@pytest.mark.parametrize(
    ("name", "recovered", "of"),
    [
        ("schema-byte-a", 30, 30),
        ("v1-schema-byte", 11, 11),
        ("null-offset", 1, 2),
    ],
)
def test_a_damaged_file_is_set_aside_and_its_sets_are_taken_over(
    tmp_path: Path, name: str, recovered: int, of: int
) -> None:
    shutil.copy(DAMAGED / f"{name}.sqlite3", tmp_path / "history.sqlite3")
    store = Store(tmp_path)
    assert store.notice is not None
    assert (store.notice.event, store.notice.recovered, store.notice.of) == (
        Event.RECOVERED,
        recovered,
        of,
    )
    store.save(closed(record(1, rep(1))), MORNING)
    store.close()
    reader = Reader(tmp_path)
    assert len(reader.recent(99)) == recovered + 1
    assert all(reader.reps_of(stored.id) for stored in reader.recent(99))
    (aside,) = aside_files(reader.path)
    assert aside.read_bytes() == (DAMAGED / f"{name}.sqlite3").read_bytes()


def test_sets_in_the_log_of_a_damaged_file_are_recovered_too(tmp_path: Path) -> None:
    store = Store(tmp_path / "live")
    store.save(closed(record(1, rep(1))), MORNING)
    store.close()
    store = Store(tmp_path / "live")
    store.save(closed(record(2, rep(1), rep(2))), MORNING)
    shutil.copytree(tmp_path / "live", tmp_path / "killed")
    store.close()
    path = tmp_path / "killed" / "history.sqlite3"
    path.write_bytes(b"?" * 100 + path.read_bytes()[100:])
    assert log_of(path).stat().st_size
    store = Store(tmp_path / "killed")
    store.close()
    assert [stored.reps for stored in Reader(path.parent).recent(9)] == [2, 1]


def test_what_a_damaged_set_says_of_itself_is_computed_anew(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for serial in (1, 2):
        store.save(closed(record(serial, rep(1), rep(2, fault=True))), MORNING)
    store.close()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
        connection.execute("UPDATE sets SET reps = 99, clean = 99")
        connection.execute("UPDATE days SET reps = 99")
        connection.execute("DELETE FROM reps WHERE set_id = 1 AND position = 1")
        connection.execute("PRAGMA user_version = 3")  # and so the file is no history
        connection.execute("DROP INDEX sets_best")
    Store(tmp_path).close()
    reader = Reader(tmp_path)
    assert [(one.reps, one.clean, one.faulty) for one in reader.recent(9)] == [(2, 1, 1), (1, 1, 0)]
    with closing(sqlite3.connect(store.path)) as connection:
        assert connection.execute("SELECT sets, reps, clean FROM days").fetchall() == [(2, 3, 2)]


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_sets_of_every_version_are_recovered(tmp_path: Path, version: int) -> None:
    path = tmp_path / "history.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        migrate(old, MIGRATIONS[:version])
        old.execute(
            "INSERT INTO sets (run, serial, exercise, started_at, utc_offset_min, day, started_s)"
            " VALUES ('run', 1, 'deadlift', 0, 60, '2026-01-01', 0)"
        )
        old.execute(
            "INSERT INTO reps (set_id, position, number, counted, start_s, bottom_s, end_s,"
            " eccentric_s, pause_s, concentric_s, checks, assessed, faults)"
            " VALUES (1, 0, 1, 1, 0, 1, 2, 1, 0, 1, '{}', 0, 0)"
        )
    contents = bytearray(path.read_bytes())
    contents[:40] = bytes(40)
    path.write_bytes(contents)
    store = Store(tmp_path)
    assert store.notice is not None
    store.close()
    (stored,) = Reader(tmp_path).recent(9)
    assert (stored.exercise, stored.reps) == ("deadlift", 1)


def test_a_set_that_was_deleted_does_not_come_back(tmp_path: Path) -> None:
    store = Store(tmp_path)
    many = [rep(number) for number in range(60)]
    for serial in range(1, 5):
        store.save(closed(record(serial, *many)), MORNING)
    store.delete(4)
    store.close()
    contents = bytearray(store.path.read_bytes())
    contents[110:200] = bytes(90)
    store.path.write_bytes(contents)
    Store(tmp_path).close()
    assert len(Reader(tmp_path).recent(9)) == 3


def test_recovery_never_takes_longer_than_its_limit(tmp_path: Path) -> None:
    flips.whole_history(tmp_path)
    now_s = iter(range(0, 10**9, 200))
    found = recover(tmp_path / "history.sqlite3", lambda: float(next(now_s)))
    assert found.draft is None
    assert found.sets == 0


def test_a_power_cut_between_setting_aside_and_taking_over_loses_nothing(tmp_path: Path) -> None:
    flips.whole_history(tmp_path)
    path = tmp_path / "history.sqlite3"
    path.rename(draft_path(path))
    store = Store(tmp_path)
    assert store.notice is None
    store.close()
    assert len(Reader(tmp_path).recent(9)) == flips.SETS


def test_a_disk_without_space_for_the_recovery_begins_a_new_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = flips.whole_history(tmp_path)
    path = tmp_path / "history.sqlite3"
    path.write_bytes(b"?" * 50 + contents[50:])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kiosk.history.recover.migrate", full)
    store = Store(tmp_path)
    assert store.notice is not None
    assert (store.notice.event, store.notice.recovered) == (Event.SET_ASIDE, 0)
    assert "No space left" in store.notice.text
    store.save(closed(record(1, rep(1))), MORNING)
    store.close()
    assert [stored.reps for stored in Reader(tmp_path).recent(9)] == [1]
    assert json.dumps(sorted(path.name for path in tmp_path.iterdir())).count("recover") == 0


def test_a_first_page_that_the_log_writes_anew_is_no_damage(tmp_path: Path) -> None:
    """As after a power cut while the log was being moved into the file."""
    store = Store(tmp_path / "live")
    store.save(closed(record(1, rep(1))), MORNING)
    shutil.copytree(tmp_path / "live", tmp_path / "killed")
    store.close()
    path = tmp_path / "killed" / "history.sqlite3"
    path.write_bytes(bytes(512) + path.read_bytes()[512:])
    with closing(Store(path.parent)) as again:
        assert again.notice is None
    assert len(Reader(path.parent).recent(9)) == 1


def test_a_file_that_was_half_created_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    path.write_bytes(bytes(4096))
    path.with_name("history.sqlite3-journal").write_bytes(b"")
    with closing(Store(tmp_path)) as store:
        store.save(closed(record(1, rep(1))), MORNING)
    assert len(Reader(tmp_path).recent(9)) == 1
