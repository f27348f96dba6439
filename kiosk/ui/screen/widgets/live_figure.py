"""Draws the user as in a mirror: limbs from keypoints, one joint lit, and the camera's picture."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import dist

import pygame
from pygame import Rect, Surface

from kiosk.body.pose import Keypoint, Pose
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Canvas
from kiosk.ui.screen.toolkit.draw import Point
from kiosk.ui.screen.toolkit.theme import BLACK, Colour, Role, mix
from kiosk.vision.camera.frame import Frame

_SEEN = 0.2  # MoveNet's own demos draw keypoints from about this score on
_LEG = (0.050, 0.036, 0.022)
_ARM = (0.029, 0.023, 0.016)
_TRUNK = (0.056, 0.052)
_ACROSS = 0.034
"""Radii of limbs in figure heights: hip, knee, ankle; shoulder, elbow, wrist; shoulders, hips."""
_HEAD = 0.062
_LIT, _RIM = 0.060, 0.015  # the ring around a lit joint, and the dark rim that sets it off
_THIN_PX = 1.5
_SHADE = (110, 110, 110)  # of 255: the figure and the count stand out from a bright picture

_LEGS = (
    (Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE),
    (Keypoint.RIGHT_HIP, Keypoint.RIGHT_KNEE, Keypoint.RIGHT_ANKLE),
)
_ARMS = (
    (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST),
    (Keypoint.RIGHT_SHOULDER, Keypoint.RIGHT_ELBOW, Keypoint.RIGHT_WRIST),
)
_HIPS, _KNEES, _ANKLES = zip(*_LEGS, strict=True)
_SHOULDERS = (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER)
_BACK = (*_SHOULDERS, *_HIPS)
_FACE = tuple(Keypoint)[:5]
KEYPOINTS_OF_CHECK: Mapping[str, tuple[Keypoint, ...]] = {
    "knee_dominance": _KNEES,
    "shallow": _HIPS,
    "no_lockout": _HIPS,
    "lean_back": _BACK,
    "rounded_back": _BACK,
    "over_arched_back": _BACK,
    "hips_late": _HIPS,
    "hips_shoot_up": _HIPS,
    "stance": _ANKLES,
    "tempo": (),
    "head_up": _FACE,
}
"""What a check judges: the middle of these keypoints is lit."""

_FAR = mix(Role.QUIET, Role.TRACK, 0.6)

Limb = tuple[tuple[Point, float], ...]
"""Points along a limb, each with the thickness there in figure heights."""


@dataclass(frozen=True, slots=True)
class LiveFigure:
    """A person as limbs; whole pixels, so that equal figures give equal pixels.

    Far are the limbs of the side that is seen less well, near the others and the trunk. The
    thickness follows from the height, what a standing person measures.
    """

    far: tuple[Limb, ...]
    near: tuple[Limb, ...]
    head: Point | None
    lit: Point | None
    height_px: int

    def draw(
        self,
        surface: Surface,
        light: Colour = Role.WARN,
        near: Colour = Role.TEXT,
        far: Colour = _FAR,
    ) -> None:
        """Draws the figure in the colours of its far and near side, its lit joint in `light`."""
        for limbs, tone in ((self.far, far), (self.near, near)):
            for limb in limbs:
                ends = [(at, max(_THIN_PX, radius * self.height_px)) for at, radius in limb]
                for (start, wide), (end, narrow) in itertools.pairwise(ends):
                    draw.taper(surface, tone, start, wide, end, narrow)
        if self.head is not None:
            draw.dot(surface, near, self.head, _HEAD * self.height_px)
        if self.lit is not None:
            radius, rim = _LIT * self.height_px, max(2.0, _RIM * self.height_px)
            draw.dot(surface, BLACK, self.lit, radius + rim)
            draw.circle(surface, light, self.lit, radius, 2 * rim)
            draw.dot(surface, light, self.lit, radius - 3 * rim)


def feet_position(pose: Pose) -> float:
    """Where the feet stand across the mirrored picture: 0 at its left edge, 1 at its right."""
    seen = [x for x, _, score in (pose.marks[ankle] for ankle in _ANKLES) if score >= _SEEN]
    if not seen:
        return 0.5
    return 1.0 - sum(seen) / len(seen) / pose.size[0]


def faces_right(pose: Pose) -> bool:
    """Whether the person faces right in the mirror; True where it is unknown."""
    x, _, score = pose.marks[Keypoint.NOSE]
    left, right = pose.marks[Keypoint.LEFT_EAR], pose.marks[Keypoint.RIGHT_EAR]
    return score < _SEEN or x <= (left[0] + right[0]) / 2


@lru_cache(maxsize=4)  # pictures come faster than poses
def live_figure(
    pose: Pose, size: tuple[int, int], centre: float, lit: tuple[Keypoint, ...] = ()
) -> LiveFigure:
    """Builds the figure of a person as a mirror shows them: right and left as in the glass.

    The pose is unmirrored, as the camera saw it; its picture's height fills the box of this size
    in pixels. The centre is what share of the mirrored picture's width stands in the middle of the
    box; `lit` are keypoints whose middle is lit.
    """
    scale = size[1] / pose.size[1]

    def at(*keypoints: Keypoint) -> Point | None:
        points = [pose.marks[keypoint] for keypoint in keypoints]
        if not points or min(score for _, _, score in points) < _SEEN:
            return None
        x, y = (sum(point[axis] for point in points) / len(points) for axis in (0, 1))
        across = (1.0 - x / pose.size[0] - centre) * pose.size[0] * scale
        return round(size[0] / 2 + across), round(y * scale)

    near = int(_score(pose, 1) > _score(pose, 0))
    return build_figure(at, near, at(*lit), round(_height(pose) * scale))


def build_figure(
    at: Callable[..., Point | None], near: int, lit: Point | None, height_px: int
) -> LiveFigure:
    """Builds the figure of whoever's keypoints, or the middle of several, are where `at` says.

    `at` gives None for what was not seen; `near` is the side that is seen better, 0 for the left.
    """

    def limb(points: Sequence[Point | None], radii: tuple[float, ...]) -> tuple[Limb, ...]:
        runs: list[list[tuple[Point, float]]] = [[]]
        for point, radius in zip(points, radii, strict=True):
            if point is None:
                runs.append([])  # what is beyond it does not continue what was before
            else:
                runs[-1].append((point, radius))
        return tuple(tuple(run) for run in runs if len(run) > 1)

    sides = [
        limb([at(joint) for joint in leg], _LEG) + limb([at(joint) for joint in arm], _ARM)
        for leg, arm in zip(_LEGS, _ARMS, strict=True)
    ]
    trunk = limb((at(*_SHOULDERS), at(*_HIPS)), _TRUNK)
    for joints in (_SHOULDERS, _HIPS):
        trunk += limb([at(joint) for joint in joints], (_ACROSS, _ACROSS))
    face = [point for point in map(at, _FACE) if point is not None]
    head = None
    if face:
        x, y = (sum(values) / len(face) for values in zip(*face, strict=True))
        head = round(x), round(y)
    return LiveFigure(sides[1 - near], trunk + sides[near], head, lit, height_px)


def place_live_figure(
    canvas: Canvas,
    pose: Pose,
    centre: float,
    box: Rect,
    lit: tuple[Keypoint, ...] = (),
    light: Colour = Role.WARN,
    picture: Frame | None = None,
) -> None:
    """Places a person as a mirror shows them, before the camera's picture if there is one.

    The arguments are those of `live_figure`; `light` is the colour of what is lit.
    """
    figure = live_figure(pose, box.size, centre, lit)
    behind = None if picture is None else (picture, centre)
    canvas.place("figure", box, _draw, figure, light, behind)


def _draw(
    surface: Surface, figure: LiveFigure, light: Colour, behind: tuple[Frame, float] | None
) -> None:
    if behind is not None:
        draw_camera_picture(surface, *behind)
    figure.draw(surface, light)


def draw_camera_picture(surface: Surface, frame: Frame, centre: float) -> None:
    """Draws the camera's picture mirrored and dimmed, for a screen without mirror glass.

    The picture takes the surface's height; `centre` is what share of the mirrored picture's width
    stands in the middle. What lies beyond the picture stays black.
    """
    height, width = frame.rgbx.shape[:2]
    # flipped, shaded and converted while it is small, then scaled once
    small = pygame.transform.flip(
        pygame.image.frombuffer(frame.rgbx.data, (width, height), "RGBX"), flip_x=True, flip_y=False
    ).convert(surface)
    small.fill(_SHADE, special_flags=pygame.BLEND_MULT)
    tall = surface.get_height()
    scaled = pygame.transform.scale(small, (round(width * tall / height), tall))
    surface.blit(scaled, (round(surface.get_width() / 2 - centre * scaled.get_width()), 0))


def _score(pose: Pose, side: int) -> float:
    return sum(pose.marks[joint][2] for joint in (*_LEGS[side], *_ARMS[side]))


def _height(pose: Pose) -> float:
    """Twice the longest leg and thigh seen: steady while the body folds, in the frame's pixels."""
    lengths = [
        sum(dist(pose.marks[a][:2], pose.marks[b][:2]) for a, b in ((hip, knee), (knee, ankle)))
        for hip, knee, ankle in _LEGS
        if min(pose.marks[joint][2] for joint in (hip, knee, ankle)) >= _SEEN
    ]
    # rounded to a tenth of the picture, so that noise does not make the limbs throb
    tenth = pose.size[1] / 10
    return max(4.0, round(2 * max(lengths, default=2.5 * tenth) / tenth)) * tenth
