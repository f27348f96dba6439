"""The thread that writes the history: nobody waits for it, and nothing pending is ever dropped."""

import sqlite3
import threading
from functools import partial
from pathlib import Path

import pytest
from history.faulty_store import FaultyStore, SlowStore
from history.records import MORNING, closed, record, rep

from kiosk.app import history_thread
from kiosk.app.history_thread import RETRY_S, HistoryThread
from kiosk.errors import HistoryError
from kiosk.history.reader import Reader
from kiosk.history.store import Store

FULL = HistoryError("history.sqlite3: the disk is full; free some space on it")


@pytest.fixture
def store() -> FaultyStore:
    return FaultyStore()


@pytest.fixture
def thread(store: FaultyStore) -> HistoryThread:
    """Not started: the test takes its steps."""
    return HistoryThread(store.open)


def closes(thread: HistoryThread) -> bool:
    """Whether everything was stored, and erased what was to be, when the thread was closed."""
    thread.close()
    return not thread.alive and thread.fault is None


def test_faults_back_off_and_drop_nothing(store: FaultyStore, thread: HistoryThread) -> None:
    store.fault = FULL
    thread.submit(record(1, rep(1)), MORNING)
    now_s, waits = 100.0, []
    for _ in range(9):
        again_s = thread.step(now_s)
        assert again_s is not None
        assert thread.step((now_s + again_s) / 2) == again_s
        waits.append(again_s - now_s)
        now_s = again_s
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, RETRY_S[1], RETRY_S[1], RETRY_S[1]]
    assert store.tries == 9
    assert thread.fault == str(FULL)
    store.fault = None
    assert thread.step(now_s) is None
    assert thread.fault is None
    assert store.kept == {1: record(1, rep(1))}
    store.fault = FULL
    thread.submit(record(1, rep(1), rep(2)), MORNING)
    assert thread.step(now_s) == now_s + 0.5


def test_a_new_rep_is_tried_at_once_whatever_the_back_off(
    store: FaultyStore, thread: HistoryThread
) -> None:
    store.fault = FULL
    thread.submit(record(1, rep(1)), MORNING)
    for now_s in (0.0, 0.5, 1.5, 3.5, 7.5):
        thread.step(now_s)
    store.fault = None
    thread.submit(record(2, rep(1)), MORNING)
    assert thread.step(7.6) is None
    assert set(store.kept) == {1, 2}


def test_whoever_asks_again_to_erase_does_not_wait_for_the_next_try(
    store: FaultyStore, thread: HistoryThread
) -> None:
    store.fault = FULL
    thread.erase()
    thread.step(0.0)
    store.fault = None
    thread.erase()
    assert thread.step(0.1) is None
    assert store.done == ["erase"]


def test_the_thread_stores_a_rep_while_the_set_goes_on(store: FaultyStore) -> None:
    thread = HistoryThread(store.open).start()
    thread.submit(record(1, rep(1)), MORNING)
    assert store.saved.wait(10)
    assert store.kept == {1: record(1, rep(1))}
    assert closes(thread)
    assert store.closed


def test_a_submission_does_not_wait_for_a_slow_disk() -> None:
    store = SlowStore()
    thread = HistoryThread(store.open).start()
    thread.submit(record(1, rep(1)), MORNING)
    assert store.writing.wait(10)
    # would never come back if it waited: nobody else lets the disk go on
    thread.submit(record(1, rep(1), rep(2)), MORNING)
    store.go_on.set()
    assert closes(thread)
    assert len(store.kept[1].reps) == 2


def test_the_thread_erases_what_was_submitted_before_and_nothing_later() -> None:
    store = SlowStore()
    thread = HistoryThread(store.open).start()
    thread.submit(record(1, rep(1)), MORNING)
    assert store.writing.wait(10)
    thread.submit(record(2, rep(1)), MORNING)
    thread.erase()
    thread.submit(record(3, rep(1)), MORNING)
    assert thread.erased == 0
    store.go_on.set()
    assert closes(thread)
    assert store.done == ["save 1", "erase", "save 3"]
    assert thread.erased == 1


def test_the_thread_erases_though_nothing_is_submitted_any_more() -> None:
    store = SlowStore()
    thread = HistoryThread(store.open).start()
    thread.submit(record(1, rep(1)), MORNING)
    assert store.writing.wait(10)
    thread.erase()
    store.go_on.set()
    assert store.wiped.wait(10)
    assert closes(thread)


def test_a_set_under_way_goes_on_after_the_real_file_was_erased(tmp_path: Path) -> None:
    thread = HistoryThread(partial(Store, tmp_path, run="today")).start()
    thread.submit(closed(record(1, rep(1))), MORNING)
    thread.submit(record(2, rep(1)), MORNING)
    thread.erase()
    thread.submit(record(2, rep(1), rep(2)), MORNING)
    assert closes(thread)
    assert [stored.reps for stored in Reader(tmp_path).recent(9)] == [2]


def test_closing_does_not_forget_to_erase(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(closed(record(1, rep(1))), MORNING)
    store.close()
    thread = HistoryThread(partial(Store, tmp_path)).start()
    thread.erase()
    assert closes(thread)
    assert thread.erased == 1
    assert Reader(tmp_path).recent(9) == []


def test_closing_stores_what_is_left_in_the_real_file(tmp_path: Path) -> None:
    thread = HistoryThread(partial(Store, tmp_path)).start()
    for serial in range(1, 6):
        thread.submit(closed(record(serial, rep(1), rep(2))), MORNING)
    assert closes(thread)
    assert closes(thread)
    assert thread.fault is None
    assert [stored.reps for stored in Reader(tmp_path).recent(9)] == [2] * 5
    assert "history" not in {one.name for one in threading.enumerate()}


def test_closing_tries_once_more_whatever_the_back_off(
    store: FaultyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_thread, "RETRY_S", (1e6, 1e6))
    store.fault = HistoryError("locked")
    thread = HistoryThread(store.open).start()
    thread.submit(record(1, rep(1)), MORNING)
    assert store.refused.wait(10)
    store.fault = None
    assert closes(thread)
    assert set(store.kept) == {1}


def test_closing_gives_up_in_time_and_says_so(store: FaultyStore) -> None:
    store.fault = sqlite3.OperationalError("what now")
    thread = HistoryThread(store.open).start()
    thread.submit(record(1, rep(1)), MORNING)
    thread.close(timeout_s=0.0)
    assert not thread.alive
    assert thread.fault is not None
    assert "what now" in thread.fault
