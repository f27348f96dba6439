"""The overview agrees with its sets and reps one by one, and stays fast."""

import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from history.records import MORNING, closed, record, rep
from hypothesis import given
from hypothesis import strategies as st

from kiosk.coaching.record import CheckResult, Grade, Rep, SetRecord, Verdict
from kiosk.history.overview import DayTotals, Overview, WeekTrend
from kiosk.history.reader import Reader
from kiosk.history.rows import StoredSet
from kiosk.history.schema import MIGRATIONS, migrate
from kiosk.history.store import Store
from kiosk.training.facts import Facts
from people import FEW

EXERCISES = ("hip_hinge", "squat", "wall_tap")
# the Friday on which a year begins that is still in the old year's 53rd week
NEW_YEAR = date(2027, 1, 1)
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""A folder without a disk that every save would wait for."""


@dataclass(frozen=True)
class Known:
    """A set with its reps."""

    stored: StoredSet
    reps: Sequence[Rep]

    @property
    def day(self) -> date:
        return self.stored.started_at.date()

    @property
    def counted(self) -> list[Rep]:
        return [rep for rep in self.reps if rep.counted]

    @property
    def depths(self) -> list[float]:
        return [r.measures.depth for r in self.counted if r.measures.depth is not None]

    def having(self, grade: Grade) -> int:
        return sum(r.grade is grade for r in self.counted)

    @property
    def load_kg(self) -> float:
        return self.stored.facts.load_kg or 0.0

    @property
    def rank(self) -> tuple[float, ...]:
        scores = [r.score for r in self.counted if r.score is not None]
        score = sum(scores) / len(scores) if scores else -1.0
        return (self.having(Grade.CLEAN), score, len(self.counted), self.stored.id)


def recomputed(reader: Reader, today: date, exercise: str, lifter: int, listed: int) -> Overview:
    every = [Known(stored, reader.reps_of(stored.id)) for stored in reader.recent(10_000)]
    seen = [one for one in every if one.stored.facts.lifter == lifter]
    monday = today - timedelta(days=today.weekday())
    own = [one for one in seen if one.stored.exercise == exercise]

    def totals(day: date) -> DayTotals:
        sets = [one for one in seen if one.day == day]
        return DayTotals(day, len(sets), sum(len(one.counted) for one in sets))

    def week(monday: date) -> WeekTrend:
        sets = [one for one in own if monday <= one.day < monday + timedelta(days=7)]
        depths = [depth for one in sets for depth in one.depths]
        clean = sum(one.having(Grade.CLEAN) for one in sets)
        judged = clean + sum(one.having(Grade.FAULTY) for one in sets)
        return WeekTrend(
            monday=monday,
            sets=len(sets),
            reps=sum(len(one.counted) for one in sets),
            depth=sum(depths) / len(depths) if depths else None,
            clean_share=clean / judged if judged else None,
            heaviest_kg=max((one.load_kg for one in sets if one.counted), default=0.0) or None,
        )

    return Overview(
        today_totals=totals(today),
        latest=tuple(one.stored for one in seen[:listed]),
        week=tuple(totals(monday + timedelta(days=n)) for n in range(7)),
        trend=tuple(week(monday - timedelta(weeks=n)) for n in range(11, -1, -1)),
        best=max(own, key=lambda one: one.rank).stored if own else None,
        total_sets=len(seen),
    )


def assert_alike(found: Overview, made: Overview) -> None:
    # the sum of a week's depths has another order
    for week, other in zip(found.trend, made.trend, strict=True):
        assert week.depth == pytest.approx(other.depth)
    assert replace(found, trend=[replace(week, depth=None) for week in found.trend]) == replace(
        made, trend=[replace(week, depth=None) for week in made.trend]
    )


def back_to_version_1(path: Path) -> None:
    """The same sets and reps as a kiosk of the first version wrote them."""
    old = sqlite3.connect(path.with_name("old.sqlite3"), isolation_level=None)
    migrate(old, MIGRATIONS[:1])
    old.execute("ATTACH ? AS new", (str(path),))
    for table in ("sets", "reps"):
        columns = ", ".join(row[1] for row in old.execute(f"PRAGMA main.table_info({table})"))
        old.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM new.{table}")
    old.close()
    path.with_name("old.sqlite3").replace(path)


def at(day: date, hour: int = 12) -> float:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC).timestamp()


_OK, _FAULT, _OPEN = Verdict.OK, Verdict.FAULT, Verdict.NOT_ASSESSED
_GRADES = {
    (_OK, _OPEN): Grade.CLEAN,
    (_OK, _OK): Grade.CLEAN,
    (_OK, _FAULT): Grade.FAULTY,
    (_OPEN, _FAULT): Grade.FAULTY,
    (_FAULT, _OPEN): Grade.FAULTY,
    (_OPEN, _OK): Grade.PARTLY,
    (_OPEN, _OPEN): Grade.UNJUDGED,
}
"""Of a rep whose one main check and whose other check gave these verdicts."""
reps = st.builds(
    lambda counted, verdicts, depth, score: replace(
        rep(1, counted=counted),
        measures=replace(rep(1).measures, depth=depth),
        checks={
            check: CheckResult(verdict=verdict)
            for check, verdict in zip(("no_lockout", "stance"), verdicts, strict=True)
        },
        grade=_GRADES[verdicts] if counted else None,
        score=score if verdicts[0] is not Verdict.NOT_ASSESSED else None,
    ),
    st.booleans(),
    st.sampled_from(list(_GRADES)),
    st.none() | st.floats(0.2, 1.5),
    # few, so that sets are often equally good
    st.sampled_from([None, 70, 90]),
)
facts = st.builds(
    Facts, lifter=st.sampled_from((0, 1, 8)), load_kg=st.none() | st.sampled_from((20.0, 22.5))
)
sets = st.tuples(
    st.sampled_from(EXERCISES),
    st.lists(reps, min_size=1, max_size=4),
    # in no order: the clock jumps back and forth between sets
    (st.integers(-7, 7) | st.integers(-100, 30)).map(
        lambda days: at(NEW_YEAR + timedelta(days=days))
    ),
    # of a set as it begins, and once more is known of it
    st.tuples(facts, facts),
)


@FEW
@given(
    made=st.lists(sets, max_size=9),
    later=st.integers(-7, 7),
    listed=st.integers(1, 6),
    migrated=st.booleans(),
)
def test_it_agrees_with_the_sets_and_reps(
    made: list[tuple[str, list[Rep], float, tuple[Facts, Facts]]],
    later: int,
    listed: int,
    *,
    migrated: bool,
) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        store = Store(Path(folder))
        for serial, (exercise, found, at_utc, said) in enumerate(made, start=1):
            for count in range(1, len(found) + 1):
                store.save(record(serial, *found[:count], exercise=exercise), at_utc, said[0])
            store.save(record(serial, *found, exercise=exercise), at_utc, said[1])
        store.close()
        if migrated:
            back_to_version_1(store.path)
            Store(Path(folder)).close()
        reader = Reader(Path(folder))
        for exercise, lifter in product(EXERCISES, (0, 1, 2, 8)):
            asked = (NEW_YEAR + timedelta(days=later), exercise, lifter, listed)
            assert_alike(reader.overview(*asked), recomputed(reader, *asked))


def saved(folder: Path, *made: tuple[SetRecord, float]) -> Reader:
    store = Store(folder)
    for one, at_utc in made:
        store.save(one, at_utc)
    store.close()
    return Reader(folder)


def test_no_history_is_an_empty_overview(tmp_path: Path) -> None:
    before = Reader(tmp_path).overview(NEW_YEAR, "squat")
    assert list(tmp_path.iterdir()) == []
    assert before.week == tuple(DayTotals(date(2026, 12, 28 + n), 0, 0) for n in range(4)) + tuple(
        DayTotals(date(2027, 1, n), 0, 0) for n in range(1, 4)
    )
    assert before.today_totals == DayTotals(NEW_YEAR, 0, 0)
    assert (before.trend[0].monday, before.trend[-1]) == (
        date(2026, 10, 12),
        WeekTrend(date(2026, 12, 28), 0, 0, None, None),
    )
    assert len(before.trend) == 12
    assert (before.latest, before.best, before.total_sets, before.training_days) == ((), None, 0, 0)
    Store(tmp_path).close()
    assert Reader(tmp_path).overview(NEW_YEAR, "squat") == before


@pytest.mark.usefixtures("berlin")
def test_a_set_after_midnight_belongs_to_the_new_day_of_the_place(tmp_path: Path) -> None:
    # 23:30 UTC is half past midnight in Berlin
    reader = saved(tmp_path, (record(1, rep(1)), at(date(2026, 12, 31), 23) + 1800))
    found = reader.overview(NEW_YEAR, "hip_hinge")
    assert found.today_totals == DayTotals(NEW_YEAR, 1, 1)
    assert found.training_days == 1


def test_a_week_is_monday_to_sunday_and_a_day_with_two_sets_one_training_day(
    tmp_path: Path,
) -> None:
    friday, monday, sunday = NEW_YEAR, date(2026, 12, 28), date(2027, 1, 3)
    days = (friday, friday, monday, sunday, monday - timedelta(days=1), sunday + timedelta(days=1))
    reader = saved(
        tmp_path, *((record(serial, rep(1)), at(day)) for serial, day in enumerate(days, start=1))
    )
    for today in (monday, friday, sunday):
        found = reader.overview(today, "hip_hinge")
        assert [day.sets for day in found.week] == [1, 0, 0, 0, 2, 0, 1]
        assert found.training_days == 3
        assert [week.sets for week in found.trend[-2:]] == [1, 4]
    assert reader.overview(friday, "squat").training_days == 3


def test_the_best_set_is_the_cleanest_then_the_best_scored_longest_and_newest(
    tmp_path: Path,
) -> None:
    def a_set(serial: int, clean: int, faulty: int, score: int | None) -> SetRecord:
        found = [rep(n, score=score) for n in range(clean)]
        found += [rep(n, fault=True, score=score) for n in range(faulty)]
        return closed(record(serial, *found))

    store = Store(tmp_path)
    reader = Reader(tmp_path)

    def best_after(one: SetRecord) -> int:
        store.save(one, MORNING)
        best = reader.overview(NEW_YEAR, "hip_hinge").best
        assert best is not None
        return best.id

    assert best_after(a_set(1, 3, 5, 90)) == 1
    assert best_after(a_set(2, 4, 0, None)) == 2
    assert best_after(a_set(3, 4, 0, 50)) == 3
    assert best_after(a_set(4, 4, 0, 80)) == 4
    assert best_after(a_set(5, 4, 1, 80)) == 5
    assert best_after(a_set(6, 4, 1, 80)) == 6
    assert best_after(a_set(7, 4, 0, 80)) == 6
    assert best_after(replace(a_set(8, 9, 0, 99), exercise="squat")) == 6
    store.close()


def test_it_is_all_of_one_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    store.save(record(1, rep(1)), at(NEW_YEAR))

    def another_set_meanwhile(*_: object) -> tuple[DayTotals, ...]:
        store.save(record(2, rep(1)), at(NEW_YEAR))
        return (DayTotals(NEW_YEAR, 0, 0),) * 7

    monkeypatch.setattr("kiosk.history.reader.week_of", another_set_meanwhile)
    found = Reader(tmp_path).overview(NEW_YEAR, "hip_hinge")
    store.close()
    assert (found.total_sets, len(found.latest), found.trend[-1].sets) == (1, 1, 1)


def test_no_query_of_it_goes_through_all_sets_or_reps(
    tmp_path: Path, statements: list[str]
) -> None:
    reader = saved(tmp_path, (record(1, rep(1)), MORNING))
    statements.clear()
    reader.overview(NEW_YEAR, "hip_hinge")
    queries = [sql for sql in statements if "SELECT" in sql]
    assert len(queries) == 5
    with closing(sqlite3.connect(reader.path)) as connection:
        for sql in queries:
            steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
            if "ORDER BY id DESC LIMIT 24 OFFSET 0" in sql:
                # from the end of the lifter's sets, and no further than the limit
                assert steps == ["SEARCH sets USING INDEX sets_by_lifter (lifter=?)"]
                continue
            assert not any("SCAN sets" in step or "SCAN reps" in step for step in steps), sql
            assert "FROM days" in sql or not any("TEMP B-TREE" in step for step in steps), sql
