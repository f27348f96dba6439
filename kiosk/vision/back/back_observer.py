"""Measures the back's contour in a frame, or finds the reason why it cannot."""

import logging
import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from kiosk.body.back import LEAST_LEAN_DEG, BackProfile, Reason
from kiosk.body.geometry import middle
from kiosk.body.pose import Keypoint, Pose
from kiosk.body.state import BodyState, Outline
from kiosk.errors import ModelError
from kiosk.vision.back.background import BackgroundModel
from kiosk.vision.back.contour import Contour, Trunk, bow, fuse, grid_points, ray_points
from kiosk.vision.camera.frame import Frame
from kiosk.vision.models.interpreter import Segmenter, load_segmenter
from kiosk.vision.pose.crop import CropRegion
from kiosk.vision.pose.idle import LOOKS_EVERY_S
from kiosk.vision.pose.resample import Resampler

SIDE_PX = 256
"""Side of the segmenter's pictures."""
STEP_DEG = 5.0
"""From one gate to the next, down and up: frames are taken as the lean passes 36, 41, 46 degrees
and so on. A lift from the floor is the way up alone, often from 50 degrees, and needs three. On the
way down steps of 8 found 11 of 14 rendered arched reps where these find 13: a rep of 45 degrees had
two frames, and where the segmenter fails in many it takes many to outvote them."""
TURNED_DEG = 3.0
"""Risen this far from the deepest lean, the bottom is behind: one frame there, near rest."""
BACKGROUND_EVERY_S = 0.45
"""The empty background hardly changes: a frame this often keeps up with the light."""
RESTS_S = 0.75 * LOOKS_EVERY_S
"""Frames farther apart than this are those of a room in which nothing changes."""
RESTING_EVERY_S = 5.0
"""Of such a room one frame in so long is enough."""
SEEN = 0.3
"""Least score of the better side's hip and shoulder."""
HALF_CROP = 1.3
"""Half the square that is measured, in standing torso lengths. With the whole body in it the
contour was half as sharp, and no surer."""
WHOLE_BODY, HALF_BODY = 1.18, 0.62
"""Standing body from head to feet against its height at the shoulders, and half the second square
against that: the square that MoveNet's crop holds for a hinge. The segmenter fails in another place
there than in the first."""
LEAST_TORSO_PX = 40.0
"""A smaller person's bow is less than a pixel."""
LEAST_LENGTH, MOST_LENGTH = 0.6, 1.35
"""The trunk's length in the picture against standing: beyond it the pose is wrong or turned."""
AROUND = 0.3
"""How far behind the hip-shoulder line the picture must reach, in standing torso lengths."""
ARM_SEEN = 0.2
"""Least score of an elbow or wrist that is believed."""
ARM_NEAR = 0.10
"""An elbow or wrist nearer to the contour than this, or beyond it, may be the contour itself, in
standing torso lengths: hands on the hips, or behind the back. It is not held against the
hip-shoulder line, since crossed arms move back as the back rounds: a limit there refused 22 in 100
looks at rounded backs with crossed arms, this one 3, and as many of hands on the hips as before."""
ARM_ALONG = (-0.2, 1.1)
"""Stretch of the trunk where that matters: 0 the hip, 1 the shoulder."""
WRIST_BEHIND = 0.05
"""A wrist farther behind the hip-shoulder line holds something on the shoulders, or lies on the
back, in standing torso lengths. Of 1973 rendered looks at hanging and crossed arms none had one, of
64 with a barbell on the back 69 in 100."""
BAR_ALONG = 0.45
"""From here up along the trunk a wrist behind it holds a bar, below it lies on the back or hip."""
RAISED_ALONG, RAISED_AHEAD = 1.05, 0.3
"""A wrist beyond the shoulder and not this far ahead of it holds a bar as well: 2 in 100 looks at
crossed arms, and with the wrists behind 92 in 100 of a barbell on the back."""
CLOTHES_ALONG = np.linspace(0.1, 0.9, 18)
CLOTHES_BEHIND = np.linspace(-0.08, 0.12, 9)
"""Where the colours of the clothes are read: well within the trunk, also of a slim one."""
CLOTHES_PARTS = 3
"""Parts of the trunk whose colour is read: trousers or a belt, the middle, and the shirt."""

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
        self._taken: float | None = None
        self._deepest = 0.0
        self._rising = False

    def accepts(self, body: BodyState | None) -> bool:
        """Decides whether to measure this frame. Call it with every body, in order."""
        lean = None if body is None else _lean_deg(body)
        if lean is None or lean < LEAST_LEAN_DEG:
            self._taken, self._deepest, self._rising = None, 0.0, False
            return False
        if self._taken is None:
            accepted = True
        elif self._rising:
            accepted = _gate(lean) < _gate(self._taken)
            self._rising = lean < self._deepest  # else a second, deeper bottom
        else:
            self._rising = lean <= self._deepest - TURNED_DEG
            deeper = _gate(lean) > _gate(self._taken)
            accepted = self._rising or deeper
        self._deepest = max(self._deepest, lean)
        if accepted:
            self._taken = lean
        return accepted


def _lean_deg(body: BodyState) -> float | None:
    """The trunk's lean; before the body has been seen standing, that in the picture."""
    return abs(body.outline.lean_deg) if body.standing is None else body.trunk_lean_deg


def _gate(lean_deg: float) -> int:
    return int((lean_deg - LEAST_LEAN_DEG) // STEP_DEG)


class BackObserver:
    """Measures the back, without a segmenter by the background alone. For one thread."""

    def __init__(self, segmenter: Segmenter | None) -> None:
        self._segmenter = segmenter
        self._resample = Resampler(SIDE_PX)
        self._background = BackgroundModel(self._resample)
        self._updated_s = self._offered_s = -math.inf

    def update_background(self, frame: Frame) -> None:
        """Takes in a frame while nobody is there; those that tell nothing new are left out."""
        rests = frame.time_s - self._offered_s > RESTS_S
        self._offered_s = frame.time_s
        every_s = RESTING_EVERY_S if rests else BACKGROUND_EVERY_S
        if not 0 <= frame.time_s - self._updated_s < every_s:
            self._updated_s = frame.time_s
            whole = self._resample(frame.rgbx, CropRegion.whole(frame.size))
            self._background.update(frame.rgbx, self._person(whole.picture))

    def observe(self, frame: Frame, pose: Pose, body: BodyState) -> BackProfile | Reason:
        """Measures the back in a frame, or gives the reason why it cannot.

        `pose` is as the model gave it for this very frame: smoothed, it lags behind the picture.
        """
        standing = body.standing
        if standing is None or standing.facing is None:
            return Reason.TURN_SIDE_ON
        trunk = _trunk(pose, body, standing.facing, standing.outline)
        if isinstance(trunk, Reason):
            return trunk
        contour = self._contour(frame.rgbx, trunk, standing.outline)
        if contour is None:
            return Reason.UNCLEAR
        arms = _placed(pose, trunk, _WRISTS + _ELBOWS)
        if any(_covers(contour, along, behind) for along, behind in arms):
            return Reason.ARMS_COVER_BACK
        bowed, lean, drop = bow(contour), body.trunk_lean_deg, body.shoulder_drop
        if bowed is None or lean is None or drop is None:
            return Reason.UNCLEAR
        return BackProfile(
            bulge=bowed.bulge,
            lean_deg=lean,
            hip_drop=drop - _lean_drop(standing.outline, lean),
            confidence=bowed.clear * body.confidence,
            clothes=_clothes(frame.rgbx, trunk),
        )

    def _person(self, picture: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        return None if self._segmenter is None else self._segmenter.person(picture)

    def _contour(self, rgbx: NDArray[np.uint8], trunk: Trunk, standing: Outline) -> Contour | None:
        """Finds the contour by the segmenter, in two squares, and by the change of the room."""
        points = ray_points(trunk)
        x, y = middle(trunk.hip, trunk.shoulder)
        cut = self._resample(rgbx, CropRegion.around(x, y, HALF_CROP * trunk.torso_px))
        person = self._person(cut.picture)
        change = self._background.compare(rgbx, cut, person)
        sources = []
        if person is not None:
            sources.append(_sampled(person, cut.region, points))
            whole = self._resample(rgbx, _body_square(standing))
            if (again := self._person(whole.picture)) is not None:
                sources.append(_sampled(again, whole.region, points))
        if change is not None:
            body = change.changed
            if person is not None:  # a shadow is believed where a person is seen
                body = np.where(change.shade, np.minimum(body, person), body)
            sources.append(_sampled(body, cut.region, points))
        return fuse(sources)


def _body_square(standing: Outline) -> CropRegion:
    """Computes the square around somebody in a hinge from how they stood."""
    feet_y = max(y for _, y in standing.ankles)
    height = WHOLE_BODY * standing.height_px
    return CropRegion.around(standing.hips[0], feet_y - height / 2, HALF_BODY * height)


def _trunk(pose: Pose, body: BodyState, facing: int, standing: Outline) -> Trunk | Reason:
    """Finds the trunk to measure, or the reason why there is none."""
    if body.trunk_lean_deg is None or body.trunk_lean_deg < LEAST_LEAN_DEG:
        return Reason.NOT_BENT_ENOUGH
    marks = pose.marks
    if min(marks[k][2] for k in _TRUNK[body.side]) < SEEN:
        return Reason.HIDDEN
    (left_shoulder, left_hip), (right_shoulder, right_hip) = _TRUNK
    trunk = Trunk(
        hip=middle(marks[left_hip][:2], marks[right_hip][:2]),
        shoulder=middle(marks[left_shoulder][:2], marks[right_shoulder][:2]),
        facing=facing,
        torso_px=standing.trunk_px,
    )
    if trunk.torso_px < LEAST_TORSO_PX or not LEAST_LENGTH < trunk.length < MOST_LENGTH:
        return Reason.UNCLEAR
    if not _in_view(trunk, pose.size):
        return Reason.HIDDEN
    return _behind(_placed(pose, trunk, _WRISTS)) or trunk


def _behind(wrists: list[tuple[float, float]]) -> Reason | None:
    """Finds what covers the back by wrists that lie behind it or at the neck."""
    behind = [along for along, back in wrists if back > WRIST_BEHIND and along > ARM_ALONG[0]]
    raised = any(along > RAISED_ALONG and back > -RAISED_AHEAD for along, back in wrists)
    if raised or max(behind, default=0.0) > BAR_ALONG:
        return Reason.BAR_COVERS_BACK
    return Reason.ARMS_COVER_BACK if behind else None


def _in_view(trunk: Trunk, size: tuple[int, int]) -> bool:
    """Checks that the back's surroundings lie in the picture, as far as a back can bow."""
    back = trunk.axes[1] * AROUND * trunk.torso_px
    return all(
        0 <= x + dx <= size[0] and 0 <= y + dy <= size[1]
        for x, y in (trunk.hip, trunk.shoulder)
        for dx, dy in ((0.0, 0.0), (float(back[0]), float(back[1])))
    )


def _placed(pose: Pose, trunk: Trunk, joints: Iterable[Keypoint]) -> list[tuple[float, float]]:
    """Places those of the joints that are seen along and behind the trunk."""
    marks = (pose.marks[joint] for joint in joints)
    return [trunk.place(x, y) for x, y, score in marks if score >= ARM_SEEN]


def _covers(contour: Contour, along: float, behind: float) -> bool:
    """Checks whether an elbow or wrist lies at the dorsal contour, or beyond it."""
    return ARM_ALONG[0] < along < ARM_ALONG[1] and behind > contour.at(along) - ARM_NEAR


def _lean_drop(standing: Outline, lean_deg: float) -> float:
    """Computes how far the lean alone lowers the shoulders, in standing heights."""
    share = standing.trunk_px / max(standing.height_px, 1.0)
    return share * (1 - math.cos(math.radians(lean_deg)))


def _clothes(rgbx: NDArray[np.uint8], trunk: Trunk) -> tuple[float, ...]:
    """Reads the median colour of each part of the trunk, R G B of 0 to 1, from hip to shoulder."""
    x, y = grid_points(trunk, CLOTHES_ALONG, CLOTHES_BEHIND)
    height, width = rgbx.shape[:2]
    columns = np.clip(x, 0, width - 1).astype(np.intp)
    rows = np.clip(y, 0, height - 1).astype(np.intp)
    parts = rgbx[rows, columns, :3].reshape(CLOTHES_PARTS, -1, 3)
    return tuple((np.median(parts, axis=1) / 255).ravel().tolist())


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
