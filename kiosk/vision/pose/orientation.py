"""Detects a picture that stands on its head or lies on its side, by a person who does not."""

import logging
import math
from dataclasses import replace
from typing import Protocol

import numpy as np

from kiosk.body.outline import read_outline
from kiosk.body.pose import Pose, near_side_score
from kiosk.body.standing import upright
from kiosk.vision.camera.frame import Frame
from kiosk.vision.camera.turned import turned

EVERY_S = 0.5
"""Seconds from one turned picture that the model is shown to the next."""
WAIT_S = 2.0
"""So long nobody stands upright before the picture is doubted."""
TRUST_S = 600.0
"""Whoever has stood upright has shown how the camera hangs, for so long: others may lie on the
floor."""
STANDS_S = 1.0
"""So long somebody must stand: on its head, people look upright for single frames."""
SEEN = 0.45
"""Least score of whoever shows it. On its head or side, a lifter had .57 at most and was hardly
ever found upright; turned the right way .65 and more."""
LEAD = 0.10
"""The turned picture's score must be so much higher."""
VOTES = 3
"""So many turned pictures must agree, with none of another turn between them."""
TURNS = (180, 90, 270)
"""Degrees clockwise that are tried, the likeliest first."""
_MISSES = 4  # turned pictures without anybody upright, before the next turn is tried
_NOTHING = (-1e6, -1e6)  # columns to paint over: none
_log = logging.getLogger(__name__)


class WholeEstimator(Protocol):
    """Finds a pose in a whole frame; see `source.Estimator`."""

    def estimate_without(self, frame: Frame, hidden: tuple[float, float]) -> Pose:
        """Estimates the pose in the whole frame with some columns, from and to, painted over."""


class OrientationCheck:
    """Takes every frame with its pose, for the estimator's thread. One for each source."""

    def __init__(self) -> None:
        self._checked_s = -math.inf
        self._since_s = 0.0
        self._began_s: float | None = None
        self._upright_s = -math.inf
        self._turn = 0
        self._votes = self._misses = 0
        self._unseen: str | None = None

    def update(self, frame: Frame, pose: Pose, estimator: WholeEstimator) -> str | None:
        """Returns the key of what is wrong with the picture; None while nothing is."""
        now_s = pose.time_s
        if self._began_s is None:
            self._began_s = self._since_s = now_s
        if self._unseen is None and now_s < self._upright_s + TRUST_S / 2:
            # who stood upright lately has shown it, and to read every pose would cost too much
            self._since_s = now_s
            return None
        if not _stands(pose, SEEN):
            self._since_s = now_s
        elif now_s - self._since_s >= STANDS_S:
            self._upright_s = now_s
            self._votes, self._unseen = 0, None
        known = self._upright_s > -math.inf
        doubted_s = self._upright_s + TRUST_S if known else self._began_s + WAIT_S
        if now_s >= doubted_s and now_s - self._checked_s >= EVERY_S and self._unseen is None:
            self._checked_s = now_s
            self._try_turn(frame, pose, estimator)
        return self._unseen

    def _try_turn(self, frame: Frame, pose: Pose, estimator: WholeEstimator) -> None:
        degrees = TURNS[self._turn]
        upright_frame = replace(frame, rgbx=turned(frame.rgbx, degrees))
        other = estimator.estimate_without(upright_frame, _NOTHING)
        if _stands(other, max(SEEN, near_side_score(pose) + LEAD)):
            self._votes += 1
            self._misses = 0
        else:
            self._misses += 1
        if self._votes >= VOTES:
            self._unseen = "upside_down" if degrees == 180 else "sideways"
            _log.warning("the picture is to be turned by %d degrees, clockwise", degrees)
        elif self._misses >= (_MISSES if self._votes else 1):
            self._turn = (self._turn + 1) % len(TURNS)
            self._votes = self._misses = 0


def _stands(pose: Pose, least: float) -> bool:
    """Whether somebody is seen this well, upright and with the head on top."""
    if not near_side_score(pose) >= least:
        return False
    outline = read_outline(pose)
    return bool(np.isfinite(outline.height_px)) and upright(outline)
