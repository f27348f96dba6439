"""What a record is: of clean reps alone, of loads that were entered, and never of the first set."""

from dataclasses import replace

import pytest
from history.records import record, rep

from kiosk.coaching.record import Grade, Rep
from kiosk.training.records import (
    MOST_REPS,
    LoadedSet,
    Record,
    Records,
    new_records,
    one_rep_max_kg,
)


def done(load_kg: float, reps: int, clean: int | None = None, said: int | None = None) -> LoadedSet:
    return LoadedSet(
        load_kg=load_kg, reps=reps, clean=reps if clean is None else clean, corrected=said
    )


def reps(clean: int, *others: Grade) -> tuple[Rep, ...]:
    grades = (Grade.CLEAN,) * clean + others
    return tuple(replace(rep(n), grade=grade) for n, grade in enumerate(grades, start=1))


def kinds(before: Records, clean: int, load_kg: float, *others: Grade) -> list[str]:
    found = new_records(before, record(1, *reps(clean, *others)), load_kg)
    return [one.kind for one in found]


def test_the_heaviest_set_is_one_of_clean_reps_alone() -> None:
    sets = [done(40, 8), done(50, 5), done(50, 6), done(60, 5, clean=4), done(70, 0)]
    assert Records.of(sets).heaviest == Record("heaviest", 50, 6)
    assert Records.of([done(60, 5, clean=4)]).heaviest is None
    assert Records.of([]) == Records()


@pytest.mark.parametrize(
    ("said", "sure", "whole"),
    [
        (None, 5, True),
        (4, 4, True),  # one that was counted was none, and the others were clean
        (6, 5, False),  # one that was not counted was not judged
        (0, 0, False),
    ],
)
def test_a_corrected_count_never_adds_a_clean_rep(
    said: int | None, sure: int, *, whole: bool
) -> None:
    one = done(50, 5, said=said)
    assert (one.sure, one.whole) == (sure, whole)


def test_the_most_reps_are_kept_for_each_load() -> None:
    sets = [done(40, 12, clean=10), done(40, 8), done(40, 9, clean=5), done(50, 3), done(60, 2, 0)]
    assert Records.of(sets).most_reps == {40: 10, 50: 3}


def test_a_single_rep_is_estimated_as_epley_does() -> None:
    assert one_rep_max_kg(100, 10) == pytest.approx(133.33, abs=0.01)
    assert one_rep_max_kg(100, 5) == pytest.approx(116.67, abs=0.01)
    assert one_rep_max_kg(100, 1) == 100
    found = Records.of([done(40, 10), done(50, 1), done(45, 5)]).one_rep
    assert found == Record("one_rep", pytest.approx(40 * 4 / 3), 10)


def test_nothing_is_estimated_from_many_reps() -> None:
    assert Records.of([done(40, MOST_REPS + 1)]).one_rep is None
    found = Records.of([done(40, MOST_REPS + 1), done(40, MOST_REPS)]).one_rep
    assert found is not None
    assert found.reps == MOST_REPS


BEFORE = Records.of([done(40, 8), done(50, 6)])


def test_the_first_set_of_an_exercise_is_no_record() -> None:
    assert kinds(Records(), 8, 100.0) == []


def test_a_heavier_set_is_a_record_if_every_rep_was_clean() -> None:
    assert kinds(BEFORE, 1, 55.0) == ["heaviest"]
    assert kinds(BEFORE, 6, 55.0) == ["heaviest", "one_rep"]
    assert kinds(BEFORE, 6, 55.0, Grade.FAULTY) == ["one_rep"]
    assert kinds(BEFORE, 1, 55.0, Grade.PARTLY) == []
    assert kinds(BEFORE, 0, 55.0, Grade.UNJUDGED) == []
    assert kinds(BEFORE, 6, 50.0) == []


def test_more_clean_reps_at_a_load_are_a_record() -> None:
    assert kinds(BEFORE, 7, 50.0) == ["reps", "one_rep"]
    assert kinds(BEFORE, 7, 50.0, Grade.FAULTY) == ["reps", "one_rep"]
    assert kinds(BEFORE, 9, 40.0) == ["reps"]
    assert kinds(BEFORE, 20, 50.0) == ["reps"]
    assert kinds(BEFORE, 9, 45.0) == []  # never lifted before


def test_reps_that_were_done_with_more_are_no_record_with_less() -> None:
    before = Records.of([done(40, 3), done(50, 6)])
    assert kinds(before, 6, 40.0) == []
    assert kinds(before, 7, 40.0) == ["reps"]


def test_the_same_pounds_are_the_same_load() -> None:
    pound = 0.45359237
    before = Records.of([done(100 * pound, 5)])
    assert kinds(before, 5, 20 * (5 * pound)) == []
    assert kinds(before, 6, 20 * (5 * pound) + 1e-9) == ["reps", "one_rep"]


def test_a_record_tells_load_and_reps_and_heeds_the_correction() -> None:
    one = record(1, *reps(7))
    heaviest, single = new_records(BEFORE, one, 60.0)
    assert heaviest == Record("heaviest", 60.0, 7)
    assert single == Record("one_rep", pytest.approx(60 * 37 / 30), 7)
    assert new_records(BEFORE, one, 50.0, corrected=6) == ()
    assert [one.reps for one in new_records(BEFORE, one, 60.0, corrected=2)] == [2, 2]
