"""Says whether a disk is one that the system itself runs from."""

from pathlib import Path

from kiosk.system.health import Roots


def is_in_use(device: Path, roots: Roots | None = None) -> bool:
    """Whether anything of the disk that a device belongs to is mounted.

    A machine may run from a USB stick, and that one is not for sets. One that is not there is not
    in use.
    """
    roots = roots or Roots()
    block = (roots.sys / "class/block" / device.resolve().name).resolve()
    # a partition lies in its disk's folder
    disk = block.parent if (block / "partition").exists() else block
    numbers = {_read(file) for file in (*disk.glob("dev"), *disk.glob("*/dev"))} - {""}
    mounts = _read(roots.proc / "self/mountinfo").splitlines()
    return any(line.split()[2] in numbers for line in mounts if len(line.split()) > 2)


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace").strip()
    except OSError:
        return ""
