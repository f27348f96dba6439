"""Finds the exercise that a button leads to."""

from kiosk.coaching.snapshot import Snapshot
from kiosk.exercises.catalogue import Catalogue
from kiosk.exercises.exercise import Exercise
from kiosk.ui.screen.scene import Action


class ExerciseChoice:
    """Goes round the lifts and the drills, and from a drill back to the lift before it.

    Args:
        exercises: that the buttons choose from.
    """

    ACTIONS = (Action.NEXT_EXERCISE, Action.DRILL, Action.NEXT_DRILL, Action.LIFT)
    """Those that lead to an exercise."""

    def __init__(self, exercises: Catalogue) -> None:
        self._exercises = exercises
        self._lifts = tuple(e for e in exercises.values() if e.kind == "lift")
        self._drills = tuple(e for e in exercises.values() if e.kind == "drill")
        self._lift = self._lifts[0]

    def next(self, action: Action, current: Exercise, snapshot: Snapshot | None) -> Exercise:
        """Returns the exercise that one of `ACTIONS` leads to from the current one.

        `DRILL` leads to the drill that the snapshot offers, else to the first one.
        """
        if current.kind == "lift":
            self._lift = current
        if action is Action.NEXT_EXERCISE:
            return _after(self._lifts, self._lift)
        if action is Action.LIFT:
            return self._lift
        if action is Action.NEXT_DRILL:
            return _after(self._drills, current)
        return self._exercises[_offered(snapshot) or self._drills[0].id]


def _offered(snapshot: Snapshot | None) -> str | None:
    if snapshot is None:
        return None
    advice = snapshot.summary.one_thing if snapshot.summary else None
    return snapshot.drill or (advice.drill if advice else None) or None


def _after(row: tuple[Exercise, ...], current: Exercise) -> Exercise:
    return row[(row.index(current) + 1) % len(row)]
