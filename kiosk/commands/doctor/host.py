"""How the doctor looks at the machine that it runs on."""

import os
from pathlib import Path

from kiosk.system.health import Roots

ROOTS = Roots()
"""Where the machine is probed; a test has its own."""


def on_a_pi() -> bool:
    """Whether this is a Raspberry Pi."""
    try:
        model = (ROOTS.proc / "device-tree/model").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return "Raspberry Pi" in model


def is_usable(device: Path) -> bool:
    """Whether this user may read and write a device."""
    return os.access(device, os.R_OK | os.W_OK)


def join_groups(groups: str) -> str:
    """Formats the remedy for a device that belongs to groups this user is not in."""
    return f"sudo usermod -aG {groups} $USER, then log in again"
