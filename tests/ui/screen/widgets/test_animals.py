"""The animals of the places: told apart by their shape alone, also where they are small."""

from itertools import combinations
from typing import get_args

import numpy as np
import pytest
from pygame import Surface, surfarray

from kiosk.training.lifters import LIFTERS, Animal
from kiosk.ui.screen.widgets.animals import draw_animal

SIZES = pytest.mark.parametrize("size", [32, 64, 300])
ANIMALS = pytest.mark.parametrize("animal", get_args(Animal))
INK = (200, 100, 250)


def head(animal: Animal, size: int) -> np.ndarray:
    """Which pixels are lit for the most part."""
    surface = Surface((size, size))
    draw_animal(surface, animal, INK)
    return surfarray.array3d(surface)[..., 0] > INK[0] // 2


def test_every_place_has_a_head_and_every_head_a_place() -> None:
    assert {lifter.animal for lifter in LIFTERS} == set(get_args(Animal))


@SIZES
def test_no_two_heads_look_alike(size: int) -> None:
    heads = {animal: head(animal, size) for animal in get_args(Animal)}
    for one, other in combinations(heads, 2):
        either = heads[one] | heads[other]
        assert np.sum(heads[one] ^ heads[other]) > 0.25 * np.sum(either), (one, other)


@SIZES
@ANIMALS
def test_a_head_fills_its_square_and_is_the_same_on_both_sides(animal: Animal, size: int) -> None:
    lit = head(animal, size)
    columns, rows = np.flatnonzero(lit.any(axis=1)), np.flatnonzero(lit.any(axis=0))
    assert np.ptp(rows) > 0.75 * size
    assert abs(columns[0] + columns[-1] - (size - 1)) <= 2
    assert np.mean(lit ^ lit[::-1]) < 5 / size  # a few pixels along its outlines
    assert np.mean(lit) > 0.25


@ANIMALS
def test_a_head_is_drawn_in_the_colour_of_its_place_alone(animal: Animal) -> None:
    surface = Surface((64, 64))
    draw_animal(surface, animal, INK)
    red, green, blue = np.moveaxis(surfarray.array3d(surface).astype(int), -1, 0)
    # the smooth edges are mixed with black, which keeps the hue
    assert np.abs(red * INK[1] - green * INK[0]).max() <= 4 * max(INK)
    assert np.abs(blue * INK[1] - green * INK[2]).max() <= 4 * max(INK)
