"""Lets the screen sleep while nobody is there, and wakes it with the first person or press."""

from kiosk.app.presses import Pressed
from kiosk.settings import ScreenSettings
from kiosk.system.files import runtime_folder
from kiosk.ui.screen.panel_switch import PanelSwitch


class Sleep:
    """Decides in every round of the main loop whether the picture is black.

    Args:
        settings: of the screen.

    Attributes:
        asleep: the picture is black, and the panel off if there is a command for it.
        switch: runs the commands.
    """

    def __init__(self, settings: ScreenSettings) -> None:
        self.asleep = False
        self.switch = PanelSwitch(
            settings.off_command, settings.on_command, folder=runtime_folder()
        )
        self._after_s = 60.0 * settings.off_after_min
        self._woken = False

    def filter(self, pressed: Pressed) -> Pressed:
        """Takes away what a press does that wakes the screen: nobody saw what it would do.

        It still counts as a press: the button is down, or it clicks.
        """
        if self.asleep and (pressed.events or pressed.holds):
            self._woken = True
        if not self._woken:
            return pressed
        self._woken = bool(pressed.holds)  # it does so when the button comes up, or is held
        return pressed._replace(events=())

    def update(self, idle_s: float) -> None:
        """Takes for how many seconds nobody has been there, nor had anything to read."""
        self.asleep = 0 < self._after_s <= idle_s
        self.switch.submit(on=not self.asleep)
