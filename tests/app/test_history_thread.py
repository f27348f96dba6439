"""The thread that writes the history: nobody waits for it, and nothing pending is ever dropped."""

import contextlib
import logging
import math
import sqlite3
import threading
from functools import partial
from pathlib import Path

import pytest
from history.faulty_store import FaultyStore, SlowStore
from history.records import MORNING, closed, record, rep
from msgspec.structs import replace

from doubles import FakeClock
from kiosk.app import history_thread
from kiosk.app.history_thread import RETRY_S, HistoryThread
from kiosk.errors import HistoryError
from kiosk.exercises.exercise import PlanRule
from kiosk.history.connection import DamagedHistoryError
from kiosk.history.erase import UNDO_S
from kiosk.history.folder_lock import MirrorRunningError
from kiosk.history.notice import Event, Notice
from kiosk.history.reader import Reader
from kiosk.history.store import Store
from kiosk.training.facts import Facts

DAMAGED = Notice(Event.SET_ASIDE, "history.sqlite3 was damaged")
PLAN = PlanRule(reps=5, sets=4, rest_s=150.0)
FULL = HistoryError("history.sqlite3: the disk is full; free some space on it")


@pytest.fixture
def store() -> FaultyStore:
    return FaultyStore()


@pytest.fixture
def thread(store: FaultyStore) -> HistoryThread:
    """Not started: the test takes its steps."""
    return HistoryThread(store.open)


def attempt(thread: HistoryThread) -> str | None:
    """Takes a step for which everything is due; the fault."""
    thread.step(math.inf)
    return thread.fault


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


def test_closing_gives_up_in_time_and_says_what_is_lost(
    store: FaultyStore, caplog: pytest.LogCaptureFixture
) -> None:
    store.fault = sqlite3.OperationalError("what now")
    thread = HistoryThread(store.open).start()
    thread.submit(record(1, rep(1)), MORNING)
    thread.submit(record(2, rep(1), rep(2)), MORNING)
    thread.close(timeout_s=0.0)
    assert "2 sets with 3 reps are lost" in caplog.messages[-1]
    assert not thread.alive
    assert thread.fault is not None
    assert "what now" in thread.fault


def test_a_record_is_stored_at_the_next_attempt(store: FaultyStore, thread: HistoryThread) -> None:
    assert attempt(thread) is None
    assert (store.opened, store.tries) == (1, 0)
    thread.submit(record(1, rep(1)), MORNING)
    assert attempt(thread) is None
    assert store.kept == {1: record(1, rep(1))}
    assert attempt(thread) is None
    assert store.tries == 1


def test_only_the_newest_record_of_a_set_is_kept_pending(
    store: FaultyStore, thread: HistoryThread
) -> None:
    for count in range(1, 50):
        thread.submit(record(1, *(rep(number) for number in range(count))), MORNING)
    thread.submit(record(2, rep(1)), MORNING)
    attempt(thread)
    assert store.tries == 2
    assert len(store.kept[1].reps) == 49


def test_a_fault_is_logged_once_an_episode(
    store: FaultyStore, thread: HistoryThread, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for _ in range(2):
        store.fault = FULL
        thread.submit(record(1, rep(1)), MORNING)
        for _ in range(4):
            assert attempt(thread) == thread.fault == str(FULL)
        store.fault = None
        attempt(thread)
    assert [one.levelname for one in caplog.records] == ["ERROR", "INFO", "ERROR", "INFO"]
    assert str(FULL) in caplog.messages[0]


def test_one_bad_record_does_not_hold_up_the_others(
    store: FaultyStore, thread: HistoryThread
) -> None:
    store.poison = 1
    thread.submit(record(1, rep(1)), MORNING)
    thread.submit(record(2, rep(1)), MORNING)
    assert attempt(thread) is not None
    assert set(store.kept) == {2}
    assert attempt(thread) is not None
    assert store.done == ["save 2"]
    assert thread.fault is not None
    assert "set 1 cannot be stored" in thread.fault


def test_a_store_that_cannot_be_opened_is_tried_again() -> None:
    store = FaultyStore()
    store.notice = DAMAGED
    answers: list[HistoryError | FaultyStore] = [HistoryError("no folder"), store]

    def open_store() -> FaultyStore:
        answer = answers.pop(0)
        if isinstance(answer, HistoryError):
            raise answer
        return answer

    thread = HistoryThread(open_store)
    thread.submit(record(1, rep(1)), MORNING)
    assert attempt(thread) == "no folder"
    assert (thread.fault, thread.notice) == ("no folder", None)
    assert attempt(thread) is None
    assert (thread.fault, thread.notice) == (None, DAMAGED)
    assert set(store.kept) == {1}


def test_a_store_that_closed_itself_is_opened_anew(
    store: FaultyStore, thread: HistoryThread
) -> None:
    thread.submit(record(1, rep(1)), MORNING)
    attempt(thread)
    store.closed = True
    thread.submit(record(1, rep(1), rep(2)), MORNING)
    attempt(thread)
    assert store.opened == 2
    assert len(store.kept[1].reps) == 2


def test_a_file_damaged_while_running_costs_no_open_set(tmp_path: Path) -> None:
    stores: list[Store] = []

    def open_store() -> Store:
        stores.append(Store(tmp_path, run="today"))
        return stores[-1]

    thread = HistoryThread(open_store)
    thread.submit(record(1, *(rep(number) for number in range(60))), MORNING)
    assert attempt(thread) is None
    path = tmp_path / "history.sqlite3"
    stores[0].close()
    path.write_bytes(b"worn out".ljust(path.stat().st_size, b"\0"))
    thread.submit(record(1, *(rep(number) for number in range(61))), MORNING)
    assert attempt(thread) is None
    assert thread.notice is not None
    assert [stored.reps for stored in Reader(tmp_path).recent(9)] == [61]
    stores[1].close()


def test_what_was_pending_is_erased_and_what_comes_later_is_stored(
    store: FaultyStore, thread: HistoryThread
) -> None:
    thread.submit(record(1, rep(1)), MORNING)
    attempt(thread)
    thread.submit(record(2, rep(1)), MORNING)
    thread.erase()
    thread.submit(record(3, rep(1)), MORNING)
    assert attempt(thread) is None
    assert store.done == ["save 1", "erase", "save 3"]
    assert attempt(thread) is None
    assert thread.erased == 1


def test_an_erasure_that_fails_is_tried_again_before_anything_is_stored(
    store: FaultyStore, thread: HistoryThread, caplog: pytest.LogCaptureFixture
) -> None:
    store.fault = HistoryError("not erased")
    thread.erase()
    assert attempt(thread) == "not erased"
    thread.submit(record(1, rep(1)), MORNING)
    assert attempt(thread) == "not erased"
    assert (thread.fault, thread.erased, store.tries) == ("not erased", 0, 2)
    store.fault = None
    assert attempt(thread) is None
    assert (thread.fault, thread.erased) == (None, 1)
    assert store.done == ["erase", "save 1"]
    assert [one.levelname for one in caplog.records] == ["ERROR"]


def test_what_nobody_thought_of_while_erasing_does_not_end_the_thread(
    store: FaultyStore, thread: HistoryThread
) -> None:
    store.fault = RuntimeError("what now")
    thread.erase()
    assert attempt(thread) is not None
    assert thread.fault is not None
    assert "cannot be erased: RuntimeError('what now')" in thread.fault


def test_an_erased_history_is_spoken_of_no_more(store: FaultyStore, thread: HistoryThread) -> None:
    store.notice = DAMAGED
    thread.submit(record(1, rep(1)), MORNING)
    attempt(thread)
    assert thread.notice is not None
    thread.erase()
    attempt(thread)
    assert thread.notice is None


def test_a_store_that_does_not_open_early_is_tried_again_but_not_at_the_end() -> None:
    refused = []

    def refuse() -> FaultyStore:
        refused.append(1)
        raise PermissionError

    thread = HistoryThread(refuse)
    for _ in range(2):
        assert "cannot be opened: PermissionError()" in (attempt(thread) or "")
    assert len(refused) == 2
    thread = HistoryThread(refuse)
    thread.stop()
    thread.run()  # the first attempt is that of the start
    assert len(refused) == 3


def test_a_deleted_set_is_not_stored_again_unless_it_is_kept(
    store: FaultyStore, thread: HistoryThread
) -> None:
    thread.submit(closed(record(1, rep(1))), MORNING)
    attempt(thread)
    thread.delete(1)
    thread.submit(closed(record(1, rep(1), rep(2))), MORNING)  # moved to another exercise, say
    attempt(thread)
    attempt(thread)
    assert (store.kept, store.done) == ({}, ["save 1", "delete 1"])
    thread.keep(1)
    attempt(thread)
    assert len(store.kept[1].reps) == 2
    thread.delete(1)
    thread.submit(record(2, rep(1)), MORNING)
    attempt(thread)
    assert set(store.kept) == {2}


def test_a_set_deleted_before_it_was_stored_never_is(
    store: FaultyStore, thread: HistoryThread
) -> None:
    store.fault = FULL
    thread.submit(closed(record(1, rep(1))), MORNING)
    attempt(thread)
    thread.delete(1)
    store.fault = None
    attempt(thread)
    assert (store.kept, thread.fault) == ({}, None)


def test_the_running_thread_deletes_without_being_asked_twice(store: FaultyStore) -> None:
    thread = HistoryThread(store.open).start()
    thread.submit(closed(record(1, rep(1))), MORNING)
    assert store.saved.wait(10)
    thread.delete(1)
    assert closes(thread)
    assert store.done == ["save 1", "delete 1"]


def test_what_is_asked_of_the_whole_history_is_done_in_its_order(
    store: FaultyStore, thread: HistoryThread
) -> None:
    thread.erase()
    thread.undo_erase()
    thread.check()
    attempt(thread)
    assert store.done == ["erase", "undo", "check"]
    assert (thread.erased, thread.undone) == (1, 1)


def test_what_is_said_of_the_newest_set_is_stored_with_it(
    store: FaultyStore, thread: HistoryThread
) -> None:
    one, said = closed(record(2, rep(1))), Facts(lifter=3, load_kg=40.0)
    thread.submit(record(1, rep(1)), MORNING, Facts(lifter=2))
    thread.submit(one, MORNING, Facts(lifter=3))
    thread.describe(1, said)  # no longer the newest
    attempt(thread)
    assert store.facts == {1: Facts(lifter=2), 2: Facts(lifter=3)}
    store.fault = FULL
    thread.describe(2, said)
    assert attempt(thread) == str(FULL)
    store.fault = None
    attempt(thread)
    assert (store.kept[2], store.facts[2]) == (one, said)
    thread.submit(record(2, rep(1), rep(2)), MORNING)
    attempt(thread)
    assert store.facts[2] == Facts()


def test_what_is_said_of_a_deleted_set_is_known_if_it_is_kept(
    store: FaultyStore, thread: HistoryThread
) -> None:
    thread.submit(closed(record(1, rep(1))), MORNING)
    attempt(thread)
    thread.delete(1)
    thread.describe(1, Facts(load_kg=40.0))
    attempt(thread)
    assert store.kept == {}
    thread.keep(1)
    attempt(thread)
    assert store.facts == {1: Facts(load_kg=40.0)}


def test_a_set_that_was_erased_does_not_come_back_with_what_is_said_of_it(
    store: FaultyStore, thread: HistoryThread
) -> None:
    thread.submit(closed(record(1, rep(1))), MORNING)
    thread.erase()
    thread.describe(1, Facts(load_kg=40.0))
    thread.keep(1)
    attempt(thread)
    assert store.done == ["erase"]
    thread.submit(record(2, rep(1)), MORNING)
    thread.erase()  # in the midst of a set
    thread.describe(2, Facts(lifter=1))
    attempt(thread)
    assert store.done == ["erase", "erase", "save 2"]


def test_plans_and_tags_are_stored_without_waiting_until_they_are(
    store: FaultyStore, thread: HistoryThread
) -> None:
    store.fault = FULL
    thread.set_plan(1, "squat", PLAN)
    thread.set_tag("ab" * 32, 2)
    assert attempt(thread) == str(FULL)
    thread.set_plan(1, "squat", replace(PLAN, reps=6))
    thread.set_plan(1, "deadlift", PLAN)
    assert attempt(thread) == str(FULL)
    store.fault = None
    attempt(thread)
    assert store.plans == {(1, "squat"): replace(PLAN, reps=6), (1, "deadlift"): PLAN}
    assert store.tags == {"ab" * 32: 2}
    assert [done for done in store.done if "squat" in done] == ["plan 1 squat 6"]


def test_a_plan_is_erased_if_it_was_made_before(store: FaultyStore, thread: HistoryThread) -> None:
    thread.erase()
    thread.set_plan(1, "squat", PLAN)
    thread.set_plan(2, "squat", PLAN)
    thread.erase()
    thread.set_plan(2, "squat", PLAN)
    attempt(thread)
    assert store.done == ["plan 1 squat 5", "erase", "plan 2 squat 5"]


def test_one_place_is_erased_with_what_was_handed_over_of_it_before(
    store: FaultyStore, thread: HistoryThread
) -> None:
    store.fault = FULL
    thread.submit(closed(record(1, rep(1))), MORNING, Facts(lifter=3))
    attempt(thread)  # known to the thread, and not stored
    thread.submit(closed(record(2, rep(1))), MORNING, Facts(lifter=1))
    thread.submit(closed(record(3, rep(1))), MORNING, Facts(lifter=3))
    thread.set_plan(3, "squat", PLAN)
    thread.erase_lifter(3)
    thread.describe(3, Facts(lifter=3, load_kg=40.0))
    thread.submit(record(4, rep(1)), MORNING, Facts(lifter=3))
    assert attempt(thread) == str(FULL)
    assert thread.erased_places == 0
    store.fault = None
    attempt(thread)
    assert store.done == ["plan 3 squat 5", "erase place 3", "save 2", "save 4"]
    assert (thread.erased_places, thread.erased) == (1, 0)


def test_the_newest_set_of_another_place_can_still_be_described(
    store: FaultyStore, thread: HistoryThread
) -> None:
    thread.submit(closed(record(1, rep(1))), MORNING, Facts(lifter=1))
    thread.erase_lifter(3)
    thread.describe(1, Facts(lifter=1, load_kg=40.0))
    attempt(thread)
    assert store.done == ["erase place 3", "save 1"]
    assert store.facts == {1: Facts(lifter=1, load_kg=40.0)}


def test_an_erased_place_can_be_brought_back(tmp_path: Path) -> None:
    thread, reader = HistoryThread(partial(Store, tmp_path)), Reader(tmp_path)
    for serial in (1, 2):
        thread.submit(closed(record(serial, rep(1))), MORNING, Facts(lifter=serial))
    attempt(thread)
    thread.erase_lifter(2)
    attempt(thread)
    assert ([one.id for one in reader.recent(9)], thread.undoable) == ([1], True)
    thread.undo_erase()
    attempt(thread)
    assert ([one.id for one in reader.recent(9)], thread.undoable) == ([2, 1], False)
    assert thread.undone == 1
    thread.stop()
    thread.run()


def test_an_erasure_can_be_undone_for_a_day_and_then_no_more(tmp_path: Path) -> None:
    clock = FakeClock(MORNING)
    thread = HistoryThread(partial(Store, tmp_path), clock)
    thread.submit(closed(record(1, rep(1))), MORNING)
    attempt(thread)
    thread.erase()
    attempt(thread)
    assert thread.undoable
    clock.now_s += UNDO_S - 1.0
    thread.look()
    assert thread.undoable
    clock.now_s += 2.0
    thread.look()
    assert not thread.undoable
    thread.undo_erase()
    attempt(thread)
    assert (thread.undone, Reader(tmp_path).recent(9)) == (0, [])
    thread.stop()
    thread.run()


def test_a_set_that_no_reader_can_read_is_recovered_around(tmp_path: Path) -> None:
    thread = HistoryThread(partial(Store, tmp_path))
    for serial in (1, 2, 3):
        thread.submit(closed(record(serial, rep(1))), MORNING)
    attempt(thread)
    with contextlib.closing(sqlite3.connect(tmp_path / "history.sqlite3")) as other:
        # no structure of the file is damaged by it
        other.execute("UPDATE sets SET exercise = CAST(x'ff' AS TEXT) WHERE id = 2")
        other.commit()
    with pytest.raises(DamagedHistoryError):
        Reader(tmp_path).recent(9)
    thread.check()
    assert attempt(thread) is None
    assert thread.notice is not None
    assert (thread.notice.recovered, thread.notice.of) == (2, 3)
    assert [one.id for one in Reader(tmp_path).recent(9)] == [3, 1]
    thread.stop()
    thread.run()


def test_the_lock_is_asked_for_again_and_again_and_another_mirror_is_a_fault(
    tmp_path: Path,
) -> None:
    asked: list[bool] = []

    def take_lock() -> None:
        asked.append(True)
        if len(asked) > 1:
            raise MirrorRunningError("a mirror is running (pid 7)")

    thread = HistoryThread(lambda: Store(tmp_path), take_lock=take_lock)
    thread.step(0.0)
    thread.look()
    assert thread.fault is None
    thread.look()
    assert thread.fault == "a mirror is running (pid 7)"
    thread.stop()
    thread.run()  # which closes the file
