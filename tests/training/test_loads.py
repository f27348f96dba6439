"""How loads are stepped and written in kilograms and pounds."""

import pytest

from kiosk.exercises.exercise import WeightRule
from kiosk.training.loads import KG_OF, MOST_KG, Unit, format_load, stepped

BAR, BELL = WeightRule(first_kg=20), WeightRule(first_kg=8, step_kg=4)
UNITS = pytest.mark.parametrize("unit", ["kg", "lb"])


@pytest.mark.parametrize(
    ("load_kg", "by", "unit", "after"),
    [
        (60.0, 1, "kg", "62.5 kg"),
        (60.0, -1, "kg", "57.5 kg"),
        (60.0, 4, "kg", "70 kg"),
        (135 * KG_OF["lb"], 1, "lb", "140 lb"),
        (135 * KG_OF["lb"], -3, "lb", "120 lb"),
        (None, 1, "kg", "20 kg"),
        (None, 1, "lb", "45 lb"),
        (None, 5, "kg", "20 kg"),
        # entered in the other unit: the next multiple, and not 63.7 kg
        (135 * KG_OF["lb"], 1, "kg", "62.5 kg"),
        (135 * KG_OF["lb"], -1, "kg", "60 kg"),
        (60.0, 1, "lb", "135 lb"),
        (60.0, -1, "lb", "130 lb"),
    ],
)
def test_a_press_goes_to_the_next_multiple_of_the_units_step(
    load_kg: float | None, by: int, unit: Unit, after: str
) -> None:
    found = stepped(load_kg, by, unit, BAR)
    assert found is not None
    assert format_load(found, unit) == after


def test_kettlebells_come_in_fours_in_kilograms() -> None:
    found, load = [], None
    for _ in range(4):
        load = stepped(load, 1, "kg", BELL)
        found.append(load)
    assert found == [8, 12, 16, 20]
    assert format_load(stepped(None, 1, "lb", BELL) or 0, "lb") == "20 lb"


@UNITS
def test_minus_from_the_smallest_load_is_unknown_and_stays_so(unit: Unit) -> None:
    smallest = {"kg": 2.5, "lb": 5 * KG_OF["lb"]}[unit]
    assert stepped(2 * smallest, -1, unit, BAR) == pytest.approx(smallest)
    assert stepped(smallest, -1, unit, BAR) is None
    assert stepped(smallest / 2, -1, unit, BAR) is None
    assert stepped(None, -1, unit, BAR) is None


@UNITS
def test_the_first_load_is_never_nothing(unit: Unit) -> None:
    assert stepped(None, 1, unit, WeightRule(first_kg=0.1)) == stepped(0.1, 1, unit, BAR)


@UNITS
def test_a_thousand_presses_up_and_down_leave_whole_multiples(unit: Unit) -> None:
    step = {"kg": 2.5, "lb": 5.0}[unit]
    load, seen = stepped(None, 1, unit, BAR), []
    assert load is not None
    first = load
    for _ in range(1000):
        after = stepped(load, 1, unit, BAR)
        assert after is not None
        if after == load:
            break
        assert after / KG_OF[unit] == pytest.approx(load / KG_OF[unit] + step, abs=1e-9)
        load = after
        seen.append(format_load(load, unit))
    assert load <= MOST_KG
    assert seen[-1] == {"kg": "500 kg", "lb": "1100 lb"}[unit]
    while seen:
        assert seen.pop() == format_load(load, unit)
        after = stepped(load, -1, unit, BAR)
        assert after is not None
        load = after
    assert load == first


@UNITS
def test_more_than_the_heaviest_load_comes_back_to_it(unit: Unit) -> None:
    heaviest = stepped(MOST_KG, 1, unit, BAR)
    assert heaviest is not None
    assert heaviest <= MOST_KG
    assert stepped(900.0, 3, unit, BAR) == heaviest


@pytest.mark.parametrize(
    ("load_kg", "unit", "mark", "text"),
    [
        (60.0, "kg", ".", "60 kg"),
        (62.5, "kg", ",", "62,5 kg"),
        (100.0, "kg", ".", "100 kg"),
        (61.2349, "lb", ".", "135 lb"),
        (62.5, "lb", ".", "137.8 lb"),
    ],
)
def test_a_load_is_written_without_figures_that_say_nothing(
    load_kg: float, unit: Unit, mark: str, text: str
) -> None:
    assert format_load(load_kg, unit, mark) == text


def test_a_pound_is_exactly_what_was_agreed() -> None:
    assert KG_OF["lb"] == 0.45359237
