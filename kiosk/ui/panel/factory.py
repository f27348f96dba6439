"""Opens the panel that the settings name."""

from kiosk.settings import PanelSettings
from kiosk.ui.panel.button import Button
from kiosk.ui.panel.gpio import GpioPanel
from kiosk.ui.panel.keyboard import KeyboardPanel


def open_panel(settings: PanelSettings) -> KeyboardPanel | GpioPanel:
    """Opens the panel that the settings name.

    Raises:
        PanelError: the settings name GPIO pins, and they cannot be opened.
    """
    if settings.kind == "keyboard":
        return KeyboardPanel(hold_s=settings.hold_s)
    pins = {button: getattr(settings.pins, button.value) for button in Button}
    return GpioPanel(pins, debounce_s=settings.debounce_s, hold_s=settings.hold_s)
