"""Cuts a square out of a frame and resizes it to the model's input.

Bilinear, which is what MoveNet's authors feed it (`tf.image.crop_and_resize`). Where a picture
shrinks by three or more, as a film of 720 lines does, each output is the mean of several bilinear
samples: with a single one the model's scores fell from .68 to .56. The square lies on whole pixels
of the frame, and what is found in it is placed by those.
"""

from dataclasses import dataclass

import numpy as np
import pygame
from numpy.typing import NDArray

from kiosk.vision.pose.crop import CropRegion
from kiosk.vision.pose.sdl_scale import stretch


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A square of a frame at the model's size.

    Attributes:
        picture: [S, S, 3] uint8, R G B; black where the square lies beyond the frame.
        region: the square that the picture shows, on whole pixels of the frame.
    """

    picture: NDArray[np.uint8]
    region: CropRegion


class Resampler:
    """Cuts and resizes to pictures of side `side_px`. For one thread: it keeps its buffers."""

    def __init__(self, side_px: int) -> None:
        self.side_px = side_px
        self._sampled = _black(side_px)
        self._canvas = _black(1)
        self._canvas_of: tuple[CropRegion, tuple[int, ...]] | None = None

    def __call__(self, rgbx: NDArray[np.uint8], region: CropRegion) -> Cut:
        """Cuts a region out of a frame at the model's size; the picture is a new array.

        Args:
            rgbx: [height, width, 4] uint8, R G B and a byte of no meaning; rows may be padded,
                pixels not.
            region: of any place and size; its corner and side are rounded to whole pixels.
        """
        square, size = region.on_pixels(), (self.side_px, self.side_px)
        samples = max(1, round(square.side / self.side_px / 2))
        if len(self._sampled) != samples * self.side_px:
            self._sampled = _black(samples * self.side_px)
        stretch(self._part(rgbx, square), self._sampled)
        small = pygame.image.frombuffer(self._sampled.data, self._sampled.shape[:2], "RGBX")
        if samples > 1:
            small = pygame.transform.smoothscale(small, size)
        picture = np.empty((*size, 3), np.uint8)
        pygame.image.frombuffer(picture.data, size, "RGB").blit(small, (0, 0))
        return Cut(picture, square)

    def _part(self, rgbx: NDArray[np.uint8], square: CropRegion) -> NDArray[np.uint8]:
        """Cuts the square out: a view of the frame, or a canvas that is black beyond it."""
        height, width = rgbx.shape[:2]
        x, y, side = int(square.x0), int(square.y0), int(square.side)
        left, top = max(x, 0), max(y, 0)
        right, bottom = min(x + side, width), min(y + side, height)
        inside = rgbx[top : max(top, bottom), left : max(left, right)]
        if inside.shape[:2] == (side, side):
            return inside
        if self._canvas_of != (of := (square, rgbx.shape)):
            self._canvas, self._canvas_of = _black(side), of
        rows, columns = inside.shape[:2]
        self._canvas[top - y : top - y + rows, left - x : left - x + columns] = inside
        return self._canvas


def _black(side_px: int) -> NDArray[np.uint8]:
    return np.zeros((side_px, side_px, 4), np.uint8)
