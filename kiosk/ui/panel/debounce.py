"""From the chatter of contacts to presses. No clock: it is told every time."""

import math
from collections.abc import Mapping

from kiosk.ui.panel.button import Button, ButtonEvent
from kiosk.ui.panel.holds import Holds


class Debouncer:
    """One contact.

    A level is believed once it has been quiet for `debounce_s`. A contact that never falls quiet
    is never believed.

    Attributes:
        down: whether the contact is believed to be closed.
    """

    def __init__(self, *, debounce_s: float) -> None:
        """Starts released.

        Args:
            debounce_s: seconds of quiet; 0 believes every change.
        """
        self.down = False
        self._debounce_s = debounce_s
        self._seen = False
        self._seen_since_s = -math.inf

    def see(self, now_s: float, *, down: bool) -> None:
        """Takes the contact as it is, whether it has just changed or not.

        A change that was missed is made good here, at the price of its true time.
        """
        if down != self._seen:
            self._seen = down
            self._seen_since_s = now_s

    def settle(self, now_s: float) -> float | None:
        """Believes what has been quiet for long enough.

        Returns:
            When `down` truly changed; None where it stays as it was.
        """
        if self._seen == self.down or now_s - self._seen_since_s < self._debounce_s:
            return None
        self.down = self._seen
        return self._seen_since_s

    @property
    def doubtful_since_s(self) -> float:
        """From when on the contact may prove to have changed; infinite while it is settled."""
        return math.inf if self._seen == self.down else self._seen_since_s

    def lit_s(self, now_s: float) -> float | None:
        """How long the contact has been seen closed, in seconds; None where nothing is to be seen.

        Seen is sooner than believed: what answers the finger need not wait. It goes on through the
        bounces, at 0 while one of them is open, and ends when the contact has been open for the
        debounce time.
        """
        if self._seen:
            return now_s - self._seen_since_s
        return 0.0 if now_s - self._seen_since_s < self._debounce_s else None


class Contacts:
    """The contacts of all buttons, as events in the order they happened."""

    def __init__(self, *, debounce_s: float, hold_s: float) -> None:
        """Starts with every button released.

        Args:
            debounce_s: see `Debouncer`.
            hold_s: see `Holds`.
        """
        self._debouncers = {button: Debouncer(debounce_s=debounce_s) for button in Button}
        self._holds = Holds(hold_s=hold_s)
        self._hold_s = hold_s
        self._now_s = -math.inf
        self._told: list[ButtonEvent] = []

    def level(self, button: Button, at_s: float, *, down: bool) -> None:
        """Takes one button's contact as it is at a moment.

        An earlier time than the last one counts as the last one.
        """
        self._pass(at_s)
        self._debouncers[button].see(self._now_s, down=down)

    def poll(self, now_s: float) -> list[ButtonEvent]:
        """The presses since the last call, oldest first."""
        self._pass(now_s)
        told, self._told = self._told, []
        return told

    def progress(self, now_s: float) -> Mapping[Button, float]:
        """For each button being pressed, how much of the hold time has passed, 0 to 1.

        A button is in it from the moment that its contact is seen to close. For two that are down
        together it rises from the moment that the second went down. It stays at 1 when the hold has
        been told, and is 0 where nothing will be told of it.
        """
        found = {}
        for button, debouncer in self._debouncers.items():
            lit_s = debouncer.lit_s(now_s)
            if debouncer.down:
                found[button] = self._holds.progress(button, now_s)
            elif lit_s is not None:
                found[button] = min(1.0, max(0.0, lit_s / self._hold_s))
        return found

    def _pass(self, now_s: float) -> None:
        self._now_s = now_s = max(now_s, self._now_s)
        edges = [
            (at_s, one.down, button)
            for button, one in self._debouncers.items()
            if (at_s := one.settle(now_s)) is not None
        ]
        for at_s, down, button in sorted(edges, key=lambda edge: edge[:2]):
            self._told += self._holds.edge(at_s, button, down=down)
        # an edge that is still in doubt would come before all that is later than its beginning
        certain_s = min([now_s, *(one.doubtful_since_s for one in self._debouncers.values())])
        self._told += self._holds.advance(certain_s)
