"""Fits text to boxes and renders its lines as masks that take any colour."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Generic, TypeVar

import pygame

from kiosk.errors import DisplayError
from kiosk.ui.screen.toolkit.theme import Colour, mix

# Source Sans Pro: drawn for screens, SIL Open Font Licence, figures all of one width
_FAMILY = "font_source_sans_pro"
_FILE = "files/SourceSansPro-{weight}.ttf"
CAP_RATIO = 0.65  # capital height in em, measured on the files; figures are as tall
_PITCH_CAPS = 1.75  # from baseline to baseline
_TAIL_CAPS = 0.35  # below the last baseline: g, j, p
_MEASURE_PX = 200
_SHRINK = 0.96
_MIN_EM_PX = 6.0

BOLD = "Bold"
SEMIBOLD = "Semibold"

_Value = TypeVar("_Value")


class Cache(Generic[_Value]):
    """Keeps the values that were used last, up to a total cost.

    Args:
        budget: the largest total cost.
        cost: what one value costs; 1 where it is not given.

    Attributes:
        total: cost of what is kept, at most `budget`, or of a single value that costs more.
    """

    def __init__(self, budget: int, cost: Callable[[_Value], int] = lambda _: 1) -> None:
        self.budget = budget
        self._cost = cost
        self._kept: OrderedDict[Hashable, _Value] = OrderedDict()
        self.total = 0

    def get(self, key: Hashable, make: Callable[[], _Value]) -> _Value:
        """The value of the key, made now if it is not kept."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        value = make()
        self._kept[key] = value
        self.total += self._cost(value)
        while self.total > self.budget and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self.total -= self._cost(dropped)
        return value


@dataclass(frozen=True, slots=True, eq=False)
class Letters:
    """One line of text as a mask, cut down to its ink.

    Attributes:
        mask: 8-bit surface; each pixel's index is how much of it the letters cover.
        left_px: ink's left edge from the pen, rightward.
        top_px: ink's top edge from the baseline, downward; mostly negative.
        advance_px: from this pen position to the next.
    """

    mask: pygame.Surface
    left_px: int
    top_px: int
    advance_px: int


@dataclass(frozen=True, slots=True)
class Fitted:
    """Text broken into lines at the largest size that its box holds.

    Attributes:
        lines: top to bottom.
        em_px: font size.
    """

    lines: tuple[str, ...]
    em_px: int

    @property
    def cap_px(self) -> int:
        """Height of a capital letter."""
        return round(self.em_px * CAP_RATIO)

    @property
    def pitch_px(self) -> int:
        """From one baseline to the next."""
        return round(self.cap_px * _PITCH_CAPS)

    @property
    def height_px(self) -> int:
        """From the top of the first capital to the last baseline."""
        return self.cap_px + (len(self.lines) - 1) * self.pitch_px


class Typesetter:
    """Fits, breaks and renders text. Every cache in it is bounded.

    Args:
        keep_px: pixels of rendered lines that are kept at most, of one byte each.
    """

    def __init__(self, keep_px: int = 8_000_000) -> None:
        pygame.font.init()
        self._fonts: Cache[pygame.font.Font] = Cache(32)
        self._fits: Cache[Fitted] = Cache(512)
        self._letters: Cache[Letters] = Cache(
            keep_px, lambda letters: letters.mask.get_width() * letters.mask.get_height()
        )

    def fit(
        self, text: str, weight: str, cap_px: int, size: tuple[int, int], max_lines: int
    ) -> Fitted:
        """Breaks the text and shrinks it until it fits; it is never cut.

        Args:
            text: words separated by spaces.
            weight: BOLD or SEMIBOLD.
            cap_px: height of a capital if there is room.
            size: width and height of the box in pixels. One line's tail may hang below the box.
            max_lines: how many lines it may take.
        """
        key = (text, weight, cap_px, size, max_lines)
        return self._fits.get(key, lambda: self._fit(text, weight, cap_px, size, max_lines))

    def letters(self, text: str, weight: str, em_px: int) -> Letters:
        """One line, rendered."""
        return self._letters.get((text, weight, em_px), lambda: self._render(text, weight, em_px))

    def _font(self, weight: str, em_px: int) -> pygame.font.Font:
        return self._fonts.get((weight, em_px), lambda: _open(weight, em_px))

    def _fit(
        self, text: str, weight: str, cap_px: int, size: tuple[int, int], max_lines: int
    ) -> Fitted:
        width, height = size
        words = text.split() or [""]
        em = cap_px / CAP_RATIO
        while em > _MIN_EM_PX:
            lines = self._break(words, weight, width / em)
            fitted = Fitted(lines, int(em))
            tail = round(fitted.cap_px * _TAIL_CAPS) if len(lines) > 1 else 0
            if (
                len(lines) <= max_lines
                and fitted.height_px + tail <= height
                and all(self._font(weight, int(em)).size(line)[0] <= width for line in lines)
            ):
                return fitted
            em *= _SHRINK
        return Fitted((" ".join(words),), int(em))

    def _break(self, words: list[str], weight: str, width_em: float) -> tuple[str, ...]:
        """Fewest lines first, then as even as they come."""
        lines = self._greedy(words, weight, width_em)
        if len(lines) == 1:
            return lines
        low, high = 0.0, width_em
        for _ in range(8):
            middle = (low + high) / 2
            tried = self._greedy(words, weight, middle)
            fits = all(self._width_em(line, weight) <= middle for line in tried)
            if fits and len(tried) == len(lines):
                lines, high = tried, middle
            else:
                low = middle
        return lines

    def _greedy(self, words: list[str], weight: str, width_em: float) -> tuple[str, ...]:
        lines = [words[0]]
        for word in words[1:]:
            longer = f"{lines[-1]} {word}"
            if self._width_em(longer, weight) <= width_em:
                lines[-1] = longer
            else:
                lines.append(word)
        return tuple(lines)

    def _width_em(self, text: str, weight: str) -> float:
        return self._font(weight, _MEASURE_PX).size(text)[0] / _MEASURE_PX

    def _render(self, text: str, weight: str, em_px: int) -> Letters:
        font = self._font(weight, em_px)
        # letters on an opaque ground come as an 8-bit mask, which any palette colours for nothing
        whole = font.render(text, True, (255, 255, 255), (0, 0, 0))
        whole.set_colorkey(0)
        ink = whole.get_bounding_rect()
        mask = whole.subsurface(ink).copy()
        mask.set_colorkey(None)
        return Letters(mask, ink.x, ink.y - font.get_ascent(), whole.get_width())


@lru_cache(maxsize=64)
def palette(colour: Colour) -> tuple[Colour, ...]:
    """The 256 steps from black to the colour."""
    return tuple(mix((0, 0, 0), colour, step / 255) for step in range(256))


@cache
def _font_file(family: str, weight: str) -> bytes:
    return (files(family) / _FILE.format(weight=weight)).read_bytes()


def _open(weight: str, em_px: int) -> pygame.font.Font:
    try:
        # from memory: each size of an opened file would hold a handle of its own
        return pygame.font.Font(BytesIO(_font_file(_FAMILY, weight)), em_px)
    except (ModuleNotFoundError, OSError, pygame.error) as error:
        raise DisplayError(
            f"font Source Sans Pro {weight} cannot be opened ({error}); "
            "install it with: pip install font-source-sans-pro"
        ) from error
