"""Finds the exercise that the last movements fit better than the chosen one. Pure.

Each exercise file gives the ranges of the traits that its reps usually show. The chosen exercise is
left only where a trait lies clearly outside its range, and another one is offered only where all
that was seen lies inside its own.
"""

import math
from collections import deque
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from kiosk.coaching.gates import refusal, rest_at_floor_s
from kiosk.coaching.hands import Held
from kiosk.coaching.measures import Measured, hip_drop_share, hip_share, hip_sink
from kiosk.coaching.movement import Movement, middle_of
from kiosk.exercises.exercise import Exercise, Trait

IN_A_ROW = 2
"""So many movements in a row must fit the same other exercise: one may be a rep gone wrong."""
CLEARLY: Mapping[Trait, float] = MappingProxyType(
    {
        "hip_share": 0.16,
        "hip_drop_share": 0.1,
        "hip_sink": 0.08,
        "lasts_s": 0.4,
        "dead_stop_s": 0.4,
        "hands_top": 0.15,
        "loaded": 0.25,
    }
)
"""A trait that lies this far outside its range, in its own unit, speaks against an exercise: far
enough for reps with faults, so that on 42 recorded and 123 rendered clips nothing was suggested to
whoever did what they had chosen. The other traits only tell whether another exercise fits."""
TOP_PART = 0.3
"""The hands at the top are read where the bend is less than this part of the deepest."""


class Suggestion:
    """Watches one person's movements for another exercise than the chosen one.

    Args:
        exercise: the chosen one. One that gives no ranges is never left.
        others: those that may be offered, in order of preference.

    Attributes:
        offered: the exercise that fits; None for none.
    """

    def __init__(self, exercise: Exercise, others: Iterable[Exercise] = ()) -> None:
        self.offered: Exercise | None = None
        self._exercise = exercise
        others = [other for other in others if other.fits and other.id != exercise.id]
        # whoever chose a lift with a weight most likely holds one
        self._others = sorted(others, key=lambda other: other.loaded is not exercise.loaded)
        self._fitting: deque[list[Exercise]] = deque(maxlen=IN_A_ROW)

    def update(self, movement: Movement, held: Held = Held.UNKNOWN) -> None:
        """Takes a movement that has come back to the top, whether or not it counts.

        Args:
            movement: as the counter of the chosen exercise saw it.
            held: what the hands hold, as far as it is known by now.
        """
        if not self._exercise.fits or not self._others:
            return
        traits = read_traits(movement, held)
        fitting = self._better(movement, traits)
        if not fitting and refusal(movement, self._exercise.rep) is not None:
            return  # neither a rep of this exercise nor of another one
        self._fitting.append(fitting)
        all_fit = (o for o in self._others if all(o in fits for fits in self._fitting))
        self.offered = next(all_fit, None) if len(self._fitting) == IN_A_ROW else None

    def end_set(self) -> None:
        """Ends a set: what is offered stays until another one begins or `reset` is called."""
        self._fitting.clear()

    def reset(self) -> None:
        """Forgets the movements and the offer."""
        self._fitting.clear()
        self.offered = None

    def _better(self, movement: Movement, traits: Mapping[Trait, float]) -> list[Exercise]:
        outside = {
            trait
            for trait, value in traits.items()
            if _outside(self._exercise, trait, value) > CLEARLY.get(trait, math.inf)
        }
        if not outside:
            return []
        return [
            other
            for other in self._others
            # what speaks against the chosen one must speak for the other
            if outside.intersection(other.fits)
            and all(_outside(other, trait, value) <= 0 for trait, value in traits.items())
            and refusal(movement, other.rep) is None
        ]


def read_traits(movement: Movement, held: Held) -> dict[Trait, float]:
    """What a movement shows that tells exercises apart; what was not seen is left out."""
    values: dict[Trait, float | None] = {
        "hip_share": _value(hip_share(movement)),
        "hip_drop_share": _value(hip_drop_share(movement)),
        "hip_sink": _value(hip_sink(movement)),
        "lasts_s": movement.lasts_s,
        "pause_s": movement.strokes.tempo.pause_s,
        "dead_stop_s": rest_at_floor_s(movement) if held is Held.LOADED else None,
        "hands_top": _hands_top(movement),
        "hands_bottom": _hands_bottom(movement),
        "loaded": None if held is Held.UNKNOWN else float(held is Held.LOADED),
    }
    return {trait: value for trait, value in values.items() if value is not None}


def _outside(exercise: Exercise, trait: Trait, value: float) -> float:
    """How far a value lies outside the range of an exercise; 0 or less inside."""
    if trait not in exercise.fits:
        return 0.0
    low, high = exercise.fits[trait]
    return max(low - value, value - high)


def _hands_top(movement: Movement) -> float | None:
    """How far the lower hand is below the shoulders when standing, in trunk lengths."""
    standing = movement.samples[-1].body.standing
    if standing is None:
        return None
    trunk_px = max(standing.outline.trunk_px, 1.0)
    tops = (s.body.outline for s in movement.samples if s.bend_deg < TOP_PART * movement.peak_deg)
    return middle_of(
        None if top.hands_up_px is None else (top.height_px - top.hands_up_px) / trunk_px
        for top in tops
    )


def _hands_bottom(movement: Movement) -> float | None:
    """How high the lower hand is above the ankles at the bottom, in standing heights."""
    standing = movement.samples[-1].body.standing
    hands_px = middle_of(body.outline.hands_up_px for body in movement.bottom)
    if standing is None or hands_px is None:
        return None
    return hands_px / max(standing.outline.height_px, 1.0)


def _value(measured: Measured | str) -> float | None:
    return measured.value if isinstance(measured, Measured) else None
