"""Where presses are answered: which page is shown, which exercise is chosen, which set ends."""

from datetime import datetime

from kiosk.coaching.snapshot import Stage
from kiosk.errors import HistoryError
from kiosk.exercises.catalogue import catalogue
from kiosk.history.reader import Reader
from kiosk.history.stored import StoredSet
from kiosk.panel.button import Button, ButtonEvent, Press
from kiosk.perception import Perception
from kiosk.screen.scene import Hold, Page, Scene

LISTED = 100
"""Sets that the history page leafs through."""
TURN_BACK_S = 30.0
"""A history page that nobody leafs in goes back to the coach after this long."""


class Desk:
    """The state of everything that buttons change, apart from the coach itself.

    Attributes:
        fault: why the history page is empty, while it is shown; None where it could be read.
    """

    def __init__(self, perception: Perception, reader: Reader) -> None:
        self._perception = perception
        self._reader = reader
        self._exercises = tuple(catalogue().values())
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
        elif event.button is Button.FINISH:
            self._perception.finish()
        else:
            step = 1 if event.press is Press.SHORT else -1
            place = self._exercises.index(self._perception.exercise) + step
            self._perception.switch(self._exercises[place % len(self._exercises)])

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
