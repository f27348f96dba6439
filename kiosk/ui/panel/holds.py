"""From buttons that go down and come up to what the presses mean. No clock, no bounces."""

from dataclasses import dataclass

from kiosk.ui.panel.button import Button, ButtonEvent, Press

BOTH_HOLDS = 2.0
"""Two buttons must be held for so many times `hold_s`: what they open is not for users, and a hand
that rests on the panel does not stay that long."""
STUCK_S = 30.0
"""A button that has been down for this long is stuck, and no company for the others: the mirror
stays of use with it. Nobody holds a button for half a minute."""


@dataclass(slots=True)
class _Held:
    """A button that is down.

    Attributes:
        since_s: when it went down.
        shared: another was down at the same time; it tells nothing of its own any more.
        told: it has told LONG or BOTH; it tells nothing at all any more.
    """

    since_s: float
    shared: bool = False
    told: bool = False


class Holds:
    """Every button, down or up.

    A press that ends before `hold_s` is SHORT, told on release; at `hold_s` it is LONG, told at
    once, and the release that follows tells nothing. Buttons that are down together, for however
    short a time, tell neither. Two, and no third, that have been down together for `BOTH_HOLDS`
    times as long tell BOTH, once, by the one that went down first, if neither has told LONG before.
    """

    def __init__(self, *, hold_s: float) -> None:
        """Starts with every button up.

        Args:
            hold_s: seconds at which a press becomes a long one.
        """
        self._hold_s = hold_s
        self._held: dict[Button, _Held] = {}
        # what is told next if nothing happens: when, by whom, and whose hold it is
        self._due: tuple[float, ButtonEvent, tuple[Button, ...]] | None = None

    def edge(self, at_s: float, button: Button, *, down: bool) -> list[ButtonEvent]:
        """Takes a button that went down or came up.

        Args:
            at_s: seconds, not before those of the last call.
            button: which one.
            down: False when it came up.

        Returns:
            The presses that became certain, oldest first.
        """
        told = self.advance(at_s)
        if down:
            self._held[button] = _Held(at_s)
        else:
            held = self._held.pop(button)
            if not (held.shared or held.told):
                told.append(ButtonEvent(button, Press.SHORT))
        self._look_ahead(at_s)
        return told

    def advance(self, now_s: float) -> list[ButtonEvent]:
        """Lets time pass in which no button goes down or comes up; see `edge`."""
        if self._due is None or now_s < self._due[0]:
            return []
        _, event, whose = self._due
        for button in whose:
            self._held[button].told = True
        self._due = None
        return [event]

    def progress(self, button: Button, now_s: float) -> float:
        """How much of the hold time of a button that is down has passed, 0 to 1.

        It stays at 1 when the hold has been told, and is 0 where nothing will be told of it.
        """
        if self._held[button].told:
            return 1.0
        if self._due is None or button not in self._due[2]:
            return 0.0
        takes_s = self._hold_s * (1.0 if len(self._due[2]) == 1 else BOTH_HOLDS)
        return min(1.0, max(0.0, 1.0 - (self._due[0] - now_s) / takes_s))

    def _look_ahead(self, now_s: float) -> None:
        self._due = None
        together = {b: one for b, one in self._held.items() if now_s - one.since_s < STUCK_S}
        if len(together) > 1:
            for held in together.values():
                held.shared = True
        if any(held.told for held in together.values()):
            return
        whose = tuple(together)  # in the order in which they went down
        if len(whose) == 1 and not together[whose[0]].shared:
            due_s = together[whose[0]].since_s + self._hold_s
            self._due = (due_s, ButtonEvent(whose[0], Press.LONG), whose)
        elif len(whose) == 2:
            due_s = now_s + BOTH_HOLDS * self._hold_s
            self._due = (due_s, ButtonEvent(whose[0], Press.BOTH), whose)
