"""Decides, while nobody is there, which frames the model must see.

A small grey picture is compared with how the room has looked lately. Where it changes, the model
sees every frame for a moment. How much a place changes by itself, such as a plant or a lamp, is
learnt, but only from pictures in which the model has found nobody. Pure.
"""

import math

import numpy as np
from numpy.typing import NDArray

from kiosk.body.pose import Pose, near_side_score
from kiosk.body.running_mean import newest_share
from kiosk.vision.camera.frame import Frame

QUIET_S = 5.0
"""After somebody has been seen the model sees every frame for so long."""
MAYBE = 0.2
"""Whoever has this score may be somebody: an empty room gives .12."""
CHECKED_S = 0.09
"""A room in which nothing changes is checked so often: somebody who enters is seen within .3 s."""
LOOKS_EVERY_S = 2.0
"""The model sees one frame in so long in any case, whoever stands still or came unnoticed."""
OPEN_S = 1.0
"""After a change the model sees every frame for so long."""
_ACROSS = 32
"""Blocks along the longer side. Somebody a third of the picture's height covers about 20."""
_PIXELS = 4
"""Pixels of a block each way, which are averaged against the camera's noise."""
CHANGED = 4.0
"""Least change of a block, of 255; below it is what eight bits and a slow exposure make."""
TIMES_USUAL = 5.0
"""And it must be so many times what this block changes by itself."""
BLOCKS = 3
"""So many blocks must have changed: less is a fly, or the noise of one block in a thousand."""
EMPTY_S = 0.5
"""The room is learnt once nobody has been found for so long."""
LEARNS_S = 10.0
"""Time constant of how the room looks and how much it changes."""


class IdleCheck:
    """Takes every frame of one source while nobody is there; their times only go forward."""

    def __init__(self) -> None:
        self._seen_s = self._looked_s = self._changed_s = -math.inf
        self._last_s = 0.0
        self._resting = False
        self._room: NDArray[np.float32] | None = None
        self._usual: NDArray[np.float32] | None = None

    def is_due(self, now_s: float) -> bool:
        """Whether a frame of this time must be checked; else it tells nothing new."""
        return not (self._resting and 0 <= now_s - self._last_s < CHECKED_S)

    def must_look(self, frame: Frame) -> bool:
        """Whether the model must see this frame."""
        now_s, picture = frame.time_s, _small(frame)
        if self._room is None or self._usual is None or self._room.shape != picture.shape:
            self._room, self._usual = picture, np.full_like(picture, CHANGED)
            self._seen_s = now_s
        change = picture - self._room
        change -= np.median(change)  # a cloud, or the camera's exposure
        size = np.abs(change)
        if np.count_nonzero(size > np.maximum(CHANGED, TIMES_USUAL * self._usual)) >= BLOCKS:
            self._changed_s = now_s
        if now_s - self._seen_s > EMPTY_S:
            share = newest_share(now_s - self._last_s, LEARNS_S)
            self._room += share * (picture - self._room)
            self._usual += share * (size - self._usual)
        self._last_s = now_s
        quiet = now_s - self._seen_s >= QUIET_S and now_s - self._changed_s >= OPEN_S
        self._resting = quiet and now_s - self._looked_s < LOOKS_EVERY_S
        if not self._resting:
            self._looked_s = now_s
        return not self._resting

    def record(self, pose: Pose) -> None:
        """Takes the pose that the model found."""
        if near_side_score(pose) >= MAYBE:
            self._seen_s = pose.time_s


def _small(frame: Frame) -> NDArray[np.float32]:
    """The green of the frame, averaged in blocks: about `_ACROSS` of them along the longer side."""
    step = max(1, max(frame.size) // (_ACROSS * _PIXELS))
    green = frame.rgbx[::step, ::step, 1]
    down, across = (length // _PIXELS for length in green.shape)
    green = green[: down * _PIXELS, : across * _PIXELS]
    blocks: NDArray[np.float32] = green.reshape(down, _PIXELS, across, _PIXELS).mean(
        axis=(1, 3), dtype=np.float32
    )
    return blocks
