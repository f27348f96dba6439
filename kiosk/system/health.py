"""Reads the health of the machine: heat, power, disk and memory; once, or in a thread."""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kiosk.system.files import nearest_existing
from kiosk.system.firmware import Throttling, read_throttling
from kiosk.system.version import running_version
from kiosk.system.worker import Worker

EVERY_S = 2.0
"""A processor warms up in tens of seconds, and each reading costs the firmware a question."""

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Roots:
    """The folders in which the kernel shows devices and processes; a test has its own."""

    sys: Path = Path("/sys")
    proc: Path = Path("/proc")
    dev: Path = Path("/dev")


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The state of the machine at one moment. What could not be measured is None.

    Attributes:
        temperature_c: of the processor.
        throttling: what slows the processor down; None on anything but a Raspberry Pi.
        disk_free_mb: space that this user has where the history is, in megabytes.
        disk_read_only: whether the kernel lets nobody write there, as it does with a card that
            fails.
        rss_mb: memory that this process holds, in megabytes.
        uptime_s: seconds since the machine was started.
        version: of the kiosk, see `running_version`.
    """

    temperature_c: float | None
    throttling: Throttling | None
    disk_free_mb: int | None
    disk_read_only: bool | None
    rss_mb: int | None
    uptime_s: float | None
    version: str


def read_health(folder: Path, roots: Roots | None = None) -> Health:
    """Reads the state of the machine. Cheap enough for once a second.

    On a Raspberry Pi it asks the firmware, which the kernel gives up to a second to answer: not for
    a thread that has to draw.

    Args:
        folder: of the history; where it is still to be made, the nearest one around it counts.
        roots: None for the real ones.
    """
    roots = roots or Roots()
    millidegrees = read_number(roots.sys / "class/thermal/thermal_zone0/temp")
    held = resident_bytes(roots.proc)
    free_mb, read_only = _disk(folder)
    return Health(
        temperature_c=None if millidegrees is None else millidegrees / 1000,
        throttling=read_throttling(roots.dev),
        disk_free_mb=free_mb,
        disk_read_only=read_only,
        rss_mb=None if held is None else round(held / 1e6),
        uptime_s=read_number(roots.proc / "uptime"),
        version=running_version(),
    )


def resident_bytes(proc: Path = Path("/proc")) -> float | None:
    """Returns the bytes that this process holds in RAM; None where the kernel gives none."""
    pages = read_number(proc / "self/statm", 1)
    return None if pages is None else pages * _PAGE_BYTES


def read_number(file: Path, column: int = 0) -> float | None:
    """Reads a number from a file of the kernel, by its column; None where there is none."""
    try:
        return float(file.read_text(encoding="ascii").split()[column])
    except (OSError, ValueError, IndexError):
        return None


def _disk(folder: Path) -> tuple[int | None, bool | None]:
    try:
        disk = os.statvfs(nearest_existing(folder))
    except OSError:
        return None, None
    return int(disk.f_bavail * disk.f_frsize / 1e6), bool(disk.f_flag & os.ST_RDONLY)


class HealthPoller(Worker):
    """Reads the health of the machine every few seconds, in a thread.

    Args:
        read: the health; may take a second, so it never runs in the main thread.
        wait: as that of `Worker`.

    Attributes:
        newest: what was read last; None before the first time.
    """

    def __init__(
        self, read: Callable[[], Health], wait: Callable[[float], bool] | None = None
    ) -> None:
        super().__init__("health", wait)
        self.newest: Health | None = None
        self._read = read

    def run(self) -> None:
        """Reads until asked to stop. A reading that fails is logged once and tried again."""
        failed = False
        while True:
            try:
                self.newest = self._read()
                failed = False
            except Exception:  # noqa: BLE001 - a mirror works without knowing its temperature
                if not failed:
                    _log.exception("the health of the machine cannot be read")
                failed = True
            if self.wait(EVERY_S):
                return
