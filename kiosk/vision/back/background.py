"""Models the empty background before a fixed camera, and finds what differs from it.

The model is updated while nobody is there. Whoever the segmenter still finds is left out, or the
background would keep them. What was never seen empty is unknown.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.vision.pose.crop import CropRegion
from kiosk.vision.pose.resample import Cut, Resampler

MEMORY = 20
"""Frames of the running mean: fed twice a second, the background of the last ten seconds."""
LEAST = 2
"""Frames a pixel must have been seen empty: one could be a passer-by."""
SOMEBODY = 0.3
"""Person score from which a pixel may belong to somebody."""
MARGIN = 6
"""Pixels of the 256 around somebody that are left out as well: soft edges, and their shadow."""
LIGHT = (0.5, 2.0)
"""Change of a colour's brightness that is followed. Beyond it the background is another one."""
NOISE = 5.0
"""A pixel has changed beyond this many times the usual difference of empty pixels."""
FLOOR = 14.0
"""Least difference in 255ths that is a change: codecs and sensors wander by half of it."""
THINNED = 7
"""Every so many pixels beside the person measure the light and the noise."""
SHADOW = (0.45, 0.98)
"""A cast shadow keeps the surface's colour at this share of its brightness."""
SHADOW_TINT = 0.05
"""How far the shares of red, green and blue may lie apart in a shadow."""
_SHARES = np.array([0, *(1 / np.arange(1, MEMORY + 1))], np.float32)
"""What a frame counts for in a pixel's mean, by how often that was seen empty."""
_BAND = 32
"""Rows updated at once: as few as this stay in the processor's cache and take little memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """How a square of a frame differs from the background, as the segmenter's picture shows it.

    Attributes:
        changed: [S, S] float32, 0 to 1; .5 is the edge.
        shade: [S, S] bool, darker in the same colour: a shadow, or somebody dressed like the wall.
    """

    changed: NDArray[np.float32]
    shade: NDArray[np.bool_]


class BackgroundModel:
    """Keeps the running mean of the background; compares squares with it. For one thread.

    Args:
        resample: cuts squares as those are cut that it compares.
    """

    def __init__(self, resample: Resampler) -> None:
        self._resample = resample
        self._mean: NDArray[np.float32] | None = None
        self._seen: NDArray[np.uint8] = np.zeros((0, 0), np.uint8)
        self._shown: NDArray[np.uint8] | None = None

    def update(self, rgbx: NDArray[np.uint8], person: NDArray[np.float32] | None = None) -> None:
        """Takes in one frame of the empty background.

        Args:
            rgbx: [height, width, 4] uint8. Another size than before begins a new background.
            person: [S, S] of the smallest square around the frame, 0 to 1: who is left out.
        """
        size = rgbx.shape[:2]
        if self._mean is None or self._seen.shape != size:
            self._mean = np.zeros((*size, 3), np.float32)
            self._seen = np.zeros(size, np.uint8)
        empty = np.ones(size, bool) if person is None else _empty(person, size)
        self._seen += empty & (self._seen < MEMORY)
        for top in range(0, len(rgbx), _BAND):
            band = slice(top, top + _BAND)
            share, mean = _SHARES[self._seen[band] * empty[band]], self._mean[band]
            mean += share[..., np.newaxis] * (rgbx[band, :, :3] - mean)
        self._shown = None

    def compare(
        self, rgbx: NDArray[np.uint8], cut: Cut, person: NDArray[np.float32] | None = None
    ) -> Change | None:
        """Compares a square, cut from the frame `rgbx`, with the background in the present light.

        `person`, [S, S], is who is there: the light is judged beside them. None before the
        background is known, or when the light is another altogether.
        """
        if self._mean is None or self._seen.shape != rgbx.shape[:2]:
            return None
        if self._shown is None:
            self._shown = np.zeros((*self._seen.shape, 4), np.uint8)
            np.rint(self._mean, out=self._shown[..., :3], casting="unsafe")
        known = self._known(cut.region)
        if not known.any():
            return None
        background = self._resample(self._shown, cut.region).picture.astype(np.float32)
        beside = known if person is None else known & (person < 0.1)
        if np.count_nonzero(beside) < known.size // 20:
            return None
        now = cut.picture.astype(np.float32)
        some = np.flatnonzero(beside)[::THINNED]
        light = _median(now, some) / _median(background, some)
        if light.min() < LIGHT[0] or light.max() > LIGHT[1]:
            return None
        background *= light
        difference = now - background
        apart = _over_colours(np.maximum, np.abs(difference, out=difference))
        edge = max(FLOOR, NOISE * float(np.median(apart.flat[some])))
        changed = np.minimum(apart / np.float32(2 * edge), 1)
        changed[~known] = 0.5
        return Change(changed=changed, shade=_shaded(now, background))

    def _known(self, region: CropRegion) -> NDArray[np.bool_]:
        height, width = self._seen.shape
        side_px = self._resample.side_px
        middles = (np.arange(side_px) + 0.5) * region.side / side_px
        x, y = np.floor(region.x0 + middles), np.floor(region.y0 + middles)
        seen = self._seen[
            np.ix_(np.clip(y, 0, height - 1).astype(int), np.clip(x, 0, width - 1).astype(int))
        ]
        inside = ((y >= 0) & (y < height))[:, np.newaxis] & ((x >= 0) & (x < width))
        return np.asarray((seen >= LEAST) & inside)


def _median(values: NDArray[np.float32], some: NDArray[np.intp]) -> NDArray[np.float32]:
    """Takes the median colour of some pixels, never black."""
    return np.float32(1) + np.median(values.reshape(-1, 3)[some], axis=0)


def _over_colours(pick: np.ufunc, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Does what `pick.reduce(values, axis=2)` does in four times the time, over three colours."""
    red, green, blue = np.moveaxis(values, 2, 0)
    return np.asarray(pick(pick(red, green), blue))


def _shaded(now: NDArray[np.float32], background: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Finds what is darker in the same colour. Uses up both arrays: three of them are enough."""
    now += 1
    background += 1
    share = np.divide(now, background, out=now)
    low, high = _over_colours(np.minimum, share), _over_colours(np.maximum, share)
    return np.asarray((low > SHADOW[0]) & (high < SHADOW[1]) & (high - low < SHADOW_TINT))


def _empty(person: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Finds where nobody is, in pixels of the frame."""
    somebody = person > SOMEBODY
    for axis in (0, 1):  # a square brush, one axis at a time
        somebody = np.any(
            [np.roll(somebody, step, axis) for step in range(-MARGIN, MARGIN + 1)], axis=0
        )
    height, width = shape
    whole = CropRegion.whole((width, height))
    scale = len(person) / whole.side
    rows = ((np.arange(height) + 0.5 - whole.y0) * scale).astype(int)
    columns = ((np.arange(width) + 0.5 - whole.x0) * scale).astype(int)
    return np.asarray(~somebody[np.ix_(rows, columns)])
