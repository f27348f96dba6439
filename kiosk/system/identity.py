"""Names this mirror to others: an id that stays, and the name that people know it by."""

import hashlib
import hmac
import socket
from pathlib import Path
from uuid import UUID, uuid5

_OURS = UUID("5b1c1f4e-0f0a-4b52-9d5f-0c6a6f7a2d11")
"""The id of this program, which sets the ids of mirrors apart from others made of the same name."""


def mirror_id(machine_id: Path = Path("/etc/machine-id")) -> UUID:
    """Returns an id that is this machine's alone and the same after every start.

    machine-id(5) asks that the machine's own id is not sent anywhere: this is a keyed hash of it,
    as systemd's `sd_id128_get_machine_app_specific` makes one. Without that file it is made of the
    machine's name.
    """
    try:
        machine = bytes.fromhex(machine_id.read_text("ascii").strip())
    except (OSError, ValueError):
        machine = b""
    if not machine:
        return uuid5(_OURS, socket.gethostname())
    return UUID(bytes=hmac.new(machine, _OURS.bytes, hashlib.sha256).digest()[:16], version=4)


def mirror_name(configured: str) -> str:
    """Returns the name as configured, else the machine's."""
    return configured or socket.gethostname() or "gym-mirror"
