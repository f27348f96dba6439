"""Keeps the memory small that the C library holds for this process.

Only glibc has these functions; with another library nothing here does anything.
"""

import ctypes
from collections.abc import Callable

_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h
_libc = ctypes.CDLL(None)


def use_one_arena() -> None:
    """Lets all threads share one heap; to be called before they start.

    By default glibc gives each thread a heap of its own, and what one of them has freed serves no
    other. Ten threads that take turns under Python's lock hardly ever wait for one another here.
    """
    if (set_option := getattr(_libc, "mallopt", None)) is not None:
        set_option(_ARENA_MAX, 1)


def trim_memory() -> None:
    """Returns free pages to the system."""
    if (trim := getattr(_libc, "malloc_trim", None)) is not None:
        trim(0)


class MemoryTrimmer:
    """Gives memory back to the system each time that somebody has left.

    What a set frees stays with the C library, in pieces between what is still in use, and every day
    of use leaves a few pieces more: `tests/platform/soak_hours.py --seed 7` grew by 1.1 % after its
    warm-up, with no more in use at its end. Asked for it, the library gives back every free page;
    docs/performance.md says what the same soak does since.
    """

    def __init__(self, trim: Callable[[], None] | None = None) -> None:
        self._trim = trim or trim_memory
        self._used = True

    def update(self, *, empty: bool) -> None:
        """Takes, in every round, whether nobody is there."""
        if empty and self._used:
            self._trim()
        self._used = not empty
