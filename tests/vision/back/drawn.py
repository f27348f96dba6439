"""Bent people drawn with a brush: a trunk whose back bows as much as a test wants."""

import math
from dataclasses import replace

import numpy as np

from kiosk.body.observer import BodyObserver
from kiosk.body.pose import Pose
from kiosk.body.state import BodyState
from kiosk.vision.back.contour import Trunk
from kiosk.vision.camera.frame import Frame
from people import figure

WALL, SHIRT = (150, 140, 130), (40, 90, 60)
SIZE = (640, 480)
DEPTH = 0.2  # hip-shoulder line to the back of a straight one, in torso lengths


def bent(
    time_s: float = 1.0, *, lean_deg: float = 60.0, facing: int = 1, stature_px: float = 300.0
) -> Pose:
    return figure(time_s, lean_deg=lean_deg, knee_deg=15, facing=facing, stature_px=stature_px)


def body_of(pose: Pose, *, facing: int = 1, stature_px: float = 300.0) -> BodyState:
    """The body after a second of standing side-on."""
    observer = BodyObserver()
    for k in range(16):
        time_s = pose.time_s - 1.2 + k / 15
        observer.observe(figure(time_s, facing=facing, stature_px=stature_px))
    body = observer.observe(pose)
    assert body is not None
    return body


def trunk_of(pose: Pose, body: BodyState) -> Trunk:
    shoulders, hips = pose.keypoints[[5, 6], :2].mean(axis=0), pose.keypoints[[11, 12], :2].mean(0)
    standing = body.standing
    assert standing is not None
    assert standing.facing is not None
    return Trunk(tuple(hips), tuple(shoulders), standing.facing, standing.outline.trunk_px)


def mask_of(trunk: Trunk, bump: float, size: tuple[int, int] = SIZE) -> np.ndarray:
    """[height, width] 0 to 1: a trunk that bows by `bump` torso lengths half-way up."""
    along, back = trunk.axes
    x, y = np.meshgrid(np.arange(size[0]) + 0.5, np.arange(size[1]) + 0.5)
    x, y = x - trunk.hip[0], y - trunk.hip[1]
    span = trunk.length * trunk.torso_px
    at = (x * along[0] + y * along[1]) / span
    behind = (x * back[0] + y * back[1]) / trunk.torso_px
    bow = bump * np.sin(math.pi * np.clip(at / 0.9, 0, 1))
    inside = np.minimum(DEPTH + bow - behind, behind + 0.25)
    inside = np.minimum(inside, np.minimum(at + 0.35, 1.4 - at))
    return np.clip(inside * trunk.torso_px + 0.5, 0, 1)


def painted(
    mask: np.ndarray | None = None, *, light: float = 1.0, seed: int = 1, time_s: float = 1.0
) -> Frame:
    """A wall, and in front of it whoever the mask shows."""
    rng = np.random.default_rng(seed)
    wall = np.ones((SIZE[1], SIZE[0], 1)) * WALL
    if mask is not None:
        wall = wall + mask[..., np.newaxis] * (np.array(SHIRT) - wall)
    noisy = wall * light + rng.normal(0, 2, wall.shape)
    return Frame(four_bytes(np.clip(noisy, 0, 255)), time_s)


def four_bytes(colours: np.ndarray) -> np.ndarray:
    """[height, width, 3] as the pixels of a frame."""
    rgbx = np.zeros((*colours.shape[:2], 4), np.uint8)
    rgbx[..., :3] = colours
    return rgbx


def moved(frame: Frame, time_s: float) -> Frame:
    return replace(frame, time_s=time_s)


class Shirts:
    """A segmenter that takes whatever is green for a person."""

    def person(self, picture: np.ndarray) -> np.ndarray:
        values = picture.astype(np.float32)
        seen = values.max(axis=2) > 0  # beyond the frame all is black
        green = np.clip((values[..., 1] - values[..., 0]) / 50 + 0.2, 0, 1)
        return np.where(seen, green, 0).astype(np.float32)
