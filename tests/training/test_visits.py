"""Who rests for how long, and which set of how many comes next."""

import pytest

from kiosk.training.facts import GUEST
from kiosk.training.plan import Plan
from kiosk.training.visits import FORGOTTEN_S, GUEST_AGAIN_S, VISIT_S, Rest, Visits

PLAN = Plan(reps=8, sets=3, rest_s=120.0)
LIFT, OTHER = "deadlift", "squat"


@pytest.fixture
def visits() -> Visits:
    return Visits(lambda lifter, exercise: PLAN)


def test_the_sets_of_an_exercise_are_counted_for_each_place(visits: Visits) -> None:
    for place, exercise, number in (
        *((1, LIFT, 1), (2, LIFT, 1), (1, LIFT, 2), (1, OTHER, 1)),
        *((GUEST, LIFT, 1), (2, LIFT, 2), (1, LIFT, 3), (1, LIFT, 4)),
    ):
        visits.choose(place, 0.0)
        facts = visits.upcoming(exercise, 0.0)
        assert (facts.lifter, facts.set_number) == (place, number)
        visits.end(place, exercise, 0.0)
    assert visits.known == {1, 2}


def test_a_rest_is_that_of_the_chosen_place(visits: Visits) -> None:
    assert visits.rest(0.0) is None
    visits.choose(1, 0.0)
    visits.end(1, LIFT, 10.0)
    visits.choose(2, 20.0)
    assert visits.rest(30.0) is None
    visits.end(2, LIFT, 40.0)
    visits.choose(1, 50.0)
    assert visits.rest(70.0) == Rest(60.0, PLAN.rest_s)
    assert visits.upcoming(OTHER, 70.0).rest_s == 60.0
    assert [visits.rest(10.0 + after_s).over for after_s in (119.9, 120.0)] == [False, True]  # type: ignore[union-attr]


def test_a_set_that_ends_after_another_place_was_chosen_is_its_own_lifters(visits: Visits) -> None:
    visits.choose(2, 0.0)
    visits.end(1, LIFT, 10.0)
    assert visits.rest(20.0) is None
    assert visits.upcoming(LIFT, 20.0).set_number == 1


def test_who_is_gone_is_a_guest_first_and_forgotten_later(visits: Visits) -> None:
    visits.choose(1, 0.0)
    visits.end(1, LIFT, 0.0)
    visits.update(100.0, present=True)
    gone_s = 100.0 + GUEST_AGAIN_S
    visits.update(gone_s - 1, present=False)
    assert (visits.lifter, visits.ended) == (1, False)
    visits.update(gone_s, present=False)
    assert (visits.lifter, visits.ended) == (GUEST, True)
    visits.choose(1, gone_s)
    assert not visits.ended
    assert visits.upcoming(LIFT, gone_s).set_number == 2
    visits.update(gone_s + FORGOTTEN_S, present=False)
    visits.choose(1, gone_s + FORGOTTEN_S)
    assert visits.rest(gone_s + FORGOTTEN_S) is None
    assert visits.upcoming(LIFT, gone_s + FORGOTTEN_S).set_number == 1


def test_a_visit_ends_though_others_train_on(visits: Visits) -> None:
    visits.end(1, LIFT, 0.0)
    for minute in range(0, int(VISIT_S), 60):
        visits.update(float(minute), present=True)
        visits.end(2, LIFT, float(minute))
    assert visits.known == {1, 2}
    visits.update(VISIT_S, present=True)
    assert visits.known == {2}


def test_a_set_that_turns_out_another_or_is_deleted_is_counted_as_that(visits: Visits) -> None:
    visits.end(GUEST, LIFT, 0.0)
    visits.recount(GUEST, LIFT, OTHER)
    assert visits.upcoming(LIFT, 0.0).set_number == 1
    assert visits.upcoming(OTHER, 0.0).set_number == 2
    visits.recount(GUEST, OTHER, None)
    assert visits.upcoming(OTHER, 0.0).set_number == 1
    visits.recount(5, LIFT, None)
    assert visits.known == frozenset()
