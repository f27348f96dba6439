"""Where presses are answered: which page is shown, which exercise is chosen, which set ends."""

import math
from datetime import datetime

from kiosk.coaching.snapshot import Stage
from kiosk.errors import HistoryError
from kiosk.exercises.catalogue import catalogue, exercise_by_id
from kiosk.exercises.exercise import Exercise
from kiosk.history.reader import Reader
from kiosk.history.stored import StoredSet
from kiosk.panel.button import Button, ButtonEvent, Press
from kiosk.perception import Perception
from kiosk.screen.scene import Hold, Page, Scene
from kiosk.sound.speaker import Speaker, step_volume

LISTED = 100
"""Sets that the history page leafs through."""
TURN_BACK_S = 30.0
"""A history page that nobody leafs in goes back to the coach after this long."""
TELL_S = 2.0
"""A changed volume is told of for this long."""


class Desk:
    """The state of everything that buttons change, apart from the coach itself.

    Attributes:
        fault: why the history page is empty, while it is shown; None where it could be read.
    """

    def __init__(self, perception: Perception, reader: Reader, speaker: Speaker) -> None:
        self._perception = perception
        self._reader = reader
        self._speaker = speaker
        self._lifts = tuple(e for e in catalogue().values() if e.kind == "lift")
        self._drills = tuple(e for e in catalogue().values() if e.kind == "drill")
        self._lift = self._lifts[0]
        self._told_s = -math.inf
        self._page = Page.COACH
        self._leaf = 0
        self._listed: tuple[StoredSet, ...] = ()
        self._pressed_s = 0.0
        self.fault: str | None = None

    def press(self, event: ButtonEvent, now_s: float, leaves: int) -> None:
        """Answers one press.

        Args:
            event: the press.
            now_s: monotonic seconds.
            leaves: pages that the listed sets take on this screen.
        """
        if event.press is Press.BOTH:
            return  # it opens nothing yet, and must not pass for a long press
        self._pressed_s = now_s
        if self._leafing:
            on = event == ButtonEvent(Button.HISTORY, Press.SHORT)
            if on and self._leaf + 1 < leaves:
                self._leaf += 1
            else:
                self._turn_back()
        elif event.button is Button.HISTORY:
            if event.press is Press.SHORT:
                self._open_history()
        elif event.button is Button.EXERCISE:
            self._perception.switch(self._next(event.press))
        elif event.press is Press.SHORT:
            self._perception.finish()
        else:
            step_volume(self._speaker)
            self._told_s = now_s

    def _next(self, press: Press) -> Exercise:
        """Short goes on to the next lift, or from a drill back to its lift; long asks for a drill.

        The drill is the one on offer, or from a drill the next one.
        """
        current = self._perception.exercise
        if current.kind == "lift":
            self._lift = current
            if press is Press.SHORT:
                return _after(self._lifts, current)
            return exercise_by_id(self._offered() or self._drills[0].id)
        return self._lift if press is Press.SHORT else _after(self._drills, current)

    def _offered(self) -> str | None:
        snapshot = self._perception.snapshot
        if snapshot is None:
            return None
        advice = snapshot.summary.one_thing if snapshot.summary else None
        return snapshot.drill or (advice.drill if advice else None)

    def volume_line(self, now_s: float) -> tuple[str, int] | None:
        """Key and per cent of the line that tells the volume, for a moment after it was changed."""
        if now_s - self._told_s > TELL_S:
            return None
        muted = self._speaker.muted or self._speaker.volume == 0
        return "notice.muted" if muted else "notice.volume", round(100 * self._speaker.volume)

    @property
    def listed(self) -> int:
        """How many sets the history page has."""
        return len(self._listed)

    def scene(
        self, now_s: float, today: datetime, notices: tuple[str, ...], pressed: tuple[Hold, ...]
    ) -> Scene:
        """All that is to be shown now."""
        snapshot = self._perception.snapshot
        moving = snapshot is not None and snapshot.stage is Stage.SET
        if self._leafing and (moving or now_s - self._pressed_s > TURN_BACK_S):
            self._turn_back()
        return Scene(
            now_s=now_s,
            snapshot=snapshot,
            page=self._page,
            history=self._listed,
            history_page=self._leaf,
            today=today.date(),
            notices=notices,
            pressed=pressed,
        )

    @property
    def _leafing(self) -> bool:
        return self._page is Page.HISTORY

    def _turn_back(self) -> None:
        self._page, self.fault = Page.COACH, None

    def _open_history(self) -> None:
        self._page, self._leaf = Page.HISTORY, 0
        try:
            self._listed, self.fault = tuple(self._reader.recent(LISTED)), None
        except HistoryError as error:
            self._listed, self.fault = (), str(error)


def _after(row: tuple[Exercise, ...], current: Exercise) -> Exercise:
    return row[(row.index(current) + 1) % len(row)]
