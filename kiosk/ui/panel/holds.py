"""Classifies debounced presses as short, long or both. No clock: every call states its time."""

from dataclasses import dataclass

from kiosk.ui.panel.button import Button, ButtonEvent, Press

BOTH_HOLDS = 2.0
"""Two buttons must be held for so many times `hold_s`: what they open is not for users, and a hand
that rests on the panel does not stay that long."""
STUCK_S = 30.0
"""A button that has been down for this long is stuck and no longer counts as held together with
another one: the mirror stays usable with it. Nobody holds a button for half a minute."""


@dataclass(slots=True)
class _Held:
    """A button that is down.

    Attributes:
        since_s: when it went down.
        shared: another was down at the same time; it reports neither short nor long any more.
        reported: it has reported LONG or BOTH; it reports nothing at all any more.
    """

    since_s: float
    shared: bool = False
    reported: bool = False


class Holds:
    """Follows every button, up at first, and reports what its presses mean.

    A press that ends before `hold_s` is SHORT, reported on release; at `hold_s` it is LONG,
    reported at once, and the release that follows reports nothing. Buttons that are down together,
    for however short a time, report neither. Two, and no third, that have been down together for
    `BOTH_HOLDS` times as long report BOTH, once, by the one that went down first, if neither has
    reported LONG before.

    Args:
        hold_s: seconds at which a press becomes a long one.
    """

    def __init__(self, *, hold_s: float) -> None:
        self._hold_s = hold_s
        self._held: dict[Button, _Held] = {}
        # what is reported next if no button changes: when, as what, and whose hold it is
        self._due: tuple[float, ButtonEvent, tuple[Button, ...]] | None = None

    def update(self, at_s: float, button: Button, *, down: bool) -> list[ButtonEvent]:
        """Takes a button that went down or up, at no earlier time than before.

        Returns:
            The presses that became certain, oldest first.
        """
        events = self.advance(at_s)
        if down:
            self._held[button] = _Held(at_s)
        else:
            held = self._held.pop(button)
            if not (held.shared or held.reported):
                events.append(ButtonEvent(button, Press.SHORT))
        self._plan(at_s)
        return events

    def advance(self, now_s: float) -> list[ButtonEvent]:
        """Returns the presses that became certain because no button changed until now."""
        if self._due is None or now_s < self._due[0]:
            return []
        _, event, whose = self._due
        for button in whose:
            self._held[button].reported = True
        self._due = None
        return [event]

    def progress(self, button: Button, now_s: float) -> float:
        """Returns how much of the hold time of a button that is down has passed, 0 to 1."""
        if self._held[button].reported:
            return 1.0
        if self._due is None or button not in self._due[2]:
            return 0.0
        takes_s = self._hold_s * (1.0 if len(self._due[2]) == 1 else BOTH_HOLDS)
        return min(1.0, max(0.0, 1.0 - (self._due[0] - now_s) / takes_s))

    def _plan(self, now_s: float) -> None:
        self._due = None
        together = {b: one for b, one in self._held.items() if now_s - one.since_s < STUCK_S}
        if len(together) > 1:
            for held in together.values():
                held.shared = True
        if any(held.reported for held in together.values()):
            return
        whose = tuple(together)  # in the order in which they went down
        if len(whose) == 1 and not together[whose[0]].shared:
            due_s = together[whose[0]].since_s + self._hold_s
            self._due = (due_s, ButtonEvent(whose[0], Press.LONG), whose)
        elif len(whose) == 2:
            due_s = now_s + BOTH_HOLDS * self._hold_s
            self._due = (due_s, ButtonEvent(whose[0], Press.BOTH), whose)
