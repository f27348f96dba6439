"""People as lines: the user as the mirror sees them, and a standing figure as a sign."""

from dataclasses import dataclass

from pygame import Surface

from kiosk.pose.pose import Keypoint, Pose
from kiosk.screen import draw
from kiosk.screen.draw import Point
from kiosk.screen.theme import Colour, Role, mix

_SEEN = 0.2  # MoveNet's own demos draw keypoints from about this score on
_BONE = 0.034  # thickness of a limb in figure heights
_HEAD = 0.062  # radius of a head in figure heights

_LEGS = (
    (Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE),
    (Keypoint.RIGHT_HIP, Keypoint.RIGHT_KNEE, Keypoint.RIGHT_ANKLE),
)
_ARMS = (
    (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST),
    (Keypoint.RIGHT_SHOULDER, Keypoint.RIGHT_ELBOW, Keypoint.RIGHT_WRIST),
)
_FACE = tuple(Keypoint)[:5]
_ANKLES = (Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE)

_FAR = mix(Role.QUIET.value, Role.TRACK.value, 0.6)

Lines = tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A person as lines; whole pixels, so that equal figures look equal.

    Attributes:
        far: lines of the limbs that are seen less well.
        near: lines of the other limbs and of the trunk.
        head: centre; None where it is not seen.
        height_px: what a standing person measures, from which the thickness follows.
    """

    far: Lines
    near: Lines
    head: Point | None
    height_px: int

    def paint(self, surface: Surface, colour: Colour, far: Colour = _FAR) -> None:
        """Draws the figure."""
        bone = max(3.0, _BONE * self.height_px)
        for line in self.far:
            draw.path(surface, far, line, bone)
        for line in self.near:
            draw.path(surface, colour, line, bone)
        if self.head is not None:
            draw.dot(surface, colour, self.head, _HEAD * self.height_px)


def feet_share(pose: Pose) -> float:
    """Where the feet stand across the picture as the mirror shows it: 0 left edge, 1 right edge."""
    seen = [pose.keypoints[ankle] for ankle in _ANKLES if pose.keypoints[ankle, 2] >= _SEEN]
    if not seen:
        return 0.5
    return 1.0 - float(sum(point[0] for point in seen)) / len(seen) / pose.size[0]


def mirrored(pose: Pose, size: tuple[int, int], centre: float) -> Figure:
    """The person as a mirror shows them: right and left as in the glass.

    Args:
        pose: unmirrored, as the camera saw it.
        size: width and height of the box in pixels; the picture's height fills its height.
        centre: what share of the mirrored picture's width stands in the middle of the box.
    """
    scale = size[1] / pose.size[1]

    def at(*keypoints: Keypoint) -> Point | None:
        points = pose.keypoints[list(keypoints)]
        if points[:, 2].min() < _SEEN:
            return None
        x, y = points[:, 0].mean(), points[:, 1].mean()
        across = (1.0 - x / pose.size[0] - centre) * pose.size[0] * scale
        return round(size[0] / 2 + across), round(y * scale)

    def line(*points: Point | None) -> Lines:
        drawn = tuple(point for point in points if point is not None)
        return (drawn,) if len(drawn) > 1 else ()

    hips = at(Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP)
    shoulders = at(Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER)
    near_side = int(_score(pose, 1) > _score(pose, 0))
    sides = [
        line(*(at(joint) for joint in _LEGS[side])) + line(*(at(joint) for joint in _ARMS[side]))
        for side in (0, 1)
    ]
    trunk = (
        line(shoulders, hips)
        + line(*(at(arm[0]) for arm in _ARMS))
        + line(*(at(leg[0]) for leg in _LEGS))
    )
    face = [face for face in (at(keypoint) for keypoint in _FACE) if face is not None]
    head = (
        (round(sum(x for x, _ in face) / len(face)), round(sum(y for _, y in face) / len(face)))
        if face
        else None
    )
    return Figure(
        sides[1 - near_side],
        trunk + sides[near_side],
        head,
        round(_height(pose) * scale),
    )


def standing(size: tuple[int, int]) -> Figure:
    """A person who stands side-on, facing right, their feet on the bottom edge of the box."""
    width, height = size
    scale = min(height, 2.2 * width)

    def at(x: float, y: float) -> Point:
        return round(width / 2 + x * scale), round(height - y * scale)

    leg = at(0.10, 0.02), at(-0.005, 0.02), at(0.005, 0.26), at(-0.005, 0.51)
    back = at(-0.005, 0.51), at(0.0, 0.80)
    arm = at(0.0, 0.79), at(-0.05, 0.64), at(0.045, 0.52)
    return Figure((), (leg, back, arm), at(0.02, 0.925), round(scale))


def _score(pose: Pose, side: int) -> float:
    return float(pose.keypoints[[*_LEGS[side], *_ARMS[side]], 2].sum())


def _height(pose: Pose) -> float:
    """Twice the longest leg and thigh seen: steady while the body folds, in the frame's pixels."""
    lengths = [
        sum(
            float(((pose.keypoints[a, :2] - pose.keypoints[b, :2]) ** 2).sum()) ** 0.5
            for a, b in ((hip, knee), (knee, ankle))
        )
        for hip, knee, ankle in _LEGS
        if pose.keypoints[[hip, knee, ankle], 2].min() >= _SEEN
    ]
    # rounded to a tenth of the picture, so that noise does not make the limbs throb
    tenth = pose.size[1] / 10
    return max(4.0, round(2 * max(lengths, default=2.5 * tenth) / tenth)) * tenth
