"""Draws sample scenes for the tests of the screen, and reads what is on it."""

from functools import cache
from itertools import combinations

import pygame

from kiosk.ui.screen.gallery.scenes import samples
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.screen import Screen
from kiosk.ui.screen.toolkit.canvas import Line, offscreen
from kiosk.ui.screen.toolkit.text import CAP_RATIO
from kiosk.ui.screen.toolkit.theme import BLACK, Colour
from kiosk.ui.words.words import Words

SIZES = [(1080, 1920), (1920, 1080), (800, 480), (480, 800), (1024, 768)]
SCENES = samples()
LEAST_FIGURE = 0.22  # of the screen's shorter side
LEAST_DEG = 0.155
"""Capital height of the smallest text: hints are read with a hand on the button."""


@cache
def scenes_of(language: str) -> dict[str, Scene]:
    """Every sample in one language: to build them takes longer than to draw one."""
    return samples(Words.load(language))


def drawn(scene: Scene, words: Words, size: tuple[int, int] = (480, 800)) -> Screen:
    screen = Screen(offscreen(size), words)
    screen.draw(scene)
    return screen


def pixels(screen: Screen) -> bytes:
    return pygame.image.tobytes(screen.canvas.surface, "RGB")


def message_of(screen: Screen) -> str:
    """The message under the count; a line's first key is its text."""
    parts = sorted(item for item in screen.canvas.parts.items() if item[0].startswith("message"))
    return " ".join(key.text for _, part in parts if isinstance(key := part.key, Line))


def line_of(screen: Screen, name: str) -> str:
    """What a line says; empty where it is not on the screen."""
    parts = screen.canvas.parts
    part = parts.get(f"{name}.0", parts.get(name))
    return part.key.text if part is not None and isinstance(part.key, Line) else ""


def assert_legible(screen: Screen) -> None:
    """Nothing is cut, too small, too pale or covered."""
    canvas = screen.canvas
    parts = canvas.parts
    assert parts
    for name, part in parts.items():
        assert canvas.surface.get_rect().contains(part.box)
        if isinstance(part.key, Line):
            # a box that reached over the edge has lost something
            letters = canvas.type.letters(*part.key[:3])
            assert part.box.size == letters.mask.get_size()
            # and one that was shrunk too far cannot be read from three metres
            assert part.key[2] * CAP_RATIO / canvas.theme.px_per_degree > LEAST_DEG
            assert contrast(part.key[3]) >= 7
        if name.startswith("figure"):
            assert part.box.height > LEAST_FIGURE * min(canvas.theme.size)
    for (one, a), (other, b) in combinations(parts.items(), 2):
        assert not a.box.colliderect(b.box), f"{one} {a.box} covers {other} {b.box}"


def contrast(colour: Colour, background: Colour = BLACK) -> float:
    """Contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    light, dark = sorted((_luminance(colour), _luminance(background)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
