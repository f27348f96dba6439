"""Sets that are not stored yet: none is ever dropped, and each attempt does what it can."""

import logging
from functools import partial
from pathlib import Path

import pytest
from history.faulty_store import FaultyStore
from history.records import MORNING, record, rep

from kiosk.errors import HistoryError
from kiosk.history.reader import Reader
from kiosk.history.store import Store
from kiosk.history.writer import PendingSets


@pytest.fixture
def store() -> FaultyStore:
    return FaultyStore()


@pytest.fixture
def pending(store: FaultyStore) -> PendingSets:
    return PendingSets(store.open)


FULL = HistoryError("history.sqlite3: the disk is full; free some space on it")


def test_a_record_is_stored_at_the_next_attempt(store: FaultyStore, pending: PendingSets) -> None:
    assert not pending.due
    assert pending.attempt() is None
    assert store.opened == 0
    pending.put(record(1, rep(1)), MORNING)
    assert pending.due
    assert pending.attempt() is None
    assert store.kept == {1: record(1, rep(1))}
    assert not pending.due
    assert pending.attempt() is None
    assert store.tries == 1


def test_only_the_newest_record_of_a_set_is_kept_pending(
    store: FaultyStore, pending: PendingSets
) -> None:
    for count in range(1, 50):
        pending.put(record(1, *(rep(number) for number in range(count))), MORNING)
    pending.put(record(2, rep(1)), MORNING)
    pending.attempt()
    assert store.tries == 2
    assert len(store.kept[1].reps) == 49


def test_a_fault_is_logged_once_an_episode(
    store: FaultyStore, pending: PendingSets, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for _ in range(2):
        store.fault = FULL
        pending.put(record(1, rep(1)), MORNING)
        for _ in range(4):
            assert pending.attempt() == pending.fault == str(FULL)
        store.fault = None
        pending.attempt()
    assert [one.levelname for one in caplog.records] == ["ERROR", "INFO", "ERROR", "INFO"]
    assert str(FULL) in caplog.messages[0]


def test_one_bad_record_does_not_hold_up_the_others(
    store: FaultyStore, pending: PendingSets
) -> None:
    store.poison = 1
    pending.put(record(1, rep(1)), MORNING)
    pending.put(record(2, rep(1)), MORNING)
    assert pending.attempt() is not None
    assert pending.due
    assert set(store.kept) == {2}
    assert pending.fault is not None
    assert "set 1 cannot be stored" in pending.fault


def test_a_store_that_cannot_be_opened_is_tried_again() -> None:
    store = FaultyStore()
    store.notice = "history.sqlite3 was damaged"
    answers: list[HistoryError | FaultyStore] = [HistoryError("no folder"), store]

    def open_store() -> FaultyStore:
        answer = answers.pop(0)
        if isinstance(answer, HistoryError):
            raise answer
        return answer

    pending = PendingSets(open_store)
    pending.put(record(1, rep(1)), MORNING)
    assert pending.attempt() == "no folder"
    assert (pending.fault, pending.notice) == ("no folder", None)
    assert pending.attempt() is None
    assert (pending.fault, pending.notice) == (None, "history.sqlite3 was damaged")
    assert set(store.kept) == {1}


def test_a_store_that_closed_itself_is_opened_anew(
    store: FaultyStore, pending: PendingSets
) -> None:
    pending.put(record(1, rep(1)), MORNING)
    pending.attempt()
    store.closed = True
    pending.put(record(1, rep(1), rep(2)), MORNING)
    pending.attempt()
    assert store.opened == 2
    assert len(store.kept[1].reps) == 2


def test_a_file_damaged_while_running_costs_no_open_set(tmp_path: Path) -> None:
    pending = PendingSets(partial(Store, tmp_path, run="today"))
    pending.put(record(1, *(rep(number) for number in range(60))), MORNING)
    assert pending.attempt() is None
    path = tmp_path / "history.sqlite3"
    pending.close()
    path.write_bytes(b"worn out".ljust(path.stat().st_size, b"\0"))
    pending.put(record(1, *(rep(number) for number in range(61))), MORNING)
    assert pending.attempt() is None
    assert pending.notice is not None
    assert [stored.reps for stored in Reader(tmp_path).recent(9)] == [61]
    pending.close()


def test_what_was_pending_is_erased_and_what_comes_later_is_stored(
    store: FaultyStore, pending: PendingSets
) -> None:
    pending.put(record(1, rep(1)), MORNING)
    pending.attempt()
    pending.put(record(2, rep(1)), MORNING)
    pending.erase()
    pending.put(record(3, rep(1)), MORNING)
    assert pending.attempt() is None
    assert store.done == ["save 1", "erase", "save 3"]
    assert pending.attempt() is None
    assert pending.erased == 1


def test_an_erasure_that_fails_is_tried_again_before_anything_is_stored(
    store: FaultyStore, pending: PendingSets, caplog: pytest.LogCaptureFixture
) -> None:
    store.fault = HistoryError("not erased")
    pending.erase()
    assert pending.attempt() == "not erased"
    pending.put(record(1, rep(1)), MORNING)
    assert pending.attempt() == "not erased"
    assert (pending.fault, pending.erased, store.tries) == ("not erased", 0, 2)
    store.fault = None
    assert pending.attempt() is None
    assert (pending.fault, pending.erased) == (None, 1)
    assert store.done == ["erase", "save 1"]
    assert [one.levelname for one in caplog.records] == ["ERROR"]


def test_what_nobody_thought_of_while_erasing_does_not_end_the_thread(
    store: FaultyStore, pending: PendingSets
) -> None:
    store.fault = RuntimeError("what now")
    pending.erase()
    assert pending.attempt() is not None
    assert pending.fault is not None
    assert "cannot be erased: RuntimeError('what now')" in pending.fault


def test_an_erased_history_is_spoken_of_no_more(store: FaultyStore, pending: PendingSets) -> None:
    store.notice = "history.sqlite3 was damaged; it is kept"
    pending.put(record(1, rep(1)), MORNING)
    pending.attempt()
    assert pending.notice is not None
    pending.erase()
    pending.attempt()
    assert pending.notice is None


def test_a_store_may_be_opened_before_there_is_a_set_and_that_may_be_taken_back(
    store: FaultyStore, pending: PendingSets
) -> None:
    pending.open()
    pending.open(wanted=False)
    assert not pending.due
    pending.open()
    assert pending.due
    assert pending.attempt() is None
    assert (store.opened, store.tries, pending.due) == (1, 0, False)


def test_a_store_that_does_not_open_early_stays_due() -> None:
    def refuse() -> FaultyStore:
        raise PermissionError

    pending = PendingSets(refuse)
    pending.open()
    assert "cannot be opened: PermissionError()" in (pending.attempt() or "")
    assert pending.due
