"""One Euro smoothing of keypoints.

The One Euro filter is a low-pass whose cutoff rises with speed: calm when a person stands, quick
when they move (Casiez, Roussel and Vogel, CHI 2012). Its constants belong to the exercise, since a
swing is five times as fast as a deadlift.
"""

import math
from dataclasses import replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from kiosk.pose.pose import Pose

GAP_S = 0.5
"""After a longer gap the old positions say nothing about the new ones: start afresh."""


class OneEuro(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Constants of the filter.

    Attributes:
        cutoff_hz: cutoff at rest; lower is calmer and later.
        beta: how fast the cutoff rises, in Hz per body height a second.
    """

    cutoff_hz: float
    beta: float


class PoseSmoother:
    """Smooths x and y of all keypoints; scores pass as they are.

    Speed is measured in heights of the person a second, so that a person far away is smoothed as
    one near by. Times come with the poses: the frame rate may vary.
    """

    SPEED_CUTOFF_HZ = 1.0

    def __init__(self, constants: OneEuro) -> None:
        self.constants = constants
        self._time_s = -math.inf
        self._xy: NDArray[np.float64] | None = None
        self._speed: NDArray[np.float64] = np.zeros((17, 2))
        self._span_px = 0.0

    def smooth(self, pose: Pose) -> Pose:
        """The pose with calmer positions; the first after a gap passes unchanged."""
        raw = pose.keypoints[:, :2]
        dt = pose.time_s - self._time_s
        span = float(raw[:, 1].max() - raw[:, 1].min())
        if self._xy is None or not 0 < dt <= GAP_S:
            self._xy, self._speed, self._span_px = raw.copy(), np.zeros((17, 2)), max(span, 1.0)
        else:
            self._span_px += _alpha(self.SPEED_CUTOFF_HZ, dt) * (max(span, 1.0) - self._span_px)
            way = raw - self._xy
            self._speed += _alpha(self.SPEED_CUTOFF_HZ, dt) * (way / dt - self._speed)
            pace = np.abs(self._speed) / self._span_px
            cutoff = self.constants.cutoff_hz + self.constants.beta * pace
            self._xy += cutoff / (cutoff + 1 / (2 * math.pi * dt)) * way
        self._time_s = pose.time_s
        keypoints = pose.keypoints.copy()
        keypoints[:, :2] = self._xy
        return replace(pose, keypoints=keypoints)


def _alpha(cutoff_hz: float, dt: float) -> float:
    return cutoff_hz / (cutoff_hz + 1 / (2 * math.pi * dt))
