"""A square of a frame, resized to the model's input in one pass.

Bilinear, the pixel's middle at .5, which is what MoveNet's authors feed it
(`tf.image.crop_and_resize`). Where a picture shrinks by three or more, as a film of 720 lines does,
each output is the mean of several bilinear samples: with a single one the model's scores fell from
.68 to .56. Rows first, then columns, in 16-bit integers.

Median times of `tests/platform/bench_resample.py` on one core of a busy x86 machine, and how far
the keypoints stray from frame to frame against the true joints of rendered clips (six of 384x384,
two of 1280x720), in % of the standing height:

    way                        640x480   1280x720   strays (384x384, 1280x720)
    this file                  0.23 ms    0.53 ms    0.27   0.24
    nearest                    0.31 ms    0.31 ms    0.31   0.42
    pygame smoothscale         0.19 ms    0.36 ms    0.27   0.21
    PyAV swscale, bilinear     0.38 ms    0.87 ms
    PyAV swscale, area         0.46 ms    0.67 ms

smoothscale would tie the pose to pygame and to whole pixels for 0.04 ms on the camera's 640x480.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from kiosk.pose.crop import CropRegion

_ONE = 256  # weights are in 256ths, so that a weighted sum of bytes fits 16 bits
_HALF = _ONE // 2


class Resampler:
    """Cuts and resizes. For one thread: it keeps its buffers and the taps of the last region.

    Args:
        side_px: side of the pictures it makes.
    """

    def __init__(self, side_px: int) -> None:
        self._side_px = side_px
        self._key: tuple[CropRegion, int, int] | None = None
        self._rows = self._columns = _Axis.along(0.0, 1.0, 1, 1)
        self._scratch = _Scratch()

    def __call__(self, rgb: NDArray[np.uint8], region: CropRegion) -> NDArray[np.uint8]:
        """The region as the model sees it, black where it lies beyond the frame.

        Args:
            rgb: [height, width, 3] uint8; rows may be padded, which costs a copy, pixels not.
            region: a square in pixels of the frame, of any place and size.

        Returns:
            [side_px, side_px, 3] uint8, a new array.
        """
        height, width = rgb.shape[:2]
        if self._key != (key := (region, width, height)):
            self._rows = _Axis.along(region.y0, region.side, self._side_px, height)
            self._columns = _Axis.along(region.x0, region.side, self._side_px, width)
            self._key = key
        rows, columns = self._rows, self._columns
        picture = np.zeros((self._side_px, self._side_px, 3), np.uint8)
        if rows.count and columns.count:
            lines = self._shrink_rows(rgb.reshape(height, width * 3), rows, columns)
            pixels = self._shrink_columns(lines, columns)
            picture[rows.inside, columns.inside] = pixels.reshape(rows.count, columns.count, 3)
        return picture

    def _shrink_rows(
        self, band: NDArray[np.uint8], rows: "_Axis", columns: "_Axis"
    ) -> NDArray[np.uint16]:
        needed = slice(columns.start * 3, columns.stop * 3)
        taken = self._scratch.array("taken rows", (rows.count, band.shape[1]), np.uint8)
        lines, part = self._sums("lines", (rows.count, needed.stop - needed.start))
        for tap, weight in zip(rows.taps, rows.weights, strict=True):
            np.take(band, tap, axis=0, out=taken, mode="clip")
            np.multiply(taken[:, needed], weight[:, np.newaxis], out=part)
            lines += part
        lines >>= 8
        return lines

    def _shrink_columns(self, lines: NDArray[np.uint16], columns: "_Axis") -> NDArray[np.uint16]:
        shape = (len(lines), columns.count * 3)
        taken = self._scratch.array("taken columns", shape, np.uint16)
        pixels, part = self._sums("pixels", shape)
        for tap, weight in zip(columns.bytes, columns.byte_weights, strict=True):
            np.take(lines, tap, axis=1, out=taken, mode="clip")
            np.multiply(taken, weight, out=part)
            pixels += part
        pixels >>= 8
        return pixels

    def _sums(
        self, name: str, shape: tuple[int, int]
    ) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
        """A sum that rounds when it is shifted, at most 255 * 256 + 128, and room for one part."""
        total = self._scratch.array(name, shape, np.uint16)
        total.fill(_HALF)
        return total, self._scratch.array(f"{name}, part", shape, np.uint16)


class _Scratch:
    """Buffers by name. New arrays of this size cost more in page faults than the sums in them."""

    def __init__(self) -> None:
        self._kept: dict[str, NDArray[Any]] = {}

    def array(self, name: str, shape: tuple[int, int], dtype: DTypeLike) -> NDArray[Any]:
        """An array with anything in it, which lasts until its name is asked for again."""
        size = shape[0] * shape[1]
        kept = self._kept.get(name)
        if kept is None or kept.size < size:
            kept = self._kept[name] = np.empty(size, dtype)
        return kept[:size].reshape(shape)


@dataclass(frozen=True, slots=True, eq=False)
class _Axis:
    """Where one axis of the picture is read.

    Attributes:
        inside: the outputs whose middle lies in the frame; the rest stays black.
        count: how many they are.
        taps: [n, count] pixels of the frame, clamped to it.
        weights: [n, count] of the taps, in 256ths; each column sums to 256.
        start, stop: the pixels of the frame that the taps need.
        bytes, byte_weights: [n, 3 count] the same for R, G, B in a row from `start`.
    """

    inside: slice
    count: int
    taps: NDArray[np.intp]
    weights: NDArray[np.uint16]
    start: int
    stop: int
    bytes: NDArray[np.intp]
    byte_weights: NDArray[np.uint16]

    @classmethod
    def along(cls, origin: float, side: float, outputs: int, pixels: int) -> "_Axis":
        """Taps for `outputs` samples that share `side` pixels from `origin`, of `pixels` there."""
        step = side / outputs
        middle = origin + (np.arange(outputs) + 0.5) * step
        first, last = np.searchsorted(middle, (0.0, float(pixels))).tolist()
        samples = max(1, round(step / 2))
        spread = ((np.arange(samples) + 0.5) / samples - 0.5) * step
        place = np.clip(middle[first:last] + spread[:, np.newaxis] - 0.5, 0, pixels - 1)
        low = np.floor(place).astype(np.intp)
        taps = np.concatenate([low, np.minimum(low + 1, pixels - 1)])
        shares = np.concatenate([1 - (place - low), place - low]) / samples
        # Sums are rounded, not shares, so that a plain surface keeps its colour.
        sums = np.rint(np.cumsum(shares, axis=0) * _ONE)
        weights = np.diff(sums, axis=0, prepend=0).astype(np.uint16)
        start, stop = (int(taps.min()), int(taps.max()) + 1) if taps.size else (0, 0)
        channels = (taps - start)[..., np.newaxis] * 3 + np.arange(3)
        return cls(
            inside=slice(first, last),
            count=last - first,
            taps=taps,
            weights=weights,
            start=start,
            stop=stop,
            bytes=channels.reshape(len(taps), -1),
            byte_weights=weights.repeat(3, axis=1),
        )
