"""Copies the sets of a day to a USB stick, in three forms, each file whole or not at all."""

import errno
import os
import re
import unicodedata
import zlib
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

from kiosk.errors import StickError
from kiosk.history.export import format_csv, format_json, format_strong
from kiosk.history.reader import Reader
from kiosk.system.files import write_whole
from kiosk.system.stick_state import Stick

LONGEST_NAME = 60
"""Characters of a folder's name: a quarter of what FAT and exFAT take."""
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]')
"""What neither FAT nor Windows has in a name."""
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for itself."""
_FALLBACK = "gym-mirror"
_LINES: dict[Stick, str] = {
    "full": "is full; free some space on it and plug it in again",
    "read_only": "cannot be written; unlock the switch at its side, or take another one",
    "foreign": (
        "has no file system that this mirror mounts; format it with FAT32 or exFAT, "
        "or take another one"
    ),
    "pulled": "was pulled out before all was copied; plug it in again and wait",
    "unwritable": "cannot be written ({reason}); take another one",
}
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_PULLED = {errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ENOTCONN, errno.ESTALE, errno.EIO}
"""What the kernel says of a device that is gone. One that is worn out says EIO too, and the remedy
shows which it is."""


class CopyError(StickError):
    """Why a stick did not receive everything.

    Attributes:
        stick: what the screen is told.
    """

    def __init__(self, place: Path, stick: Stick, reason: str = "") -> None:
        super().__init__(f"{place}: the stick {_LINES[stick].format(reason=reason)}")
        self.stick = stick


def copy_day(
    stick: Path, reader: Reader, day: date, mirror: str, name_of: Callable[[str], str]
) -> list[Path]:
    """Writes the sets of a day into a folder named after the mirror; returns the files.

    The same day again replaces its files by newer ones. Files of other days stay.

    Args:
        stick: where it is mounted.
        reader: of the history, which is only read.
        day: local date of the sets.
        mirror: its name.
        name_of: gives an exercise's id a name.

    Raises:
        CopyError: in one line, with the remedy. The files that were on the stick are whole, and the
            history has lost nothing.
        HistoryError: the history cannot be read.
    """
    if not stick.is_mount():
        raise CopyError(stick, "foreign")
    sets = reader.sets_of_day(day)
    with_reps = [(stored, reader.reps_of(stored.id)) for stored in sets]
    contents = {
        f"{day.isoformat()} sets.csv": format_csv(with_reps),
        f"{day.isoformat()} Strong and Hevy.csv": format_strong(sets, name_of) + "\n",
        f"{day.isoformat()} sets.json": format_json(with_reps) + "\n",
    }
    folder = stick / folder_name(mirror)
    try:
        folder.mkdir(exist_ok=True)
        if folder.is_symlink():  # to anywhere: what is plugged in may have been made to harm
            raise CopyError(stick, "unwritable", "its folder is a link")
        for name in contents:
            _remove_drafts(folder, name)
        for name, text in contents.items():
            with write_whole(folder / name) as file:
                file.write(text.encode())
        for place in (folder, stick):
            _sync(place)
    except OSError as error:
        if isinstance(error, CopyError):
            raise
        raise _explain(stick, error) from error
    return [folder / name for name in contents]


def folder_name(mirror: str) -> str:
    """Returns the mirror's name as every file system of a stick can have it.

    In ASCII: what becomes of other letters on FAT depends on how the kernel was built.
    """
    plain = unicodedata.normalize("NFKD", mirror).encode("ascii", "ignore").decode()
    # Windows drops dots and spaces at the end; a dot at the beginning hides
    name = _FORBIDDEN.sub("_", plain)[:LONGEST_NAME].strip(" .")
    if not name.strip("_"):  # in letters that have no like; another mirror may be called so too
        return f"{_FALLBACK}-{zlib.crc32(mirror.encode(errors='replace')):08x}"
    return f"{_FALLBACK}-{name}" if _DEVICES.fullmatch(name) else name


def _explain(stick: Path, error: OSError) -> CopyError:
    if error.errno in _FULL:
        return CopyError(stick, "full")
    if error.errno in _PULLED or not stick.is_mount():
        return CopyError(stick, "pulled")
    if error.errno in _READ_ONLY:
        return CopyError(stick, "read_only")
    return CopyError(stick, "unwritable", error.strerror or str(error))


def _remove_drafts(folder: Path, name: str) -> None:
    """Takes away what is left where a stick was pulled out in mid-copy."""
    for draft in folder.glob(f".*.{name}"):
        draft.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # not every file system has it, and unmounting does the same
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
