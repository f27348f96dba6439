"""Memory that is not needed goes back to the system, while nobody is there.

What a set frees stays with the C library, in pieces between what is still in use, and every day of
use leaves a few pieces more: `tests/platform/soak_hours.py --seed 7` grew by 1.1 % after its
warm-up, with no more in use at its end. Asked for it, the library gives back every free page; since
then the same soak shrinks by .3 %.
"""

import ctypes
from collections.abc import Callable


def give_back() -> None:
    """Returns free pages to the system; does nothing where the C library is not glibc."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


class Tidying:
    """Gives memory back each time that somebody has left."""

    def __init__(self, give_back: Callable[[], None] = give_back) -> None:
        self._give_back = give_back
        self._used = True

    def note(self, *, empty: bool) -> None:
        """To be told in every round whether nobody is there."""
        if empty and self._used:
            self._give_back()
        self._used = not empty
