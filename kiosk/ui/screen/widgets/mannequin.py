"""Draws a person from the side, with what they hold, their muscles and the line of the back."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pygame import Surface

from kiosk.exercises.exercise import Load, Muscle
from kiosk.exercises.stick_figure import ANKLE, TRUNK, Skeleton
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.draw import Point
from kiosk.ui.screen.toolkit.theme import BLACK, Colour, Role, mix

# radii in statures at both ends of a limb, estimated by eye from people, not measured
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

_SHADOW = mix(BLACK, Role.TRACK, 0.6)
_BACK, _BACK_STEPS = 0.050, 12  # the line's way from the spine, in statures
LOAD_COLOUR: Colour = Role.QUIET
_ON_THIGH, _ON_TRUNK = (0.34, 0.86), (0.14, 0.52)
"""From where to where a muscle goes, in shares of the way along its segment."""
_MUSCLES: Mapping[Muscle, tuple[float, float, float, float]] = {
    "glutes": (0.0, 0.050, 0.050, 0.0),
    "hamstrings": (0.026, 0.030, 0.017, 0.0),
    "quads": (-0.026, 0.029, 0.019, 0.45),
    "lower_back": (0.026, 0.018, 0.014, 0.0),
    "core": (-0.022, 0.026, 0.022, 0.45),
}
"""Distance behind the segment's line and radii at both ends, in statures; and how much fainter it
is drawn: 0 for a muscle that moves the weight, more for one that helps."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands in its picture: the pixels of its ankle and of the floor.

    Facing +1 is to the right, -1 to the left.
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


@dataclass(frozen=True, slots=True)
class Mannequin:
    """Draws one person onto one surface. Points and radii are in statures, from the ankle.

    With `thinner` the outline lies that far inside the body.
    """

    surface: Surface
    place: Place
    body: Skeleton
    thinner: float = 0.0

    def draw(self, colour: Colour, load: Load = "none") -> None:
        """Draws the person and what they hold."""
        body = self.body
        if load == "band":
            self._limb(LOAD_COLOUR, body.hip, _RIM, (-_FAR, body.hip[1]), _RIM / 2)
        self.draw_body(colour)
        if load == "rod":
            ends = [_along(body.hip, body.shoulder, share) for share in (-0.12, 1.62)]
            low, high = (_off(end, body.lean_deg, 0.074) for end in ends)
            self._limb(LOAD_COLOUR, low, _RIM * 0.8, high, _RIM * 0.8)
        self._draw_arm(colour)
        if load in _PLATES:
            self._ring(LOAD_COLOUR, body.wrist, _PLATES[load])
            self._disc(LOAD_COLOUR, body.wrist, _HUB)
        elif load == "kettlebell":
            (x, y), ahead = body.wrist, _unit(body.elbow, body.wrist)
            grip, bell = ((x + far * ahead[0], y + far * ahead[1]) for far in (0.034, 0.085))
            self._ring(LOAD_COLOUR, grip, _HANDLE)
            self._disc(LOAD_COLOUR, bell, _BELL)

    def draw_outline(self, colour: Colour) -> None:
        """Draws the person's outline with a dark inside: a place to step into."""
        self.draw_body(colour)
        replace(self, thinner=_RIM).draw_body(_SHADOW)

    def draw_back(self, colour: Colour) -> None:
        """Draws the line of the back on a person that has been drawn."""
        line = [self._spine(share / _BACK_STEPS, _BACK) for share in range(_BACK_STEPS + 1)]
        points, width = [self.place.at(point) for point in line], 2 * _RIM * self.place.stature_px
        draw.path(self.surface, colour, points, width)

    def draw_muscles(self, muscles: tuple[Muscle, ...], colour: Colour) -> None:
        """Lights muscles on a person that has been drawn; helpers less than those that move."""
        for muscle in muscles:
            _, wide, narrow, fainter = _MUSCLES[muscle]
            start, end = self._muscle_ends(muscle)
            self._limb(mix(colour, Role.TRACK, fainter), start, wide, end, narrow)

    def muscle_centre(self, muscle: Muscle) -> Point:
        """The middle of a muscle, in statures from the ankle."""
        start, end = self._muscle_ends(muscle)
        return _along(start, end, 0.5)

    def mistake_centre(self, check: str) -> Point:
        """Where a check's mistake is seen, in statures from the ankle; a back has a line for it."""
        body = self.body
        if check == "lean_back":
            return self._spine(0.15, 0.0)
        if check in ("knee_dominance", "hips_late", "hips_shoot_up"):
            return body.knee
        if check == "head_up":
            return body.head
        return body.ankle if check == "stance" else body.hip

    def _limb(self, colour: Colour, start: Point, wide: float, end: Point, narrow: float) -> None:
        scale, at = self.place.stature_px, self.place.at
        wide, narrow = (max(1.0, (radius - self.thinner) * scale) for radius in (wide, narrow))
        draw.taper(self.surface, colour, at(start), wide, at(end), narrow)

    def _disc(self, colour: Colour, centre: Point, radius: float) -> None:
        radius_px = (radius - self.thinner) * self.place.stature_px
        draw.dot(self.surface, colour, self.place.at(centre), radius_px)

    def _ring(self, colour: Colour, centre: Point, radius: float) -> None:
        at, scale = self.place.at(centre), self.place.stature_px
        draw.circle(self.surface, colour, at, radius * scale, max(2, _RIM * scale))

    def draw_body(self, colour: Colour) -> None:
        """Draws the person without the arm."""
        body = self.body
        foot = [((body.ankle[0] + x, body.ankle[1] + y), r) for (x, y), r in (_HEEL, _BALL)]
        self._limb(colour, *foot[0], *foot[1])
        self._limb(colour, body.ankle, _SHANK_END, foot[0][0], _HEEL[1])
        self._limb(colour, body.knee, _KNEE, body.ankle, _SHANK_END)
        calf = _beside(body.knee, body.ankle, _CALF_AT, _CALF_BACK)
        self._limb(colour, calf, _CALF, body.ankle, _SHANK_END)
        self._limb(colour, calf, _CALF, body.knee, _KNEE * 0.8)
        self._limb(colour, body.hip, _THIGH, body.knee, _KNEE)
        self._disc(colour, self._glute(), _GLUTE)
        back = [self._spine(t, reach - self.thinner) for t, reach, _ in _PROFILE]
        front = [self._spine(t, self.thinner - reach) for t, _, reach in _PROFILE]
        outline = draw.smooth([*back, *reversed(front)])
        draw.polygon(self.surface, colour, [self.place.at(point) for point in outline])
        self._limb(colour, body.shoulder, _NECK * 1.25, body.head, _NECK)
        self._disc(colour, body.head, _HEAD)

    def _draw_arm(self, colour: Colour) -> None:
        body = self.body
        for grown, tone in ((_CUT, BLACK), (0.0, colour)):
            elbow = body.elbow, _ELBOW + grown
            self._limb(tone, body.shoulder, _UPPER_ARM + grown, *elbow)
            self._limb(tone, *elbow, body.wrist, _WRIST + grown)
        # the rim has cut the shoulder out of the trunk; it belongs to it
        self._disc(colour, body.shoulder, _UPPER_ARM + _CUT)

    def _muscle_ends(self, muscle: Muscle) -> list[Point]:
        body, behind = self.body, _MUSCLES[muscle][0]
        if muscle == "glutes":
            return [self._glute()] * 2
        if muscle in ("hamstrings", "quads"):
            return [_beside(body.hip, body.knee, share, behind) for share in _ON_THIGH]
        return [self._spine(share, behind) for share in _ON_TRUNK]

    def _glute(self) -> Point:
        """Behind the hip, half-way between the lines of trunk and thigh."""
        hip, knee = self.body.hip, self.body.knee
        thigh_deg = math.degrees(math.atan2(hip[0] - knee[0], hip[1] - knee[1]))
        return _off(hip, (self.body.lean_deg + thigh_deg) / 2, _GLUTE_BACK)

    def _spine(self, share: float, behind: float) -> Point:
        """A point beside the spine: share of the way from hip to shoulder, statures to the back."""
        body = self.body
        bow = 4 * share * (1 - share) * body.bulge * TRUNK
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
