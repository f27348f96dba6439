"""Tells the screen how far a USB stick is, in one small file of the unit that copies to it.

systemd removes its folder when the stick is pulled out, and what the screen says of it with that.
"""

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
