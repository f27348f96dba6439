"""Tells the screen how far a USB stick is, in one small file of the unit that copies to it.

systemd removes its folder when the stick is pulled out, and what the screen says of it with that.
"""

import math
import os
from contextlib import suppress
from pathlib import Path
from typing import Literal, get_args

from kiosk.system.files import write_whole

FOLDER = Path("/run/gym-mirror-stick")
"""The folder of gym-mirror-stick.service, which everybody may read."""
FILE_NAME = "state"
MOST_BYTES = 32

Stick = Literal[
    "copying", "copied", "remove", "full", "read_only", "foreign", "pulled", "unwritable"
]
"""Being copied to; done but still mounted; to be taken out; and why nothing was copied."""
UNDER_WAY = ("copying", "copied")
WELL = (*UNDER_WAY, "remove")
PULLED_S = 20.0
"""That a stick was pulled out too early is shown for so long: nobody else is left to say it."""
EVERY_S = 0.5


def tell_stick(stick: Stick, folder: Path = FOLDER) -> None:
    """Writes the state; where there is no such folder, nobody asks for it."""
    with suppress(OSError), write_whole(folder / FILE_NAME) as file:
        os.fchmod(file.fileno(), 0o644)
        file.write(stick.encode())


def read_stick(folder: Path = FOLDER) -> Stick | None:
    """Returns the state; None without a stick."""
    try:
        with (folder / FILE_NAME).open("rb") as file:
            found = file.read(MOST_BYTES).decode("ascii", "replace")
    except OSError:
        return None
    return next((one for one in get_args(Stick) if one == found), None)


class StickWatch:
    """Looks what the screen has to say of a stick.

    Args:
        enabled: False looks at nothing.
        folder: of the unit that copies.

    Attributes:
        newest: as of the last update; None without a stick.
    """

    def __init__(self, *, enabled: bool, folder: Path = FOLDER) -> None:
        self.newest: Stick | None = None
        self._folder = folder if enabled else None
        self._next_s = self._pulled_until_s = -math.inf
        self._before: Stick | None = None

    def update(self, now_s: float) -> None:
        """Reads the file, where it is due."""
        if self._folder is None or now_s < self._next_s:
            return
        self._next_s = now_s + EVERY_S
        found = read_stick(self._folder)
        if found is None and self._before in UNDER_WAY:
            self._pulled_until_s = now_s + PULLED_S
        self._before = found
        if found is None and now_s < self._pulled_until_s:
            self.newest = "pulled"
        else:
            self.newest = found
