"""Buttons on gpiozero's mock pins: the same code path as on real ones, down to the backend."""

from collections.abc import Iterator

import pytest
from gpiozero import Device, DigitalInputDevice
from gpiozero.pins.mock import MockFactory, MockPin

from doubles import FakeClock
from kiosk.errors import PanelError
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.panel.gpio import GpioPanel

PINS = {Button.EXERCISE: 17, Button.FINISH: 27, Button.HISTORY: 22}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(100.0)


@pytest.fixture
def panel(factory: MockFactory, clock: FakeClock) -> Iterator[GpioPanel]:
    panel = GpioPanel(PINS, debounce_s=0.03, hold_s=0.8, clock=clock)
    yield panel
    panel.close()


@pytest.mark.parametrize(("button", "pin"), PINS.items())
def test_a_pin_pulled_low_and_released_is_a_short_press(
    factory: MockFactory, clock: FakeClock, panel: GpioPanel, button: Button, pin: int
) -> None:
    assert panel.poll(clock()) == []
    factory.pin(pin).drive_low()
    clock.advance(0.2)
    assert panel.poll(clock()) == []
    factory.pin(pin).drive_high()
    clock.advance(0.1)
    assert panel.poll(clock()) == [ButtonEvent(button, Press.SHORT)]
    assert panel.poll(clock()) == []


def test_eleven_bounces_between_two_polls_are_one_press(
    factory: MockFactory, clock: FakeClock, panel: GpioPanel
) -> None:
    pin = factory.pin(27)
    for _ in range(11):
        pin.drive_low()
        clock.advance(0.002)
        pin.drive_high()
        clock.advance(0.002)
    pin.drive_low()
    clock.advance(0.1)
    pin.drive_high()
    clock.advance(1.0)
    assert panel.poll(clock()) == [ButtonEvent(Button.FINISH, Press.SHORT)]


def test_a_held_pin_is_one_long_press_with_progress(
    factory: MockFactory, clock: FakeClock, panel: GpioPanel
) -> None:
    factory.pin(22).drive_low()
    clock.advance(0.4)
    assert panel.poll(clock()) == []
    assert panel.progress(clock()) == {Button.HISTORY: pytest.approx(0.5)}
    clock.advance(0.41)
    assert panel.poll(clock()) == [ButtonEvent(Button.HISTORY, Press.LONG)]
    factory.pin(22).drive_high()
    clock.advance(1.0)
    assert panel.poll(clock()) == []


def test_two_pins_held_through_their_bounces_are_one_press_of_both(
    factory: MockFactory, clock: FakeClock, panel: GpioPanel
) -> None:
    for pin in (22, 17):
        for _ in range(4):
            factory.pin(pin).drive_low()
            clock.advance(0.002)
            factory.pin(pin).drive_high()
            clock.advance(0.002)
        factory.pin(pin).drive_low()
        clock.advance(0.1)
        assert panel.poll(clock()) == []
    clock.advance(0.7)
    held = {Button.HISTORY: pytest.approx(0.5), Button.EXERCISE: pytest.approx(0.5)}
    assert panel.progress(clock()) == held
    clock.advance(0.81)
    assert panel.poll(clock()) == [ButtonEvent(Button.HISTORY, Press.BOTH)]
    for pin in (22, 17):
        factory.pin(pin).drive_high()
        clock.advance(1.0)
    assert panel.poll(clock()) == []
    assert panel.progress(clock()) == {}


def test_a_pin_pulled_low_shows_at_the_next_poll(
    factory: MockFactory, clock: FakeClock, panel: GpioPanel
) -> None:
    factory.pin(27).drive_low()
    assert panel.poll(clock()) == []
    assert panel.progress(clock()) == {Button.FINISH: 0.0}


def test_edges_that_the_backend_never_reported_are_corrected_by_the_level(
    factory: MockFactory, clock: FakeClock, panel: GpioPanel
) -> None:
    for pin in PINS.values():
        factory.pin(pin).when_changed = None
    factory.pin(17).drive_low()
    assert panel.poll(clock()) == []
    clock.advance(0.2)
    factory.pin(17).drive_high()
    assert panel.poll(clock()) == []
    clock.advance(0.1)
    assert panel.poll(clock()) == [ButtonEvent(Button.EXERCISE, Press.SHORT)]


def test_pins_are_pulled_up_and_released(factory: MockFactory, panel: GpioPanel) -> None:
    assert factory.pin(17).pull == "up"
    panel.close()
    panel.close()
    DigitalInputDevice(17).close()


def test_a_busy_pin_is_named_and_the_others_are_released(factory: MockFactory) -> None:
    other = DigitalInputDevice(22)
    with pytest.raises(PanelError, match=r"button history on GPIO 22: .*panel\.pins\.history"):
        GpioPanel(PINS, debounce_s=0.03, hold_s=0.8)
    DigitalInputDevice(17).close()
    other.close()


class JammedPin(MockPin):
    """A pin that a jammed button has held to ground since before the power came."""

    low: frozenset[str] = frozenset()

    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)
        if self.info.name in self.low:
            self._state = False


@pytest.mark.parametrize("jammed", [(Button.EXERCISE,), (Button.EXERCISE, Button.HISTORY)])
def test_a_button_that_is_down_at_the_start_is_no_press_until_it_was_up_once(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch, jammed: tuple[Button, ...]
) -> None:
    monkeypatch.setattr(JammedPin, "low", {f"GPIO{PINS[button]}" for button in jammed})
    monkeypatch.setattr(Device, "pin_factory", factory := MockFactory(pin_class=JammedPin))
    panel = GpioPanel(PINS, debounce_s=0.03, hold_s=0.8, clock=clock)
    found: list[ButtonEvent] = []

    def wait(seconds: float) -> None:
        for _ in range(round(seconds * 30)):
            clock.advance(1 / 30)
            found.extend(panel.poll(clock()))

    def press(button: Button, seconds: float = 0.2) -> list[ButtonEvent]:
        found.clear()
        factory.pin(PINS[button]).drive_low()
        wait(seconds)
        factory.pin(PINS[button]).drive_high()
        wait(0.3)
        return list(found)

    wait(5.0)
    assert found == []
    assert panel.stuck(clock()) == jammed
    assert panel.progress(clock()) == {}
    # the others work at once, and are held with none of them
    assert press(Button.FINISH) == [ButtonEvent(Button.FINISH, Press.SHORT)]
    assert press(Button.FINISH, 3.0) == [ButtonEvent(Button.FINISH, Press.LONG)]
    wait(40.0)
    assert press(Button.FINISH) == [ButtonEvent(Button.FINISH, Press.SHORT)]
    assert panel.stuck(clock()) == jammed
    for button in jammed:
        factory.pin(PINS[button]).drive_high()
        wait(0.3)
        assert press(button) == [ButtonEvent(button, Press.SHORT)]
    assert panel.stuck(clock()) == ()
    panel.close()
    factory.reset()


def test_a_button_that_jams_later_is_named_after_four_long_presses(
    factory: MockFactory, clock: FakeClock, panel: GpioPanel
) -> None:
    factory.pin(PINS[Button.HISTORY]).drive_low()
    panel.poll(clock())
    clock.advance(3.1)
    panel.poll(clock())
    assert panel.stuck(clock()) == ()
    clock.advance(0.2)
    assert panel.stuck(clock()) == (Button.HISTORY,)
