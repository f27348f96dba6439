"""A panel whose buttons are keys of the keyboard."""

from collections.abc import Mapping

from kiosk.ui.panel.button import Button
from kiosk.ui.panel.debounce import Contacts

KEYS: Mapping[str, Button] = {
    "1": Button.EXERCISE,
    "2": Button.FINISH,
    "3": Button.HISTORY,
    "e": Button.EXERCISE,
    "f": Button.FINISH,
    "h": Button.HISTORY,
}


class KeyboardPanel(Contacts):
    """A panel that gets the key events of the window from the window's owner."""

    def __init__(self, *, hold_s: float) -> None:
        # a keyboard has debounced its keys, and a key that a program types is down for no time
        super().__init__(debounce_s=0.0, hold_s=hold_s)

    def feed(self, key: str, at_s: float, *, down: bool) -> bool:
        """Takes a key by its name in any case; returns whether it is one of the panel's."""
        button = KEYS.get(key.lower())
        if button is not None:
            self.update(button, at_s, closed=down)
        return button is not None
