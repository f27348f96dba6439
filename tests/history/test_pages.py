"""The pages of a whole file yield the rows that SQLite yields."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from history.records import MORNING, closed, record, rep

from kiosk.coaching.record import CheckResult, Verdict
from kiosk.history.history_files import log_of
from kiosk.history.pages import HEADER_BYTES, committed_pages, header_fault, rows_of
from kiosk.history.schema import MIGRATIONS, columns_of
from kiosk.history.store import Store

DAYS = len(columns_of(len(MIGRATIONS), "days"))


def filled(folder: Path, sets: int = 30) -> Path:
    """A file with records that need overflow pages, interior pages, and free ones."""
    store = Store(folder)
    long = {"stance": CheckResult(verdict=Verdict.OK, unit="x" * 9000)}
    for serial in range(1, sets + 1):
        reps = [rep(number, fault=number == 2) for number in range(1, 12)]
        reps.append(replace(rep(12), checks=long))
        store.save(closed(record(serial, *reps, exercise=f"lift{serial % 5}")), MORNING + serial)
    store.delete(sets)
    store.close()
    return store.path


def test_every_row_is_found_once_and_as_it_is(tmp_path: Path) -> None:
    path = filled(tmp_path)
    with path.open("rb") as file:
        found = list(rows_of(file))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA freelist_count").fetchone() > (0,)
        for table in ("sets", "reps"):
            fields = len(columns_of(len(MIGRATIONS), table))
            expected = connection.execute(f"SELECT * FROM {table}").fetchall()
            rows = [row for row in found if row.rowid and len(row.values) == fields]
            assert sorted((row.rowid, *row.values[1:]) for row in rows) == sorted(expected)
        days = connection.execute("SELECT * FROM days").fetchall()
        assert sorted(row.values for row in found if len(row.values) == DAYS) == sorted(days)


def test_the_log_takes_the_place_of_the_files_pages_as_far_as_it_is_committed(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path / "live")
    for count in range(1, 5):
        store.save(record(1, *(rep(number) for number in range(count))), MORNING)
    shutil.copytree(tmp_path / "live", tmp_path / "killed")
    store.close()
    whole = (tmp_path / "live" / "history.sqlite3").read_bytes()
    log = log_of(tmp_path / "killed" / "history.sqlite3")
    pages = committed_pages(log)
    for number, page in pages.items():
        if number > 1:  # closing writes a time into the first
            assert page == whole[4096 * (number - 1) : 4096 * number]
    contents = bytearray(log.read_bytes())
    contents[-10] ^= 1  # the last frame is torn, and its whole transaction does not count
    log.write_bytes(contents)
    assert committed_pages(log) != pages
    contents[9] ^= 1
    log.write_bytes(contents)
    assert committed_pages(log) == {}
    assert committed_pages(tmp_path / "none") == {}


def test_a_whole_header_has_no_fault_and_a_short_or_changed_one_has(tmp_path: Path) -> None:
    header = filled(tmp_path, 1).read_bytes()[:HEADER_BYTES]
    assert header_fault(header) is None
    assert header_fault(header[:-1]) is not None
    for byte in (0, 16, 18, 19, 20, 21, 47, 59, 67, 80):
        changed = bytearray(header)
        changed[byte] ^= 0x40
        assert header_fault(bytes(changed)) is not None
