"""Fits text to boxes and renders its lines as masks that take any colour."""

from collections import OrderedDict
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO

import pygame

from kiosk.errors import DisplayError
from kiosk.ui.screen.toolkit.theme import Colour, mix

# Source Sans Pro: drawn for screens, SIL Open Font Licence, figures all of one width
_FAMILY = "font_source_sans_pro"
_FILE = "files/SourceSansPro-{weight}.ttf"
DIGIT_EM = 0.53  # width of a figure
CAP_RATIO = 0.65  # capital height in em, measured on the files; figures are as tall
_PITCH_CAPS = 1.75  # from baseline to baseline
_TAIL_CAPS = 0.35  # below the last baseline: g, j, p
_MEASURE_PX = 200
_SHRINK = 0.96
_MIN_EM_PX = 6.0

BOLD = "Bold"
SEMIBOLD = "Semibold"


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

    @property
    def size_px(self) -> int:
        """Number of pixels of the mask."""
        return self.mask.get_width() * self.mask.get_height()


@dataclass(frozen=True, slots=True)
class Fitted:
    """Text broken into lines, top to bottom, at the largest size that its box holds."""

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

    At most `keep_px` pixels of rendered lines are kept, of one byte each; more only for a single
    line.
    """

    def __init__(self, keep_px: int = 8_000_000) -> None:
        pygame.font.init()
        self._font = lru_cache(maxsize=32)(_open)
        self._fits = lru_cache(maxsize=512)(self._fit)
        self._kept: OrderedDict[tuple[str, str, int], Letters] = OrderedDict()
        self._keep_px = keep_px
        self.kept_px = 0

    def fit(
        self, text: str, weight: str, cap_px: int, size: tuple[int, int], max_lines: int
    ) -> Fitted:
        """Breaks the text and shrinks it until it fits; it is never cut.

        The height of a capital is `cap_px` if the box holds that, whose width and height are `size`
        in pixels. One line's tail may hang below the box.
        """
        return self._fits(text, weight, cap_px, size, max_lines)

    def letters(self, text: str, weight: str, em_px: int) -> Letters:
        """One line, rendered; those used last are kept."""
        key = (text, weight, em_px)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        self._kept[key] = letters = self._render(text, weight, em_px)
        self.kept_px += letters.size_px
        while self.kept_px > self._keep_px and len(self._kept) > 1:
            self.kept_px -= self._kept.popitem(last=False)[1].size_px
        return letters

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
