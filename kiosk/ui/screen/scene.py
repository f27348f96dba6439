"""Defines the scene, from which one picture is drawn, and what each button does on each page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Literal

from kiosk.coaching.snapshot import Snapshot, Stage
from kiosk.history.overview import Overview
from kiosk.ui.panel.button import Button
from kiosk.ui.status import OperatorFacts
from kiosk.vision.camera.frame import Frame

Kind = Literal["lift", "drill"]
"""The kinds of exercises."""


class Page(Enum):
    """What the user has turned to."""

    COACH = "coach"  # follows the body: waiting, framing, ready, set, summary
    HISTORY = "history"
    ERASE = "erase"  # asks once more
    LEARN = "learn"
    OPERATOR = "operator"  # for whoever maintains the mirror


class Action(Enum):
    """What a press does at the moment."""

    NEXT_EXERCISE = "next_exercise"
    ACCEPT = "accept"  # moves the set to the suggested exercise
    DRILL = "drill"
    NEXT_DRILL = "next_drill"
    LIFT = "lift"  # from a drill back to its exercise
    FINISH = "finish"
    DONE = "done"  # leaves the summary
    SOUND = "sound"  # the next volume
    HISTORY = "history"
    LEARN = "learn"
    NEXT_PAGE = "next_page"
    CLOSE = "close"
    ASK_ERASE = "ask_erase"
    ERASE = "erase"
    UNDO_ERASE = "undo_erase"
    KEEP = "keep"
    DELETE = "delete"  # the set whose summary shows
    KEEP_SET = "keep_set"  # takes that back
    QUIETER = "quieter"
    LOUDER = "louder"


@dataclass(frozen=True, slots=True)
class ButtonActions:
    """What one button does when it is pressed, and when it is held: None does the same."""

    short: Action
    long: Action | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """A button that is down: progress 0 when it goes down, 1 when it has become a long press."""

    button: Button
    progress: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One moment of everything that is shown. Equal scenes give equal pictures.

    Attributes:
        now_s: the display's monotonic clock, which drives every animation.
        snapshot: the coach's newest result; None until the first frame was judged.
        subpage: number of the part of that page; counted round, so that pressing on comes back to
            the start.
        idle_s: seconds since somebody was there or pressed a button.
        history: the stored sets, summed up, while a page of them shows.
        deleted: whether the set whose summary shows was deleted.
        today: local date.
        operator: facts for the operator's page, while it shows.
        picture: the camera's newest picture where the settings want it shown.
        notices: what is wrong at the moment, each a sentence that a user understands.
        vision_fault: why there are no pictures to judge, as in the words under `fault`; None while
            there are.
    """

    now_s: float
    snapshot: Snapshot | None = None
    page: Page = Page.COACH
    subpage: int = 0
    actions: Mapping[Button, ButtonActions] = field(default_factory=dict)
    idle_s: float = 0.0
    history: Overview | None = None
    deleted: bool = False
    today: date | None = None
    operator: OperatorFacts | None = None
    picture: Frame | None = None
    notices: tuple[str, ...] = ()
    pressed: tuple[Hold, ...] = ()
    vision_fault: str | None = None

    @property
    def judged(self) -> Snapshot:
        """The snapshot, for screens that are shown only when there is one."""
        assert self.snapshot is not None
        return self.snapshot


# the controller obeys this table, and the legend shows it
_EXERCISE: Mapping[str, ButtonActions] = {
    "lift": ButtonActions(Action.NEXT_EXERCISE, Action.DRILL),
    "drill": ButtonActions(Action.LIFT, Action.NEXT_DRILL),
}
_SUGGESTED = ButtonActions(Action.ACCEPT, Action.DRILL)
_FINISH: Mapping[Stage, ButtonActions] = {
    Stage.SET: ButtonActions(Action.FINISH, Action.SOUND),
    Stage.SUMMARY: ButtonActions(Action.DONE, Action.SOUND),
}
_STORED: Mapping[bool, ButtonActions] = {
    False: ButtonActions(Action.DONE, Action.DELETE),
    True: ButtonActions(Action.DONE, Action.KEEP_SET),
}
"""At the summary of a set that was stored, by whether it was deleted since."""
_NEXT = ButtonActions(Action.NEXT_PAGE, Action.CLOSE)
_KEEP = ButtonActions(Action.KEEP)


def actions_for(
    page: Page,
    stage: Stage,
    kind: Kind,
    *,
    suggested: bool = False,
    deleted: bool | None = None,
    undoable: bool = False,
) -> dict[Button, ButtonActions]:
    """The actions of every button, at a stage of the coach and for the chosen exercise's kind.

    While another exercise is suggested, a press accepts it. `deleted` is None unless the summary of
    a stored set shows; `undoable` says that an erased history can be brought back.
    """
    exercise = _EXERCISE[kind]
    close = ButtonActions(Action.CLOSE)
    finish = _FINISH.get(stage, ButtonActions(Action.SOUND))
    if stage is Stage.SUMMARY and deleted is not None:
        finish = _STORED[deleted]
    row = {
        Page.COACH: (
            _SUGGESTED if suggested else exercise,
            finish,
            ButtonActions(Action.HISTORY, Action.LEARN),
        ),
        Page.HISTORY: (
            ButtonActions(exercise.short),
            close,
            _NEXT,
        ),
        Page.ERASE: (_KEEP, ButtonActions(Action.KEEP, Action.ERASE), _KEEP),
        Page.LEARN: (exercise, close, _NEXT),
        Page.OPERATOR: (
            ButtonActions(Action.QUIETER, Action.UNDO_ERASE if undoable else None),
            ButtonActions(Action.LOUDER, Action.ASK_ERASE),
            close,
        ),
    }[page]
    return dict(zip(Button, row, strict=True))
