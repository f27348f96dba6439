"""Keys of a keyboard in place of buttons."""

from collections.abc import Mapping

from kiosk.ui.panel.button import Button, ButtonEvent
from kiosk.ui.panel.debounce import Contacts

KEYS: Mapping[str, Button] = {
    "1": Button.EXERCISE,
    "2": Button.FINISH,
    "3": Button.HISTORY,
    "e": Button.EXERCISE,
    "f": Button.FINISH,
    "h": Button.HISTORY,
}


class KeyboardPanel:
    """A `Panel` that is fed with key events by whoever owns the window."""

    def __init__(self, *, hold_s: float) -> None:
        """Starts with every key up.

        Args:
            hold_s: seconds from which a press is a long one.
        """
        # a keyboard has debounced its keys, and a key that a program types is down for no time
        self._contacts = Contacts(debounce_s=0.0, hold_s=hold_s)

    def feed(self, key: str, at_s: float, *, down: bool) -> bool:
        """Takes a key that went down or up.

        Args:
            key: its name, as in `KEYS`; the case does not matter.
            at_s: monotonic seconds.
            down: False when it came up.

        Returns:
            Whether the key is one of the panel's.
        """
        button = KEYS.get(key.lower())
        if button is not None:
            self._contacts.level(button, at_s, down=down)
        return button is not None

    def poll(self, now_s: float) -> list[ButtonEvent]:
        """The presses since the last call, oldest first; `now_s` in monotonic seconds."""
        return self._contacts.poll(now_s)

    def progress(self, now_s: float) -> Mapping[Button, float]:
        """For each key being pressed, how much of the hold time has passed, 0 to 1."""
        return self._contacts.progress(now_s)

    def close(self) -> None:
        """Does nothing: the window owns the keyboard."""
