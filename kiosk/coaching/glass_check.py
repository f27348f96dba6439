"""Finds light of the mirror's own screen that the glass throws into the camera. Pure.

A single picture does not show it: another picture laid over one lifts its darkest twentieth from 32
to 51 of 255, and bright rooms have up to 65 without any. So the screen shines in turn white and
black, slower than once a second. What the glass throws back is added to dark and bright places
alike, while what the screen lights up in the room, or the camera by its exposure, changes all
places in proportion.
"""

from enum import Enum

import numpy as np
from numpy.typing import NDArray

from kiosk.coaching.camera_check import Finding

PHASE_S = 0.8
"""Seconds in which the screen does not change: 0.6 flashes a second, where three are too many."""
SETTLE_S = 0.4
"""Seconds after a change in which no picture counts: the panel, the camera and its exposure."""
PHASES = (False, True) * 3 + (False,)
"""Whether the screen shines, in turn. What counts is seen in all flashes and gone after each."""
LASTS_S = PHASE_S * len(PHASES)
AGAIN_S = LASTS_S + 6.0
"""Glass that reflects is tested again so long after the last test began."""
TRIES = 3
ADDED = 0.01
"""A place reflects from so much light on that a white screen adds, where 1 is the most that the
camera tells apart. It makes of black a grey of 31 of 255."""
MOVED, MOVED_SHARE = 0.005, 0.02
"""Parts that differ by more between two black screens say nothing: somebody moves there. The second
is of their own light."""
SHARE = 0.1
"""Least share of the picture's parts that reflect."""
_PARTS = 6  # of the picture, along each side
_FEWEST = 2  # pictures of each phase
_LEAST = 1e-3  # light that is divided by


class Glass(Enum):
    """What one test of the glass found."""

    CLEAR = "clear"
    REFLECTS = "reflects"
    UNKNOWN = "unknown"  # more than half of the picture moved


class GlassCheck:
    """Tests the glass, again while it reflects, and up to `TRIES` times while somebody moves.

    It reflects only if two tests in a row say so.

    Attributes:
        testing: whether a test is under way.
    """

    def __init__(self) -> None:
        self.testing = False
        self._found: Glass | None = None
        self._confirmed = False
        self._tries = 0
        self._began_s = 0.0
        self._seen: list[list[NDArray[np.float64]]] = []

    def shines(self, now_s: float) -> bool:
        """Whether the screen is to be white now."""
        phase = self._phase(now_s)
        return self.testing and phase < len(PHASES) and PHASES[phase]

    def update(self, now_s: float, brightness: NDArray[np.float64]) -> Finding:
        """Takes the newest picture of somebody who stands well; begins a test where one is due.

        Args:
            now_s: by the clock that `shines` is asked with.
            brightness: [height, width], 0 to 255, however coarse.

        Returns:
            REFLECTS or GOOD; TESTING until it is known. What cannot be told for movement is GOOD.
        """
        if self.testing:
            self._take(now_s, brightness)
        if not self.testing and self._due(now_s):
            self.testing, self._began_s = True, now_s
            self._seen = [[] for _ in PHASES]
        if self.testing:
            return Finding.TESTING
        return Finding.REFLECTS if self._confirmed else Finding.GOOD

    def _due(self, now_s: float) -> bool:
        if self._confirmed:
            return now_s - self._began_s >= AGAIN_S
        return self._found is not Glass.CLEAR and self._tries < TRIES

    def _take(self, now_s: float, brightness: NDArray[np.float64]) -> None:
        phase = self._phase(now_s)
        if phase < len(PHASES):
            if now_s - self._began_s - phase * PHASE_S >= SETTLE_S:
                self._seen[phase].append(brightness)
            return
        self.testing = False
        enough = all(len(pictures) >= _FEWEST for pictures in self._seen)
        found = judge([np.array(one) for one in self._seen]) if enough else Glass.UNKNOWN
        self._confirmed = found is self._found is Glass.REFLECTS
        self._found = found
        self._tries = self._tries + 1 if found is Glass.UNKNOWN else 0
        self._seen = []

    def _phase(self, now_s: float) -> int:
        return int((now_s - self._began_s) / PHASE_S)


def judge(pictures: list[NDArray[np.float64]]) -> Glass:
    """Compares what was seen in each of `PHASES`: [picture, height, width], from 0 to 255."""
    seen = [_linear(phase) for phase in pictures]
    dark = [part <= np.median(part) for part in _split(np.concatenate(seen[::2]).mean(axis=0))]
    halves = np.array(
        [[_levels(half.mean(axis=0), dark) for half in np.array_split(one, 2)] for one in seen]
    )  # [phase, half of its pictures, dark or bright, part]
    black = halves[::2, :, 0].reshape(-1, len(dark))
    moved = np.maximum(np.ptp(black, axis=0), np.ptp(halves[1::2, :, 0], axis=1).max(axis=0))
    steady = moved <= MOVED + MOVED_SHARE * black.mean(axis=0)
    if np.mean(steady) <= 0.5:
        return Glass.UNKNOWN
    levels = halves.mean(axis=1)
    flashes = zip(levels[:-1:2], levels[1::2], levels[2::2], strict=True)
    added = [_added((before + after) / 2, lit, steady) for before, lit, after in flashes]
    reflects = steady & (np.min(added, axis=0) >= np.maximum(ADDED, 2 * moved))
    return Glass.REFLECTS if np.mean(reflects) >= SHARE else Glass.CLEAR


def _linear(picture: NDArray[np.float64]) -> NDArray[np.float64]:
    """Undoes the curve by which a camera stores light, about that of sRGB."""
    light: NDArray[np.float64] = (picture / 255) ** 2.2
    return light


def _added(
    black: NDArray[np.float64], lit: NDArray[np.float64], steady: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Measures what was added to the dark half of each part, [part], from levels [2, part].

    What bright places have grown by is left out: nothing adds so little in proportion to them.
    """
    bright = steady & (black[1] >= np.median(black[1][steady]))
    grown = np.percentile(lit[1][bright] / np.maximum(black[1][bright], _LEAST), 10)
    added: NDArray[np.float64] = lit[0] / max(float(grown), _LEAST) - black[0]
    return added


def _split(picture: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    return [
        part
        for row in np.array_split(picture, _PARTS, axis=0)
        for part in np.array_split(row, _PARTS, axis=1)
    ]


def _levels(picture: NDArray[np.float64], dark: list[NDArray[np.bool_]]) -> NDArray[np.float64]:
    """Returns the medians of the dark and of the bright half of each part: [2, part]."""
    parts = list(zip(_split(picture), dark, strict=True))
    return np.array(
        [
            [np.median(part[half]) for part, half in parts],
            [np.median(part[~half]) if not half.all() else part[0, 0] for part, half in parts],
        ]
    )
