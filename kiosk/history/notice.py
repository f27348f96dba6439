"""Says what a user has to know of the history's file: a type for the store, the screen, the log."""

from dataclasses import dataclass
from enum import Enum


class Event(Enum):
    """What happened to the file."""

    SET_ASIDE = "set_aside"  # it was damaged, and nothing of it could be read
    RECOVERED = "recovered"  # it was damaged, and sets were taken over from it
    REPLACED = "replaced"  # another file lay in its place while the mirror ran
    LOG_SET_ASIDE = "log_set_aside"  # a log lay beside it that belongs to another file


@dataclass(frozen=True, slots=True)
class Notice:
    """One event, with a line for the log.

    Attributes:
        text: names the files.
        recovered, of: how many sets were taken over, and of how many at least.
    """

    event: Event
    text: str
    recovered: int = 0
    of: int = 0

    def __str__(self) -> str:
        return self.text
