"""Keys are buttons."""

import pytest

from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.panel.keyboard import KEYS, KeyboardPanel


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
