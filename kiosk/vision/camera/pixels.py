"""From FFmpeg's pictures to the pixels of a frame."""

from typing import cast

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

_AT_ONCE = 8
"""FFmpeg's quick conversion to four bytes makes so many pixels at once, and leaves what is over at
the end of a row as the memory was."""


def pixels(picture: VideoFrame, size: tuple[int, int]) -> NDArray[np.uint8]:
    """A picture in R, G, B and a byte of no meaning.

    Args:
        picture: in any format.
        size: width and height that it is to have.

    Returns:
        [height, width, 4] uint8, without padding.
    """
    width, height = size
    # starting threads for one small picture costs more than the conversion itself
    if width % _AT_ONCE == 0:
        quick = picture.reformat(width, height, "rgba", threads=1).to_ndarray()
        return cast("NDArray[np.uint8]", quick)
    rgbx = np.zeros((height, width, 4), np.uint8)
    rgbx[..., :3] = picture.reformat(width, height, "rgb24", threads=1).to_ndarray()
    return rgbx
