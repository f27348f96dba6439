"""What is on the screen, kept from frame to frame so that only what changed is drawn again.

Each view places its parts by name. A part whose box and key are those of the frame before stays as
it is; the others are wiped and painted. Boxes of one frame must not overlap. Then the pixels depend
on the frame alone, never on those before it.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import pygame
from pygame import Rect, Surface

from kiosk.ui.screen.toolkit.text import (
    BOLD,
    CAP_RATIO,
    SEMIBOLD,
    Cache,
    Fitted,
    Letters,
    Typesetter,
    palette,
)
from kiosk.ui.screen.toolkit.theme import BLACK, Colour, Level, Role, Theme
from kiosk.ui.words.words import Words

_TEXTS = 128  # a screen says some thirty things at once
_SCREENS_OF_TEXT = 4
"""As many letters are kept as would fill so many screens: 8 MB at 1080 by 1920. More would be those
of dates and times that never come back."""

Paint = Callable[[Surface], None]


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


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One thing on the screen.

    Attributes:
        box: what it covers, in the canvas's pixels.
        key: equal keys paint equal pixels into equal boxes.
        paint: draws it; gets a surface that is only the box.
    """

    box: Rect
    key: Hashable
    paint: Paint


class Canvas:
    """The picture, part by part.

    Args:
        surface: what is drawn on; black wherever no part is.
        theme: sizes for this surface.
        words: every text.

    Attributes:
        light: 1 shows every colour as it is, less dims the whole picture.
    """

    def __init__(self, surface: Surface, theme: Theme, words: Words) -> None:
        self.theme = theme
        self.words = words
        width, height = surface.get_size()
        self.type = Typesetter(_SCREENS_OF_TEXT * width * height)
        self.light = 1.0
        # what a picture says is mostly what the last one said
        self._set: Cache[tuple[Fitted, dict[str, Part]]] = Cache(_TEXTS)
        self._surface = surface
        self._lit = 1.0
        self._shown: dict[str, Part] = {}
        self._placed: dict[str, Part] = {}
        surface.fill(BLACK)

    @property
    def parts(self) -> dict[str, Part]:
        """What is on the screen, by name."""
        return dict(self._shown)

    def place(self, name: str, box: Rect, key: Hashable, paint: Paint) -> None:
        """Puts one part into the frame that is being made.

        Args:
            name: unique within the frame; the same thing keeps its name from frame to frame.
            box: what it covers; anything beyond the canvas is left out.
            key: equal keys must paint equal pixels into equal boxes.
            paint: draws it onto a surface that is only the box, black already.
        """
        inside = box.clip(self._surface.get_rect())
        if inside.width and inside.height:
            self._placed[name] = Part(inside, key, paint)

    def text(
        self,
        name: str,
        text: str,
        box: Rect,
        *,
        level: Level | int,
        colour: Colour = Role.TEXT.value,
        weight: str = BOLD,
        align: Align = Align.CENTRE,
        lines: int = 1,
    ) -> Fitted:
        """Places text, centred in the height of its box; shrinks it to fit, never cuts it.

        Args:
            name: the part's name.
            text: what to set.
            box: where it must stay, but for the tails of g, j and p below its last line.
            level: a step of the type scale, or a capital's height in pixels.
            colour: of the letters.
            weight: BOLD or SEMIBOLD.
            align: of each line within the box.
            lines: how many lines it may take.
        """
        key = (name, text, tuple(box), level, colour, weight, align, lines)
        fitted, parts = self._set.get(
            key, lambda: self._lay(name, text, box, level, colour, weight, align, lines)
        )
        self._placed.update(parts)
        return fitted

    def quiet(
        self,
        name: str,
        text: str,
        box: Rect,
        *,
        level: Level | int,
        align: Align = Align.CENTRE,
        lines: int = 1,
    ) -> Fitted:
        """Places a text that stays in the background; see `text`."""
        return self.text(
            name,
            text,
            box,
            level=level,
            colour=Role.QUIET.value,
            weight=SEMIBOLD,
            align=align,
            lines=lines,
        )

    def _lay(
        self,
        name: str,
        text: str,
        box: Rect,
        level: Level | int,
        colour: Colour,
        weight: str,
        align: Align,
        lines: int,
    ) -> tuple[Fitted, dict[str, Part]]:
        """The lines of a text as parts, by name."""
        cap_px = self.theme.cap_px(level) if isinstance(level, Level) else level
        fitted = self.type.fit(text, weight, cap_px, box.size, lines)
        baseline = box.top + (box.height - fitted.height_px) // 2 + fitted.cap_px
        parts = {}
        for number, line in enumerate(fitted.lines):
            letters = self.type.letters(line, weight, fitted.em_px)
            pen = box.left + round((box.width - letters.advance_px) * align.value)
            where = Rect(
                (pen + letters.left_px, baseline + letters.top_px), letters.mask.get_size()
            )
            paint = self._lettering(line, weight, fitted.em_px, colour)
            key = Line(line, weight, fitted.em_px, colour)
            inside = where.clip(self._surface.get_rect())
            if inside.size != (0, 0):
                parts[f"{name}.{number}"] = Part(inside, key, paint)
            baseline += fitted.pitch_px
        return fitted, parts

    def _lettering(self, line: str, weight: str, em_px: int, colour: Colour) -> Paint:
        def paint(surface: Surface) -> None:
            # asked for again, so that kept texts hold no masks beyond the typesetter's own budget
            mask = self.type.letters(line, weight, em_px).mask
            mask.set_palette(palette(colour))
            surface.blit(mask, (0, 0))

        return paint

    def lettering(self, text: str, weight: str, cap_px: int) -> Letters:
        """One line that a part draws itself, with `paint_letters`."""
        return self.type.letters(text, weight, round(cap_px / CAP_RATIO))

    def finish(self) -> list[Rect]:
        """Brings the surface to the frame that was placed.

        Returns:
            The boxes that changed, for the display to send on.
        """
        again = self._lit != self.light
        self._lit = self.light
        wiped: list[Rect] = []
        for name, old in self._shown.items():
            new = self._placed.get(name)
            if again or new is None or new.key != old.key or new.box != old.box:
                self._surface.fill(BLACK, old.box)
                wiped.append(old.box)
        painted: list[Rect] = []
        shade = (round(255 * self.light),) * 3
        for name, new in self._placed.items():
            shown = self._shown.get(name)
            if again or shown is None or new.key != shown.key or new.box != shown.box:
                part = self._surface.subsurface(new.box)
                new.paint(part)
                if self.light < 1:
                    part.fill(shade, special_flags=pygame.BLEND_MULT)
                painted.append(new.box)
        self._shown, self._placed = self._placed, {}
        return painted + [box for box in wiped if box not in painted]


def paint_letters(
    surface: Surface, letters: Letters, colour: Colour, centre: tuple[float, float]
) -> None:
    """Draws a line around its middle, within a part that draws more than text."""
    width, height = letters.mask.get_size()
    letters.mask.set_palette(palette(colour))
    letters.mask.set_colorkey(0)
    surface.blit(letters.mask, (round(centre[0] - width / 2), round(centre[1] - height / 2)))
    letters.mask.set_colorkey(None)


def offscreen(size: tuple[int, int]) -> Surface:
    """A surface of the depth that displays use, without a display."""
    return pygame.Surface(size, depth=32)
