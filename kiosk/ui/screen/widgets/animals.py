"""Draws the head of each animal that stands for a lifter's place, seen from the front."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pygame import Surface

from kiosk.training.lifters import Animal
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.draw import Point
from kiosk.ui.screen.toolkit.theme import BLACK, Colour


@dataclass(frozen=True, slots=True)
class _Part:
    """One shape of the left half, which is drawn again on the right as in a looking glass.

    Attributes:
        kind: "head" joins the points with their reflection to one outline; "side" fills one on
            each side; "dot" and "line" are as in the toolkit.
        lit: drawn in the place's colour, else in black.
        width: of a line, or radius of a dot, in parts of the picture's size.
        points: in parts of the picture's size.
    """

    kind: str
    lit: bool
    width: float
    points: tuple[Point, ...]


def draw_animal(surface: Surface, animal: Animal, ink: Colour) -> None:
    """Draws the animal's head across a square surface, black within its outline included."""
    size = surface.get_height()
    for part in _parts(animal):
        colour = ink if part.lit else BLACK
        left = [(x * (size - 1), y * (size - 1)) for x, y in part.points]
        right = [(size - 1 - x, y) for x, y in left]
        width = part.width * size
        if part.kind == "head":
            draw.polygon(surface, colour, draw.smooth([*left, *reversed(right)]))
            continue
        for points in (left, right):
            if part.kind == "side":
                draw.polygon(surface, colour, draw.smooth(points))
            elif part.kind == "line":
                draw.path(surface, colour, points, width)
            else:
                draw.dot(surface, colour, points[0], width)


@cache
def _parts(animal: Animal) -> tuple[_Part, ...]:
    """Parts from text: a line each, "+" lit or "-" black, kind, width, and points "x,y".

    All figures are in percent of the picture's size.
    """
    found = []
    for line in filter(None, map(str.strip, _HEADS[animal].splitlines())):
        sign, kind, *rest = line.split()
        width = float(rest.pop(0)) / 100 if "," not in rest[0] else 0.0
        points = [point.split(",") for point in rest]
        found.append(
            _Part(
                kind, sign == "+", width, tuple((float(x) / 100, float(y) / 100) for x, y in points)
            )
        )
    return tuple(found)


_HEADS: Mapping[Animal, str] = {
    "fox": """
        + side 8,4 12,34 22,48 46,30 30,14
        - side 15,17 17,32 22,38 33,27
        + head 50,24 34,26 16,38 4,62 22,72 38,92 50,96
        - side 9,64 24,56 36,62 46,84 40,86 24,70
        - dot 4.5 34,52
        - dot 7 50,90
    """,
    "bear": """
        + dot 15 19,24
        - dot 7.5 20,25
        + head 50,10 30,12 12,30 8,56 16,80 36,94 50,94
        - dot 4.5 33,46
        - head 50,56 36,58 30,72 36,86 50,88
        + head 50,58 38,60 33,72 38,83 50,85
        - head 50,61 41,62 42,68 50,72
        - line 3 50,70 50,77 45,80 41,78
    """,
    "owl": """
        + head 50,22 40,20 12,4 10,30 8,60 20,86 50,96
        - dot 18 31,43
        + dot 15 31,43
        - dot 9 33,43
        + dot 2.5 30,40
        + head 50,44 44,50 46,62 50,70
        - line 2.5 47,50 44,56 50,71
        - line 3 17,70 23,75 29,70
        - line 3 31,80 37,85 43,80
    """,
    "rabbit": """
        + side 34,0 24,2 22,22 30,48 46,46 46,24 42,4
        - side 34,8 29,10 28,24 34,42 40,40 40,22
        + head 50,40 32,42 18,56 16,76 30,94 50,97
        - dot 4.5 34,64
        - head 50,72 44,73 45,77 50,80
        - line 2.5 50,78 50,83 44,86 40,84
        - line 2 46,86 46,92 50,92
        - line 2 50,84 50,92
    """,
    "elephant": """
        + side 30,20 12,14 1,30 4,54 14,70 30,64
        - side 26,30 15,26 9,36 11,50 17,58 26,54
        + head 50,8 34,12 26,28 26,50 36,62 40,70 41,94 50,98
        - dot 4 36,40
        - line 2.2 42,68 50,70
        - line 2.2 42,77 50,79
        - line 2.2 42,86 50,88
        - line 3 38,62 40,76
        + side 32,62 38,66 37,80 30,86 32,76
    """,
    "lion": """
        + head 50,2 40,9 28,4 24,14 11,14 12,27 2,34 8,46 2,58 11,66 10,80 23,82 28,94 40,90 50,98
        - head 50,18 34,20 22,34 20,54 28,74 40,84 50,85
        + head 50,22 36,24 26,36 24,54 31,71 42,80 50,81
        - dot 4 38,45
        - head 50,55 41,55 44,62 50,66
        - line 3 50,64 50,71 45,74 41,72
    """,
    "frog": """
        + dot 17 27,25
        - dot 12 27,24
        + dot 10 27,24
        - dot 5.5 29,24
        + head 50,32 26,36 6,46 2,66 14,84 34,92 50,92
        - line 4 8,60 22,70 50,74
        - dot 2.2 44,52
    """,
    "bull": """
        + side 2,4 0,22 10,36 30,38 34,26 18,24 9,14
        + side 24,38 6,42 4,52 18,56 30,50
        + head 50,20 36,22 26,34 28,54 32,70 28,84 36,96 50,98
        - dot 4.5 37,50
        - head 50,70 36,72 31,82 37,93 50,95
        + head 50,73 38,74 34,82 39,90 50,92
        - dot 3 42,79
        - line 2.5 44,83 44,89 47,91 50,91
    """,
}
