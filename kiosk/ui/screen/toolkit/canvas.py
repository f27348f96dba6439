"""Keeps the picture as named parts, and draws only those again that changed.

Each view places its parts by name. A part whose box and key are those of the frame before stays as
it is; the others are wiped and drawn. Boxes of one frame must not overlap. Then the pixels depend
on the frame alone, never on those before it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeVarTuple

import pygame
from pygame import Rect, Surface

from kiosk.errors import DisplayError
from kiosk.ui.screen.toolkit.text import (
    BOLD,
    CAP_RATIO,
    SEMIBOLD,
    Fitted,
    Letters,
    Typesetter,
    palette,
)
from kiosk.ui.screen.toolkit.theme import BLACK, Colour, Level, Role, Theme
from kiosk.ui.words.words import Words

_TEXTS = 128  # a screen has some thirty texts at once
_SCREENS_OF_TEXT = 4
"""As many letters are kept as would fill so many screens: 8 MB at 1080 by 1920. More would be those
of dates and times that never come back."""

_Values = TypeVarTuple("_Values")


class Align(Enum):
    """Where a line stands in its box."""

    LEFT = 0.0
    CENTRE = 0.5
    RIGHT = 1.0


class Line(NamedTuple):
    """The key of a line of text: what is written, and how."""

    text: str
    weight: str
    em_px: int
    colour: Colour


@dataclass(frozen=True, slots=True)
class Part:
    """One thing on the screen; equal keys give equal pixels in equal boxes.

    Attributes:
        box: what it covers, in the canvas's pixels.
        draw: draws it from the key; gets a surface that is only the box.
    """

    box: Rect
    draw: Callable[..., None] = field(compare=False)
    key: tuple[object, ...]


class Canvas:
    """The picture, part by part; black wherever no part is.

    Attributes:
        surface, theme, words: as given.
        light: 1 shows every colour as it is, less dims the whole picture.
    """

    def __init__(self, surface: Surface, theme: Theme, words: Words) -> None:
        self.theme = theme
        self.words = words
        width, height = surface.get_size()
        self.type = Typesetter(_SCREENS_OF_TEXT * width * height)
        self.light = 1.0
        # most texts of a picture are those of the last one
        self._lay_out = lru_cache(maxsize=_TEXTS)(self._lay)
        self.surface = surface
        self._lit = 1.0
        self._shown: dict[str, Part] = {}
        self._placed: dict[str, Part] = {}
        surface.fill(BLACK)

    @property
    def parts(self) -> dict[str, Part]:
        """What is on the screen, by name."""
        return dict(self._shown)

    def place(
        self, name: str, box: Rect, draw: Callable[[Surface, *_Values], None], *values: *_Values
    ) -> None:
        """Puts one part into the frame that is being made.

        The name is unique within the frame; the same thing keeps it from frame to frame. What of
        the box lies beyond the canvas is left out. `draw` gets a surface that is only the box,
        black already, and the values; while they stay equal, the part is not drawn again.
        """
        inside = box.clip(self.surface.get_rect())
        if inside.width and inside.height:
            self._placed[name] = Part(inside, draw, values)

    def text(
        self,
        name: str,
        text: str,
        box: Rect,
        level: Level | int,
        colour: Colour = Role.TEXT,
        *,
        weight: str = BOLD,
        align: Align = Align.CENTRE,
        lines: int = 1,
    ) -> Fitted:
        """Places text, centred in the height of its box; shrinks it to fit, never cuts it.

        Only the tails of g, j and p below its last line may leave the box. The level is a step of
        the type scale, or a capital's height in pixels; `lines` is how many it may take at most.
        """
        fitted, parts = self._lay_out(name, text, tuple(box), level, colour, weight, align, lines)
        self._placed.update(parts)
        return fitted

    def label(
        self,
        name: str,
        text: str,
        box: Rect,
        level: Level | int,
        colour: Colour = Role.QUIET,
        *,
        align: Align = Align.CENTRE,
        lines: int = 1,
    ) -> Fitted:
        """Places text in thinner letters, in the background unless it has a colour; see `text`."""
        return self.text(name, text, box, level, colour, weight=SEMIBOLD, align=align, lines=lines)

    def _lay(
        self,
        name: str,
        text: str,
        area: tuple[int, ...],
        level: Level | int,
        colour: Colour,
        weight: str,
        align: Align,
        lines: int,
    ) -> tuple[Fitted, dict[str, Part]]:
        """The lines of a text as parts, by name."""
        box = Rect(area)
        cap_px = self.theme.cap_px(level) if isinstance(level, Level) else level
        fitted = self.type.fit(text, weight, cap_px, box.size, lines)
        baseline = box.top + (box.height - fitted.height_px) // 2 + fitted.cap_px
        parts = {}
        for number, line in enumerate(fitted.lines):
            letters = self.type.letters(line, weight, fitted.em_px)
            pen = box.left + round((box.width - letters.advance_px) * align.value)
            corner = (pen + letters.left_px, baseline + letters.top_px)
            inside = Rect(corner, letters.mask.get_size()).clip(self.surface.get_rect())
            if inside.size != (0, 0):
                key = Line(line, weight, fitted.em_px, colour)
                parts[f"{name}.{number}"] = Part(inside, self._draw_line, key)
            baseline += fitted.pitch_px
        return fitted, parts

    def _draw_line(
        self, surface: Surface, line: str, weight: str, em_px: int, colour: Colour
    ) -> None:
        # asked for again, so that kept texts hold no masks beyond the typesetter's own budget
        mask = self.type.letters(line, weight, em_px).mask
        mask.set_palette(palette(colour))
        surface.blit(mask, (0, 0))

    def lettering(self, text: str, weight: str, cap_px: int) -> Letters:
        """Renders one line that a part draws itself, with `draw_letters`."""
        return self.type.letters(text, weight, round(cap_px / CAP_RATIO))

    def finish(self) -> list[Rect]:
        """Brings the surface to the frame that was placed; returns the boxes that changed."""
        same = self._shown.items() if self._lit == self.light else ()
        kept = {name for name, old in same if self._placed.get(name) == old}
        self._lit = self.light
        wiped = [old.box for name, old in self._shown.items() if name not in kept]
        for box in wiped:
            self.surface.fill(BLACK, box)
        drawn: list[Rect] = []
        shade = (round(255 * self.light),) * 3
        for name, new in self._placed.items():
            if name not in kept:
                part = self.surface.subsurface(new.box)
                new.draw(part, *new.key)
                if self.light < 1:
                    part.fill(shade, special_flags=pygame.BLEND_MULT)
                drawn.append(new.box)
        self._shown, self._placed = self._placed, {}
        return drawn + [box for box in wiped if box not in drawn]


def draw_letters(
    surface: Surface, letters: Letters, colour: Colour, centre: tuple[float, float]
) -> None:
    """Draws a line of text around a point, within a part that draws more than text."""
    width, height = letters.mask.get_size()
    letters.mask.set_palette(palette(colour))
    letters.mask.set_colorkey(0)
    surface.blit(letters.mask, (round(centre[0] - width / 2), round(centre[1] - height / 2)))
    letters.mask.set_colorkey(None)


def offscreen(size: tuple[int, int]) -> Surface:
    """A surface of the depth that displays use, without a display."""
    return pygame.Surface(size, depth=32)


def save_png(surface: Surface, path: Path) -> None:
    """Writes a picture, and the folder it is in.

    Raises:
        DisplayError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        pygame.image.save(surface, str(path))
    except (OSError, pygame.error) as error:
        raise DisplayError(
            f"{path}: the picture cannot be written ({error}); choose another folder"
        ) from error
