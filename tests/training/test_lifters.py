"""The places of lifters: told apart by everybody, and walked through with one button."""

from itertools import combinations

import numpy as np
import pytest

from drawing import contrast
from kiosk.training.facts import GUEST
from kiosk.training.lifters import LIFTERS, next_lifter

SEEN_WITHOUT = {
    "no cone": np.eye(3),
    "long": [
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ],
    "medium": [
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ],
    "short": [
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ],
}
"""Linear RGB as seen without one kind of cones: Machado, Oliveira and Fernandes, 2009, table 1."""
XYZ = np.array(
    [
        (0.4124564, 0.3575761, 0.1804375),
        (0.2126729, 0.7151522, 0.0721750),
        (0.0193339, 0.1191920, 0.9503041),
    ]
)
LEAST_APART = {"no cone": 40, "long": 20, "medium": 20, "short": 20}
"""In CIELAB, where 2 is just noticed side by side; colours here are seen one after the other."""


def lab(colour: tuple[int, int, int], seen: object) -> np.ndarray:
    share = np.array(colour) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    xyz = XYZ @ np.clip(np.array(seen) @ linear, 0, 1) / XYZ.sum(axis=1)
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array((116 * y - 16, 500 * (x - y), 200 * (y - z)))


@pytest.mark.parametrize("lifter", LIFTERS, ids=lambda lifter: lifter.animal)
def test_every_colour_stands_out_from_black(lifter: object) -> None:
    assert contrast(lifter.colour) >= 7


@pytest.mark.parametrize("cone", SEEN_WITHOUT)
def test_no_two_colours_look_alike_also_to_the_colour_blind(cone: str) -> None:
    found = {one.animal: lab(one.colour, SEEN_WITHOUT[cone]) for one in LIFTERS}
    for one, other in combinations(found, 2):
        assert np.linalg.norm(found[one] - found[other]) > LEAST_APART[cone], (one, other)


def test_every_place_has_an_animal_of_its_own_and_its_number() -> None:
    assert [lifter.number for lifter in LIFTERS] == list(range(1, 9))
    assert len({lifter.animal for lifter in LIFTERS}) == len(LIFTERS)


@pytest.mark.parametrize(
    ("used", "places", "walk"),
    [
        ((), 8, [1, GUEST, 1]),
        ((2, 5), 8, [2, 5, 1, GUEST, 2]),
        ((1, 2, 3), 8, [1, 2, 3, 4, GUEST]),
        (range(1, 9), 8, [1, 2, 3, 4, 5, 6, 7, 8, GUEST]),
        ((1, 2, 7), 2, [1, 2, GUEST, 1]),
        ((1, 2), 0, [GUEST, GUEST]),
    ],
)
def test_the_button_walks_through_the_used_places_and_one_unused(
    used: tuple[int, ...], places: int, walk: list[int]
) -> None:
    place, found = GUEST, []
    for _ in walk:
        place = next_lifter(place, used, places)
        found.append(place)
    assert found == walk


def test_from_a_place_that_is_no_longer_there_it_goes_to_the_guest() -> None:
    assert next_lifter(7, {1, 2}, 4) == GUEST
