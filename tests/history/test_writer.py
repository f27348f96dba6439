"""Nothing pending is ever dropped, and nobody waits."""

import logging
import sqlite3
import threading
from functools import partial
from pathlib import Path

import pytest
from history.records import MORNING, closed, record, rep

from kiosk.coaching.record import SetRecord
from kiosk.errors import HistoryError
from kiosk.history.reader import Reader
from kiosk.history.store import Store
from kiosk.history.writer import LAST_RETRY_S, HistoryWriter, Outbox


class FaultyStore:
    """Keeps the newest record of each set, unless it is told to fail."""

    def __init__(self) -> None:
        self.kept: dict[int, SetRecord] = {}
        self.fault: Exception | None = None
        self.poison: int | None = None
        self.notice: str | None = None
        self.closed = False
        self.opened = 0
        self.tries = 0
        self.done: list[str] = []
        self.saved = threading.Event()
        self.wiped = threading.Event()

    def open(self) -> "FaultyStore":
        self.opened += 1
        self.closed = False
        return self

    def save(self, record: SetRecord, started_at_utc: float) -> None:
        self.tries += 1
        if self.fault is not None:
            raise self.fault
        if record.serial == self.poison:
            raise ValueError("not to be stored")
        self.kept[record.serial] = record
        self.done.append(f"save {record.serial}")
        self.saved.set()

    def erase(self) -> None:
        self.tries += 1
        if self.fault is not None:
            raise self.fault
        self.kept.clear()
        self.done.append("erase")
        self.wiped.set()

    def close(self) -> None:
        self.closed = True


class SlowStore(FaultyStore):
    """Stores nothing before it is let go on."""

    def __init__(self) -> None:
        super().__init__()
        self.writing, self.go_on = threading.Event(), threading.Event()

    def save(self, record: SetRecord, started_at_utc: float) -> None:
        self.writing.set()
        assert self.go_on.wait(10)
        super().save(record, started_at_utc)


@pytest.fixture
def store() -> FaultyStore:
    return FaultyStore()


@pytest.fixture
def outbox(store: FaultyStore) -> Outbox:
    return Outbox(store.open)


FULL = HistoryError("history.sqlite3: the disk is full; free some space on it")


def test_a_record_is_stored_at_the_next_step(store: FaultyStore, outbox: Outbox) -> None:
    assert outbox.step(0.0) is None
    assert store.opened == 0
    outbox.put(record(1, rep(1)), MORNING)
    assert outbox.step(0.1) is None
    assert store.kept == {1: record(1, rep(1))}
    assert outbox.step(0.2) is None
    assert store.tries == 1


def test_only_the_newest_record_of_a_set_is_kept_pending(
    store: FaultyStore, outbox: Outbox
) -> None:
    for count in range(1, 50):
        outbox.put(record(1, *(rep(number) for number in range(count))), MORNING)
    outbox.put(record(2, rep(1)), MORNING)
    outbox.step(0.0)
    assert store.tries == 2
    assert len(store.kept[1].reps) == 49


def test_faults_back_off_and_drop_nothing(store: FaultyStore, outbox: Outbox) -> None:
    store.fault = FULL
    outbox.put(record(1, rep(1)), MORNING)
    now_s, waits = 100.0, []
    for _ in range(9):
        again_s = outbox.step(now_s)
        assert again_s is not None
        assert outbox.step((now_s + again_s) / 2) == again_s
        waits.append(again_s - now_s)
        now_s = again_s
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, LAST_RETRY_S, LAST_RETRY_S, LAST_RETRY_S]
    assert store.tries == 9
    assert outbox.fault == str(FULL)
    store.fault = None
    assert outbox.step(now_s) is None
    assert outbox.fault is None
    assert store.kept == {1: record(1, rep(1))}
    store.fault = FULL
    outbox.put(record(1, rep(1), rep(2)), MORNING)
    assert outbox.step(now_s) == now_s + 0.5


def test_a_new_rep_is_tried_at_once_whatever_the_back_off(
    store: FaultyStore, outbox: Outbox
) -> None:
    store.fault = FULL
    outbox.put(record(1, rep(1)), MORNING)
    for now_s in (0.0, 0.5, 1.5, 3.5, 7.5):
        outbox.step(now_s)
    store.fault = None
    outbox.put(record(2, rep(1)), MORNING)
    assert outbox.step(7.6) is None
    assert set(store.kept) == {1, 2}


def test_a_fault_is_logged_once_an_episode(
    store: FaultyStore, outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for _ in range(2):
        store.fault = FULL
        outbox.put(record(1, rep(1)), MORNING)
        for now_s in (0.0, 1.0, 10.0, 100.0):
            outbox.step(now_s)
        store.fault = None
        outbox.step(1000.0)
    assert [one.levelname for one in caplog.records] == ["ERROR", "INFO", "ERROR", "INFO"]
    assert str(FULL) in caplog.messages[0]


def test_one_bad_record_does_not_hold_up_the_others(store: FaultyStore, outbox: Outbox) -> None:
    store.poison = 1
    outbox.put(record(1, rep(1)), MORNING)
    outbox.put(record(2, rep(1)), MORNING)
    assert outbox.step(0.0) is not None
    assert set(store.kept) == {2}
    assert outbox.fault is not None
    assert "set 1 cannot be stored" in outbox.fault


def test_a_store_that_cannot_be_opened_is_tried_again() -> None:
    store = FaultyStore()
    store.notice = "history.sqlite3 was damaged"
    answers: list[HistoryError | FaultyStore] = [HistoryError("no folder"), store]

    def open_store() -> FaultyStore:
        answer = answers.pop(0)
        if isinstance(answer, HistoryError):
            raise answer
        return answer

    outbox = Outbox(open_store)
    outbox.put(record(1, rep(1)), MORNING)
    assert outbox.step(0.0) == 0.5
    assert (outbox.fault, outbox.notice) == ("no folder", None)
    assert outbox.step(0.5) is None
    assert (outbox.fault, outbox.notice) == (None, "history.sqlite3 was damaged")
    assert set(store.kept) == {1}


def test_a_store_that_closed_itself_is_opened_anew(store: FaultyStore, outbox: Outbox) -> None:
    outbox.put(record(1, rep(1)), MORNING)
    outbox.step(0.0)
    store.closed = True
    outbox.put(record(1, rep(1), rep(2)), MORNING)
    outbox.step(1.0)
    assert store.opened == 2
    assert len(store.kept[1].reps) == 2


def test_a_file_damaged_while_running_costs_no_open_set(tmp_path: Path) -> None:
    outbox = Outbox(partial(Store, tmp_path, run="today"))
    outbox.put(record(1, *(rep(number) for number in range(60))), MORNING)
    assert outbox.step(0.0) is None
    path = tmp_path / "history.sqlite3"
    outbox.close()
    path.write_bytes(b"worn out".ljust(path.stat().st_size, b"\0"))
    outbox.put(record(1, *(rep(number) for number in range(61))), MORNING)
    assert outbox.step(1.0) is None
    assert outbox.notice is not None
    assert [stored.reps for stored in Reader(tmp_path).recent(9)] == [61]
    outbox.close()


def test_what_was_pending_is_erased_and_what_comes_later_is_stored(
    store: FaultyStore, outbox: Outbox
) -> None:
    outbox.put(record(1, rep(1)), MORNING)
    outbox.step(0.0)
    outbox.put(record(2, rep(1)), MORNING)
    outbox.erase()
    outbox.put(record(3, rep(1)), MORNING)
    assert outbox.step(1.0) is None
    assert store.done == ["save 1", "erase", "save 3"]
    assert outbox.step(2.0) is None
    assert outbox.erased == 1


def test_an_erasure_that_fails_is_tried_again_before_anything_is_stored(
    store: FaultyStore, outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    store.fault = HistoryError("not erased")
    outbox.erase()
    assert outbox.step(0.0) == 0.5
    outbox.put(record(1, rep(1)), MORNING)
    assert outbox.step(0.1) == 1.1
    assert (outbox.fault, outbox.erased, store.tries) == ("not erased", 0, 2)
    store.fault = None
    assert outbox.step(1.0) == 1.1
    assert outbox.step(1.1) is None
    assert (outbox.fault, outbox.erased) == (None, 1)
    assert store.done == ["erase", "save 1"]
    assert [one.levelname for one in caplog.records] == ["ERROR"]


def test_whoever_asks_again_to_erase_does_not_wait_for_the_next_try(
    store: FaultyStore, outbox: Outbox
) -> None:
    store.fault = FULL
    outbox.erase()
    outbox.step(0.0)
    store.fault = None
    outbox.erase()
    assert outbox.step(0.1) is None
    assert store.done == ["erase"]


def test_what_nobody_thought_of_while_erasing_does_not_end_the_thread(
    store: FaultyStore, outbox: Outbox
) -> None:
    store.fault = RuntimeError("what now")
    outbox.erase()
    assert outbox.step(0.0) == 0.5
    assert outbox.fault is not None
    assert "cannot be erased: RuntimeError('what now')" in outbox.fault


def test_an_erased_history_is_spoken_of_no_more(store: FaultyStore, outbox: Outbox) -> None:
    store.notice = "history.sqlite3 was damaged; it is kept"
    outbox.put(record(1, rep(1)), MORNING)
    outbox.step(0.0)
    assert outbox.notice is not None
    outbox.erase()
    outbox.step(1.0)
    assert outbox.notice is None


def test_the_thread_stores_a_rep_while_the_set_goes_on(store: FaultyStore) -> None:
    writer = HistoryWriter(store.open)
    writer.post(record(1, rep(1)), MORNING)
    assert store.saved.wait(10)
    assert store.kept == {1: record(1, rep(1))}
    assert writer.close()
    assert store.closed


def test_a_post_does_not_wait_for_a_slow_disk() -> None:
    store = SlowStore()
    writer = HistoryWriter(store.open)
    writer.post(record(1, rep(1)), MORNING)
    assert store.writing.wait(10)
    # would never come back if it waited: nobody else lets the disk go on
    writer.post(record(1, rep(1), rep(2)), MORNING)
    store.go_on.set()
    assert writer.close()
    assert len(store.kept[1].reps) == 2


def test_the_thread_erases_what_was_posted_before_and_nothing_later() -> None:
    store = SlowStore()
    writer = HistoryWriter(store.open)
    writer.post(record(1, rep(1)), MORNING)
    assert store.writing.wait(10)
    writer.post(record(2, rep(1)), MORNING)
    writer.erase()
    writer.post(record(3, rep(1)), MORNING)
    assert writer.erased == 0
    store.go_on.set()
    assert writer.close()
    assert store.done == ["save 1", "erase", "save 3"]
    assert writer.erased == 1


def test_the_thread_erases_though_nothing_is_posted_any_more() -> None:
    store = SlowStore()
    writer = HistoryWriter(store.open)
    writer.post(record(1, rep(1)), MORNING)
    assert store.writing.wait(10)
    writer.erase()
    store.go_on.set()
    assert store.wiped.wait(10)
    assert writer.close()


def test_a_set_under_way_goes_on_after_the_real_file_was_erased(tmp_path: Path) -> None:
    writer = HistoryWriter(partial(Store, tmp_path, run="today"))
    writer.post(closed(record(1, rep(1))), MORNING)
    writer.post(record(2, rep(1)), MORNING)
    writer.erase()
    writer.post(record(2, rep(1), rep(2)), MORNING)
    assert writer.close()
    assert [stored.reps for stored in Reader(tmp_path).recent(9)] == [2]


def test_closing_does_not_forget_to_erase(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(closed(record(1, rep(1))), MORNING)
    store.close()
    writer = HistoryWriter(partial(Store, tmp_path))
    writer.erase()
    assert writer.close()
    assert writer.erased == 1
    assert Reader(tmp_path).recent(9) == []


def test_closing_stores_what_is_left_in_the_real_file(tmp_path: Path) -> None:
    writer = HistoryWriter(partial(Store, tmp_path))
    for serial in range(1, 6):
        writer.post(closed(record(serial, rep(1), rep(2))), MORNING)
    assert writer.close()
    assert writer.close()
    assert writer.fault is None
    assert [stored.reps for stored in Reader(tmp_path).recent(9)] == [2] * 5
    assert "history" not in {thread.name for thread in threading.enumerate()}


def test_closing_tries_once_more_whatever_the_back_off(store: FaultyStore) -> None:
    store.fault = HistoryError("locked")
    outbox = Outbox(store.open)
    outbox.put(record(1, rep(1)), MORNING)
    for now_s in (0.0, 0.5, 1.5):
        outbox.step(now_s)
    store.fault = None
    outbox.hurry()
    assert outbox.step(1.6) is None
    assert set(store.kept) == {1}


def test_closing_gives_up_in_time_and_says_so(store: FaultyStore) -> None:
    store.fault = sqlite3.OperationalError("what now")
    writer = HistoryWriter(store.open)
    writer.post(record(1, rep(1)), MORNING)
    assert not writer.close(timeout_s=0.0)
    assert writer.fault is not None
    assert "what now" in writer.fault
