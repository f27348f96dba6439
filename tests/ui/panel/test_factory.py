"""The settings choose the panel, its pins and its times."""

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory

from kiosk.errors import PanelError
from kiosk.settings import PanelSettings, Pins
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.panel.factory import open_panel
from kiosk.ui.panel.gpio import GpioPanel
from kiosk.ui.panel.keyboard import KeyboardPanel

BY_PIN = {5: Button.EXERCISE, 6: Button.FINISH, 13: Button.HISTORY}
GPIO = PanelSettings(kind="gpio", pins=Pins(exercise=5, finish=6, history=13), hold_s=2.0)


def test_the_keyboard_is_the_default_and_takes_the_hold_time() -> None:
    panel = open_panel(PanelSettings(hold_s=2.0))
    assert isinstance(panel, KeyboardPanel)
    panel.feed("f", 1.0, down=True)
    assert panel.poll(2.9) == []
    assert panel.poll(3.0) == [ButtonEvent(Button.FINISH, Press.LONG)]


@pytest.mark.parametrize(("pin", "button"), BY_PIN.items())
def test_each_pin_is_its_button(factory: MockFactory, pin: int, button: Button) -> None:
    panel = open_panel(GPIO)
    assert isinstance(panel, GpioPanel)
    panel.poll(1e9)  # later than every edge, which the panel dates by the monotonic clock
    factory.pin(pin).drive_low()
    panel.poll(1e9)
    assert panel.poll(1e9 + 1.9) == []
    assert panel.poll(1e9 + 2.0) == [ButtonEvent(button, Press.LONG)]
    panel.close()


def test_a_contact_has_to_be_stable_for_the_time_that_the_settings_give(
    factory: MockFactory,
) -> None:
    panel = open_panel(PanelSettings(kind="gpio", pins=GPIO.pins, debounce_s=0.2, hold_s=0.3))
    panel.poll(1e9)
    factory.pin(6).drive_low()
    panel.poll(1e9)
    factory.pin(6).drive_high()
    assert panel.poll(1e9 + 0.19) == []
    assert panel.poll(1e9 + 9.0) == []
    panel.close()


def test_without_gpio_the_keyboard_is_advised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Device, "pin_factory", None)
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "no_such_backend")
    with pytest.raises(PanelError, match=r'no GPIO pins.*panel\.kind = "keyboard"'):
        open_panel(PanelSettings(kind="gpio"))
