"""The camera's picture, for a screen without mirror glass: mirrored, dimmed, never kept."""

import pygame
from pygame import Surface

from kiosk.vision.camera.frame import Frame

_SHADE = (110, 110, 110)  # of 255: figure and figures stand out from a bright room


def paint_photo(surface: Surface, frame: Frame, centre: float) -> None:
    """Fills a surface with the picture's height, as a mirror shows it.

    Args:
        surface: what lies beyond the picture stays black.
        frame: unmirrored.
        centre: what share of the mirrored picture's width stands in the middle.
    """
    height, width = frame.rgbx.shape[:2]
    # flipped, shaded and converted while it is small, then scaled once
    small = pygame.transform.flip(
        pygame.image.frombuffer(frame.rgbx.data, (width, height), "RGBX"), flip_x=True, flip_y=False
    ).convert(surface)
    small.fill(_SHADE, special_flags=pygame.BLEND_MULT)
    tall = surface.get_height()
    scaled = pygame.transform.scale(small, (round(width * tall / height), tall))
    surface.blit(scaled, (round(surface.get_width() / 2 - centre * scaled.get_width()), 0))
