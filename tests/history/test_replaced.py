"""A file that is removed or replaced while it is open costs no set, and is not damaged."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from history.records import MORNING, closed, record, rep

from kiosk.app.history_thread import HistoryThread
from kiosk.history.backup import backup, restore
from kiosk.history.history_files import Signature, log_of
from kiosk.history.notice import Event
from kiosk.history.reader import Reader
from kiosk.history.store import Store

OLD_SETS = 40


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A backup of another size than the history that is open."""
    with closing(Store(tmp_path / "old")) as store:
        for serial in range(1, OLD_SETS + 1):
            store.save(closed(record(serial, rep(1), rep(2))), MORNING)
    return store.path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An open history, most of which is still in its log."""
    with closing(Store(tmp_path / "live", run="before")) as store:
        for serial in range(1, 200):
            store.save(closed(record(serial, *map(rep, range(1, 5)))), MORNING)
    store = Store(tmp_path / "live", run="today")
    for count in range(1, 4):
        store.save(record(1, *map(rep, range(count))), MORNING)
    assert log_of(store.path).stat().st_size
    return store


def copied_over(old: Path, path: Path) -> None:
    path.write_bytes(old.read_bytes())  # as cp does, into the same inode


def moved_over(old: Path, path: Path) -> None:
    shutil.copy2(old, path.with_name("new"))
    path.with_name("new").replace(path)


def removed_first(old: Path, path: Path) -> None:
    for tail in ("", "-wal", "-shm"):
        path.with_name(path.name + tail).unlink()
    shutil.copy2(old, path)


REPLACE = [copied_over, moved_over, removed_first]


def whole(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("replace", REPLACE)
def test_the_set_under_way_goes_on_in_the_file_that_took_the_place(
    store: Store, old: Path, replace: Callable[[Path, Path], None]
) -> None:
    replace(old, store.path)
    store.save(record(1, *map(rep, range(4))), MORNING)
    assert store.notice is not None
    assert store.notice.event is Event.REPLACED
    store.save(closed(record(1, *map(rep, range(5)))), MORNING)
    store.close()
    newest, *others = Reader(store.path.parent).recent(999)
    assert (newest.reps, newest.ended, len(others)) == (5, "idle", OLD_SETS)
    assert whole(store.path)


@pytest.mark.parametrize("replace", REPLACE)
def test_closing_moves_nothing_of_the_log_into_the_other_file(
    store: Store, old: Path, replace: Callable[[Path, Path], None]
) -> None:
    replace(old, store.path)
    store.close()
    assert store.path.read_bytes() == old.read_bytes()
    assert not log_of(store.path).exists()


def test_a_file_that_was_removed_is_begun_anew(store: Store) -> None:
    store.path.unlink()
    store.save(record(1, *map(rep, range(4))), MORNING)
    store.close()
    assert [one.reps for one in Reader(store.path.parent).recent(9)] == [4]
    assert whole(store.path)


def test_a_log_that_came_with_the_other_file_is_kept(store: Store, tmp_path: Path) -> None:
    other = Store(tmp_path / "other")
    for serial in range(1, 6):
        other.save(closed(record(serial, rep(1))), MORNING)
    for tail in ("", "-wal"):
        part = store.path.name + tail
        (store.path.parent / part).write_bytes((tmp_path / "other" / part).read_bytes())
    other.close()
    store.save(record(1, *map(rep, range(4))), MORNING)
    store.close()
    assert [one.reps for one in Reader(store.path.parent).recent(99)] == [4, 1, 1, 1, 1, 1]
    assert whole(store.path)


def test_another_program_that_writes_by_way_of_sqlite_replaces_nothing(store: Store) -> None:
    with closing(sqlite3.connect(store.path)) as other:
        other.execute("UPDATE sets SET exercise = 'squat' WHERE id = 1")
        other.commit()
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.save(record(1, *map(rep, range(4))), MORNING)
    assert store.notice is None
    store.close()
    assert len(Reader(store.path.parent).recent(999)) == 200


def test_a_backup_is_made_and_restored_while_the_history_is_open(
    store: Store, tmp_path: Path
) -> None:
    path, copy = store.path, tmp_path / "copy.sqlite3"
    assert backup(path, copy) == 200
    store.save(closed(record(1, *map(rep, range(4)))), MORNING)
    store.save(closed(record(2, rep(1))), MORNING)
    assert restore(copy, path) == 200
    assert len(Reader(path.parent).recent(999)) == 200
    store.save(record(3, rep(1)), MORNING)
    assert store.notice is None
    store.close()
    assert [one.reps for one in Reader(path.parent).recent(2)] == [1, 3]
    assert whole(path)
    assert restore(path.with_name("history.before-restore.sqlite3"), path) == 201


def test_the_thread_stores_the_newest_set_again_and_reports_once(tmp_path: Path, old: Path) -> None:
    thread = HistoryThread(partial(Store, tmp_path / "live", run="today"))
    path = tmp_path / "live" / "history.sqlite3"
    thread.submit(closed(record(1, rep(1), rep(2), rep(3))), MORNING)
    thread.step(0.0)
    copied_over(old, path)
    thread.look()
    thread.step(1.0)
    thread.look()
    assert (thread.replaced, thread.fault) == (1, None)
    thread.submit(record(2, rep(1)), MORNING)
    thread.step(2.0)
    thread.stop()
    thread.run()
    assert [one.reps for one in Reader(path.parent).recent(3)] == [1, 3, 2]
    assert thread.replaced == 1
    assert whole(path)


LATER_S = 7200.0


@pytest.mark.parametrize(("later_s", "kept"), [(LATER_S, False), (-LATER_S, True)])
def test_after_a_crash_only_the_files_own_log_is_applied(
    store: Store, old: Path, tmp_path: Path, later_s: float, *, kept: bool
) -> None:
    """A log that was written after its file is its own; a file put there later has another's."""
    killed = tmp_path / "killed"
    shutil.copytree(store.path.parent, killed)
    path = killed / "history.sqlite3"
    store.close()
    if not kept:
        shutil.copy2(old, path)
    when = path.stat().st_ctime - later_s
    os.utime(log_of(path), (when, when))
    again = Store(killed)
    assert (again.notice is None) is kept
    if again.notice is not None:
        assert again.notice.event is Event.LOG_SET_ASIDE
    again.close()
    assert len(Reader(killed).recent(999)) == (200 if kept else OLD_SETS)
    assert whole(path)


def test_a_signature_tells_a_file_from_its_successor(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    assert Signature.of(one) is None
    one.write_text("x")
    two.write_text("x")
    first, second = Signature.of(one), Signature.of(two)
    assert first is not None
    assert not first.same_file(second)
    assert not first.same_file(None)
    one.write_text("xx")
    changed = Signature.of(one)
    assert first.same_file(changed)
    assert changed != first
