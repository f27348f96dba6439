"""From the chatter of a contact to presses. No clock: it is told every time."""

from collections.abc import Mapping

from kiosk.panel.button import Button, ButtonEvent, Press


class Debouncer:
    """One contact.

    A level is believed once it has been quiet for `debounce_s`. A press that is let go before
    `hold_s` is SHORT, told on release; at `hold_s` it is LONG, told at once, and the release that
    follows tells nothing. A contact that never falls quiet tells nothing at all.
    """

    def __init__(self, *, debounce_s: float, hold_s: float) -> None:
        """Starts released.

        Args:
            debounce_s: seconds of quiet; 0 believes every change.
            hold_s: seconds from the press at which it becomes a long one.
        """
        self._debounce_s = debounce_s
        self._hold_s = hold_s
        self._raw = False
        self._raw_since_s = 0.0
        self._down = False
        self._down_since_s = 0.0
        self._told_long = False
        self._now_s = float("-inf")

    def level(self, now_s: float, *, down: bool) -> list[tuple[float, Press]]:
        """Takes the contact as it is at a moment, whether it has just changed or not.

        A change that was missed is made good here, at the price of its true time.

        Args:
            now_s: seconds; an earlier time than the last one counts as the last one.
            down: whether the contact is closed.

        Returns:
            The presses that became certain up to `now_s`, each with its time.
        """
        presses = self.advance(now_s)
        if down != self._raw:
            self._raw = down
            self._raw_since_s = self._now_s
        return presses

    def advance(self, now_s: float) -> list[tuple[float, Press]]:
        """Lets time pass without news of the contact; see `level`."""
        self._now_s = now_s = max(now_s, self._now_s)
        presses = []
        if self._raw != self._down and now_s - self._raw_since_s >= self._debounce_s:
            self._down = self._raw
            if self._down:
                self._down_since_s = self._raw_since_s
                self._told_long = False
            elif not self._told_long:
                presses.append((self._raw_since_s, Press.SHORT))
        long_from_s = self._down_since_s + self._hold_s
        if self._down and self._raw and not self._told_long and now_s >= long_from_s:
            self._told_long = True
            presses.append((long_from_s, Press.LONG))
        return presses

    def progress(self, now_s: float) -> float | None:
        """How much of the hold time has passed, 0 to 1; None while not pressed."""
        if not self._down:
            return None
        return min(1.0, max(0.0, (now_s - self._down_since_s) / self._hold_s))


class Contacts:
    """The contacts of all buttons, as events in the order they happened."""

    def __init__(self, *, debounce_s: float, hold_s: float) -> None:
        """Starts with every button released; see `Debouncer`."""
        self._debouncers = {
            button: Debouncer(debounce_s=debounce_s, hold_s=hold_s) for button in Button
        }
        self._presses: list[tuple[float, ButtonEvent]] = []

    def level(self, button: Button, at_s: float, *, down: bool) -> None:
        """Takes one button's contact as it is at a moment."""
        self._keep(button, self._debouncers[button].level(at_s, down=down))

    def poll(self, now_s: float) -> list[ButtonEvent]:
        """The presses since the last call, oldest first."""
        for button, debouncer in self._debouncers.items():
            self._keep(button, debouncer.advance(now_s))
        presses = sorted(self._presses, key=lambda press: press[0])
        self._presses = []
        return [event for _, event in presses]

    def progress(self, now_s: float) -> Mapping[Button, float]:
        """For each button being pressed, how much of the hold time has passed, 0 to 1."""
        told = {button: one.progress(now_s) for button, one in self._debouncers.items()}
        return {button: part for button, part in told.items() if part is not None}

    def _keep(self, button: Button, presses: list[tuple[float, Press]]) -> None:
        self._presses += [(at_s, ButtonEvent(button, press)) for at_s, press in presses]
