"""What is in the hands decides whether a rise was a lift."""

from dataclasses import replace

import pytest

from kiosk.body.load import LoadReading
from kiosk.coaching.hands import REST_S, WAIT_S, Hands, Held
from kiosk.coaching.record import Measures, Rep, Tempo

TEMPO = Tempo(eccentric_s=1.0, pause_s=0.2, concentric_s=1.0)
BEND_S = 4.0


def rep(number: int, *, counted: bool = True) -> Rep:
    start = BEND_S * number
    return Rep(
        number=0,
        start_s=start + 0.5,
        bottom_s=start + 2.0,
        end_s=start + 3.0,
        counted=counted,
        tempo=TEMPO,
        measures=Measures(),
    )


def bend(
    number: int, *, changed: bool | None, rest_s: float = 0.3, low: float = 0.0
) -> LoadReading:
    start = BEND_S * number
    return LoadReading(from_s=start, time_s=start + 3.5, rest_s=rest_s, low=low, changed=changed)


def counts(
    changes: list[bool | None],
    *,
    from_floor: bool,
    walked_in: bool = False,
    rest_s: float = 0.3,
    low: float = 0.0,
) -> list[bool]:
    """For each bend whether its rise counted."""
    hands, found = Hands(running=True), []
    if walked_in:
        hands.walk_in()
    number = -1
    for changed in changes:
        # after a load was set down nobody bends again at once
        number += 5 if found and not found[-1] else 1
        hands.record(bend(number, changed=changed, rest_s=rest_s, low=low), from_floor=from_floor)
        released = hands.judge([rep(number)], BEND_S * number + 3.6, from_floor=from_floor)
        found.append(bool(released))
    return found


def test_a_deadlift_counts_from_the_lift_to_the_last_and_not_standing_up_empty() -> None:
    picked_up, set_down = True, True
    assert counts([picked_up, False, False, set_down, False], from_floor=True) == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_a_lift_from_the_hands_counts_neither_the_pick_up_nor_putting_it_away() -> None:
    assert counts([True, False, False, True, False], from_floor=False) == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_bends_to_load_plates_are_no_reps_of_somebody_who_was_seen_to_come() -> None:
    plates = counts([False, False], from_floor=True, walked_in=True, rest_s=REST_S + 1)
    assert plates == [False, False]


@pytest.mark.parametrize("from_floor", [True, False])
def test_of_a_film_that_begins_in_mid_set_every_rep_counts(*, from_floor: bool) -> None:
    assert counts([False, False], from_floor=from_floor, rest_s=9.0) == [True, True]


def test_a_set_under_way_ends_with_the_bar_set_down() -> None:
    assert counts([False, False, True, False], from_floor=True) == [True, True, False, False]


def test_a_set_that_goes_on_at_once_shows_that_nothing_was_set_down() -> None:
    hands = Hands(running=True)
    found = []
    for number, changed in enumerate([True, False, True, False, False]):
        hands.record(bend(number, changed=changed), from_floor=True)
        found += hands.judge([rep(number)], BEND_S * number + 3.6, from_floor=True)
    assert len(found) == 4
    assert hands.held is Held.LOADED


def test_whoever_does_not_reach_the_floor_loads_no_plates() -> None:
    assert counts([False], from_floor=True, walked_in=True, rest_s=9.0, low=0.25) == [True]


def test_above_the_floor_nothing_is_picked_up_or_set_down() -> None:
    assert counts([True, True], from_floor=False, low=0.3) == [True, True]


def test_what_cannot_be_seen_counts_and_is_remembered() -> None:
    hands = Hands(running=True)
    hands.record(bend(0, changed=None), from_floor=True)
    assert len(hands.judge([rep(0)], 3.6, from_floor=True)) == 1
    assert hands.unseen == 1
    assert hands.held is Held.UNKNOWN


def test_a_rep_waits_for_the_reading_of_its_bend_and_not_for_ever() -> None:
    hands = Hands(running=True)
    assert hands.judge([rep(0)], 3.6, from_floor=True) == []
    hands.record(bend(0, changed=True), from_floor=True)
    assert len(hands.judge([], 3.8, from_floor=True)) == 1
    assert hands.judge([rep(1)], 7.6, from_floor=True) == []
    assert len(hands.judge([], 7.6 + WAIT_S, from_floor=True)) == 1


def test_partial_reps_pass_and_a_flush_returns_what_waits() -> None:
    hands = Hands(running=True)
    assert len(hands.judge([rep(0, counted=False)], 3.6, from_floor=True)) == 1
    assert hands.judge([rep(1)], 7.6, from_floor=True) == []
    assert len(hands.flush([], from_floor=True)) == 1


@pytest.mark.parametrize(("doubtful", "last"), [(False, False), (True, True)])
def test_a_change_in_doubt_ends_no_set_in_which_no_load_was_seen(
    doubtful: bool, last: bool
) -> None:
    hands = Hands(running=True)
    found = []
    for number, changed in enumerate((False, False, True)):
        reading = replace(bend(number, changed=changed), doubtful=doubtful and changed)
        hands.record(reading, from_floor=True)
        found += [hands.judge([rep(number)], BEND_S * number + 3.6, from_floor=True)]
    assert [bool(one) for one in found] == [True, True, last]


def test_a_change_in_doubt_is_believed_of_somebody_who_was_seen_to_lift() -> None:
    hands = Hands(running=True)
    for number, changed in enumerate((True, False, True)):
        reading = replace(bend(number, changed=changed), doubtful=number == 2)
        hands.record(reading, from_floor=True)
        hands.judge([rep(number)], BEND_S * number + 3.6, from_floor=True)
    assert hands.held is Held.EMPTY
