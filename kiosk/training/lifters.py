"""Defines the places of a mirror's lifters: each a colour and an animal, and no name."""

from collections.abc import Collection
from typing import Literal

from msgspec import Struct

from kiosk.training.facts import GUEST

Animal = Literal["fox", "bear", "owl", "rabbit", "elephant", "lion", "frog", "bull"]


class Lifter(Struct, frozen=True):
    """A place that somebody may take.

    Attributes:
        number: from 1 on.
        animal: its id in the words, and of its icon.
        colour: red, green and blue, 0 to 255.
    """

    number: int
    animal: Animal
    colour: tuple[int, int, int]


LIFTERS = (
    Lifter(1, "fox", (255, 104, 0)),
    Lifter(2, "frog", (153, 255, 96)),
    Lifter(3, "owl", (163, 137, 255)),
    Lifter(4, "rabbit", (254, 115, 155)),
    Lifter(5, "elephant", (124, 187, 232)),
    Lifter(6, "lion", (231, 255, 184)),
    Lifter(7, "bull", (32, 255, 238)),
    Lifter(8, "bear", (199, 140, 87)),
)
"""The eight places, by number. Their colours are the result of a search that pushed all of them
apart (CIELAB) with a contrast of 7:1 or more on black, as seen normally and without one of the
three kinds of cones (the matrices of Machado, Oliveira and Fernandes, 2009). The animal tells
places apart where the colour cannot."""
MOST_PLACES = len(LIFTERS)


def next_lifter(current: int, used: Collection[int], places: int) -> int:
    """Returns the place after the current one, in the order in which a button walks through them.

    It is: guest, the used places, the first unused one, and guest again.

    Args:
        current: a place, or `GUEST`.
        used: places that have something stored.
        places: how many there are on this mirror; with 0 there are only guests.
    """
    there = range(1, places + 1)
    unused = [place for place in there if place not in used]
    order = [GUEST, *(place for place in there if place in used), *unused[:1]]
    at = order.index(current) if current in order else -1
    return order[(at + 1) % len(order)]
