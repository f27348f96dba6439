"""Turns a picture the way its display matrix says it is to be looked at."""

import numpy as np
from numpy.typing import NDArray


def upright(rgbx: NDArray[np.uint8], matrix: bytes) -> NDArray[np.uint8]:
    """The picture as a player would show it.

    Args:
        rgbx: [height, width, 4] uint8; rows may be padded.
        matrix: a display matrix as FFmpeg keeps it, nine native int32 (a b u c d v x y w), which
            sends the stored point (p, q) to (a p + c q, b p + d q). See libavutil/display.h.
            Turns by quarters and mirrorings are followed; anything else is rounded to them.

    Returns:
        The same array where nothing is to be turned, else a new one without padding.
    """
    a, b, _, c, d = np.frombuffer(matrix, np.int32, count=5).tolist()
    quarter = abs(b) + abs(c) > abs(a) + abs(d)
    flip_x, flip_y = (c < 0, b < 0) if quarter else (a < 0, d < 0)
    if not (quarter or flip_x or flip_y):
        return rgbx
    # a pixel is moved as one element, not byte by byte
    pixels = rgbx.view(np.uint32)[..., 0]
    if quarter:
        pixels = pixels.T
    turned = np.ascontiguousarray(pixels[:: -1 if flip_y else 1, :: -1 if flip_x else 1])
    return turned.view(np.uint8).reshape(*turned.shape, 4)
