"""Where presses are answered: which page is shown, which exercise is chosen, which set ends.

What a button does now stands in `actions`; the legend on the screen is read from the same table.
"""

import math
from collections.abc import Callable, Mapping
from datetime import datetime

from kiosk.app.pipeline import Pipeline
from kiosk.coaching.snapshot import Stage
from kiosk.errors import HistoryError
from kiosk.exercises.catalogue import Catalogue
from kiosk.exercises.exercise import Exercise
from kiosk.history.overview import Overview
from kiosk.history.reader import Reader
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.screen.button_actions import actions_for
from kiosk.ui.screen.scene import Action, ButtonActions, Hold, Page, Scene
from kiosk.ui.sound.speaker import Speaker, step_volume
from kiosk.ui.status import OperatorFacts
from kiosk.vision.camera.frame import Frame

TURN_BACK_S: Mapping[Page, float] = {
    Page.COACH: math.inf,
    Page.HISTORY: 30.0,
    Page.ERASE: 10.0,
    Page.LEARN: 60.0,
    Page.OPERATOR: 300.0,
}
"""A page where nobody presses anything goes back to the coach after this long."""
TELL_S = 2.0
"""A changed volume is told of for this long."""
VOLUME_STEP = 0.1
"""The operator sets the volume this finely."""


class Controller:
    """The state of everything that buttons change, apart from the coach itself.

    Args:
        perception: whose coach the buttons steer.
        reader: of the history.
        speaker: whose volume they change.
        erase: asks for the whole history to be erased.
        exercises: that the buttons choose from.

    Attributes:
        page: what the user has turned to.
        fault: why the history page is empty, while it is shown; None where it could be read.
    """

    def __init__(
        self,
        perception: Pipeline,
        reader: Reader,
        speaker: Speaker,
        erase: Callable[[], None],
        exercises: Catalogue,
    ) -> None:
        self._perception = perception
        self._reader = reader
        self._speaker = speaker
        self._erase = erase
        self._exercises = exercises
        self._lifts = tuple(e for e in exercises.values() if e.kind == "lift")
        self._drills = tuple(e for e in exercises.values() if e.kind == "drill")
        self._lift = self._lifts[0]
        self._told_s = -math.inf
        self._subpage = 0
        self._history: Overview | None = None
        self._pressed_s = 0.0
        self._busy_s: float | None = None
        self.page = Page.COACH
        self.fault: str | None = None

    @property
    def actions(self) -> Mapping[Button, ButtonActions]:
        """What each button does now."""
        snapshot = self._perception.snapshot
        stage = Stage.WAITING if snapshot is None else snapshot.stage
        return actions_for(self.page, stage, self._perception.exercise.kind)

    def press(self, event: ButtonEvent, now: datetime, now_s: float, subpages: int) -> None:
        """Answers one press.

        Args:
            event: the press.
            now: local time.
            now_s: monotonic seconds.
            subpages: how many the page has that is on the screen.
        """
        self._pressed_s = now_s
        if event.press is Press.BOTH:
            self._turn_to(Page.COACH if self.page is Page.OPERATOR else Page.OPERATOR)
            return
        actions = self.actions[event.button]
        long = actions.long if event.press is Press.LONG else None
        self._do(long or actions.short, now, now_s, subpages)

    def _do(self, action: Action, now: datetime, now_s: float, subpages: int) -> None:
        if action in (Action.NEXT_EXERCISE, Action.DRILL, Action.NEXT_DRILL, Action.LIFT):
            self._perception.switch(self._next(action))
            self._subpage = 0
            if self.page is Page.HISTORY:
                self._read(now)
        elif action in (Action.FINISH, Action.DONE):
            self._perception.finish()
        elif action is Action.SOUND:
            step_volume(self._speaker)
            self._told_s = now_s
        elif action in (Action.QUIETER, Action.LOUDER):
            self._step(VOLUME_STEP if action is Action.LOUDER else -VOLUME_STEP)
        elif action is Action.NEXT_PAGE and self._subpage + 1 < subpages:
            self._subpage += 1
        elif action is Action.ERASE:
            self._erase()
            self._turn_to(Page.COACH)
        else:
            self._turn_to(_LEADS_TO[action])
            if action is Action.HISTORY:
                self._read(now)

    def _next(self, action: Action) -> Exercise:
        """The exercise that an action leads to."""
        current = self._perception.exercise
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
        snapshot = self._perception.snapshot
        if snapshot is None:
            return None
        advice = snapshot.summary.one_thing if snapshot.summary else None
        return snapshot.drill or (advice.drill if advice else None)

    def _step(self, by: float) -> None:
        if self._speaker.muted:
            self._speaker.toggle_mute()
        self._speaker.set_volume(round(self._speaker.volume + by, 2))

    def volume_line(self, now_s: float) -> tuple[str, int] | None:
        """Key and per cent of the line that tells the volume, for a moment after it was changed."""
        if now_s - self._told_s > TELL_S:
            return None
        muted = self._speaker.muted or self._speaker.volume == 0
        return "notice.muted" if muted else "notice.volume", round(100 * self._speaker.volume)

    def scene(
        self,
        now_s: float,
        today: datetime,
        notices: tuple[str, ...],
        pressed: tuple[Hold, ...],
        *,
        operator: OperatorFacts | None = None,
        picture: Frame | None = None,
        vision_fault: str | None = None,
    ) -> Scene:
        """All that is to be shown now."""
        snapshot = self._perception.snapshot
        stage = Stage.WAITING if snapshot is None else snapshot.stage
        lifting = stage is Stage.SET and self.page is not Page.OPERATOR
        if lifting or now_s - self._pressed_s > TURN_BACK_S[self.page]:
            self._turn_to(Page.COACH)
        pressed_now = bool(pressed) or now_s == self._pressed_s
        if self._busy_s is None or stage is not Stage.WAITING or pressed_now or notices:
            self._busy_s = now_s
        return Scene(
            now_s=now_s,
            snapshot=snapshot,
            page=self.page,
            subpage=self._subpage,
            actions=self.actions,
            idle_s=now_s - self._busy_s,
            history=self._history,
            today=today.date(),
            operator=operator,
            picture=picture,
            notices=notices,
            pressed=pressed,
            vision_fault=vision_fault,
        )

    def _turn_to(self, page: Page) -> None:
        if page is not self.page:
            self._subpage = 0
        if page not in (Page.HISTORY, Page.ERASE):
            self._history, self.fault = None, None
        self.page = page

    def _read(self, now: datetime) -> None:
        exercise = self._perception.exercise
        try:
            self._history = self._reader.overview(now.date(), exercise.id)
            self.fault = None
        except HistoryError as error:
            self._history, self.fault = None, str(error)


_LEADS_TO: Mapping[Action, Page] = {
    Action.HISTORY: Page.HISTORY,
    Action.LEARN: Page.LEARN,
    Action.ASK_ERASE: Page.ERASE,
    Action.KEEP: Page.HISTORY,
    Action.CLOSE: Page.COACH,
    Action.NEXT_PAGE: Page.COACH,  # behind the last subpage
}


def _after(row: tuple[Exercise, ...], current: Exercise) -> Exercise:
    return row[(row.index(current) + 1) % len(row)]
