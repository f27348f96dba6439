"""Stores that fail or wait, for what writes the history."""

import threading

from kiosk.coaching.record import SetRecord
from kiosk.exercises.exercise import PlanRule
from kiosk.history.notice import Notice
from kiosk.training.facts import NOTHING_SAID, Facts


class FaultyStore:
    """Keeps the newest record of each set, unless a test makes it fail."""

    def __init__(self) -> None:
        self.kept: dict[int, SetRecord] = {}
        self.facts: dict[int, Facts] = {}
        self.plans: dict[tuple[int, str], PlanRule] = {}
        self.tags: dict[str, int] = {}
        self.fault: Exception | None = None
        self.poison: int | None = None
        self.notice: Notice | None = None
        self.replaced = False
        self.due_s: float | None = None
        self.closed = False
        self.opened = 0
        self.tries = 0
        self.done: list[str] = []
        self.saved = threading.Event()
        self.wiped = threading.Event()
        self.refused = threading.Event()

    def open(self) -> "FaultyStore":
        self.opened += 1
        self.closed = False
        return self

    def save(self, record: SetRecord, started_at_utc: float, facts: Facts = NOTHING_SAID) -> None:
        self.tries += 1
        if self.fault is not None:
            self.refused.set()
            raise self.fault
        if record.serial == self.poison:
            raise ValueError("not to be stored")
        self.kept[record.serial] = record
        self.facts[record.serial] = facts
        self.done.append(f"save {record.serial}")
        self.saved.set()

    def set_plan(self, lifter: int, exercise: str, plan: PlanRule) -> None:
        self.tries += 1
        if self.fault is not None:
            raise self.fault
        self.plans[lifter, exercise] = plan
        self.done.append(f"plan {lifter} {exercise} {plan.reps}")

    def set_tag(self, digest: str, lifter: int) -> None:
        self.tags[digest] = lifter
        self.done.append(f"tag {digest} {lifter}")

    def erase_aside(self, now_s: float) -> None:
        self.tries += 1
        if self.fault is not None:
            raise self.fault
        self.kept.clear()
        self.notice = None
        self.done.append("erase")
        self.wiped.set()

    def erase_lifter_aside(self, lifter: int, now_s: float) -> None:
        if self.fault is not None:
            raise self.fault
        self.done.append(f"erase place {lifter}")

    def undo_erase(self) -> bool:
        self.done.append("undo")
        return True

    def delete(self, serial: int) -> None:
        self.kept.pop(serial, None)
        self.done.append(f"delete {serial}")

    def check(self) -> None:
        self.done.append("check")

    def refresh(self) -> bool:
        replaced, self.replaced = self.replaced, False
        return replaced

    def erase_due(self, now_s: float) -> int:
        return 0

    def close(self) -> None:
        self.closed = True


class SlowStore(FaultyStore):
    """Stores nothing before it is let go on."""

    def __init__(self) -> None:
        super().__init__()
        self.writing, self.go_on = threading.Event(), threading.Event()

    def save(self, record: SetRecord, started_at_utc: float, facts: Facts = NOTHING_SAID) -> None:
        self.writing.set()
        assert self.go_on.wait(10)
        super().save(record, started_at_utc, facts)
