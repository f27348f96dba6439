"""What people say of a set is kept beside what was counted, for each place on its own."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from history.records import MORNING, closed, record, rep
from msgspec.structs import replace

from kiosk.errors import HistoryError
from kiosk.exercises.exercise import PlanRule
from kiosk.history.backup import backup, restore
from kiosk.history.reader import Reader
from kiosk.history.store import Store
from kiosk.training.facts import GUEST, Facts
from kiosk.training.records import Record, Records

DAY = date(2026, 11, 23)
DAY_S = 86400.0
SAID = Facts(
    lifter=3,
    load_kg=42.5,
    corrected=3,
    target_reps=8,
    target_sets=3,
    set_number=2,
    rest_s=91.5,
)
PLAN = PlanRule(reps=5, sets=4, rest_s=150.0)
DIGEST = "0123456789abcdef" * 4


def test_facts_come_back_as_they_were_and_change_no_count(tmp_path: Path) -> None:
    with closing(Store(tmp_path)) as store:
        store.save(closed(record(1, rep(1), rep(2))), MORNING, SAID)
    (stored,) = Reader(tmp_path).recent(9)
    assert stored.facts == SAID
    assert (stored.reps, stored.clean) == (2, 2)


def test_the_facts_of_the_last_save_win_also_where_they_know_less(tmp_path: Path) -> None:
    one = closed(record(1, rep(1), rep(2)))
    store, reader = Store(tmp_path), Reader(tmp_path)
    store.save(record(1, rep(1)), MORNING, Facts(lifter=3))
    for facts in (SAID, replace(SAID, corrected=None), replace(SAID, load_kg=50.0), Facts()):
        store.save(one, MORNING, facts)
        (stored,) = reader.recent(9)
        assert stored.facts == facts
        assert (stored.reps, len(reader.reps_of(stored.id)), stored.ended) == (2, 2, "idle")
    store.close()


def test_a_set_that_is_given_to_another_place_leaves_the_sums_of_the_first(tmp_path: Path) -> None:
    store, reader = Store(tmp_path), Reader(tmp_path)
    one = closed(record(1, rep(1), rep(2)))
    store.save(one, MORNING, Facts(load_kg=30.0))
    store.save(one, MORNING, Facts(lifter=5, load_kg=40.0))
    store.close()
    guests, fifth = (reader.overview(DAY, "hip_hinge", place) for place in (GUEST, 5))
    assert (guests.total_sets, guests.latest, guests.best) == (0, (), None)
    assert guests.trend[-1].heaviest_kg is None
    assert (fifth.total_sets, fifth.today_totals.reps, len(fifth.latest)) == (1, 2, 1)
    assert fifth.trend[-1].heaviest_kg == 40.0


def test_each_place_sees_its_own_sets_alone(tmp_path: Path) -> None:
    with closing(Store(tmp_path)) as store:
        for serial, lifter in enumerate((GUEST, 1, 2, 1), start=1):
            many = [rep(number) for number in range(serial)]
            store.save(closed(record(serial, *many)), MORNING, Facts(lifter=lifter))
    reader = Reader(tmp_path)
    first = reader.overview(DAY, "hip_hinge", 1)
    assert [one.reps for one in first.latest] == [4, 2]
    assert (first.total_sets, first.today_totals.reps, first.week[0].sets) == (2, 6, 2)
    assert (first.trend[-1].sets, first.best and first.best.reps) == (2, 4)
    assert reader.overview(DAY, "hip_hinge").total_sets == 1
    assert [one.reps for one in reader.recent(9, lifter=1)] == [4, 2]
    assert [one.reps for one in reader.recent(1, 1, lifter=1)] == [2]
    assert len(reader.recent(9)) == 4
    assert reader.used_lifters() == {GUEST, 1, 2}


def test_a_weeks_heaviest_load_is_that_of_a_set_with_a_rep(tmp_path: Path) -> None:
    with closing(Store(tmp_path)) as store:
        for serial, load in enumerate((20.0, None, 25.0, 22.5), start=1):
            store.save(closed(record(serial, rep(1))), MORNING, Facts(lifter=1, load_kg=load))
        attempt = closed(record(5, rep(0, counted=False, score=None)))
        store.save(attempt, MORNING, Facts(lifter=1, load_kg=90.0))
        store.save(closed(record(6, rep(1))), MORNING - 7 * DAY_S, Facts(lifter=1, load_kg=60.0))
        store.save(closed(record(7, rep(1))), MORNING, Facts(lifter=2, load_kg=70.0))
    trend = Reader(tmp_path).overview(DAY, "hip_hinge", 1).trend
    assert [week.heaviest_kg for week in trend[-3:]] == [None, 60.0, 25.0]


def test_the_last_load_is_that_of_the_place_and_exercise(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    assert reader.last_load(1, "hip_hinge") is None
    with closing(Store(tmp_path)) as store:
        loads = ((1, "hip_hinge", 20.0), (1, "squat", 50.0), (2, "hip_hinge", 90.0))
        for serial, (lifter, exercise, load) in enumerate(loads, start=1):
            one = closed(record(serial, rep(1), exercise=exercise))
            store.save(one, MORNING - serial * DAY_S, Facts(lifter=lifter, load_kg=load))
        store.save(closed(record(9, rep(1))), MORNING, Facts(lifter=1))
    assert reader.last_load(1, "hip_hinge") == 20.0
    assert reader.last_load(1, "squat") == 50.0
    assert reader.last_load(2, "squat") is None


def test_records_are_those_of_the_place_and_exercise(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    assert reader.records(1, "hip_hinge") == Records()
    with closing(Store(tmp_path)) as store:
        for serial, load in enumerate((20.0, 30.0, None), start=1):
            store.save(closed(record(serial, rep(1))), MORNING, Facts(lifter=1, load_kg=load))
        heavy, others = Facts(lifter=1, load_kg=90.0), Facts(lifter=2, load_kg=90.0)
        store.save(closed(record(4, rep(1), rep(2, fault=True))), MORNING, heavy)
        store.save(closed(record(5, rep(1))), MORNING, others)
        store.save(closed(record(6, rep(1), exercise="squat")), MORNING, heavy)
        store.save(closed(record(7, rep(1), rep(2))), MORNING, replace(heavy, corrected=0))
    found = reader.records(1, "hip_hinge")
    assert found.heaviest == Record("heaviest", 30.0, 1)
    assert found.most_reps == {20.0: 1, 30.0: 1, 90.0: 1}
    assert found.one_rep == Record("one_rep", 90.0, 1)


def test_a_damaged_file_tells_how_many_sets_of_all_places_it_had(tmp_path: Path) -> None:
    with closing(Store(tmp_path)) as store:
        for serial in (1, 2, 3):
            store.save(closed(record(serial, rep(1))), MORNING, Facts(lifter=serial % 2))
    with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM reps WHERE set_id = 1")
        connection.execute("DELETE FROM sets WHERE id = 1")
    contents = store.path.read_bytes()
    store.path.write_bytes(b"?" * 40 + contents[40:])
    with closing(Store(tmp_path)) as again:
        assert again.notice is not None
        assert (again.notice.recovered, again.notice.of) == (2, 3)


def test_plans_and_tags_are_kept_and_replaced(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    assert (reader.plans(), reader.tags(), reader.used_lifters()) == ({}, {}, frozenset())
    store = Store(tmp_path)
    store.set_plan(1, "squat", PlanRule(reps=12, sets=2, rest_s=60.0))
    store.set_plan(1, "squat", PLAN)
    store.set_plan(GUEST, "squat", PLAN)
    store.set_tag(DIGEST, 1)
    store.set_tag(DIGEST, 7)
    store.close()
    assert reader.plans() == {(1, "squat"): PLAN, (GUEST, "squat"): PLAN}
    assert reader.tags() == {DIGEST: 7}
    assert reader.used_lifters() == {GUEST, 1, 7}


def test_what_is_no_salted_hash_is_never_stored_as_a_tag(tmp_path: Path) -> None:
    with closing(Store(tmp_path)) as store:
        for digits, lifter in (("0012345678", 1), ("0012345678" * 4 + "x", 1), (DIGEST, 0)):
            with pytest.raises(HistoryError, match="does not hold together"):
                store.set_tag(digits, lifter)
    assert Reader(tmp_path).tags() == {}


def test_the_salt_of_the_tags_is_made_once_and_with_each_history_anew(tmp_path: Path) -> None:
    reader, other = Reader(tmp_path), Reader(tmp_path / "other")
    assert reader.tag_salt() is None
    for folder in (tmp_path, tmp_path, tmp_path / "other"):
        Store(folder).close()
        salt = reader.tag_salt()
        assert salt is not None
        assert len(salt) == 16
        assert salt == reader.tag_salt()
    assert other.tag_salt() != reader.tag_salt()
    with closing(Store(tmp_path)) as store:
        store.erase()
    assert reader.tag_salt() not in (None, salt)


def test_a_tag_learnt_after_an_erasure_fits_what_is_brought_back(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    with closing(Store(tmp_path)) as store:
        store.set_plan(1, "squat", PlanRule(reps=9, sets=2, rest_s=60.0))
        store.set_plan(2, "squat", PLAN)
        store.set_tag(DIGEST, 1)
        salt = reader.tag_salt()
        store.erase_aside(MORNING)
        assert (reader.plans(), reader.tags(), reader.tag_salt()) == ({}, {}, salt)
        store.set_plan(1, "squat", PLAN)
        store.set_tag(DIGEST[::-1], 2)
        store.save(closed(record(1, rep(1))), MORNING, SAID)
        assert store.undo_erase()
    assert reader.plans() == {(1, "squat"): PLAN, (2, "squat"): PLAN}
    assert reader.tags() == {DIGEST: 1, DIGEST[::-1]: 2}
    assert [one.facts for one in reader.recent(9)] == [SAID]


@pytest.mark.parametrize(
    ("table", "column", "read"),
    [("plans", "reps", Reader.plans), ("tags", "lifter", Reader.tags)],
)
def test_a_damaged_value_is_named(
    tmp_path: Path, table: str, column: str, read: Callable[[Reader], object]
) -> None:
    with closing(Store(tmp_path)) as store:
        store.set_plan(1, "squat", PLAN)
        store.set_tag(DIGEST, 1)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            f"UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '') WHERE name = '{table}'"
        )
    with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(f"UPDATE {table} SET {column} = 'many'")
    with pytest.raises(HistoryError, match=rf"damaged \({column} holds 'many'\)"):
        read(Reader(tmp_path))


def test_a_backup_holds_facts_plans_and_tags(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "one")) as store:
        store.save(closed(record(1, rep(1))), MORNING, SAID)
        store.set_plan(3, "squat", PLAN)
        store.set_tag(DIGEST, 3)
    backup(store.path, tmp_path / "copy.sqlite3")
    Store(tmp_path / "two").close()
    here, there = Reader(tmp_path / "one"), Reader(tmp_path / "two")
    assert restore(tmp_path / "copy.sqlite3", there.path) == 1
    assert [one.facts for one in there.recent(9)] == [SAID]
    assert (there.plans(), there.tags()) == ({(3, "squat"): PLAN}, {DIGEST: 3})
    assert there.tag_salt() == here.tag_salt()


@pytest.mark.parametrize("salted", [True, False])
def test_a_damaged_file_keeps_facts_and_plans_and_tags_that_can_be_known(
    tmp_path: Path, *, salted: bool
) -> None:
    with closing(Store(tmp_path)) as store:
        store.save(closed(record(1, rep(1))), MORNING, SAID)
        store.save(closed(record(2, rep(1))), MORNING)
        for lifter in range(1, 9):
            store.set_plan(lifter, "squat", PLAN)
            store.set_tag(f"{lifter:064x}", lifter)
    reader = Reader(tmp_path)
    before = reader.recent(9), reader.plans(), reader.tags(), reader.tag_salt()
    if not salted:
        with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
            connection.execute("DELETE FROM tag_salt")
    contents = store.path.read_bytes()
    store.path.write_bytes(b"?" * 40 + contents[40:])
    with closing(Store(tmp_path)) as again:
        assert again.notice is not None
        assert (again.notice.recovered, again.notice.of) == (2, 2)
    assert (reader.recent(9), reader.plans()) == before[:2]
    if salted:
        assert (reader.tags(), reader.tag_salt()) == before[2:]
    else:  # nobody could tell whose they are
        assert reader.tags() == {}


def test_no_query_of_a_place_goes_through_all_sets(tmp_path: Path, statements: list[str]) -> None:
    with closing(Store(tmp_path)) as store:
        store.save(closed(record(1, rep(1))), MORNING, SAID)
    reader = Reader(tmp_path)
    statements.clear()
    reader.last_load(3, "hip_hinge")
    reader.used_lifters()
    reader.recent(9, lifter=3)
    reader.records(3, "hip_hinge")
    queries = [sql for sql in statements if "FROM sets" in sql]
    assert len(queries) == 4
    with closing(sqlite3.connect(reader.path)) as connection:
        for sql in queries:
            steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
            assert not any("SCAN sets" in step for step in steps), sql
            # the few places of the index, the plans and the tags are put together
            assert "UNION" in sql or not any("TEMP B-TREE" in step for step in steps), sql
