"""Writes files that are there whole or not at all."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


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
