"""Answers presses by the table that the legend on the screen is read from."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Protocol

from kiosk.app.exercise_choice import ExerciseChoice
from kiosk.app.pipeline import Pipeline
from kiosk.app.set_facts import SetFacts
from kiosk.app.set_up_guide import ANSWERS, SetUpGuide
from kiosk.coaching.snapshot import Snapshot, Stage
from kiosk.errors import HistoryError
from kiosk.exercises.catalogue import Catalogue
from kiosk.history.connection import DamagedHistoryError
from kiosk.history.overview import Overview
from kiosk.history.reader import Reader
from kiosk.training.facts import GUEST
from kiosk.training.plan import Plan, changed
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.screen.scene import (
    PLAN_FIELDS,
    Action,
    ButtonActions,
    Erasing,
    Lifting,
    Page,
    Scene,
    actions_for,
)
from kiosk.ui.set_up_steps import Step
from kiosk.ui.sound.speaker import Speaker

TURN_BACK_S: Mapping[Page, float] = {
    Page.COACH: math.inf,
    Page.HISTORY: 30.0,
    Page.ERASE: 10.0,
    Page.LEARN: 60.0,
    Page.PLAN: 20.0,
    Page.TAG: 20.0,
    Page.OPERATOR: 300.0,
    Page.SET_UP: 600.0,
}
"""A page where nobody presses anything goes back to the coach after this long."""
REPEAT_S = 0.12
"""A button that is held steps a load or a plan this often."""
REPEATS_S = 12.0
"""For no longer than this, which is 250 kg: its contact may be stuck."""
FAULT_S = 10.0
"""That a tag could not be looked up is shown for so long."""
VOLUME_STEP = 0.1
"""The operator sets the volume this finely."""


class Sets(Protocol):
    """What is stored of the sets, as `HistoryThread` has it. Nothing here waits for a disk."""

    @property
    def undoable(self) -> bool:
        """Whether an erased history can be brought back."""

    def erase(self) -> None:
        """Erases all of them; for a day that can be undone."""

    def erase_lifter(self, lifter: int) -> None:
        """Erases those of one place."""

    def undo_erase(self) -> None:
        """Brings back what was erased last."""

    def delete(self, serial: int) -> None:
        """Removes one."""

    def keep(self, serial: int) -> None:
        """Takes that back, for the newest one."""

    def check(self) -> None:
        """Sets the file aside if its sets cannot be read."""


class Controller:
    """Decides what a press does: which page shows, which exercise is chosen, which set ends.

    Args:
        pipeline: whose coach the buttons steer.
        reader: of the history.
        speaker: whose volume they change.
        sets: what is stored of the sets, to be erased, deleted and brought back.
        facts: of the sets beside their reps.
        exercises: that the buttons choose from.
        guide: leads through the set-up; None where nothing of it could be kept.

    Attributes:
        page: what the user has turned to.
        subpage: which subpage of that page.
        history: the stored sets, summed up, while a page of them shows.
        snapshot: the coach's, as of the last update; None before the first frame was judged.
        idle_s: seconds since somebody was there, pressed a button or had a notice to read.
        guide: as given.
        fault: why the history page is empty while it is shown, or a tag was not looked up a moment
            ago; None where it could be read.
        erasing: what would be erased, while that is asked.
        place: that a new tag would get, while that is asked.
        pair_from_s: when the two reps of the summary began to be shown; None without them.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        reader: Reader,
        speaker: Speaker,
        sets: Sets,
        facts: SetFacts,
        exercises: Catalogue,
        guide: SetUpGuide | None = None,
    ) -> None:
        self.guide = guide
        self._pipeline = pipeline
        self._reader = reader
        self._speaker = speaker
        self._sets = sets
        self._facts = facts
        self._lifter = GUEST  # whose good reps backs are held against
        self._choice = ExerciseChoice(exercises)
        self._long_s, self._repeat_s = -math.inf, math.inf
        self._pressed_s = 0.0
        self._active_s: float | None = None
        self._deleted: int | None = None
        self._answers: Mapping[Action, Callable[[], object]] = {
            Action.ACCEPT: pipeline.accept,
            Action.FINISH: pipeline.finish,
            Action.DONE: pipeline.finish,
            Action.NEXT_LIFTER: facts.choose_next,
            Action.LESS: partial(self._step, -1),
            Action.MORE: partial(self._step, 1),
            Action.ENTER: facts.enter_load,
            Action.ONE_FEWER: partial(facts.correct, -1),
            Action.ONE_MORE: partial(facts.correct, 1),
            Action.PREVIOUS_PLACE: partial(self._step_place, -1),
            Action.NEXT_PLACE: partial(self._step_place, 1),
            Action.TAKE_PLACE: self._take_place,
            Action.QUIETER: partial(self._change_volume, -VOLUME_STEP),
            Action.LOUDER: partial(self._change_volume, VOLUME_STEP),
            **_answers_of(guide),
        }
        self.page = Page.COACH if self._asked is None else Page.SET_UP
        self.subpage = 0
        self.history: Overview | None = None
        self.snapshot: Snapshot | None = None
        self.idle_s = 0.0
        self.fault: str | None = None
        self.erasing = Erasing()
        self.place = 1
        self.pair_from_s: float | None = None

    @property
    def actions(self) -> Mapping[Button, ButtonActions]:
        """What each button does now."""
        snapshot = self._pipeline.snapshot
        suggested = snapshot is not None and snapshot.suggested is not None
        kind = self._pipeline.exercise.kind
        return actions_for(
            self.page,
            _stage_of(snapshot),
            kind,
            suggested=suggested,
            deleted=None if self._stored is None else self.deleted,
            asks_load=self._facts.asks_load,
            replays=snapshot is not None and snapshot.pair is not None,
            lifters=self._facts.places > 0,
            undoable=self._sets.undoable,
            step=self._asked,
            settable=self.guide is not None,
        )

    @property
    def _asked(self) -> Step | None:
        """The step of the set-up that shows."""
        return None if self.guide is None else self.guide.step

    @property
    def lifting(self) -> Lifting:
        """What is known of the lifter and the set."""
        return replace(self._facts.shown, place=self.place)

    @property
    def plan(self) -> Plan | None:
        """The plan, while its page shows."""
        if self.page is not Page.PLAN:
            return None
        return self._facts.plan(self._facts.lifter, self._pipeline.exercise.id)

    @property
    def deleted(self) -> bool:
        """Whether the set whose summary shows was deleted."""
        return self._deleted is not None and self._stored == self._deleted

    @property
    def _stored(self) -> int | None:
        """The serial of the set whose summary shows, if it was stored."""
        snapshot = self._pipeline.snapshot
        record = None if snapshot is None else snapshot.current
        over = _stage_of(snapshot) is Stage.SUMMARY
        return record.serial if over and record is not None and record.counted else None

    def press(self, event: ButtonEvent, now: datetime, now_s: float, subpages: int) -> None:
        """Answers one press, at local time `now`, on a page that has so many subpages."""
        self._pressed_s = now_s
        if event.press is Press.BOTH:
            if self.guide is not None:
                self.guide.leave()
            self._turn_to(Page.COACH if self.page is Page.OPERATOR else Page.OPERATOR)
            return
        actions = self.actions[event.button]
        if event.press is Press.LONG:
            self._long_s, self._repeat_s = now_s, now_s + REPEAT_S
        if _stage_of(self._pipeline.snapshot) is Stage.SUMMARY:
            self._pipeline.stay()
        long = actions.long if event.press is Press.LONG else None
        self._do(long or actions.short, now, now_s, subpages)

    def read_tag(self, number: str, now_s: float) -> None:
        """Takes the place of a tag; of a new one, asks for it, unless somebody is lifting.

        While the mirror is set up, nobody trains.
        """
        if self.page is Page.SET_UP:
            return
        self._pressed_s = now_s
        try:
            place = self._facts.read_tag(number)
        except HistoryError as error:
            self.fault = str(error)
            return
        if place is None:
            self._turn_to(Page.TAG)
            self.place = self._facts.free_place
        elif self.page is not Page.OPERATOR:
            self._turn_to(Page.COACH)

    def hold(self, button: Button, now_s: float) -> None:
        """Steps again what a button steps that is still held after its long press."""
        action = self.actions[button].short
        due = self._repeat_s <= now_s < self._long_s + REPEATS_S
        if due and action in (Action.LESS, Action.MORE):
            self._pressed_s, self._repeat_s = now_s, now_s + REPEAT_S
            self._answers[action]()

    def _do(self, action: Action, now: datetime, now_s: float, subpages: int) -> None:
        if action in self._answers:
            self._answers[action]()
        elif action in self._choice.ACTIONS:
            current, snapshot = self._pipeline.exercise, self._pipeline.snapshot
            self._pipeline.switch(self._choice.next(action, current, snapshot))
            self.subpage = 0
            if self.page is Page.HISTORY:
                self._read(now)
        elif action is Action.REPLAY:
            self.pair_from_s = now_s
        elif action is Action.OTHER_SETS:
            other = self._facts.lifter if self.erasing.lifter is None else None
            self.erasing = Erasing(other)
            self._read(now)
        elif action is Action.NEXT_PAGE and self.subpage + 1 < subpages:
            self.subpage += 1
        elif action in (Action.ERASE, Action.UNDO_ERASE, Action.DELETE, Action.KEEP_SET):
            self._change_sets(action)
        else:
            if action is Action.SET_UP and self.guide is not None:
                self.guide.begin()
            self._turn_to(_LEADS_TO[action])
            if action in (Action.HISTORY, Action.ASK_ERASE):
                self._read(now)

    def _step_place(self, by: int) -> None:
        self.place = (self.place - 1 + by) % self._facts.places + 1

    def _take_place(self) -> None:
        self._facts.take_tag(self.place)
        self._turn_to(Page.COACH)

    def _step(self, by: int) -> None:
        """Steps the load that is asked for, or the part of the plan that shows."""
        if self.page is not Page.PLAN:
            self._facts.step_load(by)
            return
        exercise = self._pipeline.exercise.id
        plan = self._facts.plan(self._facts.lifter, exercise)
        self._facts.set_plan(exercise, changed(plan, PLAN_FIELDS[self.subpage], by))

    def _change_sets(self, action: Action) -> None:
        serial = self._stored
        if action is Action.ERASE and self.erasing.lifter is not None:
            self._sets.erase_lifter(self.erasing.lifter)
        elif action is Action.ERASE:
            self._sets.erase()
        elif action is Action.UNDO_ERASE:
            self._sets.undo_erase()
        elif serial is not None and action is Action.DELETE:
            self._deleted = serial
            self._sets.delete(serial)
            self._facts.delete(deleted=True)
        elif serial is not None:
            self._deleted = None
            self._sets.keep(serial)
            self._facts.delete(deleted=False)
        if action in (Action.ERASE, Action.UNDO_ERASE):
            self._facts.forget()
        self._turn_to(Page.COACH)

    def _change_volume(self, by: float) -> None:
        self._speaker.set_volume(round(self._speaker.volume + by, 2))
        if self.guide is not None:
            self.guide.keep_volume(self._speaker.volume)

    def update(self, now_s: float, *, active: bool) -> None:
        """Leaves a page where nobody presses anything, and counts how long nobody was there.

        To be called in every round, after the presses. Active is whoever holds a button down or
        has a notice to read.
        """
        self.snapshot = self._pipeline.snapshot
        stage = _stage_of(self.snapshot)
        if self._active_s is None and self.page is Page.SET_UP:
            self._pressed_s = now_s  # the mirror began with it
        lifting = stage is Stage.SET and self.page not in (Page.OPERATOR, Page.SET_UP)
        if lifting or now_s - self._pressed_s > TURN_BACK_S[self.page]:
            self._turn_to(Page.COACH)
        if self.page is Page.SET_UP and self._asked is None:
            self._turn_to(Page.COACH)
        if self.snapshot is None or self.snapshot.pair is None:
            self.pair_from_s = None
        elif self.pair_from_s is None:
            self.pair_from_s = now_s
        pressed = active or now_s == self._pressed_s
        self._follow_lifter(now_s, stage, pressed=pressed)
        if self.page is Page.COACH and now_s - self._pressed_s > FAULT_S:
            self.fault = None
        awake = pressed or stage is not Stage.WAITING
        if self._active_s is None or awake:
            self._active_s = now_s
        self.idle_s = now_s - self._active_s

    def _follow_lifter(self, now_s: float, stage: Stage, *, pressed: bool) -> None:
        """Takes the lifter's own good reps for a reference, but never in mid-set."""
        self._facts.update(self.snapshot, self._pipeline.exercise, now_s, active=pressed)
        if self._facts.holds_summary:
            self._pipeline.stay()
        if stage is Stage.SET or self._facts.lifter == self._lifter:
            return
        self._lifter = self._facts.lifter
        if self._facts.visits.ended:
            self._pipeline.end_visits()
        else:
            self._pipeline.choose(self._lifter)

    def _turn_to(self, page: Page) -> None:
        if page is not self.page:
            self.subpage = 0
        if page is not Page.SET_UP and self.guide is not None:
            self.guide.postpone()
        if page not in (Page.HISTORY, Page.ERASE):
            self.history, self.fault, self.erasing = None, None, Erasing()
        self.page = page

    def _read(self, now: datetime) -> None:
        """Reads what the page shows: the history of the lifter, or how many sets would go."""
        try:
            if self.page is Page.ERASE:
                self.erasing = replace(self.erasing, sets=self._reader.count(self.erasing.lifter))
            else:
                exercise = self._pipeline.exercise.id
                self.history = self._reader.overview(now.date(), exercise, self._facts.lifter)
            self.fault = None
        except HistoryError as error:
            self.history, self.fault = None, str(error)
            self.erasing = replace(self.erasing, sets=None)
            if isinstance(error, DamagedHistoryError):
                self._sets.check()


def build_scene(controller: Controller, now_s: float, now: datetime) -> Scene:
    """What the controller knows of all that is to be shown now; `now` is local time."""
    guide = controller.guide
    return Scene(
        now_s=now_s,
        snapshot=controller.snapshot,
        page=controller.page,
        subpage=controller.subpage,
        actions=controller.actions,
        idle_s=controller.idle_s,
        history=controller.history,
        deleted=controller.deleted,
        pair_from_s=controller.pair_from_s,
        lifting=controller.lifting,
        plan=controller.plan,
        erasing=controller.erasing,
        today=now.date(),
        set_up=None if guide is None else guide.state,
        finding=None if guide is None else guide.finding,
        shines=guide is not None and guide.shines,
    )


_LEADS_TO: Mapping[Action, Page] = {
    Action.HISTORY: Page.HISTORY,
    Action.LEARN: Page.LEARN,
    Action.PLAN: Page.PLAN,
    Action.ASK_ERASE: Page.ERASE,
    Action.KEEP: Page.OPERATOR,
    Action.SET_UP: Page.SET_UP,
    Action.CLOSE: Page.COACH,
    Action.NEXT_PAGE: Page.COACH,  # behind the last subpage
}


def _answers_of(guide: SetUpGuide | None) -> dict[Action, Callable[[], object]]:
    return {} if guide is None else {one: partial(guide.answer, one) for one in ANSWERS}


def _stage_of(snapshot: Snapshot | None) -> Stage:
    return Stage.WAITING if snapshot is None else snapshot.stage
