"""Names the files of a history's folder, and tells one file from another in its place."""

import contextlib
import os
import stat
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from kiosk.errors import HistoryError, os_errors_as
from kiosk.history.pages import HEADER_BYTES, LOG_HEADER_BYTES, committed_pages, page_size

FILE_NAME = "history.sqlite3"
TAILS = ("-wal", "-shm")
"""What SQLite puts behind the file's name for the file's log and the index of that."""
_ASIDE = ".damaged-"
_BEFORE = ".before-"
_SETTLED_S, _LOOKS = 0.2, 50
"""A file is whole when it does not change for so long; it is looked at so often at most."""
_LOG_OLDER_S = 60.0
"""A log this much older than its file is suspect. The file is written when a log is moved into it,
which happens right after a commit, or at the end, when the log is touched first."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What shows that a file is still the one that was opened, and as it was left."""

    device: int
    inode: int
    size: int
    changed_ns: int

    @classmethod
    def of(cls, path: Path) -> Self | None:
        """Reads it; None where there is no file."""
        try:
            found = path.stat()
        except OSError:
            return None
        return cls(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)

    def same_file(self, other: "Signature | None") -> bool:
        """Whether it is the same file, whatever became of its contents."""
        return other is not None and (self.device, self.inode) == (other.device, other.inode)


def log_of(path: Path) -> Path:
    """Returns the path of a file's write-ahead log."""
    return path.with_name(path.name + TAILS[0])


def log_header(path: Path) -> bytes | None:
    """Returns what tells a file's log from another one: it is random; None without a log."""
    try:
        with log_of(path).open("rb") as log:
            return log.read(LOG_HEADER_BYTES) or None
    except OSError:
        return None


def aside_path(path: Path) -> Path:
    """Returns a new name for a damaged file."""
    moment = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    kept = path.with_name(f"{path.stem}{_ASIDE}{moment}{path.suffix}")
    number = 1
    while any(kept.with_name(kept.name + tail).exists() for tail in ("", *TAILS)):
        number += 1
        kept = path.with_name(f"{path.stem}{_ASIDE}{moment}-{number}{path.suffix}")
    return kept


def before_path(path: Path, what: str) -> Path:
    """Returns the name of the copy that is made before something."""
    return path.with_name(f"{path.stem}{_BEFORE}{what}{path.suffix}")


def set_aside(path: Path) -> Path:
    """Renames a damaged file and its logs, and returns the file's new path.

    Raises HistoryError where the folder cannot be written.
    """
    kept = aside_path(path)
    remedy = "let this user write its folder, or remove the file"
    with os_errors_as(HistoryError, f"{path}: damaged, and cannot be set aside", remedy):
        # the file itself last: a log left beside a new file would be taken for the log of that one
        for tail in (*TAILS, ""):
            part = path.with_name(path.name + tail)
            if part.exists():
                part.rename(aside := kept.with_name(kept.name + tail))
                aside.chmod(0o600)  # the folder's group reads the history itself alone
    sync_folder(path.parent)
    return kept


def aside_files(path: Path) -> list[Path]:
    """Returns the files beside a history that hold sets: damaged ones, their logs, copies."""
    stems = (f"{path.stem}{_ASIDE}*", f"{path.stem}{_BEFORE}*")
    return sorted(found for stem in stems for found in path.parent.glob(stem))


def copies_before(path: Path, what: str) -> list[Path]:
    """Returns the copies that were made before something; `what` may hold a *."""
    return sorted(path.parent.glob(before_path(path, what).name))


def foreign_log(path: Path) -> bool:
    """Whether a log lies beside the file that would undo what is in it.

    After a crash the log holds the newest sets, and SQLite applies it. A file that was copied or
    moved into the place of another meets the log of that one, which SQLite would apply as well,
    page by page. Such a file was put there later than the log was last written, and the log differs
    from it. A log that differs in nothing does no harm.
    """
    log = log_of(path)
    try:
        suspect = path.stat().st_ctime - log.stat().st_mtime > _LOG_OLDER_S
    except OSError:
        return False
    if not suspect:
        return False
    with contextlib.suppress(OSError), path.open("rb") as file:
        header = file.read(HEADER_BYTES)
        size = page_size(header)
        for number, page in committed_pages(log, size).items():
            file.seek((number - 1) * size)
            if file.read(size) != page:
                return True
    return False


def wait_until_copied(path: Path) -> None:
    """Waits until nothing has been written to a file for a moment, but not for ever.

    Half a copy would be taken for a damaged history.
    """
    for _ in range(_LOOKS):
        before = Signature.of(path)
        time.sleep(_SETTLED_S)
        if Signature.of(path) == before:
            return


def touch(path: Path) -> None:
    """Sets the time of a file's last change to now, where the system lets it."""
    with contextlib.suppress(OSError):
        os.utime(path)


def share_as_folder(path: Path) -> None:
    """Lets the folder's group read the history if it may read the folder; nothing else there.

    The group's other programs, such as the outbox, read the sets and write none of them. Copies,
    damaged files and what was erased for a day stay their owner's.
    """
    with contextlib.suppress(OSError):
        may = path.parent.stat().st_mode & stat.S_IRGRP
        for part in (path, *(path.with_name(path.name + tail) for tail in TAILS)):
            if may and part.exists() and not part.stat().st_mode & stat.S_IRGRP:
                part.chmod(part.stat().st_mode & 0o777 | stat.S_IRGRP)


def sync(path: Path) -> None:
    """Makes a file durable, or what was renamed and removed in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Makes renamed and removed files of a folder durable, where the file system can."""
    with contextlib.suppress(OSError):
        sync(folder)
