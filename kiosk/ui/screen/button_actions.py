"""The table of what each button does: the controller obeys it, and the legend shows it."""

from collections.abc import Mapping
from typing import Literal

from kiosk.coaching.snapshot import Stage
from kiosk.ui.panel.button import Button
from kiosk.ui.screen.scene import Action, ButtonActions, Page

_EXERCISE: Mapping[str, ButtonActions] = {
    "lift": ButtonActions(Action.NEXT_EXERCISE, Action.DRILL),
    "drill": ButtonActions(Action.LIFT, Action.NEXT_DRILL),
}
_FINISH: Mapping[Stage, ButtonActions] = {
    Stage.SET: ButtonActions(Action.FINISH, Action.SOUND),
    Stage.SUMMARY: ButtonActions(Action.DONE, Action.SOUND),
}
_NEXT = ButtonActions(Action.NEXT_PAGE, Action.CLOSE)
_KEEP = ButtonActions(Action.KEEP)


def actions_for(
    page: Page, stage: Stage, kind: Literal["lift", "drill"]
) -> dict[Button, ButtonActions]:
    """The actions of every button, at a stage of the coach and for the chosen exercise's kind."""
    exercise = _EXERCISE[kind]
    close = ButtonActions(Action.CLOSE)
    finish = _FINISH.get(stage, ButtonActions(Action.SOUND))
    row = {
        Page.COACH: (exercise, finish, ButtonActions(Action.HISTORY, Action.LEARN)),
        Page.HISTORY: (
            ButtonActions(exercise.short),
            ButtonActions(Action.CLOSE, Action.ASK_ERASE),
            _NEXT,
        ),
        Page.ERASE: (_KEEP, ButtonActions(Action.KEEP, Action.ERASE), _KEEP),
        Page.LEARN: (exercise, close, _NEXT),
        Page.OPERATOR: (ButtonActions(Action.QUIETER), ButtonActions(Action.LOUDER), close),
    }[page]
    return dict(zip(Button, row, strict=True))
