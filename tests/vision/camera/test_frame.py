"""Frames made of FFmpeg's pictures, of whatever width."""

import av
import numpy as np
import pytest

from kiosk.vision.camera.frame import to_rgbx


def picture(width: int, height: int = 36) -> av.VideoFrame:
    rgb = np.random.default_rng(width).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return av.VideoFrame.from_ndarray(rgb, "rgb24").reformat(format="yuv420p")


@pytest.mark.parametrize("width", [64, 66, 68, 70, 72, 404])
@pytest.mark.parametrize("stretched", [1, 1.5])
def test_every_column_is_there(width: int, stretched: float) -> None:
    """FFmpeg's quick way left up to seven columns as the memory was: other ones in every run."""
    size = (2 * round(width * stretched / 2), 36)
    made = to_rgbx(picture(width), size)
    expected = picture(width).reformat(*size, "rgb24").to_ndarray()
    assert made.shape == (36, size[0], 4)
    assert np.abs(made[..., :3].astype(int) - expected).max() <= 2
