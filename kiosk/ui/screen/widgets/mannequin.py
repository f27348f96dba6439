"""A person with a body, side-on: shows an exercise, its muscles, and where a mistake sits."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from pygame import Surface

from kiosk.exercises.appearance import Load, Muscle
from kiosk.exercises.stick_figure import ANKLE, TRUNK, Skeleton
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.draw import Point
from kiosk.ui.screen.toolkit.theme import BLACK, Colour, Role, mix

# radii in statures at both ends of a limb, drawn from looking at people, not measured
_THIGH, _KNEE, _SHANK_END = 0.062, 0.041, 0.025
_CALF_AT, _CALF_BACK, _CALF = 0.30, 0.012, 0.036
_GLUTE, _GLUTE_BACK = 0.070, 0.018
_UPPER_ARM, _ELBOW, _WRIST = 0.034, 0.026, 0.019
_NECK, _HEAD = 0.031, 0.064
_HEEL, _BALL = ((-0.032, -0.017), 0.021), ((0.100, -0.026), 0.013)
_CUT = 0.011  # dark rim that parts the arm from the trunk behind it
# along the spine from hip to shoulder: (share of the way, reach to the back, to the front)
_PROFILE = (
    (-0.06, 0.052, 0.050),
    (0.10, 0.058, 0.057),
    (0.30, 0.047, 0.054),
    (0.50, 0.048, 0.060),
    (0.72, 0.056, 0.066),
    (0.90, 0.054, 0.056),
    (1.04, 0.034, 0.034),
)
_RIM = 0.012  # thickness of what is drawn as an outline
_PLATES: Mapping[Load, float] = {"barbell": 0.085, "plates": 0.128}
_HUB = 0.016
_BELL, _HANDLE = 0.052, 0.036
_FAR = 3.0  # a band's other end lies beyond every picture

_SHADOW = mix(BLACK, Role.TRACK.value, 0.6)
_BACK, _BACK_STEPS = 0.050, 12  # the line's way from the spine, in statures
LOAD_COLOUR: Colour = Role.QUIET.value
_MUSCLE_SHADE: Mapping[Muscle, float] = {
    "glutes": 0.0,
    "hamstrings": 0.0,
    "lower_back": 0.0,
    "core": 0.45,
    "quads": 0.45,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands in its picture.

    Attributes:
        x, floor: pixels of the ankle and of the floor.
        stature_px: height of the standing person.
        facing: +1 looks to the right, -1 to the left.
    """

    x: float
    floor: float
    stature_px: float
    facing: int = 1

    def at(self, point: Point) -> Point:
        """Pixels of a point that is given in statures from the ankle."""
        return (
            self.x + self.facing * self.stature_px * point[0],
            self.floor - self.stature_px * (point[1] + ANKLE),
        )


def paint_person(
    surface: Surface,
    place: Place,
    body: Skeleton,
    colour: Colour = Role.TEXT.value,
    *,
    load: Load = "none",
) -> None:
    """Draws a person and what they hold."""
    artist = _Artist(surface, place, body)
    artist.behind(load)
    artist.body(colour)
    artist.held(load)
    artist.arm(colour)
    artist.in_front(load)


def paint_outline(surface: Surface, place: Place, body: Skeleton, colour: Colour) -> None:
    """Draws a person's shadow with a bright edge: a place to step into."""
    _Artist(surface, place, body).body(colour)
    _Artist(surface, place, body, thinner=_RIM).body(_SHADOW)


def paint_back(surface: Surface, place: Place, body: Skeleton, colour: Colour) -> None:
    """Draws the line of the back on a person that has been drawn."""
    line = [_spine(body, share / _BACK_STEPS, _BACK) for share in range(_BACK_STEPS + 1)]
    draw.path(surface, colour, [place.at(point) for point in line], 2 * _RIM * place.stature_px)


def paint_muscles(
    surface: Surface, place: Place, body: Skeleton, muscles: tuple[Muscle, ...], colour: Colour
) -> None:
    """Lights muscles on a person that has been drawn; helpers less than those that move."""
    artist = _Artist(surface, place, body)
    for muscle in muscles:
        artist.muscle(muscle, mix(colour, Role.TRACK.value, _MUSCLE_SHADE[muscle]))


def muscle_at(body: Skeleton, muscle: Muscle) -> Point:
    """The middle of a muscle, in statures from the ankle."""
    ends = _muscle_ends(body, muscle)
    return _along(*ends, 0.5)


def spot(body: Skeleton, check: str) -> Point:
    """Where a check's mistake is seen, in statures from the ankle; a back has a line for that."""
    if check == "lean_back":
        return _spine(body, 0.15, 0.0)
    if check in ("knee_dominance", "hips_first"):
        return body.knee
    if check == "head_up":
        return body.head
    return body.ankle if check == "stance" else body.hip


class _Artist:
    """Draws the parts of one person onto one surface."""

    def __init__(
        self, surface: Surface, place: Place, body: Skeleton, *, thinner: float = 0.0
    ) -> None:
        self._surface = surface
        self._place = place
        self._body = body
        self._thinner = thinner

    def limb(self, colour: Colour, start: Point, wide: float, end: Point, narrow: float) -> None:
        scale, less = self._place.stature_px, self._thinner
        draw.taper(
            self._surface,
            colour,
            self._place.at(start),
            max(1.0, (wide - less) * scale),
            self._place.at(end),
            max(1.0, (narrow - less) * scale),
        )

    def disc(self, colour: Colour, centre: Point, radius: float) -> None:
        scale = self._place.stature_px
        draw.dot(self._surface, colour, self._place.at(centre), (radius - self._thinner) * scale)

    def ring(self, colour: Colour, centre: Point, radius: float) -> None:
        scale = self._place.stature_px
        draw.circle(
            self._surface, colour, self._place.at(centre), radius * scale, max(2, _RIM * scale)
        )

    def body(self, colour: Colour) -> None:
        body = self._body
        foot = [((body.ankle[0] + x, body.ankle[1] + y), r) for (x, y), r in (_HEEL, _BALL)]
        self.limb(colour, *foot[0], *foot[1])
        self.limb(colour, body.ankle, _SHANK_END, foot[0][0], _HEEL[1])
        self.limb(colour, body.knee, _KNEE, body.ankle, _SHANK_END)
        calf = _beside(body.knee, body.ankle, _CALF_AT, _CALF_BACK)
        self.limb(colour, calf, _CALF, body.ankle, _SHANK_END)
        self.limb(colour, calf, _CALF, body.knee, _KNEE * 0.8)
        self.limb(colour, body.hip, _THIGH, body.knee, _KNEE)
        self.disc(colour, _glute(body), _GLUTE)
        self.trunk(colour)
        self.limb(colour, body.shoulder, _NECK * 1.25, body.head, _NECK)
        self.disc(colour, body.head, _HEAD)

    def trunk(self, colour: Colour) -> None:
        back = [_spine(self._body, t, reach - self._thinner) for t, reach, _ in _PROFILE]
        front = [_spine(self._body, t, self._thinner - reach) for t, _, reach in _PROFILE]
        outline = draw.smooth([*back, *reversed(front)])
        draw.polygon(self._surface, colour, [self._place.at(point) for point in outline])

    def arm(self, colour: Colour) -> None:
        body = self._body
        for grown, tone in ((_CUT, BLACK), (0.0, colour)):
            elbow = body.elbow, _ELBOW + grown
            self.limb(tone, body.shoulder, _UPPER_ARM + grown, *elbow)
            self.limb(tone, *elbow, body.wrist, _WRIST + grown)
        # the rim has cut the shoulder out of the trunk; it belongs to it
        self.disc(colour, body.shoulder, _UPPER_ARM + _CUT)

    def behind(self, load: Load) -> None:
        if load == "band":
            hip = self._body.hip
            self.limb(LOAD_COLOUR, hip, _RIM, (-_FAR, hip[1]), _RIM / 2)

    def held(self, load: Load) -> None:
        body = self._body
        if load == "rod":
            low, high = (_spine(body, t, 0.0, straight=True) for t in (-0.12, 1.62))
            away = 0.074
            low, high = (_off(p, body.lean_deg, away) for p in (low, high))
            self.limb(LOAD_COLOUR, low, _RIM * 0.8, high, _RIM * 0.8)

    def in_front(self, load: Load) -> None:
        body = self._body
        if load in _PLATES:
            grip = body.wrist
            self.ring(LOAD_COLOUR, grip, _PLATES[load])
            self.disc(LOAD_COLOUR, grip, _HUB)
        elif load == "kettlebell":
            ahead = _unit(body.elbow, body.wrist)
            bell = body.wrist[0] + 0.085 * ahead[0], body.wrist[1] + 0.085 * ahead[1]
            grip = body.wrist[0] + 0.034 * ahead[0], body.wrist[1] + 0.034 * ahead[1]
            self.ring(LOAD_COLOUR, grip, _HANDLE)
            self.disc(LOAD_COLOUR, bell, _BELL)

    def muscle(self, muscle: Muscle, colour: Colour) -> None:
        start, end = _muscle_ends(self._body, muscle)
        wide, narrow = _MUSCLE_SIZE[muscle]
        self.limb(colour, start, wide, end, narrow)


_MUSCLE_SIZE: Mapping[Muscle, tuple[float, float]] = {
    "glutes": (0.050, 0.050),
    "hamstrings": (0.030, 0.017),
    "quads": (0.029, 0.019),
    "lower_back": (0.018, 0.014),
    "core": (0.026, 0.022),
}


def _muscle_ends(body: Skeleton, muscle: Muscle) -> tuple[Point, Point]:
    if muscle == "glutes":
        middle = _glute(body)
        return middle, middle
    if muscle in ("hamstrings", "quads"):
        side = 0.026 if muscle == "hamstrings" else -0.026
        return _beside(body.hip, body.knee, 0.34, side), _beside(body.hip, body.knee, 0.86, side)
    side = 0.026 if muscle == "lower_back" else -0.022
    return _spine(body, 0.14, side), _spine(body, 0.52, side)


def _glute(body: Skeleton) -> Point:
    """Behind the hip, half-way between the lines of trunk and thigh."""
    thigh_deg = math.degrees(math.atan2(body.hip[0] - body.knee[0], body.hip[1] - body.knee[1]))
    return _off(body.hip, (body.lean_deg + thigh_deg) / 2, _GLUTE_BACK)


def _spine(body: Skeleton, share: float, behind: float, *, straight: bool = False) -> Point:
    """A point beside the spine: share of the way from hip to shoulder, statures to the back."""
    bow = 0.0 if straight else 4 * share * (1 - share) * body.bulge * TRUNK
    return _off(_along(body.hip, body.shoulder, share), body.lean_deg, behind + bow)


def _off(point: Point, lean_deg: float, behind: float) -> Point:
    """A point moved backwards, at right angles to a line of this lean."""
    lean = math.radians(lean_deg)
    return point[0] - behind * math.cos(lean), point[1] + behind * math.sin(lean)


def _along(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _unit(start: Point, end: Point) -> Point:
    length = math.dist(start, end) or 1.0
    return (end[0] - start[0]) / length, (end[1] - start[1]) / length


def _beside(upper: Point, lower: Point, share: float, behind: float) -> Point:
    """A point beside a segment of the leg, moved backwards."""
    across = _unit(lower, upper)
    on = _along(upper, lower, share)
    return on[0] - behind * across[1], on[1] + behind * across[0]
