"""Answers presses by the table that the legend on the screen is read from."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from kiosk.app.pipeline import Pipeline
from kiosk.coaching.snapshot import Snapshot, Stage
from kiosk.errors import HistoryError
from kiosk.exercises.catalogue import Catalogue
from kiosk.exercises.exercise import Exercise
from kiosk.history.connection import DamagedHistoryError
from kiosk.history.overview import Overview
from kiosk.history.reader import Reader
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.screen.scene import Action, ButtonActions, Page, Scene, actions_for
from kiosk.ui.sound.speaker import Speaker, step_volume

TURN_BACK_S: Mapping[Page, float] = {
    Page.COACH: math.inf,
    Page.HISTORY: 30.0,
    Page.ERASE: 10.0,
    Page.LEARN: 60.0,
    Page.OPERATOR: 300.0,
}
"""A page where nobody presses anything goes back to the coach after this long."""
SHOWN_S = 2.0
"""A changed volume is shown for this long."""
VOLUME_STEP = 0.1
"""The operator sets the volume this finely."""


class Sets(Protocol):
    """What is stored of the sets, as `HistoryThread` has it. Nothing here waits for a disk."""

    @property
    def undoable(self) -> bool:
        """Whether an erased history can be brought back."""

    def erase(self) -> None:
        """Erases all of them; for a day that can be undone."""

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
        exercises: that the buttons choose from.

    Attributes:
        page: what the user has turned to.
        subpage: which subpage of that page.
        history: the stored sets, summed up, while a page of them shows.
        snapshot: the coach's, as of the last update; None before the first frame was judged.
        idle_s: seconds since somebody was there, pressed a button or had a notice to read.
        fault: why the history page is empty, while it is shown; None where it could be read.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        reader: Reader,
        speaker: Speaker,
        sets: Sets,
        exercises: Catalogue,
    ) -> None:
        self._pipeline = pipeline
        self._reader = reader
        self._speaker = speaker
        self._sets = sets
        self._exercises = exercises
        self._lifts = tuple(e for e in exercises.values() if e.kind == "lift")
        self._drills = tuple(e for e in exercises.values() if e.kind == "drill")
        self._lift = self._lifts[0]
        self._volume_s = -math.inf
        self._pressed_s = 0.0
        self._active_s: float | None = None
        self._deleted: int | None = None
        self.page = Page.COACH
        self.subpage = 0
        self.history: Overview | None = None
        self.snapshot: Snapshot | None = None
        self.idle_s = 0.0
        self.fault: str | None = None

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
            undoable=self._sets.undoable,
        )

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
            self._turn_to(Page.COACH if self.page is Page.OPERATOR else Page.OPERATOR)
            return
        actions = self.actions[event.button]
        long = actions.long if event.press is Press.LONG else None
        self._do(long or actions.short, now, now_s, subpages)

    def _do(self, action: Action, now: datetime, now_s: float, subpages: int) -> None:
        if action in (Action.NEXT_EXERCISE, Action.DRILL, Action.NEXT_DRILL, Action.LIFT):
            self._pipeline.switch(self._next(action))
            self.subpage = 0
            if self.page is Page.HISTORY:
                self._read(now)
        elif action is Action.ACCEPT:
            self._pipeline.accept()
        elif action in (Action.FINISH, Action.DONE):
            self._pipeline.finish()
        elif action is Action.SOUND:
            step_volume(self._speaker)
            self._volume_s = now_s
        elif action in (Action.QUIETER, Action.LOUDER):
            self._step(VOLUME_STEP if action is Action.LOUDER else -VOLUME_STEP)
        elif action is Action.NEXT_PAGE and self.subpage + 1 < subpages:
            self.subpage += 1
        elif action in (Action.ERASE, Action.UNDO_ERASE, Action.DELETE, Action.KEEP_SET):
            self._change_sets(action)
        else:
            self._turn_to(_LEADS_TO[action])
            if action in (Action.HISTORY, Action.ASK_ERASE):
                self._read(now)

    def _change_sets(self, action: Action) -> None:
        serial = self._stored
        if action is Action.ERASE:
            self._sets.erase()
        elif action is Action.UNDO_ERASE:
            self._sets.undo_erase()
        elif serial is not None and action is Action.DELETE:
            self._deleted = serial
            self._sets.delete(serial)
        elif serial is not None:
            self._deleted = None
            self._sets.keep(serial)
        self._turn_to(Page.COACH)

    def _next(self, action: Action) -> Exercise:
        """The exercise that an action leads to."""
        current = self._pipeline.exercise
        if current.kind == "lift":
            self._lift = current
        if action is Action.NEXT_EXERCISE:
            return _after(self._lifts, self._lift)
        if action is Action.LIFT:
            return self._lift
        if action is Action.NEXT_DRILL:
            return _after(self._drills, current)
        return self._exercises[self._offered() or self._drills[0].id]

    def _offered(self) -> str | None:
        snapshot = self._pipeline.snapshot
        if snapshot is None:
            return None
        advice = snapshot.summary.one_thing if snapshot.summary else None
        return snapshot.drill or (advice.drill if advice else None) or None

    def _step(self, by: float) -> None:
        if self._speaker.muted:
            self._speaker.toggle_mute()
        self._speaker.set_volume(round(self._speaker.volume + by, 2))

    def volume_line(self, now_s: float) -> tuple[str, int] | None:
        """Key and per cent of the line that shows the volume, for a moment after it was changed."""
        if now_s - self._volume_s > SHOWN_S:
            return None
        muted = self._speaker.muted or self._speaker.volume == 0
        return "notice.muted" if muted else "notice.volume", round(100 * self._speaker.volume)

    def update(self, now_s: float, *, active: bool) -> None:
        """Leaves a page where nobody presses anything, and counts how long nobody was there.

        To be called in every round, after the presses. Active is whoever holds a button down or
        has a notice to read.
        """
        self.snapshot = self._pipeline.snapshot
        stage = _stage_of(self.snapshot)
        lifting = stage is Stage.SET and self.page is not Page.OPERATOR
        if lifting or now_s - self._pressed_s > TURN_BACK_S[self.page]:
            self._turn_to(Page.COACH)
        awake = active or now_s == self._pressed_s or stage is not Stage.WAITING
        if self._active_s is None or awake:
            self._active_s = now_s
        self.idle_s = now_s - self._active_s

    def _turn_to(self, page: Page) -> None:
        if page is not self.page:
            self.subpage = 0
        if page not in (Page.HISTORY, Page.ERASE):
            self.history, self.fault = None, None
        self.page = page

    def _read(self, now: datetime) -> None:
        exercise = self._pipeline.exercise
        try:
            self.history = self._reader.overview(now.date(), exercise.id)
            self.fault = None
        except HistoryError as error:
            self.history, self.fault = None, str(error)
            if isinstance(error, DamagedHistoryError):
                self._sets.check()


def build_scene(controller: Controller, now_s: float, now: datetime) -> Scene:
    """What the controller knows of all that is to be shown now; `now` is local time."""
    return Scene(
        now_s=now_s,
        snapshot=controller.snapshot,
        page=controller.page,
        subpage=controller.subpage,
        actions=controller.actions,
        idle_s=controller.idle_s,
        history=controller.history,
        deleted=controller.deleted,
        today=now.date(),
    )


_LEADS_TO: Mapping[Action, Page] = {
    Action.HISTORY: Page.HISTORY,
    Action.LEARN: Page.LEARN,
    Action.ASK_ERASE: Page.ERASE,
    Action.KEEP: Page.OPERATOR,
    Action.CLOSE: Page.COACH,
    Action.NEXT_PAGE: Page.COACH,  # behind the last subpage
}


def _stage_of(snapshot: Snapshot | None) -> Stage:
    return Stage.WAITING if snapshot is None else snapshot.stage


def _after(row: tuple[Exercise, ...], current: Exercise) -> Exercise:
    return row[(row.index(current) + 1) % len(row)]
