"""Draws the moving figure that shows how an exercise is done, or how it goes wrong."""

from collections.abc import Mapping
from functools import lru_cache

from pygame import Rect, Surface

from kiosk.coaching.stroke import Moment, moment
from kiosk.exercises.exercise import Appearance, Exercise, Load, Stroke
from kiosk.exercises.stick_figure import Arms, skeleton
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Canvas, draw_letters
from kiosk.ui.screen.toolkit.text import BOLD, Letters
from kiosk.ui.screen.toolkit.theme import BLACK, Colour, Role, mix
from kiosk.ui.screen.widgets.mannequin import LOAD_COLOUR, Mannequin, Place

BACK = frozenset(("rounded_back", "over_arched_back"))
"""Mistakes that are shown by the line of the back."""
_STILLS = 120  # a stroke is drawn in so many pictures at most: 30 a second for one of four seconds
_SPOT = 0.085  # radius of the ring around a mistake, in statures
_LINE = 0.016
_HEAD_ROOM, _SIDE_ROOM = 1.03, 0.06
_FLOOR = 0.012
_GLUTE_REACH, _HEAD, _HAND = 0.098, 0.07, 0.05
"""How far the body goes beyond its joints, in statures."""
_HELD: Mapping[Load, float] = {"barbell": 0.10, "plates": 0.14, "kettlebell": 0.15}
_NUMBER, _BADGE = 0.030, 0.028  # capital height in box sizes, radius in statures
_PALE = mix(Role.QUIET, Role.TRACK, 0.55)  # a body that lets its muscles shine


def place_demonstration(
    canvas: Canvas,
    name: str,
    exercise: Exercise,
    box: Rect,
    now_s: float,
    *,
    mistake: str | None = None,
    beside: str | None = None,
    muscles: bool = False,
) -> Moment:
    """Places the moving figure, feet on the bottom edge of the box; returns its moment.

    The box is for the figure, its ground and what it holds. `mistake` is the id of a check whose
    mistake is shown instead, with a ring where it is seen; `beside` of one whose mistake stands
    beside this figure, which must be as large. `muscles` lights and numbers the working ones.
    """
    appearance = exercise.appearance
    stroke = appearance.stroke if mistake is None else appearance.mistakes[mistake]
    strokes = tuple(appearance.mistakes[check] for check in (mistake, beside) if check is not None)
    still = int(now_s % stroke.whole_s / stroke.whole_s * _STILLS)
    now = moment(stroke, still / _STILLS * stroke.whole_s)
    cap_px = round(_NUMBER * min(box.size))
    numbers = tuple(
        canvas.lettering(str(number), BOLD, cap_px)
        for number, _ in enumerate(appearance.muscles if muscles else (), start=1)
    )
    # a figure at rest has the same angles again and costs nothing
    angles = (now.lean_deg, now.knee_deg, now.bulge)
    back = Role.WARN if mistake in BACK else Role.GOOD if beside in BACK else None
    ring = mistake if mistake not in BACK else None
    canvas.place(name, box, _draw, appearance, (stroke, *strokes), angles, back, ring, numbers)
    return now


def _draw(
    surface: Surface,
    appearance: Appearance,
    strokes: tuple[Stroke, ...],
    angles: tuple[float, float, float],
    back: Colour | None,
    ring: str | None,
    numbers: tuple[Letters, ...],
) -> None:
    """Draws the figure at these angles: trunk lean, knee bend, and the back's bulge.

    The first stroke is shown, in the largest size in which all of them fit. `back` colours the line
    of the back, `ring` is the check whose mistake gets one, and with `numbers` the muscles are lit.
    """
    width, height = surface.get_size()
    left, right = _ends(appearance, (appearance.stroke, *strokes))
    stature = min(height / _HEAD_ROOM, width / (right - left))
    place = Place(width / 2 - stature * (left + right) / 2, height - 1, stature)
    lean_deg, knee_deg, bulge = angles
    # hands on the hips would hide what works there
    arms: Arms = "hang" if numbers else appearance.arms
    _draw_ground(surface, appearance, strokes[0], place)
    person = Mannequin(surface, place, skeleton(lean_deg, knee_deg, bulge=bulge, arms=arms))
    person.draw(_PALE if numbers else Role.TEXT, appearance.load)
    if numbers:
        person.draw_muscles(appearance.muscles, Role.GOOD)
        for muscle, letters in zip(appearance.muscles, numbers, strict=True):
            at = place.at(person.muscle_centre(muscle))
            draw.dot(surface, BLACK, at, _BADGE * place.stature_px)
            draw_letters(surface, letters, Role.TEXT, at)
    if back is not None:
        person.draw_back(back)
    if ring is not None:
        centre, size = place.at(person.mistake_centre(ring)), place.stature_px
        draw.circle(surface, Role.WARN, centre, _SPOT * size, max(3, _LINE * size))


def _draw_ground(surface: Surface, appearance: Appearance, stroke: Stroke, place: Place) -> None:
    left, right = _ends(appearance, (stroke,))
    floor = place.floor - _FLOOR * place.stature_px / 2
    ends = (place.at((left, 0.0))[0], floor), (place.at((right, 0.0))[0], floor)
    draw.limb(surface, Role.TRACK, *ends, _FLOOR * place.stature_px)
    if appearance.load == "wall":
        x = place.at((_wall(appearance), 0.0))[0]
        top = place.at((0.0, 1.0))[1]
        draw.limb(surface, LOAD_COLOUR, (x, top), (x, place.floor), _LINE * place.stature_px)


def _ends(appearance: Appearance, strokes: tuple[Stroke, ...]) -> tuple[float, float]:
    """How far the figure reaches to the left and right over all the strokes, in statures."""
    reaches = [_reach(appearance.arms, appearance.load, stroke) for stroke in strokes]
    left, right = min(low for low, _ in reaches), max(high for _, high in reaches)
    if appearance.load == "wall":
        left = min(left, _wall(appearance) - _LINE)
    return left - _SIDE_ROOM, right + _SIDE_ROOM


@lru_cache(maxsize=64)
def _reach(arms: Arms, load: Load, stroke: Stroke) -> tuple[float, float]:
    hand = _HELD.get(load, _HAND)
    xs: list[float] = []
    for step in range(_STILLS):
        now = moment(stroke, step / _STILLS * stroke.whole_s)
        body = skeleton(now.lean_deg, now.knee_deg, arms=arms)
        xs += [body.hip[0] - _GLUTE_REACH, body.head[0] + _HEAD, body.wrist[0] + hand]
        xs += [body.wrist[0] - hand, body.elbow[0] - _HAND, body.knee[0] + _HAND]
    return min(xs), max(xs)


def _wall(appearance: Appearance) -> float:
    """Where the wall stands that the hips just reach, in statures from the ankle."""
    return skeleton(appearance.stroke.lean_deg, appearance.stroke.knee_deg).hip[0] - _GLUTE_REACH
