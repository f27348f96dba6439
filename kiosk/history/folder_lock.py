"""Lets one mirror at a time write the history of a folder."""

import contextlib
import fcntl
import os
from pathlib import Path

from kiosk.errors import HistoryError, os_errors_as

LOCK_NAME = "history.sqlite3.lock"


class MirrorRunningError(HistoryError):
    """Another mirror has the folder."""


class FolderLock:
    """A lock that the system takes back when its process ends, in whatever way.

    The file stays; it holds the number of the process that took the lock last.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK_NAME
        self._descriptor: int | None = None

    def take(self) -> None:
        """Takes the lock, anew where its file was removed. Taking it again changes nothing.

        Raises:
            MirrorRunningError: another mirror has it.
            HistoryError: the folder cannot be made or written.
        """
        if self._descriptor is not None and self._is_in_place(self._descriptor):
            return
        self.release()
        folder = self.path.parent
        remedy = "set history.folder to a folder that this user may write"
        with os_errors_as(HistoryError, f"{folder}: the history folder cannot be used", remedy):
            folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            pid = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            os.close(descriptor)
            who = f"pid {pid}" if pid.isdecimal() else "unknown pid"
            raise MirrorRunningError(
                f"a mirror is running ({who}) and stores its sets in {folder}; stop it first"
            ) from error
        except OSError:
            pass  # a file system without locks has one mirror all the same
        self._descriptor = descriptor
        with contextlib.suppress(OSError):  # a full disk; the number only helps
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)

    def _is_in_place(self, descriptor: int) -> bool:
        """Whether the locked file is the one that another mirror would find."""
        try:
            found, held = self.path.stat(), os.fstat(descriptor)
        except OSError:
            return False
        return (found.st_dev, found.st_ino) == (held.st_dev, held.st_ino)

    def release(self) -> None:
        """Gives the lock back. Safe to call twice."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
