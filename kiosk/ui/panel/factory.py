"""Opens the panel that the settings name: keys of the keyboard, or buttons on GPIO pins."""

from collections.abc import Mapping

from kiosk.settings import PanelSettings
from kiosk.ui.panel.button import Button
from kiosk.ui.panel.contacts import Contacts
from kiosk.ui.panel.gpio import GpioPanel

KEYS: Mapping[str, Button] = {
    key: button for keys, button in zip(("1e", "2f", "3h"), Button, strict=True) for key in keys
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


def open_panel(settings: PanelSettings) -> KeyboardPanel | GpioPanel:
    """Opens the panel that the settings name.

    Raises:
        PanelError: the settings name GPIO pins, and they cannot be opened.
    """
    if settings.kind == "keyboard":
        return KeyboardPanel(hold_s=settings.hold_s)
    pins = {button: getattr(settings.pins, button.value) for button in Button}
    return GpioPanel(pins, debounce_s=settings.debounce_s, hold_s=settings.hold_s)
