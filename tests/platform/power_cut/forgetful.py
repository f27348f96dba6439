"""A file system in memory that keeps only what was flushed when its power is cut.

It is as forgetful as ext4 may be. A write is on the disk after an fsync of its file; until then
each page of it may have got there, or half of one, or none, in any order. Creating, renaming,
removing and cutting a file go into a journal, in order; an fsync of anything commits it, and
without one any beginning of it may have got there.
"""

import errno
import random
import stat
from dataclasses import dataclass, field
from pathlib import Path

from mfusepy import FUSE, FuseOSError, Operations

PAGE = 4096
SECTOR = 512
STEPS = "/.steps"
"""Its size is the number of steps so far."""


@dataclass(eq=False)
class File:
    """Bytes as programs see them, bytes on the disk, and the pages that differ by a write."""

    seen: bytearray = field(default_factory=bytearray)
    kept: bytearray = field(default_factory=bytearray)
    dirty: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Change:
    """One entry of the journal: a name's new file (None removes it), or a file's new length."""

    name: str = ""
    file: File | None = None
    length: int | None = None

    def apply(self, names: dict[str, File]) -> None:
        """Makes it so on the disk."""
        if self.length is not None:
            assert self.file is not None
            resize(self.file.kept, self.length)
        elif self.file is None:
            names.pop(self.name, None)
        else:
            names[self.name] = self.file


class Forgetful(Operations):
    """The file system: one folder of files.

    Args:
        out: where the files are put as the cut leaves them; an empty folder.
        cut_at: the step that is not carried out any more, for the power is gone; None never cuts.
        seed: of what happens to have reached the disk; even ones: nothing that was not flushed.
    """

    use_ns = True

    def __init__(self, out: Path, cut_at: int | None, seed: int) -> None:
        self._out = out
        self._cut_at = cut_at
        self._luck = random.Random(seed)
        self._tears = seed % 2 == 1
        self._names: dict[str, File] = {}
        self._kept_names: dict[str, File] = {}
        self._journal: list[Change] = []
        self._open: dict[int, File] = {}
        self._handles = 0
        self._steps = 0
        self._dead = False

    # -- what a cut can fall on ------------------------------------------------------------------

    def create(self, path: str, mode: int, fi: object = None) -> int:
        self._step(path)
        self._names[path] = file = File()
        self._journal.append(Change(path, file))
        return self._handle(file)

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        self._step(path)
        file = self._open[fh]
        if len(file.seen) < offset:
            resize(file.seen, offset)
        file.seen[offset : offset + len(data)] = data
        file.dirty.update(range(offset // PAGE, (offset + len(data) - 1) // PAGE + 1))
        return len(data)

    def truncate(self, path: str, length: int, fh: int | None = None) -> int:
        self._step(path)
        file = self._file(path) if fh is None else self._open[fh]
        resize(file.seen, length)
        file.dirty = {page for page in file.dirty if page * PAGE < length}
        self._journal.append(Change(file=file, length=length))
        return 0

    def unlink(self, path: str) -> int:
        self._step(path)
        del self._names[path]
        self._journal.append(Change(path))
        return 0

    def rename(self, old: str, new: str) -> int:
        self._step(old)
        self._names[new] = file = self._names.pop(old)
        self._journal += [Change(new, file), Change(old)]
        return 0

    def fsync(self, path: str, datasync: int, fh: int) -> int:
        self._step(path)
        self._commit()
        file = self._open[fh]
        file.kept = bytearray(file.seen)
        file.dirty.clear()
        return 0

    def fsyncdir(self, path: str, datasync: int, fh: int) -> int:
        self._step(path)
        self._commit()
        return 0

    # -- what it cannot ---------------------------------------------------------------------------

    def getattr(self, path: str, fh: int | None = None) -> dict[str, int]:
        if path == "/":
            return {"st_mode": stat.S_IFDIR | 0o777, "st_nlink": 2}
        size = self._steps if path == STEPS else len(self._file(path).seen)
        return {"st_mode": stat.S_IFREG | 0o666, "st_nlink": 1, "st_size": size}

    def readdir(self, path: str, fh: int) -> list[str]:
        return [".", "..", *(name[1:] for name in self._names)]

    def open(self, path: str, flags: int) -> int:
        return self._handle(self._file(path))

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        return bytes(self._open[fh].seen[offset : offset + size])

    def release(self, path: str, fh: int) -> int:
        self._open.pop(fh, None)
        return 0

    def chmod(self, path: str, mode: int) -> int:
        return 0

    def utimens(self, path: str, times: object = None) -> int:
        return 0

    def _file(self, path: str) -> File:
        if self._dead:
            raise FuseOSError(errno.EIO)
        if path not in self._names:
            raise FuseOSError(errno.ENOENT)
        return self._names[path]

    def _handle(self, file: File) -> int:
        self._handles += 1
        self._open[self._handles] = file
        return self._handles

    def _step(self, path: str) -> None:
        if not path.endswith("-shm"):  # written by the kernel when it likes, and not needed again
            self._steps += 1
            if self._steps == self._cut_at:
                self._cut()
        if self._dead:
            raise FuseOSError(errno.EIO)

    def _commit(self) -> None:
        for change in self._journal:
            change.apply(self._kept_names)
        self._journal.clear()

    def _cut(self) -> None:
        self._dead = True
        reached = self._luck.randint(0, len(self._journal)) if self._tears else 0
        del self._journal[reached:]
        self._commit()
        for name, file in self._kept_names.items():
            if self._tears:
                for page in sorted(file.dirty):
                    self._tear(file, page)
            (self._out / name[1:]).write_bytes(file.kept)

    def _tear(self, file: File, page: int) -> None:
        """Lets a page that was not flushed reach the disk all the same: whole, in part, or not."""
        start = page * PAGE
        data = file.seen[start : start + PAGE]
        luck = self._luck.random()
        if luck < 0.5:
            return
        if luck < 0.6:
            data = data[: SECTOR * self._luck.randint(1, PAGE // SECTOR - 1)]
        if len(file.kept) < start:
            resize(file.kept, start)
        file.kept[start : start + len(data)] = data


def resize(content: bytearray, length: int) -> None:
    """Cuts it, or fills it up with zeros."""
    del content[length:]
    content.extend(bytes(length - len(content)))


def serve(mount: Path, out: Path, cut_at: int | None, seed: int) -> None:
    """Mounts the file system, and serves it until it is unmounted."""
    forgetful = Forgetful(out, cut_at, seed)
    # no time for which the kernel may believe in a file's old length
    FUSE(forgetful, str(mount), foreground=True, nothreads=True, attr_timeout=0)
