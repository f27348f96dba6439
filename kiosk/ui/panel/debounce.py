"""Turns the bouncing contacts of buttons into presses. No clock: every call states its time."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.ui.panel.button import Button, ButtonEvent
from kiosk.ui.panel.holds import Holds


@dataclass(slots=True)
class Debouncer:
    """Debounces one contact, which is open at first.

    A level is accepted once it has been stable for `debounce_s`. A contact that is never stable is
    never accepted.

    Attributes:
        debounce_s: seconds that a level has to be stable; 0 accepts every change.
        down: whether the contact is accepted as closed.
        closed: its newest level, which it has had since `since_s`.
    """

    debounce_s: float
    down: bool = False
    closed: bool = False
    since_s: float = -math.inf

    def update(self, now_s: float, *, closed: bool) -> None:
        """Takes the contact's level, whether it has just changed or not.

        A change that was missed is corrected here, but is dated later than it was.
        """
        if closed != self.closed:
            self.closed = closed
            self.since_s = now_s

    def settle(self, now_s: float) -> float | None:
        """Accepts a level that has been stable for long enough; returns when `down` changed."""
        if self.closed == self.down or now_s - self.since_s < self.debounce_s:
            return None
        self.down = self.closed
        return self.since_s

    def closed_s(self, now_s: float) -> float | None:
        """Seconds for which the contact has been closed, accepted or not; None while it is open.

        Feedback to the finger need not wait for the debounce time. Bounces do not end it, but it
        is 0 while one of them is open; it ends once the contact has been open for the debounce
        time.
        """
        if self.closed:
            return now_s - self.since_s
        return 0.0 if now_s - self.since_s < self.debounce_s else None


class Contacts:
    """Turns the contacts of all buttons, open at first, into presses in the order they happened.

    The base of every panel. The main loop polls it and never waits for it.

    Args:
        debounce_s: seconds that a contact has to be stable to be accepted.
        hold_s: seconds from which a press is a long one.
    """

    def __init__(self, *, debounce_s: float, hold_s: float) -> None:
        self._debouncers = {button: Debouncer(debounce_s) for button in Button}
        self._holds = Holds(hold_s=hold_s)
        self._hold_s = hold_s
        self._now_s = -math.inf
        self._events: list[ButtonEvent] = []

    def update(self, button: Button, at_s: float, *, closed: bool) -> None:
        """Takes the level of one button's contact at a time.

        An earlier time than the last one counts as the last one.
        """
        self._advance(at_s)
        self._debouncers[button].update(self._now_s, closed=closed)

    def poll(self, now_s: float) -> list[ButtonEvent]:
        """Returns the presses since the last call, oldest first; `now_s` in monotonic seconds."""
        self._advance(now_s)
        events, self._events = self._events, []
        return events

    def progress(self, now_s: float) -> Mapping[Button, float]:
        """Returns for each button being pressed how much of the hold time has passed, 0 to 1.

        A button is included as soon as its contact closes. For two that are down together it rises
        from the time that the second went down. It stays at 1 once the hold has been reported, and
        is 0 where the hold will not be reported.
        """
        found = {}
        for button, debouncer in self._debouncers.items():
            closed_s = debouncer.closed_s(now_s)
            if debouncer.down:
                found[button] = self._holds.progress(button, now_s)
            elif closed_s is not None:
                found[button] = min(1.0, max(0.0, closed_s / self._hold_s))
        return found

    def close(self) -> None:
        """Releases what the panel has opened, here nothing. Safe to call twice."""

    def _advance(self, now_s: float) -> None:
        self._now_s = now_s = max(now_s, self._now_s)
        edges = [
            (at_s, one.down, button)
            for button, one in self._debouncers.items()
            if (at_s := one.settle(now_s)) is not None
        ]
        for at_s, down, button in sorted(edges, key=lambda edge: edge[:2]):
            self._events += self._holds.update(at_s, button, down=down)
        # an edge that is still uncertain would come before all that is later than its beginning
        uncertain = (one for one in self._debouncers.values() if one.closed != one.down)
        self._events += self._holds.advance(min([now_s, *(one.since_s for one in uncertain)]))
