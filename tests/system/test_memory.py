"""Memory is given back when somebody has left, and threads share one heap."""

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.system import memory
from kiosk.system.memory import MemoryTrimmer, trim_memory, use_one_arena
from paths import ROOT

HEAPS = """
import ctypes, sys, threading
from kiosk.system.memory import use_one_arena

if "one" in sys.argv:
    use_one_arena()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
together = threading.Barrier(4)


def take():
    together.wait()
    libc.malloc(10_000)
    together.wait()


threads = [threading.Thread(target=take) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
libc.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
"""
"""Four threads take memory; then the C library writes what heaps it has."""

glibc = pytest.mark.skipif(not hasattr(memory._libc, "mallopt"), reason="not glibc")


def test_memory_is_given_back_once_each_time_that_somebody_has_left() -> None:
    given: list[int] = []
    trimmer = MemoryTrimmer(lambda: given.append(len(given)))
    for empty, times in ((True, 1), (True, 1), (False, 1), (False, 1), (True, 2), (True, 2)):
        trimmer.update(empty=empty)
        assert len(given) == times


def heaps(told: Path, *how: str) -> int:
    subprocess.run([sys.executable, "-c", HEAPS, str(told), *how], cwd=ROOT, check=True)
    return told.read_text().count("<heap ")


@glibc
def test_threads_share_one_heap(tmp_path: Path) -> None:
    assert heaps(tmp_path / "by default") > 1
    assert heaps(tmp_path / "one", "one") == 1


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_libc", object())
    trim_memory()
    use_one_arena()
