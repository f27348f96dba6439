"""The three buttons, the ways to press them, and the interface of every panel of buttons."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Button(Enum):
    """The three buttons, by what a short press does."""

    EXERCISE = "exercise"
    FINISH = "finish"
    HISTORY = "history"


class Press(Enum):
    """Short is reported on release, long as soon as the button has been held long enough.

    Both is reported once for two buttons that have been held together for as long. Neither of them
    reports short or long then, nor if they are released sooner.
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
    """A source of presses. The main loop polls it and never waits for it."""

    def poll(self, now_s: float) -> list[ButtonEvent]:
        """Returns the presses since the last call, oldest first; `now_s` in monotonic seconds."""

    def progress(self, now_s: float) -> Mapping[Button, float]:
        """Returns for each button being pressed how much of the hold time has passed, 0 to 1."""

    def close(self) -> None:
        """Releases the pins. Safe to call twice."""
