"""Buttons that are sought while they cannot be had."""

from collections.abc import Callable, Mapping
from typing import Protocol

from kiosk.system.retry import Retried
from kiosk.ui.panel.button import Button, ButtonEvent, Panel


class HeldPanel(Panel, Protocol):
    """A panel that also tells which buttons are down."""

    def progress(self, now_s: float) -> Mapping[Button, float]:
        """For each button being pressed, how much of the hold time has passed, 0 to 1."""


class ReconnectingPanel:
    """A `Panel` that nobody presses until its buttons can be had.

    Args:
        opener: takes the pins, or raises `PanelError`.
        patient: False raises that error of the first attempt.
    """

    def __init__(self, opener: Callable[[], HeldPanel], *, patient: bool = True) -> None:
        self._panel = Retried("buttons", opener, patient=patient)

    @property
    def fault(self) -> str | None:
        """Why no button can be pressed; None while they can."""
        return str(self._panel.fault) if self._panel.fault else None

    def poll(self, now_s: float) -> list[ButtonEvent]:
        """The presses since the last call, oldest first; `now_s` in monotonic seconds."""
        panel = self._panel.get(now_s)
        return panel.poll(now_s) if panel else []

    def progress(self, now_s: float) -> Mapping[Button, float]:
        """For each button being pressed, how much of the hold time has passed, 0 to 1."""
        return self._panel.part.progress(now_s) if self._panel.part else {}

    def close(self) -> None:
        """Lets go of the pins. Safe to call twice."""
        if self._panel.part is not None:
            self._panel.part.close()
