"""The mirror's own record of its accuracy claims no more than what people told it."""

import pytest

from kiosk.history.accuracy import Accuracy, format_accuracy


def test_counts_are_held_against_corrections() -> None:
    found = Accuracy.of([(8, None), (8, 9), (5, 3), (6, 6), (0, 2), (0, None)])
    assert (found.sets, found.corrected, found.counted_reps) == (5, 3, 27)
    assert (found.over, found.under) == (2, 3)
    assert found.mean_error == pytest.approx((-1 + 2 - 2) / 3)
    assert found.share_right == pytest.approx(2 / 5)


@pytest.mark.parametrize(
    ("right", "sets", "low", "high"),
    [
        # Newcombe (1998), Stat Med 17:857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_wilsons(right: int, sets: int, low: float, high: float) -> None:
    found = Accuracy.of([(8, None)] * right + [(8, 7)] * (sets - right))
    assert found.interval == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_without_sets_all_is_possible() -> None:
    found = Accuracy.of([])
    assert (found.share_right, found.mean_error, found.interval) == (None, None, (0.0, 1.0))
    assert format_accuracy(found) == "no sets yet"


def test_it_says_what_it_rests_on() -> None:
    told = format_accuracy(Accuracy.of([(8, None)] * 9 + [(8, 9)]))
    assert told.splitlines()[:4] == [
        "sets                10, with 80 counted reps",
        "corrected by hand   1",
        "mean error          -1.0 reps a corrected set; 0 too many and 1 too few in all",
        "exactly right       9 of 10, 90.0 % (95 % interval 59.6 % to 98.2 %), or fewer",
    ]
    assert "no proof" in told
    assert "mean error          unknown" in format_accuracy(Accuracy.of([(8, None)]))
