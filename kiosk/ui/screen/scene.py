"""Defines the scene, from which one picture is drawn, and what each button does on each page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import Enum
from typing import Literal

from kiosk.coaching.camera_check import Finding
from kiosk.coaching.snapshot import Snapshot, Stage
from kiosk.history.overview import Overview
from kiosk.training.facts import Facts
from kiosk.training.loads import Unit
from kiosk.training.plan import Part, Plan
from kiosk.training.records import Record
from kiosk.training.visits import Rest
from kiosk.ui.panel.button import Button
from kiosk.ui.set_up_steps import SetUp, Step
from kiosk.ui.status import OperatorFacts
from kiosk.vision.camera.frame import Frame

Kind = Literal["lift", "drill"]
"""The kinds of exercises."""


class Page(Enum):
    """What the user has turned to."""

    COACH = "coach"  # follows the body: waiting, framing, ready, set, summary
    HISTORY = "history"
    ERASE = "erase"  # asks once more
    PLAN = "plan"  # reps, sets and rest of the chosen lifter
    TAG = "tag"  # asks which place an unknown tag belongs to
    LEARN = "learn"
    OPERATOR = "operator"  # for whoever maintains the mirror
    SET_UP = "set_up"  # asks what the first start has to know


PLAN_FIELDS: tuple[Part, ...] = ("reps", "sets", "rest_s")
"""Subpages of the plan, in their order."""


class Action(Enum):
    """What a press does at the moment."""

    NEXT_EXERCISE = "next_exercise"
    ACCEPT = "accept"  # moves the set to the suggested exercise
    DRILL = "drill"
    NEXT_DRILL = "next_drill"
    LIFT = "lift"  # from a drill back to its exercise
    FINISH = "finish"
    DONE = "done"  # leaves the summary
    NEXT_LIFTER = "next_lifter"
    PLAN = "plan"
    LESS = "less"  # of the load that is asked for, or of the plan
    MORE = "more"
    ENTER = "enter"  # the load as it is shown
    ONE_FEWER = "one_fewer"  # corrects the count of the set whose summary shows
    ONE_MORE = "one_more"
    REPLAY = "replay"  # plays the two reps of the summary again
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
    OTHER_SETS = "other_sets"  # goes from all sets to those of one place, or back, to be erased
    PREVIOUS_PLACE = "previous_place"
    NEXT_PLACE = "next_place"
    TAKE_PLACE = "take_place"  # gives the unknown tag that place
    SET_UP = "set_up"
    PREVIOUS_CHOICE = "previous_choice"  # of a step of the set-up
    NEXT_CHOICE = "next_choice"
    SOFTER = "softer"  # the same, where it is the volume that is to be heard
    STRONGER = "stronger"
    TAKE_CHOICE = "take_choice"
    SKIP_STEP = "skip_step"  # leaves what it asks as it was
    FIRST_BUTTON = "first_button"  # the buttons are at the edge that shows, this one at its start
    LAST_BUTTON = "last_button"  # or at its end, where it is wired as the first
    NEXT_EDGE = "next_edge"
    TURN_CAMERA = "turn_camera"  # its picture, by a quarter


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


@dataclass(frozen=True, slots=True)
class Erasing:
    """The place whose sets would be erased, None for those of all; None sets are not known."""

    lifter: int | None = None
    sets: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifting:
    """What is known of the lifter, and of a set beside its reps.

    Attributes:
        facts: of the set under way or summed up; else of the lifter's next one.
        rest: since their last set; None where they have done none, or while they lift.
        asks_load: the load in `facts` is a proposal that waits for an answer.
        records: what became a record with this set, the greatest first.
        unit: of loads.
        place: to which an unknown tag would belong.
    """

    facts: Facts = field(default_factory=Facts)
    rest: Rest | None = None
    asks_load: bool = False
    records: tuple[Record, ...] = ()
    unit: Unit = "kg"
    place: int = 1


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
        lifting: what is known of the lifter and the set.
        plan: of the lifter and the exercise, while its page shows.
        erasing: what would be erased, while that is asked.
        pair_from_s: when the worst and the best rep begin to be shown, by the clock of `now_s`;
            None while they are not.
        asleep: nobody has been there for so long that the picture is black.
        today: local date.
        clock: local time, where its hour and minute are to be shown and may be right.
        operator: facts for the operator's page, while it shows.
        picture: the camera's newest picture where the settings want it shown.
        notices: what is wrong at the moment, each a sentence that a user understands.
        set_up: where the set-up stands, while its page shows.
        finding: what its camera check found last.
        shines: the screen is white, so that the camera check sees what the glass reflects.
        vision_fault: why there are no pictures to judge, as in the words under `fault`; None while
            there are.
    """

    now_s: float
    snapshot: Snapshot | None = None
    page: Page = Page.COACH
    subpage: int = 0
    actions: Mapping[Button, ButtonActions] = field(default_factory=dict)
    idle_s: float = 0.0
    asleep: bool = False
    history: Overview | None = None
    deleted: bool = False
    lifting: Lifting = field(default_factory=Lifting)
    plan: Plan | None = None
    erasing: Erasing = Erasing()
    pair_from_s: float | None = None
    today: date | None = None
    clock: time | None = None
    operator: OperatorFacts | None = None
    picture: Frame | None = None
    notices: tuple[str, ...] = ()
    pressed: tuple[Hold, ...] = ()
    vision_fault: str | None = None
    set_up: SetUp | None = None
    finding: Finding | None = None
    shines: bool = False

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
_DELETE: Mapping[bool, Action] = {False: Action.DELETE, True: Action.KEEP_SET}
"""At the summary of a set that was stored, by whether it was deleted since."""
_LEARN = ButtonActions(Action.HISTORY, Action.LEARN)
_NEXT = ButtonActions(Action.NEXT_PAGE, Action.CLOSE)
_KEEP = ButtonActions(Action.KEEP)
_TAKE = ButtonActions(Action.TAKE_CHOICE, Action.SKIP_STEP)
_TURN = (ButtonActions(Action.PREVIOUS_CHOICE), _TAKE, ButtonActions(Action.NEXT_CHOICE))
_SET_UP: Mapping[Step, tuple[ButtonActions, ...]] = {
    Step.SOUND: (ButtonActions(Action.SOFTER), _TAKE, ButtonActions(Action.STRONGER)),
    # nobody knows yet which of the outer ones is the first
    Step.EDGE: (
        ButtonActions(Action.FIRST_BUTTON),
        ButtonActions(Action.NEXT_EDGE, Action.SKIP_STEP),
        ButtonActions(Action.LAST_BUTTON),
    ),
    Step.CAMERA: (ButtonActions(Action.TURN_CAMERA), _TAKE, ButtonActions(Action.SKIP_STEP)),
    Step.RESTART: (ButtonActions(Action.SKIP_STEP), _TAKE, ButtonActions(Action.SKIP_STEP)),
    Step.MENU: (_TURN[0], ButtonActions(Action.TAKE_CHOICE, Action.CLOSE), _TURN[2]),
}
"""The steps whose buttons do something else than `_TURN`."""


def actions_for(
    page: Page,
    stage: Stage,
    kind: Kind,
    *,
    suggested: bool = False,
    deleted: bool | None = None,
    asks_load: bool = False,
    replays: bool = False,
    undoable: bool = False,
    lifters: bool = True,
    step: Step | None = None,
    settable: bool = False,
) -> dict[Button, ButtonActions]:
    """The actions of every button, at a stage of the coach and for the chosen exercise's kind.

    Args:
        page: that shows.
        stage: of the coach.
        kind: of the exercise.
        suggested: another exercise is suggested; a press accepts it.
        deleted: whether the stored set whose summary shows was deleted since; None without one.
        asks_load: its load is asked for.
        replays: it has two reps to be played again.
        undoable: an erased history can be brought back.
        lifters: there are places to choose from.
        step: of the set-up, while its page shows.
        settable: what is chosen with the buttons can be kept.
    """
    close = ButtonActions(Action.CLOSE)
    row = {
        Page.COACH: _at_the_coach(
            stage, kind, suggested=suggested, deleted=deleted, asks_load=asks_load, replays=replays
        ),
        Page.HISTORY: (ButtonActions(_EXERCISE[kind].short), close, _NEXT),
        Page.ERASE: (
            _KEEP,
            ButtonActions(Action.KEEP, Action.ERASE),
            ButtonActions(Action.OTHER_SETS) if lifters else _KEEP,
        ),
        Page.LEARN: (_EXERCISE[kind], close, _NEXT),
        Page.PLAN: (ButtonActions(Action.LESS), _NEXT, ButtonActions(Action.MORE)),
        Page.TAG: (
            ButtonActions(Action.PREVIOUS_PLACE),
            ButtonActions(Action.TAKE_PLACE, Action.CLOSE),
            ButtonActions(Action.NEXT_PLACE),
        ),
        Page.OPERATOR: (
            ButtonActions(Action.QUIETER, Action.UNDO_ERASE if undoable else None),
            ButtonActions(Action.LOUDER, Action.ASK_ERASE),
            ButtonActions(Action.CLOSE, Action.SET_UP if settable else None),
        ),
        Page.SET_UP: _SET_UP.get(step, _TURN) if step is not None else _TURN,
    }[page]
    if page is Page.COACH and not lifters:
        row = tuple(
            ButtonActions(Action.PLAN) if one.short is Action.NEXT_LIFTER else one for one in row
        )
    return dict(zip(Button, row, strict=True))


def _at_the_coach(
    stage: Stage,
    kind: Kind,
    *,
    suggested: bool,
    deleted: bool | None,
    asks_load: bool,
    replays: bool,
) -> tuple[ButtonActions, ...]:
    exercise = _SUGGESTED if suggested else _EXERCISE[kind]
    if stage is Stage.SET:
        return exercise, ButtonActions(Action.FINISH), _LEARN
    if stage is not Stage.SUMMARY:
        return exercise, ButtonActions(Action.NEXT_LIFTER, Action.PLAN), _LEARN
    if deleted is None:
        return exercise, ButtonActions(Action.DONE), _LEARN
    done = ButtonActions(Action.DONE, _DELETE[deleted])
    if deleted or suggested:
        return exercise, done, _LEARN
    if asks_load:
        return ButtonActions(Action.LESS), ButtonActions(Action.ENTER), ButtonActions(Action.MORE)
    more = ButtonActions(Action.ONE_MORE, Action.REPLAY if replays else Action.HISTORY)
    return ButtonActions(Action.ONE_FEWER, exercise.long), done, more
