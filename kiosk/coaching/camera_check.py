"""Finds what is wrong with how the camera hangs, by somebody who stands on the mark. Pure.

Each limit comes from 89 still pictures of people on films who stand, and from 36 rendered people
of whom each was also seen by a camera that is higher, rolled, or looks at a window behind them; all
of them cropped, darkened and shrunk. Whoever stands still does not show how high a camera hangs
that sees all of them: it shortens the legs against the trunk, to 1.45 trunks at 2.6 m, where people
before a camera at hip height have 1.1 to 2.0. `height_check` has them step away, and `glass_check`
finds reflections of the screen.

How the picture is turned, a lens that is covered, and light in which nobody is seen at all are
found in `kiosk.vision.pose`.
"""

import math
from collections import deque
from dataclasses import dataclass
from enum import Enum
from statistics import median

import numpy as np
from numpy.typing import NDArray

from kiosk.body.outline import EDGE, read_outline
from kiosk.body.pose import Keypoint, Pose
from kiosk.body.standing import upright
from kiosk.body.state import Outline
from kiosk.coaching.session import FAR_PART, NEAR_PART, WHOLE

EVERY_S = 0.2
"""Seconds from one picture that is looked at to the next."""
OVER_S = 1.5
"""A finding is that of most pictures of so long: single poses are off."""
DARK = 32.0
"""Mean brightness of 0 to 255 that leaves no room: at half of it nothing is counted any more, as
`kiosk.vision.pose.light` says. The darkest of the films has 69."""
SHADOW, BRIGHT = 20.0, 150.0
"""Somebody darker than the one, at the median of their trunk and thighs, before what is brighter
than the other, stands before a window: the camera has set itself to that. Dark clothes before a
white wall have 19 and more."""
TILTED_DEG = 6.5
"""From ankles to shoulders, off the vertical. Of people who stand 95 of 100 are within 4.6."""
END_SEEN = 0.3
"""Least score of the best seen point of a head, or of the feet. The model guesses those beyond the
picture's border within it: with .15, 22 of 95 pairs of feet that were cut off passed."""
FEET_EDGE = 0.02
"""Ankles this near the lower border, in parts of the picture: the feet below them are cut off."""
ROOM = 0.15
"""So much of the picture is free beyond the other end of a body that is cut: aimed elsewhere, the
camera may see all of it."""
_STEP = 8  # pixels from one that is looked at to the next, both ways
_BESIDE = (0.10, 0.35)  # from where to where somebody's surroundings are looked at, in heights
_NARROW = 0.04  # half the width of a trunk that is seen from the side, in heights

K = Keypoint
_HEAD = (K.NOSE, K.LEFT_EYE, K.RIGHT_EYE, K.LEFT_EAR, K.RIGHT_EAR)
FEET = (K.LEFT_ANKLE, K.RIGHT_ANKLE)
SHOULDERS = (K.LEFT_SHOULDER, K.RIGHT_SHOULDER)
_BODY = (*SHOULDERS, K.LEFT_HIP, K.RIGHT_HIP, K.LEFT_KNEE, K.RIGHT_KNEE)


class Finding(Enum):
    """What to put right, the most important first."""

    NOBODY = "nobody"
    DARK = "dark"
    WINDOW = "window"
    NEAR = "near"
    AIMED_HIGH = "aimed_high"  # the feet are cut off, and there is room above the head
    AIMED_LOW = "aimed_low"
    TILTED = "tilted"
    FAR = "far"
    STEP_AWAY = "step_away"  # nothing so far; this shows how high the camera hangs
    HIGH = "high"
    STEP_BACK = "step_back"  # not too high
    REFLECTS = "reflects"  # the glass throws light of the screen into the camera
    TESTING = "testing"  # nothing so far; the glass is being tested
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Light:
    """How bright a picture is, of 0 to 255.

    Attributes:
        mean: of all of it.
        person: median of trunk and thighs; None where they are not in the picture.
        beside: median of what is beside them; None where that is not in the picture.
    """

    mean: float
    person: float | None
    beside: float | None


class CameraCheck:
    """Takes pictures with their poses while somebody stands on the mark."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, Finding]] = deque()
        self._finding: Finding | None = None

    def update(self, now_s: float, pose: Pose | None, rgbx: NDArray[np.uint8]) -> Finding | None:
        """Takes the newest picture; returns what is to be put right.

        Args:
            now_s: its time.
            pose: that was found last; None while nobody is there.
            rgbx: [height, width, 3 or more] uint8, the picture.

        Returns:
            One thing, GOOD where nothing is wrong, or None before enough was seen.
        """
        recent = self._recent
        if recent and 0 <= now_s - recent[-1][0] < EVERY_S:
            return self._finding
        if recent and now_s < recent[-1][0]:  # another camera
            recent.clear()
        found = Finding.NOBODY if pose is None else find(pose, read_light(grey(rgbx), pose))
        recent.append((now_s, found))
        while now_s - recent[0][0] > OVER_S:
            recent.popleft()
        seen = [finding for _, finding in recent]
        if now_s - recent[0][0] >= OVER_S - 2 * EVERY_S:
            most = max(Finding, key=seen.count)
            self._finding = most if 2 * seen.count(most) > len(seen) else self._finding
        return self._finding


def grey(rgbx: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Returns every eighth pixel as its brightness, 0 to 255: [height, width] / 8."""
    shares = np.array([0.299, 0.587, 0.114])  # of red, green and blue, as Rec. 601 weighs them
    brightness: NDArray[np.float64] = rgbx[::_STEP, ::_STEP, :3] @ shares
    return brightness


def find(pose: Pose, light: Light) -> Finding:
    """Finds the most important thing to put right about a picture with somebody in it."""
    outline = read_outline(pose)
    if light.mean < DARK:
        return Finding.DARK
    shadow = light.person is not None and light.person < SHADOW
    if shadow and light.beside is not None and light.beside > BRIGHT:
        return Finding.WINDOW
    if (cut := _cut_off(pose, outline)) is not None:
        return cut
    if abs(tilt_deg(pose)) > TILTED_DEG and upright(outline):
        return Finding.TILTED
    part = WHOLE * outline.height_px / outline.picture_height_px
    return Finding.FAR if part < FAR_PART else Finding.GOOD


def _cut_off(pose: Pose, outline: Outline) -> Finding | None:
    """What is to be done about somebody who is not in the picture from head to feet."""
    height = pose.size[1]
    head_y = min(pose.marks[one][1] for one in _HEAD) / height
    feet_y = max(pose.marks[one][1] for one in FEET) / height
    head = _seen(pose, _HEAD) and head_y > EDGE
    feet = _seen(pose, FEET) and feet_y < 1 - FEET_EDGE
    if head and feet:
        part = WHOLE * outline.height_px / height
        return Finding.NEAR if part >= NEAR_PART else None
    if head and head_y > ROOM:
        return Finding.AIMED_HIGH
    return Finding.AIMED_LOW if feet and feet_y < 1 - ROOM else Finding.NEAR


def _seen(pose: Pose, ends: tuple[Keypoint, ...]) -> bool:
    return max(pose.marks[one][2] for one in ends) >= END_SEEN


def tilt_deg(pose: Pose) -> float:
    """Measures the line from ankles to shoulders: clockwise off the vertical is positive."""
    ankles, shoulders = (between(pose, pair) for pair in (FEET, SHOULDERS))
    return math.degrees(math.atan2(shoulders[0] - ankles[0], ankles[1] - shoulders[1]))


def between(pose: Pose, pair: tuple[Keypoint, Keypoint]) -> tuple[float, float]:
    """Returns the middle between two keypoints, in pixels of the picture."""
    (x0, y0, _), (x1, y1, _) = (pose.marks[one] for one in pair)
    return (x0 + x1) / 2, (y0 + y1) / 2


def read_light(brightness: NDArray[np.float64], pose: Pose) -> Light:
    """Measures a picture of brightness values, however coarse, that the pose was found in."""
    tall, wide = brightness.shape
    scale = tall / pose.size[1]
    xs = [pose.marks[one][0] * scale for one in _BODY]
    ys = [pose.marks[one][1] * scale for one in _BODY]
    height = max(max(ys) - min(ys), 1.0)
    centre = median(xs)
    half = max(_NARROW * height, (max(xs) - min(xs)) / 2 * 0.6)

    def middle(left: float, right: float) -> float | None:
        rows = slice(max(0, round(min(ys))), max(0, min(tall, round(max(ys)) + 1)))
        columns = slice(max(0, round(left)), max(0, min(wide, round(right) + 1)))
        part = brightness[rows, columns]
        return float(np.median(part)) if part.size else None

    near, far = (half + share * height for share in _BESIDE)
    sides = [middle(centre - far, centre - near), middle(centre + near, centre + far)]
    known = [side for side in sides if side is not None]
    return Light(
        float(brightness.mean()),
        middle(centre - half, centre + half),
        max(known) if known else None,
    )
