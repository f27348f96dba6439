"""The settings choose the panel, its pins and its times; keys are buttons."""

import pygame
import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory

from kiosk.errors import PanelError
from kiosk.settings import PanelSettings, Pins
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.panel.factory import KEYS, KeyboardPanel, open_panel
from kiosk.ui.panel.gpio import GpioPanel
from kiosk.ui.screen.display import key_name

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


@pytest.mark.parametrize(("key", "button"), KEYS.items())
def test_each_key_is_its_button(key: str, button: Button) -> None:
    panel = KeyboardPanel(hold_s=0.8)
    assert panel.feed(key, 1.0, down=True)
    assert panel.poll(1.1) == []
    assert panel.feed(key.upper(), 1.2, down=False)
    assert panel.poll(1.2) == [ButtonEvent(button, Press.SHORT)]
    assert panel.poll(1.3) == []


def test_every_button_has_a_key() -> None:
    assert set(KEYS.values()) == set(Button)


def test_a_held_key_repeats_nothing() -> None:
    panel = KeyboardPanel(hold_s=0.8)
    assert isinstance(panel, KeyboardPanel)
    for tick in range(20):
        panel.feed("2", 1.0 + tick / 10, down=True)
    assert panel.poll(3.0) == [ButtonEvent(Button.FINISH, Press.LONG)]
    assert panel.progress(3.0) == {Button.FINISH: 1.0}
    panel.feed("2", 3.1, down=False)
    assert panel.poll(3.2) == []


def test_a_key_down_and_up_at_one_moment_counts() -> None:
    panel = KeyboardPanel(hold_s=0.8)
    panel.feed("3", 1.0, down=True)
    panel.feed("3", 1.0, down=False)
    assert panel.poll(1.0) == [ButtonEvent(Button.HISTORY, Press.SHORT)]


def test_two_keys_held_are_one_press_of_both() -> None:
    panel = KeyboardPanel(hold_s=0.8)
    panel.feed("1", 1.0, down=True)
    panel.feed("3", 1.2, down=True)
    assert panel.poll(2.7) == []
    held = {Button.EXERCISE: pytest.approx(0.5), Button.HISTORY: pytest.approx(0.5)}
    assert panel.progress(2.0) == held
    assert panel.poll(2.9) == [ButtonEvent(Button.EXERCISE, Press.BOTH)]
    panel.feed("1", 3.0, down=False)
    panel.feed("3", 9.0, down=False)
    assert panel.poll(9.1) == []


def test_other_keys_are_left_to_others() -> None:
    panel = KeyboardPanel(hold_s=0.8)
    assert not panel.feed("escape", 1.0, down=True)
    assert panel.poll(9.0) == []
    panel.close()
    panel.close()


@pytest.mark.parametrize(
    ("key", "button"),
    [
        *((pygame.K_KP1, Button.EXERCISE), (pygame.K_KP2, Button.FINISH)),
        *((pygame.K_KP3, Button.HISTORY), (pygame.K_AMPERSAND, Button.EXERCISE)),
        *((ord("é"), Button.FINISH), (pygame.K_QUOTEDBL, Button.HISTORY)),
    ],
)
def test_the_number_pad_and_a_french_top_row_work_by_their_names(key: int, button: Button) -> None:
    panel = KeyboardPanel(hold_s=0.8)
    name = key_name(key)
    assert panel.feed(name, 0.0, down=True)
    assert panel.feed(name, 0.1, down=False)
    assert panel.poll(0.2) == [ButtonEvent(button, Press.SHORT)]


@pytest.mark.parametrize(
    ("scancode", "button"),
    [
        *((pygame.KSCAN_1, Button.EXERCISE), (pygame.KSCAN_2, Button.FINISH)),
        *((pygame.KSCAN_3, Button.HISTORY), (pygame.KSCAN_KP1, Button.EXERCISE)),
        *((pygame.KSCAN_KP2, Button.FINISH), (pygame.KSCAN_KP3, Button.HISTORY)),
    ],
)
def test_a_key_works_by_its_place_whatever_its_layout_calls_it(
    scancode: int, button: Button
) -> None:
    panel = KeyboardPanel(hold_s=0.8)
    for name in ("+", "š", "unknown", "3", "e"):
        assert panel.feed(name, 0.0, down=True, scancode=scancode)
        assert panel.feed(name, 0.1, down=False, scancode=scancode)
        assert panel.poll(0.2) == [ButtonEvent(button, Press.SHORT)]
