"""Erased is erased: from every file of the folder, or not at all."""

import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from history.records import MORNING, closed, record, rep
from msgspec.structs import replace as replace_struct

from kiosk.coaching.record import CheckResult, SetRecord, Verdict
from kiosk.errors import HistoryError
from kiosk.exercises.exercise import PlanRule
from kiosk.history.connection import transaction
from kiosk.history.reader import Reader
from kiosk.history.store import Store
from kiosk.training.facts import Facts

MARKER = "nobody_else_trains_like_this"
DAY = date(2026, 11, 23)


def marked(serial: int) -> SetRecord:
    # the checks of twelve reps do not fit on one page of the file
    checks = {"stance": CheckResult(verdict=Verdict.OK, unit=MARKER * 20)}
    reps = tuple(replace(rep(number), checks=checks) for number in range(12))
    return closed(SetRecord(serial=serial, exercise=MARKER, started_s=1004.0, reps=reps))


def marked_files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if MARKER.encode() in path.read_bytes()}


def written(folder: Path, sets: int = 20) -> Store:
    store = Store(folder)
    for serial in range(1, sets + 1):
        store.save(marked(serial), MORNING)
    return store


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.history.connection.BUSY_S", 0.0)


def reading(path: Path) -> sqlite3.Connection:
    """Another program in the middle of reading."""
    other = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM sets").fetchone()
    return other


@pytest.mark.parametrize("reopened", [True, False])
def test_nothing_of_a_set_is_left_in_any_file(tmp_path: Path, *, reopened: bool) -> None:
    store = written(tmp_path)
    if reopened:
        store.close()
        store = Store(tmp_path)
        # some of it in the log, some in the file
        store.save(marked(99), MORNING)
        assert marked_files(tmp_path) == {"history.sqlite3", "history.sqlite3-wal"}
    assert marked_files(tmp_path)
    store.erase()
    assert marked_files(tmp_path) == set()
    reader = Reader(tmp_path)
    assert (reader.recent(9), reader.reps_of(1)) == ([], [])
    found = reader.overview(DAY, MARKER)
    assert (found.total_sets, found.today_totals.sets, found.best) == (0, 0, None)
    store.close()
    assert marked_files(tmp_path) == set()


def test_the_folder_is_flushed_to_the_disk_once_the_files_set_aside_are_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "history.damaged-20260504-120000.sqlite3").write_text(MARKER)
    flushed: list[tuple[Path, set[str]]] = []

    def fsync(descriptor: int) -> None:
        flushed.append((Path(f"/proc/self/fd/{descriptor}").readlink(), marked_files(tmp_path)))

    with closing(written(tmp_path)) as store:
        monkeypatch.setattr(os, "fsync", fsync)
        store.erase()
    assert flushed == [(tmp_path, set())]


def test_the_erased_history_is_as_durable_as_before_and_begins_at_one(
    tmp_path: Path, connections: list[sqlite3.Connection]
) -> None:
    store = written(tmp_path)
    connection = connections[-1]
    store.erase()
    for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
        assert connection.execute(f"PRAGMA {pragma}").fetchone() == (value,)
    store.save(record(1, rep(1)), MORNING)
    store.close()
    assert [stored.id for stored in Reader(tmp_path).recent(9)] == [1]
    again = Store(tmp_path)
    assert again.notice is None
    again.close()


def test_damaged_files_that_were_set_aside_are_erased_too(tmp_path: Path) -> None:
    for serial in (1, 2):
        written(tmp_path).close()
        path = tmp_path / "history.sqlite3"
        path.write_bytes(b"worn out".ljust(100, b"\0") + path.read_bytes()[100:])
        path.with_name(f"{path.name}-wal").write_text(MARKER)
        store = Store(tmp_path)
        assert store.notice is not None
        store.save(marked(serial), MORNING)
        for aside in tmp_path.glob("*damaged*"):
            # the next is set aside within the same second
            aside.rename(aside.with_name(aside.name.replace("damaged-", f"damaged-{serial}")))
        store.erase()
        assert store.notice is None
        store.close()
        assert {path.name for path in tmp_path.iterdir()} == {"history.sqlite3"}
    (tmp_path / "photo.jpg").write_text("of another program")
    store = Store(tmp_path)
    store.erase()
    store.close()
    assert (tmp_path / "photo.jpg").exists()


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("log_is_empty", [True, False])
def test_while_somebody_reads_nothing_is_erased(
    tmp_path: Path, connections: list[sqlite3.Connection], *, log_is_empty: bool
) -> None:
    store = written(tmp_path)
    if log_is_empty:
        connections[-1].execute("PRAGMA wal_checkpoint(TRUNCATE)")
    reader, other = Reader(tmp_path), reading(store.path)
    aside = tmp_path / "history.damaged-20261123-101500.sqlite3"
    aside.write_text(MARKER)
    before = reader.recent(99), reader.reps_of(1)
    with pytest.raises(HistoryError, match=r"history\.sqlite3: not erased, .*is reading it; close"):
        store.erase()
    assert (reader.recent(99), reader.reps_of(1)) == before
    assert aside.exists()
    other.execute("COMMIT")
    store.erase()  # it may keep the file open, as long as it is not reading
    assert marked_files(tmp_path) == set()
    assert other.execute("SELECT count(*) FROM sets").fetchone() == (0,)
    other.close()
    store.close()


@pytest.mark.usefixtures("_impatient")
def test_while_another_program_writes_nothing_is_erased(tmp_path: Path) -> None:
    store = written(tmp_path)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        with transaction(other), pytest.raises(HistoryError, match="holds it locked; close"):
            store.erase()
        assert len(Reader(tmp_path).recent(99)) == 20
    store.erase()
    assert marked_files(tmp_path) == set()
    store.close()


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize(
    ("begin", "message", "left"),
    [
        ("BEGIN IMMEDIATE", "not erased, .* holds it locked; close", 20),
        ("BEGIN; SELECT count(*) FROM sets", "sets are gone, but .* close .* and erase again", 0),
    ],
)
def test_whoever_comes_at_the_last_moment_is_named_and_can_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begin: str, message: str, left: int
) -> None:
    store = written(tmp_path)
    other = sqlite3.connect(store.path, isolation_level=None)

    def meanwhile(_: Path) -> list[Path]:
        for step in begin.split(";"):
            other.execute(step).fetchall()
        return []

    with monkeypatch.context() as patch:
        patch.setattr("kiosk.history.erase.aside_files", meanwhile)
        with pytest.raises(HistoryError, match=message):
            store.erase()
    assert len(Reader(tmp_path).recent(99)) == left
    assert not store.closed
    other.execute("COMMIT")
    other.close()
    store.erase()
    assert marked_files(tmp_path) == set()
    store.close()


def test_a_file_set_aside_that_cannot_be_removed_is_named(tmp_path: Path) -> None:
    store = written(tmp_path)
    aside = tmp_path / "history.damaged-20261123-101500.sqlite3"
    aside.mkdir()
    with pytest.raises(HistoryError, match=rf"{aside.name}: holds old sets .* remove the file"):
        store.erase()
    assert len(Reader(tmp_path).recent(99)) == 20
    aside.rmdir()
    store.erase()
    assert marked_files(tmp_path) == set()
    store.close()


def test_a_set_under_way_comes_back_whole_with_its_next_rep(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(closed(record(1, rep(1))), MORNING)
    store.save(record(2, rep(1), rep(2)), MORNING)
    other = Store(tmp_path)  # as the command line does while the mirror runs
    other.erase()
    other.close()
    store.save(record(2, rep(1), rep(2), rep(3)), MORNING)
    store.close()
    reader = Reader(tmp_path)
    (stored,) = reader.recent(9)
    assert (stored.reps, len(reader.reps_of(stored.id))) == (3, 3)
    assert reader.overview(DAY, "hip_hinge").today_totals.reps == 3


def test_a_closed_store_erases_nothing(tmp_path: Path) -> None:
    store = written(tmp_path)
    store.close()
    with pytest.raises(HistoryError, match="closed; open it again"):
        store.erase()


NOON_S = MORNING + 6300.0
DAY_S = 86400.0


def test_what_was_erased_comes_back_with_what_was_done_since_behind_it(tmp_path: Path) -> None:
    store = written(tmp_path, 3)
    (tmp_path / "history.damaged-20260504-120000.sqlite3").write_text(MARKER)
    store.erase_aside(NOON_S)
    reader = Reader(tmp_path)
    assert reader.recent(9) == []
    assert marked_files(tmp_path / "history.erased-20261123-120000") == {
        "history.sqlite3",
        "history.damaged-20260504-120000.sqlite3",
    }
    store.save(closed(record(50, rep(1), rep(2))), MORNING + DAY_S)
    store.save(record(51, rep(1)), MORNING + DAY_S)
    assert store.due_s == NOON_S + DAY_S
    assert store.undo_erase()
    assert store.due_s is None
    store.save(record(51, rep(1), rep(2), rep(3)), MORNING + DAY_S)
    assert [one.reps for one in reader.recent(9)] == [3, 2, 12, 12, 12]
    assert [one.id for one in reader.recent(9)] == [5, 4, 3, 2, 1]
    overview = reader.overview(DAY, "hip_hinge")
    assert (overview.total_sets, overview.week[1].reps) == (5, 5)
    assert not store.undo_erase()
    store.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "history.damaged-20260504-120000.sqlite3",
        "history.sqlite3",
    ]


def test_after_a_day_nothing_of_it_is_left_also_after_a_restart(tmp_path: Path) -> None:
    store = written(tmp_path, 3)
    store.erase_aside(NOON_S)
    assert store.erase_due(NOON_S + DAY_S - 1.0) == 0
    store.close()
    store = Store(tmp_path)
    assert store.erase_due(NOON_S + DAY_S) == 1
    assert not store.undo_erase()
    store.close()
    assert {path.name for path in tmp_path.iterdir()} == {"history.sqlite3"}


def test_erasing_for_good_takes_what_can_be_undone_along(tmp_path: Path) -> None:
    store = written(tmp_path, 3)
    store.erase_aside(NOON_S)
    store.save(marked(9), MORNING)
    (tmp_path / "history.before-v4.sqlite3").write_text(MARKER)
    store.erase()
    store.close()
    assert {path.name for path in tmp_path.iterdir()} == {"history.sqlite3"}


def test_erasing_twice_within_a_second_keeps_both(tmp_path: Path) -> None:
    store = written(tmp_path, 2)
    store.erase_aside(NOON_S)
    store.save(marked(7), MORNING)
    store.erase_aside(NOON_S)
    assert store.undo_erase()
    assert store.undo_erase()
    store.close()
    assert len(Reader(tmp_path).recent(9)) == 3


@pytest.mark.usefixtures("_impatient")
def test_while_somebody_reads_nothing_is_moved_aside(tmp_path: Path) -> None:
    store = written(tmp_path, 2)
    other = reading(store.path)
    with pytest.raises(HistoryError, match=r"not erased, .*is reading it"):
        store.erase_aside(NOON_S)
    assert len(Reader(tmp_path).recent(9)) == 2
    other.close()
    store.erase_aside(NOON_S)
    assert Reader(tmp_path).recent(9) == []
    store.close()


def test_an_undo_that_was_cut_off_is_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = written(tmp_path, 2)
    store.erase_aside(NOON_S)
    store.save(closed(record(50, rep(1))), MORNING)

    def cut(*_: object) -> None:
        raise HistoryError("the power fails")

    with monkeypatch.context() as patch:
        patch.setattr("kiosk.history.store.bring_back", cut)
        with pytest.raises(HistoryError, match="the power fails"):
            store.undo_erase()
    again = Store(tmp_path)
    assert [one.reps for one in Reader(tmp_path).recent(9)] == [1]
    assert again.undo_erase()
    assert [one.reps for one in Reader(tmp_path).recent(9)] == [1, 12, 12]
    again.close()


def test_one_set_is_deleted_from_the_file_and_from_all_sums(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(closed(record(1, rep(1))), MORNING)
    store.save(marked(2), MORNING)
    store.save(closed(record(3, rep(1), rep(2))), MORNING)
    store.delete(2)
    store.delete(99)
    reader = Reader(tmp_path)
    assert [one.reps for one in reader.recent(9)] == [2, 1]
    assert reader.overview(DAY, MARKER).total_sets == 2
    store.save(marked(2), MORNING)
    assert [one.reps for one in reader.recent(9)] == [12, 2, 1]
    store.close()


ITS, OTHERS = Facts(lifter=3, load_kg=40.0), Facts(lifter=1)
PLAN = PlanRule(reps=5, sets=4, rest_s=150.0)


def shared(folder: Path, sets: int = 40) -> Store:
    """A history of two places that take turns; the sets of place 3 are marked."""
    store = Store(folder)
    others = tuple(
        replace(one, checks={"stance": CheckResult(verdict=Verdict.OK, unit="x" * 500)})
        for one in marked(1).reps
    )
    for serial in range(1, sets + 1, 2):
        for count in range(1, 13):  # as they come, rep by rep
            its = replace(marked(serial), reps=marked(serial).reps[:count])
            store.save(its, MORNING + serial, ITS)
            other = closed(
                SetRecord(serial=serial + 1, exercise="squat", started_s=1.0, reps=others)
            )
            store.save(replace(other, reps=others[:count]), MORNING + serial, OTHERS)
    for lifter in (1, 3):
        store.set_plan(lifter, MARKER if lifter == 3 else "squat", PLAN)
        store.set_tag(f"{lifter:064x}", lifter)
    return store


def everything(folder: Path) -> tuple[object, ...]:
    reader = Reader(folder)
    stored = reader.recent(99)
    reps = [reader.reps_of(one.id) for one in stored]
    overviews = [
        reader.overview(DAY, exercise, n) for exercise in (MARKER, "squat") for n in (1, 3)
    ]
    return stored, reps, overviews, reader.plans(), reader.tags(), reader.tag_salt()


@pytest.mark.parametrize("for_good", [True, False])
def test_one_place_is_erased_alone_and_nothing_of_it_is_left(
    tmp_path: Path, *, for_good: bool
) -> None:
    store = shared(tmp_path)
    (tmp_path / "history.damaged-20260504-120000.sqlite3").write_text(MARKER)
    before = everything(tmp_path)
    if for_good:
        store.erase_lifter(3)
    else:
        store.erase_lifter_aside(3, NOON_S)
    assert marked_files_below(tmp_path / "history.erased-20261123-120000") == (
        set() if for_good else {"place.sqlite3", "history.damaged-20260504-120000.sqlite3"}
    )
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == {
        *("history.sqlite3", "history.sqlite3-wal", "history.sqlite3-shm")
    }
    assert marked_files_below(tmp_path) == set()
    reader = Reader(tmp_path)
    assert {one.facts.lifter for one in reader.recent(99)} == {1}
    assert reader.recent(99) == [one for one in before[0] if one.facts.lifter == 1]
    assert (list(reader.plans()), list(reader.tags().values())) == ([(1, "squat")], [1])
    assert reader.overview(DAY, MARKER, 3).total_sets == 0
    assert reader.overview(DAY, "squat", 1) == before[2][2]
    assert store.due_s == (None if for_good else NOON_S + DAY_S)
    assert store.undo_erase() is not for_good
    if not for_good:
        assert everything(tmp_path) == before
        assert not store.undo_erase()
    store.close()
    again = Store(tmp_path)
    assert again.notice is None
    again.close()


def marked_files_below(folder: Path) -> set[str]:
    if not folder.is_dir():
        return set()
    return {p.name for p in folder.iterdir() if p.is_file() and MARKER.encode() in p.read_bytes()}


def test_a_place_comes_back_among_what_was_done_since(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    store = shared(tmp_path, 4)
    store.erase_lifter_aside(3, NOON_S)
    store.save(closed(record(50, rep(1))), MORNING + DAY_S, ITS)
    store.set_plan(3, MARKER, replace_struct(PLAN, reps=9))
    assert store.undo_erase()
    assert [one.id for one in reader.recent(9)] == [5, 4, 3, 2, 1]
    assert reader.plans()[3, MARKER].reps == 9
    assert reader.overview(DAY, "hip_hinge", 3).total_sets == 3
    store.close()
    assert {path.name for path in tmp_path.iterdir()} == {"history.sqlite3"}


def test_the_whole_history_can_be_erased_after_a_place_and_both_come_back(tmp_path: Path) -> None:
    store = shared(tmp_path, 4)
    before = everything(tmp_path)
    store.erase_lifter_aside(3, NOON_S)
    store.erase_aside(NOON_S)
    store.save(closed(record(50, rep(1))), MORNING, OTHERS)
    assert store.undo_erase()
    assert store.undo_erase()
    assert [one for one in Reader(tmp_path).recent(9) if one.id < 5] == before[0]
    assert len(Reader(tmp_path).recent(9)) == 5
    store.close()


def test_numbers_that_others_have_taken_are_not_taken_from_them(tmp_path: Path) -> None:
    store = shared(tmp_path, 2)
    store.erase_lifter_aside(3, NOON_S)
    store.erase_aside(NOON_S)
    store.save(closed(record(50, rep(1))), MORNING, OTHERS)  # number 1 again
    store.erase_due(NOON_S + DAY_S)  # both
    store.close()
    store = shared(tmp_path / "again", 2)
    store.erase_lifter_aside(3, NOON_S)
    store.close()
    (tmp_path / "again" / "history.sqlite3").unlink()
    store = Store(tmp_path / "again")
    store.save(closed(record(50, rep(1))), MORNING, OTHERS)
    assert store.undo_erase()
    reader = Reader(tmp_path / "again")
    assert [(one.id, one.reps) for one in reader.recent(9)] == [(2, 12), (1, 1)]
    assert [len(reader.reps_of(n)) for n in (1, 2)] == [1, 12]
    store.close()


def test_erasing_a_place_for_good_leaves_nothing_of_it_to_be_brought_back(tmp_path: Path) -> None:
    store = shared(tmp_path, 4)
    store.erase_lifter_aside(3, NOON_S)
    store.save(replace(marked(50), serial=50), MORNING, ITS)
    (tmp_path / "history.damaged-20260504-120000.sqlite3").write_text(MARKER)
    store.erase_aside(NOON_S)
    store.save(replace(marked(51), serial=51), MORNING, ITS)
    (tmp_path / "history.erasing").mkdir()  # the power failed meanwhile
    (tmp_path / "history.erasing" / "place.sqlite3").write_text(MARKER)
    store.erase_lifter(3)
    found = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in found if MARKER.encode() in path.read_bytes()]
    assert store.undo_erase()
    assert not store.undo_erase()
    assert {one.facts.lifter for one in Reader(tmp_path).recent(9)} == {1}
    assert len(Reader(tmp_path).recent(9)) == 2
    store.close()


def test_a_place_without_anything_leaves_no_folder_to_bring_back(tmp_path: Path) -> None:
    store = shared(tmp_path, 2)
    store.erase_lifter_aside(7, NOON_S)
    store.erase_lifter_aside(3, NOON_S)
    store.erase_lifter_aside(3, NOON_S + 5.0)  # as after a fault at the end of the first
    assert len(list(tmp_path.glob("history.erased-*"))) == 1
    store.close()


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("for_good", [True, False])
def test_while_somebody_reads_no_place_is_erased(tmp_path: Path, *, for_good: bool) -> None:
    store = shared(tmp_path, 2)
    other = reading(store.path)
    erase = store.erase_lifter if for_good else partial(store.erase_lifter_aside, now_s=NOON_S)
    with pytest.raises(HistoryError, match=r"not erased, .*is reading it"):
        erase(3)
    assert len(Reader(tmp_path).recent(9)) == 2
    assert not list(tmp_path.glob("history.erased-*"))
    other.close()
    erase(3)
    assert len(Reader(tmp_path).recent(9)) == 1
    store.close()


def test_after_a_day_nothing_of_a_place_is_left(tmp_path: Path) -> None:
    store = shared(tmp_path, 2)
    store.erase_lifter_aside(3, NOON_S)
    assert store.erase_due(NOON_S + DAY_S) == 1
    assert not store.undo_erase()
    store.close()
    assert {path.name for path in tmp_path.iterdir()} == {"history.sqlite3"}


def test_an_erasure_of_a_place_that_was_cut_off_is_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = shared(tmp_path, 4)
    before = everything(tmp_path)

    def cut(*_: object) -> None:
        raise OSError(28, "the power fails")

    for step in ("kiosk.history.erase.sync", "kiosk.history.store.remove_place"):
        with monkeypatch.context() as patch:
            patch.setattr(step, cut)
            with pytest.raises((HistoryError, OSError), match="the power fails"):
                store.erase_lifter_aside(3, NOON_S)
        assert everything(tmp_path) == before
    store.erase_lifter_aside(3, NOON_S)
    assert marked_files_below(tmp_path) == set()
    assert store.undo_erase()
    assert everything(tmp_path) == before
    store.close()


def test_a_place_that_was_erased_but_for_the_end_is_set_aside_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = shared(tmp_path, 4)
    before = everything(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("kiosk.history.erase.refuse_to_wait", full)
        with pytest.raises(HistoryError, match=r"compacted\.sqlite3: cannot .* free some space"):
            store.erase_lifter_aside(3, NOON_S)
    store.erase_lifter_aside(3, NOON_S + 5.0)
    assert marked_files_below(tmp_path) == set()
    assert len(list(tmp_path.glob("history.*"))) == 4
    assert store.undo_erase()
    assert everything(tmp_path) == before
    store.close()


def test_a_place_is_erased_while_a_mirror_has_the_file_open(tmp_path: Path) -> None:
    store = shared(tmp_path, 4)
    store.save(record(50, rep(1)), MORNING, ITS)
    other = Store(tmp_path)  # as the command line does while the mirror runs
    other.erase_lifter(3)
    other.close()
    store.save(record(50, rep(1), rep(2)), MORNING, ITS)
    reader = Reader(tmp_path)
    assert [(one.facts.lifter, one.reps) for one in reader.recent(9)] == [(3, 2), (1, 12), (1, 12)]
    assert len(reader.reps_of(reader.recent(1)[0].id)) == 2
    assert (store.notice, marked_files_below(tmp_path)) == (None, set())
    store.close()
