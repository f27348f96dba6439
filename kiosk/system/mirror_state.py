"""Tells other programs on this machine what the mirror does now, in one small file.

The mirror opens no socket. What goes out is sent by another unit, which reads this file. It lies in
memory, in the folder that systemd makes for the running service and removes with it: no file means
that no mirror runs.
"""

import logging
import math
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from kiosk.system.files import SERVICE_RUNTIME_FOLDER, runtime_folder, write_whole

FILE_NAME = "state.json"
EVERY_S = 1.0
"""Written at most this often: a rep takes longer, and so does anybody who looks."""
WARMER_C = 2
"""A temperature is another one from this difference on: a sensor's last digit flutters."""
MOST_BYTES = 16 * 1024
"""A file of ours has some hundred."""
_READABLE = 0o640
"""The group too: the unit that sends is in it, and is another user."""

Doing = Literal["waiting", "set", "blind"]

_log = logging.getLogger(__name__)


class MirrorState(Struct, frozen=True, kw_only=True):
    """The mirror at one moment.

    Attributes:
        doing: waits for somebody, is in a set, or cannot see.
        count: counted reps of the set under way; 0 outside of one.
        faults: keys of what is wrong, see `kiosk.ui.health_table`.
        temperature_c: of the processor; None where it cannot be measured.
        version: of the kiosk.
    """

    doing: Doing
    version: str
    count: int = 0
    faults: tuple[str, ...] = ()
    temperature_c: int | None = None


_DECODER = msgspec.json.Decoder(MirrorState)


class StateWriter:
    """Writes the state when it has changed. Writes nothing while it has not.

    Args:
        folder: None for no file.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / FILE_NAME
        self._written: MirrorState | None = None
        self._next_s = -math.inf
        self._failed = False

    def is_due(self, now_s: float) -> bool:
        """Whether `update` would look at what it is given; never without a folder."""
        return self._path is not None and now_s >= self._next_s

    def update(
        self,
        now_s: float,
        doing: Doing,
        count: int,
        faults: Iterable[str],
        temperature_c: float | None,
        version: str,
    ) -> None:
        """Writes the file if it is due and says something else now."""
        if self._path is None or not self.is_due(now_s):
            return
        self._next_s = now_s + EVERY_S
        state = MirrorState(
            doing=doing,
            count=count,
            faults=tuple(faults),
            temperature_c=self._steady(temperature_c),
            version=version,
        )
        if state == self._written:
            return
        try:
            with write_whole(self._path) as file:
                os.fchmod(file.fileno(), _READABLE)
                file.write(msgspec.json.encode(state))
        except OSError as error:
            if not self._failed:
                _log.warning("%s: cannot be written (%s)", self._path, error.strerror)
            self._failed = True
            return
        self._written, self._failed = state, False

    def close(self) -> None:
        """Takes the file away: no mirror runs any more."""
        if self._path is not None and self._written is not None:
            self._written = None
            self._path.unlink(missing_ok=True)

    def _steady(self, temperature_c: float | None) -> int | None:
        """Rounds a temperature, and keeps the one before until it is clearly another."""
        if temperature_c is None:
            return None
        before = None if self._written is None else self._written.temperature_c
        if before is not None and abs(temperature_c - before) < WARMER_C:
            return before
        return round(temperature_c)


def read_state(folder: Path | None = None) -> MirrorState | None:
    """Returns what the mirror does now; None where none runs, or its file is damaged.

    Args:
        folder: None for that of the service where it runs, else for this user's.
    """
    if folder is None:
        folder = SERVICE_RUNTIME_FOLDER if SERVICE_RUNTIME_FOLDER.exists() else runtime_folder()
    if folder is None:
        return None
    try:
        with (folder / FILE_NAME).open("rb") as file:
            return _DECODER.decode(file.read(MOST_BYTES))
    except (OSError, msgspec.MsgspecError, UnicodeError):
        return None
