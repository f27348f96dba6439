"""Reads push buttons that are wired between GPIO pins and ground."""

import time
import warnings
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from gpiozero import BadPinFactory, Device, DigitalInputDevice, PinFactoryFallback

from kiosk.errors import PanelError
from kiosk.ui.panel.button import Button, ButtonEvent
from kiosk.ui.panel.contacts import Contacts

# more than any contact bounces between two polls; the polled level corrects what is lost
_EDGES = 256


class GpioPanel(Contacts):
    """A panel of push buttons, each pulling its pin to ground.

    The level is polled; edges only add the time between two polls. gpiozero's own bounce and hold
    times stay unused: the first depends on its backend, the second repeats after a missed release.

    Args:
        pins: BCM number for each button.
        debounce_s, hold_s: as for `Contacts`.
        clock: the one whose time `poll` is given.

    Raises:
        PanelError: this machine has no GPIO, or a pin cannot be opened.
    """

    def __init__(
        self,
        pins: Mapping[Button, int],
        *,
        debounce_s: float,
        hold_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(debounce_s=debounce_s, hold_s=hold_s)
        self._edges: deque[tuple[Button, float, bool]] = deque(maxlen=_EDGES)
        self._devices: dict[Button, Any] = {}
        self._clock = clock
        _require_gpio()
        try:
            for button, pin in pins.items():
                self._devices[button] = self._open(button, pin)
        except PanelError:
            self.close()
            raise
        for button, device in self._devices.items():
            if device.is_active:
                self.jam(button)

    def poll(self, now_s: float) -> list[ButtonEvent]:
        """Returns the presses since the last call, oldest first; `now_s` by the given clock."""
        while self._edges:
            button, at_s, closed = self._edges.popleft()
            self.update(button, at_s, closed=closed)
        for button, device in self._devices.items():
            self.update(button, now_s, closed=device.is_active)
        return super().poll(now_s)

    def close(self) -> None:
        """Releases the pins."""
        for device in self._devices.values():
            device.close()
        self._devices.clear()

    def _open(self, button: Button, pin: int) -> Any:
        try:
            device = DigitalInputDevice(pin, pull_up=True)
        except Exception as error:  # the backends' errors have no base in common
            raise PanelError(
                f"button {button.value} on GPIO {pin}: {_one_line(error)}; end what else uses the "
                f"pin, or set panel.pins.{button.value} to another pin"
            ) from error
        # called in a thread of the backend's, which must do next to nothing
        device.when_activated = lambda: self._edges.append((button, self._clock(), True))
        device.when_deactivated = lambda: self._edges.append((button, self._clock(), False))
        return device


def _require_gpio() -> None:
    # gpiozero would find its backend at the first device, and blame the pin for a missing one
    if Device.pin_factory is not None:
        return
    try:
        with warnings.catch_warnings():
            # one per backend that it tries; the error below reports it once
            warnings.simplefilter("ignore", PinFactoryFallback)
            Device.ensure_pin_factory()
    except Exception as error:  # the backends' errors have no base in common
        detail = "no backend works" if isinstance(error, BadPinFactory) else _one_line(error)
        raise PanelError(
            f"there are no GPIO pins to be had here ({detail}); on a Raspberry Pi install "
            "python3-lgpio and put this user into the group gpio, elsewhere set "
            'panel.kind = "keyboard"'
        ) from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
