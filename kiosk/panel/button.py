"""What a press of a button means to the rest of the kiosk."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Button(Enum):
    """The three buttons, by what they do when pressed shortly."""

    EXERCISE = "exercise"
    FINISH = "finish"
    HISTORY = "history"


class Press(Enum):
    """Short is told on release, long as soon as the button has been held long enough."""

    SHORT = "short"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class ButtonEvent:
    """One press of one button."""

    button: Button
    press: Press


class Panel(Protocol):
    """Where presses come from. Polled by the main loop, never waited for."""

    def poll(self, now_s: float) -> list[ButtonEvent]:
        """The presses since the last call, oldest first; `now_s` in monotonic seconds."""

    def close(self) -> None:
        """Lets go of the pins. Safe to call twice."""
