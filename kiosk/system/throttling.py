"""What a Raspberry Pi does to save itself from heat and from a weak supply."""

from dataclasses import dataclass
from enum import Enum
from typing import Self

_SINCE_BOOT = 16


class Limit(Enum):
    """A reason to run slower; the value is its bit in the firmware's word.

    Source: "get_throttled" in https://www.raspberrypi.com/documentation/computers/os.html#vcgencmd.
    """

    UNDER_VOLTAGE = 0
    FREQUENCY_CAPPED = 1
    THROTTLED = 2
    SOFT_TEMPERATURE_LIMIT = 3


@dataclass(frozen=True, slots=True)
class Throttling:
    """Which limits hold the machine back.

    Attributes:
        now: at this moment.
        since_boot: at any time since it was started, this moment included.
    """

    now: frozenset[Limit] = frozenset()
    since_boot: frozenset[Limit] = frozenset()

    @classmethod
    def from_word(cls, word: int) -> Self:
        """From the firmware's word: a bit for each limit, and sixteen further on its past."""
        now = frozenset(limit for limit in Limit if word >> limit.value & 1)
        past = frozenset(limit for limit in Limit if word >> limit.value >> _SINCE_BOOT & 1)
        return cls(now, past | now)
