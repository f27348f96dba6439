"""The thread that writes the history, so that nobody else ever waits for a disk."""

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from kiosk.coaching.record import SetRecord
from kiosk.errors import HistoryError
from kiosk.exercises.exercise import PlanRule
from kiosk.history.notice import Event, Notice
from kiosk.history.store import Store
from kiosk.system.retry import Backoff
from kiosk.system.worker import Worker
from kiosk.training.facts import NOTHING_SAID, Facts

RETRY_S = (0.5, 30.0)
"""First and longest wait before the history is written again."""
CLOSE_S = 5.0
"""At the end it is tried for so long to write what is left."""

LOOK_S = 5.0
"""So often it looks whether the file is still the one that it has open: two calls of the system."""
RECENT_S = 60.0
"""A set that ended no longer ago is stored again where another file takes the place of its file."""

_log = logging.getLogger(__name__)


_Submitted = tuple[SetRecord, float, Facts]
"""A set as it stands, the wall clock at its start, and what people say of it."""


class _Task(Enum):
    """What is done to the history beside storing sets, and before it."""

    ERASE = "the history cannot be erased"
    ERASE_LIFTER = "a place cannot be erased"
    UNDO = "the history cannot be brought back"
    CHECK = "the history cannot be read"
    PLAN = "a plan cannot be stored"
    TAG = "a tag cannot be stored"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A task for one thing; asked again for the same, it takes the place of the earlier one."""

    task: _Task
    about: tuple[int | str, ...] = ()
    value: PlanRule | int | None = field(default=None, compare=False)


class HistoryThread(Worker):
    """Stores sets as soon as they are submitted, and keeps them while they cannot be stored.

    Holds the newest record of each set until it is stored, so it grows by sets that could not be
    written, never by reps or frames.

    Args:
        open_store: called in the thread, at its start and again where a fault has closed the store.
            To go on with the same sets it has to open under the same run's name each time.
        take_lock: called now and then, to take the folder's lock anew where its file was removed;
            raises `HistoryError` where another mirror has it.

    Attributes:
        fault: what kept the history from being opened, written or erased at the last attempt; None
            while all is well. Its start and end are logged.
        notice: what the store reported of its file, such as a damaged one set aside.
        erased: how many times the history was erased since the start; rises when `erase` is done.
        erased_places: how many times all of one place was erased.
        undone: how many times an erasure was undone.
        replaced: how many times another file took the place of the open one.
        undoable: whether there is an erased history that can be brought back.
    """

    def __init__(
        self,
        open_store: Callable[[], Store],
        wall_clock: Callable[[], float] = time.time,
        take_lock: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__("history")
        self.fault: str | None = None
        self.notice: Notice | None = None
        self.erased = 0
        self.erased_places = 0
        self.undone = 0
        self.replaced = 0
        self.undoable = False
        self._open_store = open_store
        self._wall_clock = wall_clock
        self._take_lock = take_lock
        self._backoff = Backoff(*RETRY_S)
        self._deadline_s = 0.0
        self._wake = threading.Condition()
        # handed over by other threads, under the condition's lock
        self._submitted: dict[int, _Submitted] = {}
        self._deleted: set[int] = set()
        self._newest: _Submitted | None = None
        self._newest_s = -math.inf
        self._asked: list[_Asked] = []
        # what is left to do, known to the thread alone
        self._again_s: float | None = None
        self._store: Store | None = None
        self._sets: dict[int, _Submitted] = {}
        self._to_open = True  # what is wrong with it is then known while nobody trains
        self._tasks: list[_Asked] = []
        self._to_delete: set[int] = set()
        self._kept_serials: set[int] = set()

    def submit(self, record: SetRecord, started_at_utc: float, facts: Facts = NOTHING_SAID) -> None:
        """Hands a set over as it now stands, from any thread, without waiting for the disk.

        Submit it anew after each rep and when it ends. `started_at_utc` is the wall clock at its
        start, in seconds since 1970; `facts` are all that people say of it by now.
        """
        with self._wake:
            self._hand_over(record, started_at_utc, facts)

    def describe(self, serial: int, facts: Facts) -> None:
        """Changes what people say of the newest set, and has it stored with that.

        Of another set, and of one that was erased, nothing changes. One that was deleted has the
        new facts if it is kept after all.
        """
        with self._wake:
            if self._newest is not None and self._newest[0].serial == serial:
                self._hand_over(*self._newest[:2], facts)

    def set_plan(self, lifter: int, exercise: str, plan: PlanRule) -> None:
        """Asks for a place's plan for an exercise to be stored, without waiting for the disk."""
        self._ask(_Asked(_Task.PLAN, (lifter, exercise), plan))

    def set_tag(self, digest: str, lifter: int) -> None:
        """Asks for a tag to belong to a place, by its salted hash, without waiting for the disk."""
        self._ask(_Asked(_Task.TAG, (digest,), lifter))

    def erase(self) -> None:
        """Asks for everything submitted so far to be erased, without waiting for the disk.

        It can be undone for a day, also after a restart; then it is erased for good. Tried until it
        is done, which `erased` tells; what is submitted after this is stored then. A set under way
        comes back whole with its next rep, for its record holds all of them.
        """
        with self._wake:
            self._submitted.clear()
            self._forget_newest()
            self._ask(_Asked(_Task.ERASE))

    def erase_lifter(self, lifter: int) -> None:
        """Asks for all of one place to be erased, as `erase` does; `erased_places` tells when.

        Its plans and tags are erased with its sets.
        """
        with self._wake:
            _drop(self._submitted, lifter)
            if self._newest is not None and self._newest[2].lifter == lifter:
                self._forget_newest()
            self._ask(_Asked(_Task.ERASE_LIFTER, (lifter,)))

    def undo_erase(self) -> None:
        """Asks for what was erased last to be brought back, which `undone` tells."""
        self._ask(_Asked(_Task.UNDO))

    def delete(self, serial: int) -> None:
        """Asks for one set of this run to be removed, without waiting for the disk.

        What is submitted of it from now on is not stored, until it is kept after all.
        """
        with self._wake:
            self._deleted.add(serial)
            self._submitted.pop(serial, None)
            self._wake.notify()

    def keep(self, serial: int) -> None:
        """Takes the newest set's deletion back: it is stored again, with all its reps."""
        with self._wake:
            self._deleted.discard(serial)
            if self._newest is not None and self._newest[0].serial == serial:
                self._submitted[serial] = self._newest
            self._wake.notify()

    def check(self) -> None:
        """Asks for the file to be set aside if its sets cannot be read, as a reader found."""
        self._ask(_Asked(_Task.CHECK))

    def _forget_newest(self) -> None:
        """Lets the newest set, if it is over, not come back with what is said of it later."""
        if self._newest is not None and self._newest[0].ended is not None:
            self._newest = None

    def _hand_over(self, record: SetRecord, started_at_utc: float, facts: Facts) -> None:
        self._newest, self._newest_s = (record, started_at_utc, facts), time.monotonic()
        self._submitted[record.serial] = self._newest
        self._wake.notify()

    def _ask(self, asked: _Asked) -> None:
        with self._wake:
            _put_last(self._asked, asked)
            self._wake.notify()

    def step(self, now_s: float) -> float | None:
        """Opens, erases and stores what is new at once, and what has failed when it is due.

        Returns when to call again, in the same monotonic seconds; None while nothing is pending.
        """
        with self._wake:
            submitted, self._submitted = self._submitted, {}
            asked, self._asked = self._asked, []
            deleted = set(self._deleted)
        if _Asked(_Task.ERASE) in asked:
            self._sets.clear()
            self._kept_serials.clear()
        for one in asked:
            if one.task is _Task.ERASE_LIFTER:
                _drop(self._sets, one.about[0])
            _put_last(self._tasks, one)
        self._sets.update(submitted)
        for serial in deleted:
            self._sets.pop(serial, None)
        self._to_delete = deleted & self._kept_serials
        if asked or submitted or self._to_delete:
            self._again_s = None
        pending = self._to_open or self._tasks or self._sets or self._to_delete
        if pending and (self._again_s is None or now_s >= self._again_s):
            self._report(self._attempt())
            if self.fault is None:
                self._backoff.reset()
                self._again_s = None
            else:
                self._again_s = now_s + self._backoff.next_s()
        return self._again_s

    def run(self) -> None:
        """Steps whenever something is submitted or due; at the end, until all is stored."""
        again_s = self.step(time.monotonic())
        while True:
            with self._wake:
                if not (self._submitted or self._asked or self._unheard() or self.stopping):
                    wait_s = math.inf if again_s is None else again_s - time.monotonic()
                    self._wake.wait(max(0.0, min(wait_s, LOOK_S)))
            if self.stopping:
                break
            self.look()
            again_s = self.step(time.monotonic())
        self.look()
        # what is left is tried at once and often; to open the store alone is no use any more
        self._to_open = False
        self._backoff.reset()
        self._again_s = None
        while (again_s := self.step(time.monotonic())) and again_s < self._deadline_s:
            time.sleep(max(0.0, again_s - time.monotonic()))
        if self._sets:
            reps = sum(len(record.counted) for record, *_ in self._sets.values())
            _log.error("%d sets with %d reps are lost: %s", len(self._sets), reps, self.fault)
        if self._store is not None:
            self._store.close()

    def close(self, timeout_s: float = CLOSE_S) -> None:
        """Stores and erases what is left and ends the thread. Safe to call twice.

        Args:
            timeout_s: how long to go on trying where the history cannot be written; what could not
                be stored by then is lost, which is logged, and `fault` tells why.
        """
        with self._wake:
            self._deadline_s = time.monotonic() + timeout_s
            self.stop()
            self._wake.notify()
        self.join(timeout_s + 1.0)

    def _attempt(self) -> str | None:
        """Opens, erases and stores what is asked for; the last fault that was in the way, if any.

        What is to be stored waits until all is erased, or it would be erased too.
        """
        if self._to_open:
            if fault := _fault_of("the history cannot be opened", self._opened):
                return fault
            self._to_open = False
        for asked in list(self._tasks):
            if fault := _fault_of(asked.task.value, self._do, asked):
                return fault
            self._tasks.remove(asked)
        for serial in list(self._to_delete):
            if fault := _fault_of(f"set {serial} cannot be deleted", self._delete, serial):
                return fault
        last = None
        for serial, submitted in list(self._sets.items()):
            fault = _fault_of(f"set {serial} cannot be stored", self._save, *submitted)
            if fault is None:
                del self._sets[serial]
            last = fault or last
        return last

    def _report(self, fault: str | None) -> None:
        if fault is not None and self.fault is None:
            _log.error("history is not written, will try again: %s", fault)
        elif fault is None and self.fault is not None:
            _log.info("history is written again")
        self.fault = fault

    def _do(self, asked: _Asked) -> None:
        store = self._opened()
        match asked:
            case _Asked(_Task.ERASE):
                store.erase_aside(self._wall_clock())
                self.erased += 1
                self.notice = None  # the file it speaks of is gone too
            case _Asked(_Task.ERASE_LIFTER, (int(lifter),)):
                store.erase_lifter_aside(lifter, self._wall_clock())
                self.erased_places += 1
            case _Asked(_Task.UNDO):
                self.undone += store.undo_erase()
            case _Asked(_Task.PLAN, (int(lifter), str(exercise)), PlanRule() as plan):
                store.set_plan(lifter, exercise, plan)
            case _Asked(_Task.TAG, (str(digest),), int(lifter)):
                store.set_tag(digest, lifter)
            case _:
                store.check()
        self.undoable = store.due_s is not None
        self._report_notice(store)

    def _delete(self, serial: int) -> None:
        self._opened().delete(serial)
        self._kept_serials.discard(serial)
        self._to_delete.discard(serial)

    def _save(self, record: SetRecord, started_at_utc: float, facts: Facts) -> None:
        store = self._opened()
        self._kept_serials.add(record.serial)
        store.save(record, started_at_utc, facts)
        self._report_notice(store)

    def look(self) -> None:
        """Looks whether another file lies in the place of the history, and what is to be erased.

        A set that was stored a moment ago is stored again in the new file.
        """
        store = self._store
        if store is None or store.closed:
            return
        try:
            self._take_lock()
            replaced = store.refresh()
            store.erase_due(self._wall_clock())
            self.undoable = store.due_s is not None
        except HistoryError as error:
            self._report(str(error))
            self._to_open, self._again_s = True, None
            replaced = True
        if replaced:
            self._store_newest_again()
        self._report_notice(store)

    def _store_newest_again(self) -> None:
        with self._wake:
            if self._newest is None or self._newest[0].serial in self._deleted:
                return
            record = self._newest[0]
            if record.ended is None or time.monotonic() - self._newest_s < RECENT_S:
                self._submitted.setdefault(record.serial, self._newest)

    def _unheard(self) -> bool:
        """Whether a deletion was asked for that no step has seen."""
        return bool(self._deleted & self._kept_serials)

    def _opened(self) -> Store:
        if self._store is None or self._store.closed:
            self._store = None
            self._store = self._open_store()
            self.undoable = self._store.due_s is not None
            self._report_notice(self._store)
        return self._store

    def _report_notice(self, store: Store) -> None:
        notice, store.notice = store.notice, None
        if notice is None:
            return
        _log.warning("%s", notice)
        if notice.event is Event.REPLACED:
            self.replaced += 1
        else:
            self.notice = notice


def _drop(sets: dict[int, _Submitted], lifter: object) -> None:
    """Removes the sets of one place."""
    for serial, (_, _, facts) in list(sets.items()):
        if facts.lifter == lifter:
            del sets[serial]


def _put_last(tasks: list[_Asked], asked: _Asked) -> None:
    """Appends a task in the place of an earlier one for the same."""
    if asked in tasks:
        tasks.remove(asked)
    tasks.append(asked)


def _fault_of(what: str, act: Callable[..., object], *args: object) -> str | None:
    """Does something; what went wrong. No error may end the thread, be it one nobody thought of."""
    try:
        act(*args)
    except HistoryError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - one bad record must not hold up the others
        return f"{what}: {error!r}; please report this"
    return None
