"""Names the folders that the mirror writes to, and writes files whole or not at all."""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from kiosk.errors import SettingsError

NAME = "gym-mirror"
SERVICE_FOLDERS = (Path("/var/lib", NAME), Path("/var/cache", NAME))
"""The service's folders where it is installed, as systemd/gym-mirror.service names them."""
OUTBOX = "gym-mirror-outbox"
"""Name of the outbox's own folder beside that of the history."""
SERVICE_RUNTIME_FOLDER = Path("/run", NAME)
"""What the running service tells others, in memory; systemd removes it when the service ends."""


def history_folder(configured: str) -> Path:
    """Returns the folder of the history: as configured, else the service's, else the user's.

    Raises:
        SettingsError: none is configured and the user has no home folder.
    """
    try:
        if configured:
            return Path(configured).expanduser()
        own = _folder("STATE_DIRECTORY", "XDG_STATE_HOME", ".local/state")
        return own.with_name(NAME) if own.name == OUTBOX else own
    except RuntimeError as error:
        raise SettingsError(
            "history.folder: there is no home folder to keep the history in; "
            "set history.folder in kiosk.toml to an absolute path"
        ) from error


def outbox_folder() -> Path:
    """Returns the folder in which the outbox notes what it has sent, for whoever asks.

    Raises:
        SettingsError: the user has no home folder.
    """
    return history_folder("").with_name(OUTBOX)


def cache_folder() -> Path | None:
    """Returns the service's cache folder, else the user's; None for a user without a home.

    It holds what can be made again, and may not exist yet.
    """
    try:
        return _folder("CACHE_DIRECTORY", "XDG_CACHE_HOME", ".cache")
    except RuntimeError:
        return None


def data_folder() -> Path:
    """Returns the user's folder of what was downloaded and stays; it may not exist yet.

    Raises:
        RuntimeError: the user has no home folder.
    """
    return _folder(None, "XDG_DATA_HOME", ".local/share")


def runtime_folder() -> Path | None:
    """Returns the service's folder in memory, else the user's; None where there is none.

    It is gone after a restart, and may not exist yet. Nothing else will do: on a disk, what changes
    every few seconds would wear an SD card out.
    """
    if own := os.environ.get("RUNTIME_DIRECTORY", "").split(":")[0]:
        return Path(own)
    if (xdg := os.environ.get("XDG_RUNTIME_DIR", "")) and Path(xdg).is_absolute():
        return Path(xdg, NAME)
    return None


def return_to_owner(folder: Path) -> None:
    """Gives what root has made in another user's folder to that user, who could not write it.

    Does nothing unless root calls it. A file with several names stays root's: its other name may be
    one that the user has no right to.
    """
    if os.geteuid() != 0:
        return
    with contextlib.suppress(OSError):
        owner = folder.stat()
        if owner.st_uid == 0:
            return
        # by descriptors: nothing can be put in the place of a folder meanwhile
        for _, folders, files, descriptor in os.fwalk(folder):
            for name in (*folders, *files):
                with contextlib.suppress(OSError):
                    found = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                    if found.st_uid == 0 and (found.st_nlink == 1 or stat.S_ISDIR(found.st_mode)):
                        ids = owner.st_uid, owner.st_gid
                        os.chown(name, *ids, dir_fd=descriptor, follow_symlinks=False)


def nearest_existing(folder: Path) -> Path:
    """Returns the folder itself, or the nearest above it that is there.

    Raises:
        OSError: this user may not read the way to it.
    """
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())


@contextlib.contextmanager
def write_whole(path: Path) -> Iterator[BinaryIO]:
    """Opens a draft that takes the place of `path` in one step when the block ends.

    A power cut leaves the old file or the new one; an error within the block leaves the old one.

    Raises:
        OSError: the draft cannot be written, or not be put in place.
    """
    draft = path.with_name(f".{os.getpid()}.{path.name}")  # git ignores weights by their ending
    try:
        with draft.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


def _folder(systemd_variable: str | None, xdg_variable: str, in_home: str) -> Path:
    """Returns systemd's folder, else that of XDG; RuntimeError for a user without a home."""
    # systemd separates several folders by colons; the first is the unit's own
    if systemd_variable and (own := os.environ.get(systemd_variable, "").split(":")[0]):
        return Path(own)
    # the XDG base directory specification has relative paths ignored
    if (xdg := os.environ.get(xdg_variable, "")) and Path(xdg).is_absolute():
        return Path(xdg, NAME)
    return Path.home() / in_home / NAME
