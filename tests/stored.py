"""Stored sets that are none, for whoever reads or changes them."""

from datetime import date

from kiosk.errors import HistoryError
from kiosk.history.overview import DayTotals, Overview
from kiosk.training.facts import Facts
from kiosk.training.plan import Plan
from kiosk.training.records import Records

OVERVIEW = Overview(
    today_totals=DayTotals(date(2026, 11, 23), 3, 24),
    latest=(),
    week=(),
    trend=(),
    best=None,
    total_sets=3,
)


class FakeReader:
    """A history of three sets, or one that cannot be read."""

    def __init__(self) -> None:
        self.fault: str | None = None
        self.kind: type[HistoryError] = HistoryError
        self.asked: list[tuple[date, str, int | None]] = []
        self.counted: list[int | None] = []
        self.salt: bytes | None = bytes(16)
        self.kept_tags: dict[str, int] = {}
        self.loads: dict[tuple[int, str], float] = {}
        self.kept_plans: dict[tuple[int, str], Plan] = {}

    def overview(self, today: date, exercise: str, lifter: int | None) -> Overview:
        self.asked.append((today, exercise, lifter))
        self.fail()
        return OVERVIEW

    def count(self, lifter: int | None) -> int:
        self.counted.append(lifter)
        self.fail()
        return 3

    def fail(self) -> None:
        if self.fault:
            raise self.kind(self.fault)

    def last_load(self, lifter: int, exercise: str) -> float | None:
        self.fail()
        return self.loads.get((lifter, exercise))

    def plans(self) -> dict[tuple[int, str], Plan]:
        self.fail()
        return dict(self.kept_plans)

    def tag_salt(self) -> bytes | None:
        self.fail()
        return self.salt

    def tags(self) -> dict[str, int]:
        self.fail()
        return dict(self.kept_tags)

    def used_lifters(self) -> frozenset[int]:
        self.fail()
        return frozenset()

    def records(self, lifter: int, exercise: str) -> Records:
        self.fail()
        return Records()


class FakeSets:
    """Notes what is asked of the stored sets."""

    def __init__(self) -> None:
        self.undoable = False
        self.asked: list[tuple[str, int | None]] = []
        self.described: list[tuple[int, Facts]] = []
        self.tags: dict[str, int] = {}
        self.plans: list[tuple[int, str, Plan]] = []

    def erase(self) -> None:
        self.asked.append(("erase", None))

    def undo_erase(self) -> None:
        self.asked.append(("undo", None))

    def delete(self, serial: int) -> None:
        self.asked.append(("delete", serial))

    def keep(self, serial: int) -> None:
        self.asked.append(("keep", serial))

    def check(self) -> None:
        self.asked.append(("check", None))

    def erase_lifter(self, lifter: int) -> None:
        self.asked.append(("erase_lifter", lifter))

    def describe(self, serial: int, facts: Facts) -> None:
        self.described.append((serial, facts))

    def set_tag(self, digest: str, lifter: int) -> None:
        self.tags[digest] = lifter

    def set_plan(self, lifter: int, exercise: str, plan: Plan) -> None:
        self.plans.append((lifter, exercise, plan))
