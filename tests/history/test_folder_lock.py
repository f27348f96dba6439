"""One mirror at a time, and none is kept out by one that has died."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.errors import HistoryError
from kiosk.history.folder_lock import FolderLock, MirrorRunningError
from paths import ROOT

HOLDER = """
import sys, time
from pathlib import Path
from kiosk.history.folder_lock import FolderLock
lock = FolderLock(Path(sys.argv[1]))
lock.take()
print("taken", flush=True)
sys.stdin.read()
"""


def test_a_second_one_is_told_who_has_the_folder(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / "sets")
    lock.take()
    lock.take()
    with pytest.raises(MirrorRunningError, match=rf"a mirror is running \(pid {os.getpid()}\)"):
        FolderLock(tmp_path / "sets").take()
    lock.release()
    lock.release()
    FolderLock(tmp_path / "sets").take()


def test_a_lock_whose_file_is_gone_is_taken_anew_unless_another_was_quicker(
    tmp_path: Path,
) -> None:
    lock, other = FolderLock(tmp_path / "sets"), FolderLock(tmp_path / "sets")
    lock.take()
    lock.path.unlink()
    lock.take()
    with pytest.raises(MirrorRunningError):
        other.take()
    lock.path.unlink()
    other.take()
    with pytest.raises(MirrorRunningError):
        lock.take()
    other.release()
    lock.take()


def test_a_process_that_is_killed_leaves_no_lock(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(
        command,
        env={"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "taken\n"
        with pytest.raises(MirrorRunningError, match=rf"pid {holder.pid}\)"):
            FolderLock(tmp_path).take()
        holder.kill()
    FolderLock(tmp_path).take()


def test_a_folder_that_cannot_be_made_is_no_running_mirror(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(HistoryError, match=r"history\.folder") as caught:
        FolderLock(tmp_path / "file" / "sets").take()
    assert not isinstance(caught.value, MirrorRunningError)
