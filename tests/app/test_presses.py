"""The buttons are read by where they sit, whichever way round they were mounted."""

from itertools import product

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory

from kiosk.app.presses import Presses
from kiosk.settings import PanelSettings, Settings
from kiosk.ui.panel.button import Button, Press

WIRED = tuple(Button)


@pytest.mark.parametrize(("number", "reversed_"), list(product(range(3), (False, True))))
def test_a_button_is_known_by_its_place(
    monkeypatch: pytest.MonkeyPatch, number: int, reversed_: bool
) -> None:
    pins = MockFactory()
    monkeypatch.setattr(Device, "pin_factory", pins)
    panel = PanelSettings(kind="gpio", reversed=reversed_, debounce_s=0.0)
    presses = Presses(Settings(panel=panel), reconnects=False)
    pin = pins.pin(getattr(panel.pins, WIRED[number].value))
    placed = WIRED[2 - number] if reversed_ else WIRED[number]
    presses.poll(10.0)
    pin.drive_low()
    assert [hold.button for hold in presses.poll(10.1).holds] == [placed]
    pin.drive_high()
    event, *_ = presses.poll(10.2).events
    assert (event.button, event.press) == (placed, Press.SHORT)
    presses.close()
