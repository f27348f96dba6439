"""Defines the three buttons and the ways to press them."""

from dataclasses import dataclass
from enum import Enum


class Button(Enum):
    """The three buttons, by what a short press does."""

    EXERCISE = "exercise"
    FINISH = "finish"
    HISTORY = "history"


class Press(Enum):
    """The ways to press: short, long, or both of two buttons together.

    Short is reported on release, long as soon as the button has been held long enough. Both is
    reported once for two buttons that have been held together for as long. Neither of them reports
    short or long then, nor if they are released sooner.
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
