"""From settings to the panel they ask for."""

from kiosk.settings import PanelSettings
from kiosk.ui.panel.button import Button
from kiosk.ui.panel.gpio import GpioPanel
from kiosk.ui.panel.keyboard import KeyboardPanel


def open_panel(settings: PanelSettings) -> KeyboardPanel | GpioPanel:
    """The panel that the settings name.

    Raises:
        PanelError: buttons on GPIO pins were asked for and cannot be had.
    """
    if settings.kind == "keyboard":
        return KeyboardPanel(hold_s=settings.hold_s)
    pins = {
        Button.EXERCISE: settings.pins.exercise,
        Button.FINISH: settings.pins.finish,
        Button.HISTORY: settings.pins.history,
    }
    return GpioPanel(pins, debounce_s=settings.debounce_s, hold_s=settings.hold_s)
