"""What each button does, by page and stage: the desk obeys this table, and the legend shows it."""

from collections.abc import Mapping
from typing import Literal

from kiosk.coaching.snapshot import Stage
from kiosk.ui.panel.button import Button
from kiosk.ui.screen.scene import Action, Choice, Page

Choices = Mapping[Button, Choice]

_EXERCISE: Mapping[str, Choice] = {
    "lift": Choice(Action.NEXT_EXERCISE, Action.DRILL),
    "drill": Choice(Action.LIFT, Action.NEXT_DRILL),
}
_FINISH: Mapping[Stage, Choice] = {
    Stage.SET: Choice(Action.FINISH, Action.SOUND),
    Stage.SUMMARY: Choice(Action.DONE, Action.SOUND),
}
_LEAF = Choice(Action.NEXT_PAGE, Action.CLOSE)
_KEEP = Choice(Action.KEEP)


def choices_for(page: Page, stage: Stage, kind: Literal["lift", "drill"]) -> Choices:
    """What each button does.

    Args:
        page: what the user has turned to.
        stage: of the coach.
        kind: of the chosen exercise.
    """
    exercise = _EXERCISE[kind]
    row = {
        Page.COACH: (
            exercise,
            _FINISH.get(stage, Choice(Action.SOUND)),
            Choice(Action.HISTORY, Action.LEARN),
        ),
        Page.HISTORY: (
            Choice(exercise.short),
            Choice(Action.CLOSE, Action.ASK_ERASE),
            _LEAF,
        ),
        Page.ERASE: (_KEEP, Choice(Action.KEEP, Action.ERASE), _KEEP),
        Page.LEARN: (exercise, Choice(Action.CLOSE), _LEAF),
        Page.OPERATOR: (
            Choice(Action.QUIETER),
            Choice(Action.LOUDER),
            Choice(Action.CLOSE),
        ),
    }[page]
    return dict(zip(Button, row, strict=True))
