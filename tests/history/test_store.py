"""What was saved is there, whatever happened to the process, the clock or the file."""

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from history.records import MORNING, closed, record, rep

from kiosk.coaching.record import CheckResult, Ended, SetRecord, Verdict
from kiosk.errors import HistoryError
from kiosk.history import store as store_module
from kiosk.history.connection import transaction
from kiosk.history.reader import Reader
from kiosk.history.store import Store


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def saved(folder: Path, *records: SetRecord, run: str | None = None) -> None:
    store = Store(folder, run=run)
    for one in records:
        store.save(one, MORNING)
    store.close()


def query(folder: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(folder / "history.sqlite3")
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def damage(folder: Path, *, header: bool) -> bytes:
    path = folder / "history.sqlite3"
    contents = bytearray(path.read_bytes())
    if header:
        contents[:64] = b"this was a database once upon a time, before the card wore out.."
    else:
        contents[4096:-4096] = bytes(len(contents) - 8192)
    path.write_bytes(contents)
    return bytes(contents)


def test_each_save_is_committed_before_it_returns(tmp_path: Path, reader: Reader) -> None:
    store = Store(tmp_path)
    one = record(1, rep(1))
    store.save(one, MORNING)
    assert [stored.reps for stored in reader.recent(10)] == [1]
    store.save(replace(one, reps=(*one.reps, rep(2))), MORNING)
    assert [stored.reps for stored in reader.recent(10)] == [2]
    store.close()
    assert query(tmp_path, "SELECT position, number FROM reps") == [(0, 1), (1, 2)]


def test_reps_come_back_as_they_were(tmp_path: Path, reader: Reader) -> None:
    reps = (rep(1), rep(1, counted=False, score=None), rep(2, fault=True))
    saved(tmp_path, record(1, *reps))
    (stored,) = reader.recent(1)
    assert reader.reps_of(stored.id) == list(reps)
    assert reader.reps_of(stored.id + 1) == []


@pytest.mark.usefixtures("berlin")
def test_a_set_is_summed_up(tmp_path: Path, reader: Reader) -> None:
    reps = (rep(1, score=90), rep(1, counted=False, score=10), rep(2, fault=True, score=71))
    saved(tmp_path, closed(record(1, *reps), 1030.0, Ended.WALKED_OFF))
    (stored,) = reader.recent(1)
    assert stored.started_at.isoformat() == "2026-11-23T11:15:00+01:00"
    assert (stored.reps, stored.partials, stored.ended) == (2, 1, "walked_off")
    assert stored.duration_s == pytest.approx(26.0)
    assert stored.trunk_lean_deg == pytest.approx(71.5)
    assert stored.tempo_s == pytest.approx((1.5, 0.25, 0.8))
    assert (stored.score, stored.rests_on) == (80, ("knee_dominance",))
    assert query(tmp_path, "SELECT clean, faulty, day FROM sets") == [(1, 1, "2026-11-23")]


def test_saving_again_or_out_of_order_changes_nothing(tmp_path: Path, reader: Reader) -> None:
    first = replace(rep(1), checks=rep(1).checks | {"tempo": CheckResult(verdict=Verdict.OK)})
    early = record(1, first)
    late = closed(record(1, first, rep(2), rep(3)))
    saved(tmp_path, late)
    (before,) = reader.recent(9)
    assert before.rests_on == ("knee_dominance",)
    saved(tmp_path, run="x")
    store = Store(tmp_path, run="y")
    for one in (late, early, late, early):
        store.save(one, MORNING)
    store.close()
    (again, unchanged) = reader.recent(9)
    assert unchanged == before
    assert replace(again, id=before.id) == before
    assert len(reader.reps_of(again.id)) == 3


def test_a_set_that_was_moved_to_another_exercise_takes_its_reps_and_its_day_along(
    tmp_path: Path, reader: Reader
) -> None:
    other = record(1, rep(1), rep(2, fault=True), exercise="squat")
    saved(tmp_path, closed(record(2, rep(1), exercise="squat")), run="before")
    saved(tmp_path, record(1, rep(1), rep(2), rep(3)), closed(other), run="after")
    moved, alone = reader.recent(9)
    assert (moved.exercise, moved.reps, moved.faulty) == ("squat", 2, 1)
    assert reader.reps_of(moved.id) == list(other.reps)
    sums = "SELECT exercise, sets, reps, clean FROM days"
    assert query(tmp_path, sums) == [("squat", 2, 3, 2)]
    again = closed(record(1, *map(rep, range(1, 5))))
    saved(tmp_path, again, run="after")
    assert query(tmp_path, sums + " ORDER BY exercise") == [
        ("hip_hinge", 1, 4, 4),
        ("squat", 1, 1, 1),
    ]
    assert reader.reps_of(moved.id) == list(again.reps)
    assert alone == reader.recent(9)[1]


def test_the_sets_of_a_history_are_numbered_without_gaps(tmp_path: Path) -> None:
    for _ in range(2):
        grown = [record(1, *map(rep, range(1, count + 1))) for count in range(1, 5)]
        saved(tmp_path, *grown, closed(grown[-1]))
    assert query(tmp_path, "SELECT id FROM sets ORDER BY id") == [(1,), (2,)]


def test_the_same_serial_of_another_run_is_another_set(tmp_path: Path, reader: Reader) -> None:
    saved(tmp_path, closed(record(1, rep(1))), run="monday")
    saved(tmp_path, closed(record(1, rep(1), rep(2))), run="tuesday")
    assert [stored.reps for stored in reader.recent(9)] == [2, 1]


def test_order_does_not_follow_the_wall_clock(tmp_path: Path, reader: Reader) -> None:
    store = Store(tmp_path)
    for serial, jump_s in ((1, 0.0), (2, -5 * 3600.0), (3, 7200.0)):
        store.save(closed(record(serial, rep(1))), MORNING + jump_s)
        # a clock that jumps within the set does not move its start
        store.save(closed(record(serial, rep(1))), MORNING + 86400.0)
    store.close()
    sets = reader.recent(9)
    assert [stored.id for stored in sets] == sorted((s.id for s in sets), reverse=True)
    assert [stored.started_at.timestamp() - MORNING for stored in sets] == [7200, -18000, 0]
    assert [stored.id for stored in reader.recent(1, offset=1)] == [sets[1].id]


def test_a_killed_process_loses_nothing_that_was_saved(tmp_path: Path, reader: Reader) -> None:
    script = """
import os, sys
from pathlib import Path
from history.records import MORNING, record, rep
from kiosk.history.store import Store
store = Store(Path(sys.argv[1]))
for count in (1, 2, 3):
    store.save(record(1, *(rep(number + 1) for number in range(count))), MORNING)
os._exit(9)
"""
    killed = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        env={"PYTHONPATH": str(Path(__file__).parent.parent)},
        check=False,
    )
    assert killed.returncode == 9
    (left,) = reader.recent(9)
    assert (left.reps, left.ended, left.duration_s) == (3, None, None)
    store = Store(tmp_path)
    assert store.notice is None
    store.close()
    (after,) = reader.recent(9)
    assert (after.reps, after.ended) == (3, "interrupted")
    # to the end of its last rep: 1012 + 4 + 2.1 - 1004 … on the source's axis
    assert after.duration_s == pytest.approx(rep(3).end_s - 1004.0)


def test_reopening_within_a_run_continues_its_sets(tmp_path: Path, reader: Reader) -> None:
    saved(tmp_path, record(1, rep(1)), run="today")
    store = Store(tmp_path, run="today")
    assert reader.recent(1)[0].ended is None
    store.save(record(1, rep(1), rep(2)), MORNING)
    store.close()
    (stored,) = reader.recent(9)
    assert (stored.reps, stored.ended) == (2, None)


@pytest.mark.parametrize("header", [True, False])
def test_a_damaged_file_is_set_aside_and_a_new_one_begun(
    tmp_path: Path, reader: Reader, *, header: bool
) -> None:
    saved(tmp_path, *(closed(record(n, *(rep(m) for m in range(1, 9)))) for n in range(1, 30)))
    contents = damage(tmp_path, header=header)
    store = Store(tmp_path)
    (aside,) = tmp_path.glob("history.damaged-*.sqlite3")
    assert aside.read_bytes() == contents
    assert store.notice is not None
    assert aside.name in store.notice.text
    store.save(closed(record(1, rep(1))), MORNING)
    store.close()
    # the first page alone takes no set along, the loss of all the others takes all
    assert [stored.reps for stored in reader.recent(99)] == [1] + [8] * 29 * header
    assert (store.notice.recovered, store.notice.of) == (29 * header, 29 * header)
    again = Store(tmp_path)
    assert again.notice is None
    again.close()


def test_damage_found_while_running_asks_for_a_new_store(
    tmp_path: Path, connections: list[sqlite3.Connection]
) -> None:
    saved(tmp_path, *(closed(record(n, rep(1))) for n in range(1, 30)))
    store = Store(tmp_path)
    before = store.path.stat()
    damage(tmp_path, header=False)
    os.utime(store.path, ns=(before.st_atime_ns, before.st_mtime_ns))  # the card's own damage
    connections[-1].execute("PRAGMA shrink_memory")  # else SQLite still has the pages
    with pytest.raises(HistoryError, match=r"history\.sqlite3: damaged"):
        store.save(record(1, rep(1)), MORNING)
    assert store.closed
    with pytest.raises(HistoryError, match="closed"):
        store.save(record(1, rep(1)), MORNING)


def test_a_full_disk_is_named_and_nothing_is_half_stored(
    tmp_path: Path, reader: Reader, connections: list[sqlite3.Connection]
) -> None:
    store = Store(tmp_path)
    connection = connections[-1]
    store.save(record(1, rep(1)), MORNING)
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    many = record(1, *(rep(number) for number in range(1, 200)))
    with pytest.raises(HistoryError, match=r"history\.sqlite3: the disk is full; free"):
        store.save(many, MORNING)
    assert not store.closed
    assert reader.recent(1)[0].reps == 1
    connection.execute("PRAGMA max_page_count = 1000000")
    store.save(many, MORNING)
    assert reader.recent(1)[0].reps == 199
    store.close()


def test_a_set_that_does_not_hold_together_leaves_the_store_usable(
    tmp_path: Path, reader: Reader
) -> None:
    store = Store(tmp_path)
    nowhen = replace(rep(2), start_s=float("nan"))
    with pytest.raises(HistoryError, match="set 1 does not hold together"):
        store.save(record(1, rep(1), nowhen), MORNING)
    assert not store.closed
    assert reader.recent(9) == []
    store.save(record(2, rep(1)), MORNING)
    assert [stored.reps for stored in reader.recent(9)] == [1]
    store.close()


def test_a_file_that_another_program_holds_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.history.connection.BUSY_S", 0.0)
    store = Store(tmp_path)
    other = sqlite3.connect(store.path, isolation_level=None)
    with transaction(other):
        with pytest.raises(HistoryError, match="another program holds it locked"):
            store.save(record(1, rep(1)), MORNING)
        assert not store.closed
    store.save(record(1, rep(1)), MORNING)
    other.close()
    store.close()


def test_a_file_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(tmp_path, record(1, rep(1)))
    connect = sqlite3.connect

    def read_only(path: Path, **options: object) -> sqlite3.Connection:
        # root may write everything, so the file system's refusal is SQLite's own here
        return connect(f"{path.as_uri()}?mode=ro", uri=True, **options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(sqlite3, "connect", read_only)
    with pytest.raises(HistoryError, match=r"history\.sqlite3: cannot be written; let this user"):
        Store(tmp_path)


def test_a_newer_file_is_left_as_it_is(tmp_path: Path, reader: Reader) -> None:
    saved(tmp_path, record(1, rep(1)))
    query(tmp_path, "PRAGMA user_version = 99")
    path = tmp_path / "history.sqlite3"
    before = path.read_bytes()
    with pytest.raises(HistoryError, match=r"newer kiosk \(schema 99.*upgrade"):
        Store(tmp_path)
    with pytest.raises(HistoryError, match=r"newer kiosk \(schema 99.*upgrade"):
        reader.recent(1)
    assert path.read_bytes() == before
    assert list(tmp_path.glob("*damaged*")) == []


def test_a_save_sums_up_its_own_day_alone(tmp_path: Path, statements: list[str]) -> None:
    saved(tmp_path, record(1, rep(1)))
    (sums,) = (sql for sql in statements if "REPLACE INTO days" in sql)
    steps = [row[3] for row in query(tmp_path, f"EXPLAIN QUERY PLAN {sums}")]
    assert "SEARCH sets USING INDEX sets_by_exercise (lifter=? AND exercise=? AND day=?)" in steps
    assert not any("SCAN" in step and "SUBQUERY" not in step for step in steps)


def test_a_folder_that_cannot_be_looked_into_leaves_no_file_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, connections: list[sqlite3.Connection]
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(store_module, "erased_folders", refuse)
    with pytest.raises(HistoryError, match="Permission denied"):
        Store(tmp_path)
    for connection in connections:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")
