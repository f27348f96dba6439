"""The names of the buttons are those of the settings, the pin map and the panels."""

from kiosk.settings import Pins
from kiosk.ui.panel.button import Button, ButtonEvent, Press


def test_every_button_has_a_pin_in_the_settings() -> None:
    assert tuple(button.value for button in Button) == Pins.__struct_fields__


def test_events_are_compared_by_button_and_press() -> None:
    events = {ButtonEvent(button, press) for button in Button for press in Press}
    assert len(events) == 9
    assert ButtonEvent(Button.FINISH, Press.LONG) in events
