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
    """Short is told on release, long as soon as the button has been held long enough.

    Both is told once for two buttons that have been held together for as long. Neither of them
    tells short or long then, nor if they are let go sooner.
    """

    SHORT = "short"
    LONG = "long"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class ButtonEvent:
    """One press of one button, or of two.

    Attributes:
        button: of two, the one that went down first.
        press: how it was pressed.
    """

    button: Button
    press: Press


class Panel(Protocol):
    """Where presses come from. Polled by the main loop, never waited for."""

    def poll(self, now_s: float) -> list[ButtonEvent]:
        """The presses since the last call, oldest first; `now_s` in monotonic seconds."""

    def close(self) -> None:
        """Lets go of the pins. Safe to call twice."""
