"""When the screen sleeps, and what a press does that wakes it."""

import pytest

from kiosk.app.presses import Pressed
from kiosk.app.sleep import Sleep
from kiosk.settings import ScreenSettings
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.screen.scene import Hold

PRESS = ButtonEvent(Button.EXERCISE, Press.SHORT)
DOWN = (Hold(Button.EXERCISE, 0.2),)


def sleeping(minutes: int = 10) -> Sleep:
    sleep = Sleep(ScreenSettings(off_after_min=minutes))
    sleep.update(60.0 * minutes)
    assert sleep.asleep
    return sleep


@pytest.mark.parametrize("minutes", [1, 10])
def test_it_sleeps_after_the_minutes_that_the_settings_say(minutes: int) -> None:
    sleep = Sleep(ScreenSettings(off_after_min=minutes))
    sleep.update(60.0 * minutes - 0.1)
    assert not sleep.asleep
    sleep.update(60.0 * minutes)
    assert sleep.asleep
    sleep.update(0.0)
    assert not sleep.asleep


def test_with_zero_it_never_sleeps() -> None:
    sleep = Sleep(ScreenSettings(off_after_min=0))
    sleep.update(1e6)
    assert not sleep.asleep


def test_the_press_that_wakes_does_nothing_until_the_button_is_up() -> None:
    sleep = sleeping()
    assert sleep.filter(Pressed((), DOWN, clicks=True)) == Pressed((), DOWN, clicks=True)
    sleep.update(0.0)
    assert sleep.filter(Pressed((PRESS,), (), clicks=False)).events == ()
    assert sleep.filter(Pressed((PRESS,), (), clicks=True)).events == (PRESS,)


def test_a_button_that_went_down_and_up_between_two_pictures_wakes_it_too() -> None:
    sleep = sleeping()
    assert sleep.filter(Pressed((PRESS,), (), clicks=True)) == Pressed((), (), clicks=True)
    sleep.update(0.0)
    assert sleep.filter(Pressed((PRESS,), (), clicks=True)).events == (PRESS,)


def test_while_it_is_awake_every_press_counts() -> None:
    sleep = Sleep(ScreenSettings())
    sleep.update(599.0)
    pressed = Pressed((PRESS,), DOWN, clicks=True)
    assert sleep.filter(pressed) == pressed
