"""One Euro smoothing of keypoints.

The One Euro filter is a low-pass whose cutoff rises with speed: calm when a person stands, quick
when they move (Casiez, Roussel and Vogel, CHI 2012). Its constants belong to the exercise, since a
swing is five times as fast as a deadlift.
"""

import math
from collections.abc import Sequence
from typing import Annotated

import msgspec

from kiosk.body.pose import Mark, Pose

GAP_S = 0.5
"""After a longer gap the old positions say nothing about the new ones: start afresh."""


class OneEuro(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Constants of the filter.

    Attributes:
        cutoff_hz: cutoff at rest; lower is calmer and later.
        beta: how fast the cutoff rises, in Hz per body height a second.
    """

    cutoff_hz: Annotated[float, msgspec.Meta(gt=0, le=100)]
    beta: Annotated[float, msgspec.Meta(ge=0, le=1000)]


_Moving = tuple[float, float, float, float]
"""A keypoint's smoothed x and y in pixels, and its speed along either in pixels a second."""


class PoseSmoother:
    """Smooths x and y of all keypoints; scores pass as they are.

    Speed is measured in heights of the person a second, so that a person far away is smoothed as
    one near by. Times come with the poses: the frame rate may vary.
    """

    SPEED_CUTOFF_HZ = 1.0

    def __init__(self, constants: OneEuro) -> None:
        self.constants = constants
        self._time_s = -math.inf
        self._moving: list[_Moving] = []
        self._span_px = 0.0

    def smooth(self, pose: Pose) -> Pose:
        """The pose with calmer positions; the first after a gap passes unchanged."""
        dt = pose.time_s - self._time_s
        ys = [y for _, y, _ in pose.marks]
        span_px = max(max(ys) - min(ys), 1.0)
        if self._moving and 0 < dt <= GAP_S:
            self._span_px += _alpha(self.SPEED_CUTOFF_HZ, dt) * (span_px - self._span_px)
            self._moving = self._moved(pose.marks, dt)
        else:
            self._moving = [(x, y, 0.0, 0.0) for x, y, _ in pose.marks]
            self._span_px = span_px
        self._time_s = pose.time_s
        smooth = zip(self._moving, pose.marks, strict=True)
        marks = tuple([(x, y, score) for (x, y, _, _), (_, _, score) in smooth])
        return Pose(pose.time_s, marks, pose.size, pose.bystander)

    def _moved(self, marks: Sequence[Mark], dt: float) -> list[_Moving]:
        rest_hz, beta, span_px = self.constants.cutoff_hz, self.constants.beta, self._span_px
        quick, wait = _alpha(self.SPEED_CUTOFF_HZ, dt), _wait(dt)
        moved = []
        for (x, y, was_x, was_y), (to_x, to_y, _) in zip(self._moving, marks, strict=True):
            way_x, way_y = to_x - x, to_y - y
            speed_x = was_x + quick * (way_x / dt - was_x)
            speed_y = was_y + quick * (way_y / dt - was_y)
            cutoff_x = rest_hz + beta * (abs(speed_x) / span_px)
            cutoff_y = rest_hz + beta * (abs(speed_y) / span_px)
            moved.append(
                (
                    x + cutoff_x / (cutoff_x + wait) * way_x,
                    y + cutoff_y / (cutoff_y + wait) * way_y,
                    speed_x,
                    speed_y,
                )
            )
        return moved


def _alpha(cutoff_hz: float, dt: float) -> float:
    return cutoff_hz / (cutoff_hz + _wait(dt))


def _wait(dt: float) -> float:
    """The cutoff in Hz at which a step of `dt` seconds is gone half-way."""
    return 1 / (2 * math.pi * dt)
