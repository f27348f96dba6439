"""Opens the panel that the settings name: keys of the keyboard, or buttons on GPIO pins."""

from collections.abc import Mapping

from kiosk.settings import PanelSettings
from kiosk.ui.panel.button import Button
from kiosk.ui.panel.contacts import Contacts
from kiosk.ui.panel.gpio import GpioPanel

KEYS: Mapping[str, Button] = {
    key: button for keys, button in zip(("1e", "2f", "3h"), Button, strict=True) for key in keys
}
"""By pygame's name, which depends on the keyboard's layout."""
_BY_PLACE: Mapping[str, Button] = dict(
    zip(("[1]", "[2]", "[3]", "&", "é", '"'), (*Button, *Button), strict=True)
)
"""The same for what sends no scancode: the number pad, and the top row of a French keyboard."""
_POSITIONS = ((30, 89), (31, 90), (32, 91))
SCANCODES: Mapping[int, Button] = {
    code: button for codes, button in zip(_POSITIONS, Button, strict=True) for code in codes
}
"""By SDL's scancode, the key's position on any layout: top row and number pad."""


class KeyboardPanel(Contacts):
    """A panel that gets the key events of the window from the window's owner.

    Attributes:
        enabled: whether the owner may feed keys; on a wall, a keyboard is whoever's.
    """

    def __init__(self, *, hold_s: float, enabled: bool = True) -> None:
        self.enabled = enabled
        # a keyboard has debounced its keys, and a key that a program types is down for no time
        super().__init__(debounce_s=0.0, hold_s=hold_s)

    def feed(self, key: str, at_s: float, *, down: bool, scancode: int = 0) -> bool:
        """Takes a key by its position, else by its name in any case.

        Returns whether it is one of the panel's.
        """
        button = SCANCODES.get(scancode) or KEYS.get(key.lower()) or _BY_PLACE.get(key.lower())
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
