"""People who come, look around, lift well or badly, and go, one after the other."""

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from kiosk.coaching.stroke import moment
from kiosk.exercises.exercise import Appearance, Exercise, Stroke
from kiosk.exercises.stick_figure import Arms, as_pose, skeleton
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from soak.world import SIZE

Presses = tuple[ButtonEvent, ...]

STANDS_S = (3.0, 6.0)
"""Before a set: the baseline takes two still seconds."""
RESTS_S = (9.5, 14.0)
"""After a set, until it ends by itself."""
GAP_S = (8.0, 120.0)
"""Nobody is there."""
CROSSES_S = 1.6
"""From outside the picture to its middle."""
HALF_DEEP = 0.3
"""This part of a stroke is a rep in no exercise."""
NOISE_PX = 0.6
"""About as much as MoveNet's keypoints of somebody who stands still waver, 480 pixels high."""
NOT_COUNTED = frozenset({"shallow"})
"""Mistakes that may cost the rep."""

_EXERCISE = ButtonEvent(Button.EXERCISE, Press.SHORT)
_DRILL = ButtonEvent(Button.EXERCISE, Press.LONG)
_FINISH = ButtonEvent(Button.FINISH, Press.SHORT)
_PLAN = ButtonEvent(Button.FINISH, Press.LONG)
_HISTORY = ButtonEvent(Button.HISTORY, Press.SHORT)
_LEARN = ButtonEvent(Button.HISTORY, Press.LONG)
_BOTH = ButtonEvent(Button.EXERCISE, Press.BOTH)
_WALKS: tuple[Presses, ...] = (
    (_HISTORY, _HISTORY, _HISTORY, _LEARN),  # leafs through the history, and closes it
    (_HISTORY, _EXERCISE, _EXERCISE),  # looks up other exercises, and leaves it open
    (_LEARN, _HISTORY, _HISTORY, _HISTORY, _EXERCISE),
    (_LEARN, _FINISH),
    (_BOTH, _FINISH, _EXERCISE, _HISTORY),  # the operator: louder, softer, close
    (_BOTH,),
    # changes the plan; held twice on the operator's page it would erase all that is to be compared
    (_PLAN, _HISTORY, _FINISH),
    (_DRILL, _DRILL),
    (_DRILL, _EXERCISE),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One frame of the day.

    Attributes:
        keypoints: of whoever is there, as in `Pose`; None for nobody.
        presses: of buttons.
        rep_done: a rep that has to count was completed in this frame.
    """

    keypoints: NDArray[np.float64] | None
    presses: Presses = ()
    rep_done: bool = False


class Visitors:
    """An endless day.

    Args:
        seed: another one, another day.
        fps: frames a second.
        exercise: that the kiosk is set to now.
    """

    def __init__(self, seed: int, fps: float, exercise: Callable[[], Exercise]) -> None:
        self._random = random.Random(seed)
        self._noise = np.random.default_rng(seed)
        self._frame_s = 1 / fps
        self._exercise = exercise
        self._stature_px = 350.0
        self._arms: Arms = "hang"

    def day(self) -> Iterator[Step]:
        """Frame by frame."""
        while True:
            yield from self._nobody(self._between(GAP_S))
            yield from self._visit()

    def _visit(self) -> Iterator[Step]:
        self._stature_px = self._random.uniform(300, 385)
        yield from self._cross(-1, 0)
        for _ in range(self._random.randint(0, 4)):  # to another exercise
            yield from self._press(_EXERCISE)
        if self._random.random() < 0.3:
            for press in self._random.choice(_WALKS):
                yield from self._press(press)
        for _ in range(self._random.randint(0, 3)):
            yield from self._stand(self._between(STANDS_S))
            yield from self._set()
            if self._random.random() < 0.25:
                return  # nobody sees them go
        yield from self._cross(0, 1)

    def _set(self) -> Iterator[Step]:
        appearance = self._exercise().appearance
        self._arms = appearance.arms
        stroke = self._habit(appearance)
        upright = stroke.top_lean_deg == 0  # or half a rep would begin with a jerk
        for _ in range(self._random.randint(1, 10)):
            if upright and self._random.random() < 0.1:
                yield from self._half(stroke)
            yield from self._rep(self._paced(stroke))
        yield from self._stand(1.0)  # a rep is closed when the lockout was seen
        if self._random.random() < 0.1:
            yield from self._half_way_out(stroke)
            return
        end = self._random.random()
        if end < 0.3:
            yield from self._stand(self._between(RESTS_S))
        elif end < 0.5:
            yield from self._press(_FINISH)
        elif end < 0.7:
            yield from self._press(_EXERCISE)

    def _habit(self, appearance: Appearance) -> Stroke:
        """The exercise's own stroke, or one of its mistakes."""
        wrong = [check for check in appearance.mistakes if check not in NOT_COUNTED]
        if wrong and self._random.random() < 0.3:
            return appearance.mistakes[self._random.choice(wrong)]
        return appearance.stroke

    def _paced(self, stroke: Stroke) -> Stroke:
        """No two reps take the same time."""
        pace = self._random.uniform(0.95, 1.3)
        return replace(
            stroke,
            down_s=stroke.down_s * pace,
            up_s=stroke.up_s * pace,
            top_s=max(stroke.top_s, 0.3) * pace,
        )

    def _rep(self, stroke: Stroke) -> Iterator[Step]:
        frames = round(stroke.whole_s / self._frame_s)
        for n in range(frames):
            yield self._bent(stroke, n * self._frame_s, done=n == frames - 1)

    def _half(self, stroke: Stroke) -> Iterator[Step]:
        """Not deep enough to count."""
        shallow = replace(
            stroke, lean_deg=HALF_DEEP * stroke.lean_deg, knee_deg=HALF_DEEP * stroke.knee_deg
        )
        for step in self._rep(shallow):
            yield Step(step.keypoints)

    def _half_way_out(self, stroke: Stroke) -> Iterator[Step]:
        """Down, and out of sight before they are up again."""
        for n in range(round((stroke.down_s + stroke.hold_s) / self._frame_s)):
            yield self._bent(stroke, n * self._frame_s)
        yield from self._nobody(3.0)

    def _bent(self, stroke: Stroke, time_s: float, *, done: bool = False) -> Step:
        now = moment(stroke, time_s)
        return Step(self._seen(now.lean_deg, now.knee_deg), rep_done=done)

    def _press(self, press: ButtonEvent) -> Iterator[Step]:
        yield Step(self._seen(0, 0), (press,))
        yield from self._stand(self._random.uniform(0.3, 1.5))

    def _stand(self, seconds: float) -> Iterator[Step]:
        for _ in range(math.ceil(seconds / self._frame_s)):
            yield Step(self._seen(0, 0))

    def _nobody(self, seconds: float) -> Iterator[Step]:
        for _ in range(math.ceil(seconds / self._frame_s)):
            yield Step(None)

    def _cross(self, start: float, end: float) -> Iterator[Step]:
        """Walks sideways, in half pictures from the middle."""
        frames = math.ceil(CROSSES_S / self._frame_s)
        for n in range(frames):
            yield Step(self._seen(0, 0, start + (end - start) * n / frames))

    def _seen(self, lean_deg: float, knee_deg: float, off: float = 0.0) -> NDArray[np.float64]:
        feet_px = (SIZE[0] / 2 * (1 + 1.4 * off), 446.0)
        pose = as_pose(
            skeleton(lean_deg, knee_deg, arms=self._arms),
            stature_px=self._stature_px,
            ankle_px=feet_px,
            size=SIZE,
        )
        noise = self._noise.normal(0, NOISE_PX, (len(pose.marks), 2))
        return pose.keypoints + np.pad(noise, ((0, 0), (0, 1)))

    def _between(self, seconds: tuple[float, float]) -> float:
        return self._random.uniform(*seconds)
