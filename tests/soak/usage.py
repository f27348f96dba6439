"""What the process holds, again and again, and whether it grows."""

import gc
import threading
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, linear_regression, median

from kiosk.system.health import resident_bytes

FEWEST = 8
"""Looks at the process by which a rise can be told from SQLite keeping one handle for later."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at the process.

    Attributes:
        at_s: seconds of the soak.
        memory_mb: held in RAM.
        threads: of Python.
        handles: open files, sockets and the like.
        files: in the folder of the history.
        objects: that Python's collector knows of, after a collection.
    """

    at_s: float
    memory_mb: float
    threads: int
    handles: int
    files: int
    objects: int


def sample(at_s: float, folder: Path) -> Sample:
    """Looks at this process.

    Args:
        at_s: seconds of the soak.
        folder: whose files are counted.
    """
    gc.collect()
    held = resident_bytes()
    assert held is not None, "a soak judges memory, and the kernel does not tell it"
    return Sample(
        at_s=at_s,
        memory_mb=held / 1e6,
        threads=threading.active_count(),
        handles=sum(1 for _ in Path("/proc/self/fd").iterdir()),
        files=sum(1 for _ in folder.rglob("*")),
        objects=len(gc.get_objects()),
    )


def growth(times_s: list[float], values: list[float]) -> float | None:
    """By what part of its mean a straight line through the values rises; None for a single one."""
    if len(values) < 2:
        return None
    line = linear_regression(times_s, values)
    return line.slope * (times_s[-1] - times_s[0]) / fmean(values)


def rises(values: list[int]) -> bool:
    """Whether the later half mostly lies above all of the earlier one; too few never do."""
    half = len(values) // 2
    return len(values) >= FEWEST and median(values[half:]) > max(values[:half])
