"""Defines the design system: sizes, colours, spacing and durations of everything on the screens."""

from dataclasses import dataclass
from enum import Enum

Colour = tuple[int, int, int]

# the long side of a 32-inch panel, the smallest that serves as a mirror, seen from three metres
LONG_SIDE_DEG = 13.5

BLACK: Colour = (0, 0, 0)  # no light: the glass stays a mirror


class Role:
    """The colours by meaning. All but TRACK have a contrast of 7:1 or more on black (WCAG 2 AAA).

    GOOD and WARN also differ in lightness, and never stand without a shape or a word.
    """

    TEXT: Colour = (238, 242, 246)
    COUNT: Colour = (255, 255, 255)
    GOOD: Colour = (94, 242, 170)
    WARN: Colour = (255, 190, 60)
    QUIET: Colour = (160, 170, 182)
    TRACK: Colour = (58, 66, 76)  # empty grooves and outlines, never text


class Level(Enum):
    """Type scale: height of a capital letter in degrees of visual angle.

    Letters are read with ease from about 0.25 degrees on (20/20 sight needs 0.083). Captions and
    hints stay under that: they are read with a hand on the button, or once.
    """

    HINT = 0.17
    CAPTION = 0.22
    BODY = 0.30
    TITLE = 0.50
    DISPLAY = 0.85


class Space:
    """Distances between things, in steps of the spacing grid."""

    HAIR = 0.5  # lines of frames
    TIGHT = 1.0  # within a pair: a sign and its word
    SMALL = 2.0  # between lines that belong together
    GAP = 3.0  # between neighbours
    GROUP = 4.0  # between groups, and around the whole picture
    LARGE = 6.0  # between the halves of a screen


class Pace:
    """How long motion takes, in seconds: calm, and never in the way of the next press."""

    ANSWER_S = 0.35  # a button glows on after it was let go
    FLASH_S = 0.9  # a new count turns from green to white, a fault's frame goes out
    GLIDE_S = 0.06  # hides the steps between two poses without trailing behind the body
    SETTLE_S = 0.12  # figures that waver are followed more slowly
    ANCHOR_S = 1.5  # what should hardly move at all


@dataclass(frozen=True, slots=True)
class Theme:
    """The design system at one screen size: width and height in pixels, as the viewer sees it."""

    size: tuple[int, int]

    @property
    def px_per_degree(self) -> float:
        """Pixels in one degree of visual angle."""
        return max(self.size) / LONG_SIDE_DEG

    @property
    def unit(self) -> int:
        """The spacing grid in pixels, 0.1 degrees."""
        return max(2, round(0.1 * self.px_per_degree))

    @property
    def portrait(self) -> bool:
        """Whether the screen is taller than wide."""
        return self.size[1] > self.size[0]

    def cap_px(self, level: Level) -> int:
        """Height of a capital letter in pixels."""
        return round(level.value * self.px_per_degree)

    def grid(self, units: float) -> int:
        """So many steps of the spacing grid, or one of `Space`, in pixels."""
        return round(units * self.unit)


def mix(start: Colour, end: Colour, share: float) -> Colour:
    """The colour between two; share 0 gives the first, 1 the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
    return red, green, blue
