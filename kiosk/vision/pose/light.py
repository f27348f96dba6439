"""Detects pictures in which nobody can be seen: dark, glaring, flat or always the same. Pure.

A few hundred pixels twice a second are enough. A person who is seen well disproves most of it.
"""

import math

import numpy as np
from numpy.typing import NDArray

from kiosk.body.observer import PRESENT
from kiosk.body.pose import Pose, near_side_score
from kiosk.body.running_mean import RunningMean
from kiosk.vision.camera.frame import Frame

EVERY_S = 0.5
"""Seconds from one picture that is looked at to the next."""
HOLD_S = 3.0
"""So long it must be so: somebody may walk past the lens, and exposure needs a second to settle."""
DARK = 16.0
"""Mean of 0 to 255. With less light and noise, films of six exercises had wrong counts from 12 on
downwards, and right ones down to 18; of two good mornings with more noise, one lost a rep of six
at 19 and the other none."""
WELL_SEEN = 0.55
"""Mean score of the better side. In the dark the counts went wrong with .5 and less, and held with
.58 and more; in good light a lifter has .7 to .85."""
GLARE = 250
"""A pixel is saturated from here on."""
GLARING = 0.5
"""Least share of saturated pixels. A white wall in good light has none: it is at 240."""
FLAT = 8.0
"""Most standard deviation of a picture of nothing; of 30 rooms the emptiest had 23."""
_SCORE_S = 1.0  # time constant: a single frame says little
_SAMPLES = 40  # along the longer side


class LightCheck:
    """Takes every frame with its pose. One for each source.

    Args:
        live: the source is a camera. A film may well hold the same picture for a while.
    """

    def __init__(self, *, live: bool = True) -> None:
        self._live = live
        self._checked_s = -math.inf
        self._score = RunningMean(_SCORE_S)
        self._sample: NDArray[np.uint8] | None = None
        self._since: dict[str, float] = {}
        self._unseen: str | None = None

    def update(self, frame: Frame, pose: Pose) -> str | None:
        """Returns the key of what keeps the mirror from seeing; None while it sees."""
        now_s = pose.time_s
        score = self._score.update(near_side_score(pose), now_s)
        if not 0 <= now_s - self._checked_s < EVERY_S:
            self._checked_s = now_s
            self._unseen = self._check(frame, score, now_s)
        return self._unseen

    def _check(self, frame: Frame, score: float, now_s: float) -> str | None:
        step = max(1, max(frame.size) // _SAMPLES)
        sample = frame.rgbx[::step, ::step, :3].copy()
        before, self._sample = self._sample, sample
        flat = float(sample.mean(axis=2).std()) < FLAT
        mean = float(sample.mean())
        # no camera gives the same picture twice; one without any structure says nothing
        same = before is not None and sample.any() and np.array_equal(before, sample)
        found = {
            "frozen": self._live and bool(same and np.ptp(sample) > 0),
            "dark": mean < DARK and score < WELL_SEEN,
            "bright": bool((sample >= GLARE).all(axis=2).mean() > GLARING) and score < WELL_SEEN,
            "covered": flat and score < PRESENT,
        }
        for key, true in found.items():
            if not true:
                self._since.pop(key, None)
            elif key not in self._since:
                self._since[key] = now_s
        return next((k for k in found if now_s - self._since.get(k, math.inf) >= HOLD_S), None)
