"""Measures the back's contour in a frame, or finds the reason why it cannot."""

import logging
import math

import numpy as np
from numpy.typing import NDArray

from kiosk.body.back import BackProfile, Reason
from kiosk.body.geometry import middle
from kiosk.body.pose import Keypoint, Pose
from kiosk.body.state import BodyState
from kiosk.errors import ModelError
from kiosk.vision.back.background import BackgroundModel
from kiosk.vision.back.contour import Contour, Trunk, bow, fuse, ray_points
from kiosk.vision.camera.frame import Frame
from kiosk.vision.models.interpreter import Segmenter, load_segmenter
from kiosk.vision.pose.crop import CropRegion
from kiosk.vision.pose.resample import Resampler

SIDE_PX = 256
"""Side of the segmenter's pictures."""
LEAST_LEAN_DEG = 40.0
"""Less bent, arms and clothes hang before the back, and a bow hardly shows."""
STEP_DEG = 12.0
"""From one gate to the next: frames are taken as the lean passes 40, 52, 64 and 76 degrees, down
and up, five or six in a full hinge. More of them separated rendered reps no better."""
TURNED_DEG = 3.0
"""Risen this far from the deepest lean, the bottom is behind: one frame there, near rest."""
BACKGROUND_EVERY_S = 0.45
"""The empty background hardly changes: a frame this often keeps up with the light."""
SEEN = 0.3
"""Least score of the better side's hip and shoulder."""
HALF_CROP = 1.3
"""Half the square that is measured, in standing torso lengths. With the whole body in it the
contour was half as sharp, and no surer."""
LEAST_TORSO_PX = 40.0
"""A smaller person's bow is less than a pixel."""
LEAST_LENGTH, MOST_LENGTH = 0.6, 1.35
"""The trunk's length in the picture against standing: beyond it the pose is wrong or turned."""
AROUND = 0.3
"""How far behind the hip-shoulder line the picture must reach, in standing torso lengths."""
ARM_SEEN = 0.2
"""Least score of an elbow or wrist that is believed."""
ARM_BEHIND = 0.10
"""An elbow or wrist this far behind the hip-shoulder line reaches the contour, in standing torso
lengths: hands on the hips, or behind the back."""
ARM_ALONG = (-0.2, 1.1)
"""Stretch of the trunk where that matters: 0 the hip, 1 the shoulder."""
BAR_ALONG, BAR_BEHIND = 0.75, 0.0
"""Both wrists up here and behind the line hold something on the shoulders."""

_log = logging.getLogger(__name__)

K = Keypoint
_TRUNK = ((K.LEFT_SHOULDER, K.LEFT_HIP), (K.RIGHT_SHOULDER, K.RIGHT_HIP))
_ELBOWS = (K.LEFT_ELBOW, K.RIGHT_ELBOW)
_WRISTS = (K.LEFT_WRIST, K.RIGHT_WRIST)


class FrameGate:
    """Picks the frames of a rep to measure, by lean: frame rate and tempo hardly matter.

    On the way down it takes the first frame beyond every gate, one when the bottom is over, and on
    the way up again the first frame beyond every gate.
    """

    def __init__(self) -> None:
        self._gate: int | None = None
        self._deepest = 0.0
        self._rising = False

    def accepts(self, body: BodyState | None) -> bool:
        """Decides whether to measure this frame. Call it with every body, in order."""
        lean = None if body is None else body.trunk_lean_deg
        if lean is None or lean < LEAST_LEAN_DEG:
            self._gate, self._deepest, self._rising = None, 0.0, False
            return False
        gate = int((lean - LEAST_LEAN_DEG) // STEP_DEG)
        if self._gate is None:
            accepted = True
        elif self._rising:
            accepted = gate < self._gate
            self._rising = lean < self._deepest  # else a second, deeper bottom
        else:
            self._rising = lean <= self._deepest - TURNED_DEG
            accepted = self._rising or gate > self._gate
        self._deepest = max(self._deepest, lean)
        if accepted:
            self._gate = gate
        return accepted


class BackObserver:
    """Measures the back, without a segmenter by the background alone. For one thread."""

    def __init__(self, segmenter: Segmenter | None) -> None:
        self._segmenter = segmenter
        self._background = BackgroundModel(SIDE_PX)
        self._resample = Resampler(SIDE_PX)
        self._updated_s = -math.inf

    def update_background(self, frame: Frame) -> None:
        """Takes in a frame while nobody is there; more than two a second are left out."""
        if not 0 <= frame.time_s - self._updated_s < BACKGROUND_EVERY_S:
            self._updated_s = frame.time_s
            whole = self._resample(frame.rgbx, CropRegion.whole(frame.size))
            self._background.update(frame.rgbx, self._person(whole.picture))

    def observe(self, frame: Frame, pose: Pose, body: BodyState) -> BackProfile | Reason:
        """Measures the back in a frame, or gives the reason why it cannot.

        `pose` is as the model gave it for this very frame: smoothed, it lags behind the picture.
        """
        trunk = _trunk(pose, body)
        if isinstance(trunk, Reason):
            return trunk
        if (cover := _cover(pose, trunk)) is not None:
            return cover
        contour = self._contour(frame.rgbx, trunk)
        bowed = None if contour is None else bow(contour)
        lean, knee = body.trunk_lean_deg, body.knee_flexion_deg
        if bowed is None or lean is None or knee is None:
            return Reason.UNCLEAR
        return BackProfile(
            bulge=bowed.bulge,
            lean_deg=lean,
            knee_deg=knee,
            confidence=bowed.clear * body.confidence,
        )

    def _person(self, picture: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        return None if self._segmenter is None else self._segmenter.person(picture)

    def _contour(self, rgbx: NDArray[np.uint8], trunk: Trunk) -> Contour | None:
        x, y = middle(trunk.hip, trunk.shoulder)
        cut = self._resample(rgbx, CropRegion.around(x, y, HALF_CROP * trunk.torso_px))
        person = self._person(cut.picture)
        change = self._background.compare(rgbx, cut, person)
        points = ray_points(trunk)
        changed = None
        if change is not None:
            body = change.changed
            if person is not None:  # a shadow is believed where a person is seen
                body = np.where(change.shade, np.minimum(body, person), body)
            changed = _sampled(body, cut.region, points)
        return fuse(None if person is None else _sampled(person, cut.region, points), changed)


def _trunk(pose: Pose, body: BodyState) -> Trunk | Reason:
    """Finds the trunk to measure, or the reason why there is none.

    Of somebody turned from side-on the trunk is read all the same, as long as it faces a side: the
    check's own `most_yaw_deg` decides whether the reading is used.
    """
    standing = body.standing
    if standing is None or standing.facing is None:
        return Reason.TURN_SIDE_ON
    if body.trunk_lean_deg is None or body.trunk_lean_deg < LEAST_LEAN_DEG:
        return Reason.NOT_BENT_ENOUGH
    marks = pose.marks
    if min(marks[k][2] for k in _TRUNK[body.side]) < SEEN:
        return Reason.HIDDEN
    (left_shoulder, left_hip), (right_shoulder, right_hip) = _TRUNK
    trunk = Trunk(
        hip=middle(marks[left_hip][:2], marks[right_hip][:2]),
        shoulder=middle(marks[left_shoulder][:2], marks[right_shoulder][:2]),
        facing=standing.facing,
        torso_px=standing.outline.trunk_px,
    )
    if trunk.torso_px < LEAST_TORSO_PX or not LEAST_LENGTH < trunk.length < MOST_LENGTH:
        return Reason.UNCLEAR
    if not _in_view(trunk, pose.size):
        return Reason.HIDDEN
    return trunk


def _in_view(trunk: Trunk, size: tuple[int, int]) -> bool:
    """Checks that the back's surroundings lie in the picture, as far as a back can bow."""
    back = trunk.axes[1] * AROUND * trunk.torso_px
    return all(
        0 <= x + dx <= size[0] and 0 <= y + dy <= size[1]
        for x, y in (trunk.hip, trunk.shoulder)
        for dx, dy in ((0.0, 0.0), (float(back[0]), float(back[1])))
    )


def _cover(pose: Pose, trunk: Trunk) -> Reason | None:
    """Finds an arm or a bar that lies over the dorsal contour."""
    wrists, elbows = (
        [trunk.place(x, y) for x, y, score in (pose.marks[k] for k in joints) if score >= ARM_SEEN]
        for joints in (_WRISTS, _ELBOWS)
    )
    if len(wrists) == 2 and all(a > BAR_ALONG and b > BAR_BEHIND for a, b in wrists):
        return Reason.BAR_COVERS_BACK
    if any(ARM_ALONG[0] < a < ARM_ALONG[1] and b > ARM_BEHIND for a, b in wrists + elbows):
        return Reason.ARMS_COVER_BACK
    return None


def _sampled(
    values: NDArray[np.floating],
    region: CropRegion,
    points: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.floating]:
    """Samples a square at points of the frame, bilinear, the pixel's middle at .5."""
    scale = SIDE_PX / region.side
    x = np.clip((points[0] - region.x0) * scale - 0.5, 0, SIDE_PX - 1.001)
    y = np.clip((points[1] - region.y0) * scale - 0.5, 0, SIDE_PX - 1.001)
    column, row = x.astype(np.intp), y.astype(np.intp)
    right, down = x - column, y - row
    upper = values[row, column] * (1 - right) + values[row, column + 1] * right
    lower = values[row + 1, column] * (1 - right) + values[row + 1, column + 1] * right
    return np.asarray(upper * (1 - down) + lower * down)


def open_back_observer() -> BackObserver:
    """Opens a back observer; without the segmenter's file, one that logs so and does without."""
    try:
        return BackObserver(load_segmenter())
    except ModelError as error:
        _log.warning("the back is judged by the empty room alone: %s", error)
        return BackObserver(None)
