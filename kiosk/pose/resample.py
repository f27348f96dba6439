"""A square of a frame, resized to the model's input in one pass.

Bilinear, the pixel's middle at .5, which is what MoveNet's authors feed it
(`tf.image.crop_and_resize`). Where a picture shrinks by three or more, as a film of 720 lines does,
each output is the mean of several bilinear samples: with a single one the model's scores fell from
.68 to .56. Rows first, then columns, in 16-bit integers.

Median times of `tests/platform/bench_resample.py` on one core of an x86 server, caches warm, and
how far the keypoints stray from frame to frame against the true joints of rendered clips (six of
384x384, two of 1280x720), in % of the standing height:

    way                        640x480   1280x720   strays (384x384, 1280x720)
    this file                  0.30 ms    0.71 ms    0.27   0.24
    nearest                    0.42 ms    0.42 ms    0.31   0.42
    pygame smoothscale         0.25 ms    0.48 ms    0.27   0.21
    PyAV swscale, bilinear     0.55 ms    0.85 ms
    PyAV swscale, area         0.48 ms    0.71 ms

smoothscale would tie the pose to pygame, to whole pixels and to the processor's own rounding for
0.05 ms on the camera's 640x480.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from kiosk.pose.crop import CropRegion

_ONE = 256  # weights are in 256ths, so that a weighted sum of bytes fits 16 bits
_HALF = _ONE // 2
_Weighted = Sequence[tuple[NDArray[np.intp], NDArray[np.uint16]]]
_BLOCK = 48  # rows made at a time, so that their sums stay in the cache


class Resampler:
    """Cuts and resizes. For one thread: it keeps its buffers and the taps of the last region.

    Args:
        side_px: side of the pictures it makes.
    """

    def __init__(self, side_px: int) -> None:
        self._side_px = side_px
        self._key: tuple[CropRegion, int, int] | None = None
        self._blocks: list[_Block] = []
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
            rows = _Taps.along(region.y0, region.side, self._side_px, height)
            columns = _Taps.along(region.x0, region.side, self._side_px, width)
            self._blocks = list(_blocks(rows, columns, width, self._scratch))
            self._key = key
        picture = np.zeros((self._side_px, self._side_px, 3), np.uint8)
        band = rgb.reshape(height, width * 3)
        for block in self._blocks:
            block.shrink(band, picture)
        return picture


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Some rows of the picture: the taps they need and the buffers they share with the others.

    Attributes:
        target: rows and columns of the picture.
        rows: for each tap, its row for every row made, and its weights as a column.
        columns: for each tap, its byte of `lines` for every byte made, and its weights.
        taken: whole rows of the frame; `needed` are their bytes that the columns read.
        lines, pixels: the sums of rows, then of columns; with room for one part of each.
    """

    target: tuple[slice, slice]
    rows: _Weighted
    columns: _Weighted
    taken: NDArray[np.uint8]
    needed: NDArray[np.uint8]
    lines: NDArray[np.uint16]
    lines_part: NDArray[np.uint16]
    pixels: NDArray[np.uint16]
    pixels_part: NDArray[np.uint16]

    def shrink(self, band: NDArray[np.uint8], picture: NDArray[np.uint8]) -> None:
        """Makes these rows of the picture from a frame, [height, 3 width]."""
        total = self.lines
        for tap, weight in self.rows:
            band.take(tap, 0, self.taken, "clip")
            np.multiply(self.needed, weight, total)
            total = _summed(self.lines, total, self.lines_part)
        _round(self.lines)
        total = self.pixels
        for tap, weight in self.columns:
            self.lines.take(tap, 1, total, "clip")
            np.multiply(total, weight, total)
            total = _summed(self.pixels, total, self.pixels_part)
        _round(self.pixels)
        picture[self.target] = self.pixels.reshape(len(self.pixels), -1, 3)


def _summed(
    sums: NDArray[np.uint16], newest: NDArray[np.uint16], room: NDArray[np.uint16]
) -> NDArray[np.uint16]:
    """Adds the newest part, unless it is the first and stands in the sums; where the next goes."""
    if newest is not sums:
        np.add(sums, newest, sums)
    return room


def _round(sums: NDArray[np.uint16]) -> None:
    """From 256ths, at most 255 * 256, to whole numbers."""
    np.add(sums, _HALF, sums)
    np.right_shift(sums, 8, sums)


def _blocks(rows: "_Taps", columns: "_Taps", width: int, scratch: "_Scratch") -> "Iterator[_Block]":
    """The picture's rows, some at a time; none where it lies wholly beyond the frame."""
    if not columns.taps.size:
        return
    start, stop = int(columns.taps.min()) * 3, int(columns.taps.max()) * 3 + 3
    # R, G and B of a pixel lie in a row, and so do their taps
    channels = (columns.taps * 3 - start)[..., np.newaxis] + np.arange(3)
    bytes_ = channels.reshape(len(columns.taps), -1)
    weighted = list(zip(bytes_, columns.weights.repeat(3, axis=1), strict=True))
    for first in range(0, rows.taps.shape[1], _BLOCK):
        taps = rows.taps[:, first : first + _BLOCK]
        weights = rows.weights[:, first : first + _BLOCK, np.newaxis]
        count, top = taps.shape[1], rows.inside.start + first
        taken = scratch.array("taken", (count, width * 3), np.uint8)
        lines, pixels = (count, stop - start), (count, bytes_.shape[1])
        yield _Block(
            target=(slice(top, top + count), columns.inside),
            rows=list(zip(taps, weights, strict=True)),
            columns=weighted,
            taken=taken,
            needed=taken[:, start:stop],
            lines=scratch.array("lines", lines, np.uint16),
            lines_part=scratch.array("lines, part", lines, np.uint16),
            pixels=scratch.array("pixels", pixels, np.uint16),
            pixels_part=scratch.array("pixels, part", pixels, np.uint16),
        )


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
class _Taps:
    """Where one axis of the picture is read.

    Attributes:
        inside: the outputs whose middle lies in the frame; the rest stays black.
        taps: [n, outputs inside] pixels of the frame, clamped to it.
        weights: [n, outputs inside] of the taps, in 256ths; each column sums to 256.
    """

    inside: slice
    taps: NDArray[np.intp]
    weights: NDArray[np.uint16]

    @classmethod
    def along(cls, origin: float, side: float, outputs: int, pixels: int) -> "_Taps":
        """Taps for `outputs` samples that share `side` pixels from `origin`, of `pixels` there."""
        step = side / outputs
        middle = origin + (np.arange(outputs) + 0.5) * step
        first, last = middle.searchsorted((0.0, float(pixels))).tolist()
        samples = max(1, round(step / 2))
        spread = ((np.arange(samples) + 0.5) / samples - 0.5) * step
        place = middle[first:last] + spread[:, np.newaxis] - 0.5
        place = np.minimum(np.maximum(place, 0), pixels - 1)  # np.clip takes three times as long
        low = place.astype(np.intp)
        taps = np.concatenate([low, np.minimum(low + 1, pixels - 1)])
        share = place - low
        shares = np.concatenate([1 - share, share]) / samples
        # Sums are rounded, not shares, so that a plain surface keeps its colour.
        sums = np.rint(shares.cumsum(axis=0) * _ONE).astype(np.uint16)
        weights = sums.copy()
        weights[1:] -= sums[:-1]
        return cls(slice(first, last), taps, weights)
