"""Bilinear scaling by SDL, which pygame carries and does not pass on.

`SDL_SoftStretchLinear` of SDL_surface.h is public since SDL 2.0.16, and written for SSE2 and NEON.
"""

import ctypes

import numpy as np
import pygame
from numpy.typing import NDArray

_sdl = ctypes.CDLL(pygame.base.__file__)  # a library also finds the names of those it stands on
_ORDER = 0x16561804  # SDL_PIXELFORMAT_XBGR8888: on a little-endian machine R, G, B and X in memory

_surface_on = _sdl.SDL_CreateRGBSurfaceWithFormatFrom
_surface_on.restype = ctypes.c_void_p
_surface_on.argtypes = (ctypes.c_void_p, *(ctypes.c_int,) * 4, ctypes.c_uint32)
_free = _sdl.SDL_FreeSurface
_free.restype, _free.argtypes = None, (ctypes.c_void_p,)
_stretch = _sdl.SDL_SoftStretchLinear
_stretch.argtypes = (ctypes.c_void_p,) * 4
_error = _sdl.SDL_GetError
_error.restype = ctypes.c_char_p


def stretch(rgbx: NDArray[np.uint8], into: NDArray[np.uint8]) -> None:
    """Scales a picture to another size, the pixel's middle at .5; weights are in 128ths.

    Args:
        rgbx: [height, width, 4] uint8, R G B and a byte of no meaning. Rows may be padded, pixels
            not.
        into: [height, width, 4] uint8 likewise; written to.

    Raises:
        ValueError: SDL refuses.
    """
    source, target = _surface(rgbx), _surface(into)
    refused = _stretch(source, None, target, None)
    _free(source)
    _free(target)
    if refused:
        raise ValueError(f"SDL cannot scale {rgbx.shape} to {into.shape}: {_error().decode()}")


def _surface(rgbx: NDArray[np.uint8]) -> int | None:
    """A surface on the same memory; None, which SDL refuses to scale, where there is none."""
    height, width = rgbx.shape[:2]
    surface: int | None = _surface_on(rgbx.ctypes.data, width, height, 32, rgbx.strides[0], _ORDER)
    return surface
