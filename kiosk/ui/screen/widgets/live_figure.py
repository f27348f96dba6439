"""The user as the mirror sees them: limbs from keypoints, with the joint in question lit."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from pygame import Surface

from kiosk.body.geometry import distance
from kiosk.body.pose import Keypoint, Pose
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.draw import Point
from kiosk.ui.screen.toolkit.theme import BLACK, Colour, Role, mix

_SEEN = 0.2  # MoveNet's own demos draw keypoints from about this score on
_LEG = (0.050, 0.036, 0.022)
_ARM = (0.029, 0.023, 0.016)
_TRUNK = (0.056, 0.052)
_ACROSS = 0.034
"""Radii of limbs in figure heights: hip, knee, ankle; shoulder, elbow, wrist; shoulders, hips."""
_HEAD = 0.062
_LIT, _RIM = 0.060, 0.015  # the ring around a lit joint, and the dark rim that sets it off
_THIN_PX = 1.5

_LEGS = (
    (Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE),
    (Keypoint.RIGHT_HIP, Keypoint.RIGHT_KNEE, Keypoint.RIGHT_ANKLE),
)
_ARMS = (
    (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST),
    (Keypoint.RIGHT_SHOULDER, Keypoint.RIGHT_ELBOW, Keypoint.RIGHT_WRIST),
)
_HIPS = (Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP)
_KNEES = (Keypoint.LEFT_KNEE, Keypoint.RIGHT_KNEE)
_ANKLES = (Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE)
_SHOULDERS = (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER)
_BACK = (*_SHOULDERS, *_HIPS)
_FACE = tuple(Keypoint)[:5]
JOINT_OF: Mapping[str, tuple[Keypoint, ...]] = {
    "knee_dominance": _KNEES,
    "shallow": _HIPS,
    "no_lockout": _HIPS,
    "lean_back": _BACK,
    "rounded_back": _BACK,
    "over_arched_back": _BACK,
    "hips_first": _HIPS,
    "stance": _ANKLES,
    "tempo": (),
    "head_up": _FACE,
}
"""Where a check looks: the middle of these keypoints is lit."""

_FAR = mix(Role.QUIET.value, Role.TRACK.value, 0.6)


@dataclass(frozen=True, slots=True)
class Limb:
    """Points along a limb and the thickness at each, in figure heights."""

    points: tuple[Point, ...]
    radii: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LiveFigure:
    """A person as limbs; whole pixels, so that equal figures look equal.

    Attributes:
        far: limbs of the side that is seen less well.
        near: the other limbs and the trunk.
        head: centre; None where it is not seen.
        lit: the joint in question; None for none.
        height_px: what a standing person measures, from which the thickness follows.
    """

    far: tuple[Limb, ...]
    near: tuple[Limb, ...]
    head: Point | None
    lit: Point | None
    height_px: int

    def paint(
        self,
        surface: Surface,
        colour: Colour = Role.TEXT.value,
        light: Colour = Role.WARN.value,
    ) -> None:
        """Draws the figure, its lit joint in the second colour."""
        for limbs, tone in ((self.far, _FAR), (self.near, colour)):
            for limb in limbs:
                self._paint_limb(surface, tone, limb)
        if self.head is not None:
            draw.dot(surface, colour, self.head, _HEAD * self.height_px)
        if self.lit is not None:
            radius, rim = _LIT * self.height_px, max(2.0, _RIM * self.height_px)
            draw.dot(surface, BLACK, self.lit, radius + rim)
            draw.circle(surface, light, self.lit, radius, 2 * rim)
            draw.dot(surface, light, self.lit, radius - 3 * rim)

    def _paint_limb(self, surface: Surface, colour: Colour, limb: Limb) -> None:
        widths = [max(_THIN_PX, radius * self.height_px) for radius in limb.radii]
        ends = list(zip(limb.points, widths, strict=True))
        for (start, wide), (end, narrow) in itertools.pairwise(ends):
            draw.taper(surface, colour, start, wide, end, narrow)


def feet_share(pose: Pose) -> float:
    """Where the feet stand across the picture as the mirror shows it: 0 left edge, 1 right edge."""
    seen = [x for x, _, score in (pose.marks[ankle] for ankle in _ANKLES) if score >= _SEEN]
    if not seen:
        return 0.5
    return 1.0 - sum(seen) / len(seen) / pose.size[0]


def looks_right(pose: Pose) -> bool:
    """Whether the person looks to the right in the mirror; True where it cannot be told."""
    x, _, score = pose.marks[Keypoint.NOSE]
    left, right = pose.marks[Keypoint.LEFT_EAR], pose.marks[Keypoint.RIGHT_EAR]
    return score < _SEEN or x <= (left[0] + right[0]) / 2


@lru_cache(maxsize=4)  # pictures come faster than poses
def mirrored(
    pose: Pose, size: tuple[int, int], centre: float, lit: tuple[Keypoint, ...] = ()
) -> LiveFigure:
    """The person as a mirror shows them: right and left as in the glass.

    Args:
        pose: unmirrored, as the camera saw it.
        size: width and height of the box in pixels; the picture's height fills its height.
        centre: what share of the mirrored picture's width stands in the middle of the box.
        lit: keypoints whose middle is lit.
    """
    scale = size[1] / pose.size[1]

    def at(*keypoints: Keypoint) -> Point | None:
        points = [pose.marks[keypoint] for keypoint in keypoints]
        if not points or min(score for _, _, score in points) < _SEEN:
            return None
        x, y = (sum(point[axis] for point in points) / len(points) for axis in (0, 1))
        across = (1.0 - x / pose.size[0] - centre) * pose.size[0] * scale
        return round(size[0] / 2 + across), round(y * scale)

    def limb(points: tuple[Point | None, ...], radii: tuple[float, ...]) -> tuple[Limb, ...]:
        seen = [(p, radius) for p, radius in zip(points, radii, strict=True) if p is not None]
        if len(seen) < 2:
            return ()
        return (Limb(tuple(p for p, _ in seen), tuple(radius for _, radius in seen)),)

    near_side = int(_score(pose, 1) > _score(pose, 0))
    sides = [
        limb(tuple(at(joint) for joint in _LEGS[side]), _LEG)
        + limb(tuple(at(joint) for joint in _ARMS[side]), _ARM)
        for side in (0, 1)
    ]
    trunk = (
        limb((at(*_SHOULDERS), at(*_HIPS)), _TRUNK)
        + limb(tuple(at(joint) for joint in _SHOULDERS), (_ACROSS, _ACROSS))
        + limb(tuple(at(joint) for joint in _HIPS), (_ACROSS, _ACROSS))
    )
    face = [face for face in (at(keypoint) for keypoint in _FACE) if face is not None]
    head = (
        (round(sum(x for x, _ in face) / len(face)), round(sum(y for _, y in face) / len(face)))
        if face
        else None
    )
    return LiveFigure(
        sides[1 - near_side],
        trunk + sides[near_side],
        head,
        at(*lit),
        round(_height(pose) * scale),
    )


def _score(pose: Pose, side: int) -> float:
    return sum(pose.marks[joint][2] for joint in (*_LEGS[side], *_ARMS[side]))


def _height(pose: Pose) -> float:
    """Twice the longest leg and thigh seen: steady while the body folds, in the frame's pixels."""
    lengths = [
        sum(distance(pose.marks[a][:2], pose.marks[b][:2]) for a, b in ((hip, knee), (knee, ankle)))
        for hip, knee, ankle in _LEGS
        if min(pose.marks[joint][2] for joint in (hip, knee, ankle)) >= _SEEN
    ]
    # rounded to a tenth of the picture, so that noise does not make the limbs throb
    tenth = pose.size[1] / 10
    return max(4.0, round(2 * max(lengths, default=2.5 * tenth) / tenth)) * tenth
