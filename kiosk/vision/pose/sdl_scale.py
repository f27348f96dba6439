"""Scales pictures bilinearly by a function of SDL that pygame carries and does not offer.

`SDL_SoftStretchLinear` of SDL_surface.h is public in SDL from 2.0.16 to the end of SDL 2, written
for SSE2 and NEON. pygame's own functions do not scale bilinearly, so it is called by ctypes.

`tests/platform/bench_resample.py` measures all ways and holds their figures. On an idle core ours
takes 0.3 ms; a crop may take 0.4. Of the public ways only Pillow's `transform` finds the joints as
exactly, and takes six times as long. smoothscale would hold the limit, but it averages instead of
sampling: in 28 rendered sets it missed three of nineteen faulty lockouts, this way none. So the
function that is not public stays until one of pygame's does the same.
tests/vision/pose/test_sdl_scale.py fails when SDL no longer has it or gives other pixels.
"""

import ctypes

import numpy as np
import pygame
from numpy.typing import NDArray

_ORDER = 0x16561804  # SDL_PIXELFORMAT_XBGR8888: on a little-endian machine R, G, B and X in memory

try:
    _sdl = ctypes.CDLL(pygame.base.__file__)  # a library also finds the names of those it stands on
    _surface_on = _sdl.SDL_CreateRGBSurfaceWithFormatFrom
    _free, _stretch, _error = _sdl.SDL_FreeSurface, _sdl.SDL_SoftStretchLinear, _sdl.SDL_GetError
except (OSError, AttributeError) as error:
    raise ImportError(
        f"pygame {pygame.version.ver} with SDL {pygame.version.SDL} cannot scale pictures as the "
        f"model needs them ({error}); install pygame-ce 2 with SDL 2, or let {__file__}"
        " scale by another function, and compare the replays of films before and after"
    ) from error
_surface_on.restype = ctypes.c_void_p
_surface_on.argtypes = (ctypes.c_void_p, *(ctypes.c_int,) * 4, ctypes.c_uint32)
_free.restype, _free.argtypes = None, (ctypes.c_void_p,)
_stretch.argtypes = (ctypes.c_void_p,) * 4
_error.restype = ctypes.c_char_p


def stretch(rgbx: NDArray[np.uint8], into: NDArray[np.uint8]) -> None:
    """Scales a picture into another, the pixel's middle at .5; weights are in 128ths.

    Both are [height, width, 4] uint8, R G B and a byte of no meaning. Rows may be padded, pixels
    not.

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
    """Makes a surface on the same memory; None, which SDL refuses to scale, where there is none."""
    height, width = rgbx.shape[:2]
    surface: int | None = _surface_on(rgbx.ctypes.data, width, height, 32, rgbx.strides[0], _ORDER)
    return surface
