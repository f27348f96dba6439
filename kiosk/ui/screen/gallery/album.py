"""Draws and saves every screen in every state, to look at and to compare a change with."""

from collections.abc import Mapping
from pathlib import Path

import pygame
from pygame import Surface

from kiosk.errors import DisplayError
from kiosk.settings import Edge
from kiosk.ui.screen.gallery.scenes import kept_samples, samples
from kiosk.ui.screen.screen import Screen
from kiosk.ui.screen.toolkit.canvas import offscreen
from kiosk.ui.words.words import Words

SIZES: Mapping[str, tuple[int, int]] = {"portrait": (1080, 1920), "landscape": (1920, 1080)}
"""Width and height in pixels of the pictures, by the folder that takes them."""
SMALL = 8
"""A small picture has this part of the width and of the height."""
_DROPPED_BITS = 4  # of each channel of a small picture: a third of the bytes, and hardly to be seen


def picture(name: str, size: tuple[int, int], words: Words, edge: Edge = "bottom") -> Surface:
    """The sample of this name, drawn with the buttons' legend at this edge."""
    surface = offscreen(size)
    Screen(surface, words, edge).draw(samples(words)[name])
    return surface


def shrunk(surface: Surface) -> Surface:
    """The small version of a picture, with few colours."""
    width, height = surface.get_size()
    small = pygame.transform.smoothscale(surface, (width // SMALL, height // SMALL))
    pixels = pygame.surfarray.array3d(small) >> _DROPPED_BITS << _DROPPED_BITS
    coarse = pygame.Surface(small.get_size(), depth=24)
    pygame.surfarray.blit_array(coarse, pixels)
    return coarse


def save_all(folder: Path, words: Words, edge: Edge = "bottom", *, small: bool = False) -> int:
    """Writes every sample in portrait and in landscape, as FOLDER/portrait/NAME.png.

    Small ones are those that the tests keep, without the screens of each exercise.

    Returns:
        How many pictures there are.

    Raises:
        DisplayError: a picture cannot be written.
    """
    names = list(kept_samples(words) if small else samples(words))
    for orientation, size in SIZES.items():
        for name in names:
            drawn = picture(name, size, words, edge)
            path = folder / orientation / f"{name}.png"
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                pygame.image.save(shrunk(drawn) if small else drawn, str(path))
            except (OSError, pygame.error) as error:
                raise DisplayError(
                    f"{path}: the picture cannot be written ({error}); choose another folder"
                ) from error
    return len(names) * len(SIZES)
