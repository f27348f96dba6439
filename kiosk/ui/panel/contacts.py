"""Turns the bouncing contacts of buttons into presses. No clock: every call states its time."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.ui.panel.button import Button, ButtonEvent, Press

BOTH_HOLDS = 2.0
"""Two buttons must be held for so many times `hold_s`: what they open is not for users, and a hand
that rests on the panel does not stay that long."""
STUCK_HOLDS = 4.0
"""A button that has been down for so many times `hold_s` is stuck: it no longer counts as held
together with another one, so that the others keep their use. What two buttons mean takes three: the
second one comes before the first is a long press, and BOTH takes `BOTH_HOLDS` from there."""


@dataclass(slots=True)
class _Contact:
    """The contact of one button, open at first.

    Attributes:
        closed: its newest level, which it has had since `since_s`.
        down: whether it is accepted as closed, at `down_s` the last time.
        shared: another was down at the same time; it reports neither short nor long any more.
        reported: it has reported LONG or BOTH; it reports nothing at all any more.
        jammed: it was closed at the first look and has not opened since: it is no press.
    """

    closed: bool = False
    since_s: float = -math.inf
    down: bool = False
    down_s: float = -math.inf
    shared: bool = False
    reported: bool = False
    jammed: bool = False


class Contacts:
    """Turns the contacts of all buttons into presses in the order they happened.

    They are open at first, but for those that `jam` names.

    The base of every panel. The main loop polls it and never waits for it.

    A level is accepted once it has been stable for `debounce_s`; a contact that is never stable is
    never accepted. A press that ends before `hold_s` is SHORT, reported on release; at `hold_s` it
    is LONG, reported at once, and the release that follows reports nothing. Buttons that are down
    together, for however short a time, report neither. Two, and no third, that have been down
    together for `BOTH_HOLDS` times as long report BOTH, once, by the one that went down first, if
    neither has reported LONG before. One that is stuck when another goes down is not there for it.

    Args:
        debounce_s: seconds that a contact has to be stable; 0 accepts every change.
        hold_s: seconds at which a press becomes a long one.
    """

    def __init__(self, *, debounce_s: float, hold_s: float) -> None:
        self._debounce_s = debounce_s
        self._hold_s = hold_s
        self._stuck_s = STUCK_HOLDS * hold_s
        self._contacts = {button: _Contact() for button in Button}
        # those that are down, in the order in which they went down
        self._held: dict[Button, _Contact] = {}
        # what is reported next if no button changes: when, as what, and whose hold it is
        self._due: tuple[float, ButtonEvent, tuple[Button, ...]] | None = None
        self._now_s = -math.inf
        self._events: list[ButtonEvent] = []

    def update(self, button: Button, at_s: float, *, closed: bool) -> None:
        """Takes the level of one button's contact at a time, whether it has just changed or not.

        An earlier time than the last one counts as the last one. A change that was missed is
        corrected here, but is dated later than it was.
        """
        self._advance(at_s)
        contact = self._contacts[button]
        if closed != contact.closed:
            contact.closed, contact.since_s = closed, self._now_s

    def jam(self, button: Button) -> None:
        """Takes a contact for stuck, because it is closed before anybody could press it.

        It reports nothing, and is not held together with another one, until it has opened.
        """
        contact = self._contacts[button]
        contact.closed = contact.jammed = True

    def stuck(self, now_s: float) -> tuple[Button, ...]:
        """Returns the buttons that are closed since the start, or for `STUCK_HOLDS` times `hold_s`.

        One that somebody still holds is among them; it is so no longer when it is let go.
        """
        return tuple(
            button
            for button, one in self._contacts.items()
            if one.jammed or (one.down and now_s - one.down_s >= self._stuck_s)
        )

    def poll(self, now_s: float) -> list[ButtonEvent]:
        """Returns the presses since the last call, oldest first; `now_s` in monotonic seconds."""
        self._advance(now_s)
        events, self._events = self._events, []
        return events

    def progress(self, now_s: float) -> Mapping[Button, float]:
        """Returns for each button being pressed how much of the hold time has passed, 0 to 1.

        A button is included as soon as its contact closes: feedback to the finger need not wait for
        the debounce time. Bounces do not end it, but it is 0 while one of them is open. For two
        that are down together it rises from the time that the second went down. It stays at 1 once
        the hold has been reported, and is 0 where the hold will not be reported.
        """
        found = {}
        for button, contact in self._contacts.items():
            level_s = now_s - contact.since_s
            if contact.jammed:
                continue
            if contact.down:
                found[button] = self._hold_progress(button, now_s)
            elif contact.closed:
                found[button] = min(1.0, max(0.0, level_s / self._hold_s))
            elif level_s < self._debounce_s:
                found[button] = 0.0
        return found

    def close(self) -> None:
        """Releases what the panel has opened, here nothing. Safe to call twice."""

    def _hold_progress(self, button: Button, now_s: float) -> float:
        if self._contacts[button].reported:
            return 1.0
        if self._due is None or button not in self._due[2]:
            return 0.0
        takes_s = self._hold_s * (1.0 if len(self._due[2]) == 1 else BOTH_HOLDS)
        return min(1.0, max(0.0, 1.0 - (self._due[0] - now_s) / takes_s))

    def _advance(self, now_s: float) -> None:
        """Accepts every level that has been stable for long enough, and reports what is certain."""
        self._now_s = now_s = max(now_s, self._now_s)
        for one in self._contacts.values():
            if one.jammed and not one.closed and now_s - one.since_s >= self._debounce_s:
                one.jammed = False
        uncertain = {
            b: one for b, one in self._contacts.items() if one.closed != one.down and not one.jammed
        }
        stable = [b for b, one in uncertain.items() if now_s - one.since_s >= self._debounce_s]
        for button in sorted(stable, key=lambda b: (uncertain[b].since_s, uncertain[b].closed)):
            self._accept(button, uncertain.pop(button))
        # an edge that is still uncertain would come before all that is later than its beginning
        self._report(min([now_s, *(one.since_s for one in uncertain.values())]))

    def _accept(self, button: Button, contact: _Contact) -> None:
        self._report(contact.since_s)
        contact.down = contact.closed
        if contact.down:
            contact.down_s, contact.shared, contact.reported = contact.since_s, False, False
            self._held[button] = contact
        else:
            del self._held[button]
            if not (contact.shared or contact.reported):
                self._events.append(ButtonEvent(button, Press.SHORT))
        self._plan(contact.since_s)

    def _report(self, now_s: float) -> None:
        """Reports the press that has become certain because no button changed until now."""
        if self._due is None or now_s < self._due[0]:
            return
        _, event, whose = self._due
        for button in whose:
            self._held[button].reported = True
        self._due = None
        self._events.append(event)

    def _plan(self, now_s: float) -> None:
        self._due = None
        together = {b: one for b, one in self._held.items() if now_s - one.down_s < self._stuck_s}
        if len(together) > 1:
            for contact in together.values():
                contact.shared = True
        if any(contact.reported for contact in together.values()):
            return
        whose = tuple(together)
        if len(whose) == 1 and not together[whose[0]].shared:
            due_s = together[whose[0]].down_s + self._hold_s
            self._due = (due_s, ButtonEvent(whose[0], Press.LONG), whose)
        elif len(whose) == 2:
            due_s = now_s + BOTH_HOLDS * self._hold_s
            self._due = (due_s, ButtonEvent(whose[0], Press.BOTH), whose)
