"""Words to systemd, by the protocol of sd_notify(3)."""

import os
import socket

READY = "READY=1"
FED = "WATCHDOG=1"
STOPPING = "STOPPING=1"
TRIGGER = "WATCHDOG=trigger"


def notify(*words: str) -> None:
    """Tells systemd something, if it is listening, and never fails: nothing hangs on being heard.

    Args:
        words: assignments, each without a line break: READY, FED, STOPPING, TRIGGER, or what
            `status` made.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return  # nobody listens, or at a kind of address that systemd gives to virtual machines
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
            line.setblocking(False)
            # an at sign stands for the zero byte of an address outside the file system
            line.connect(address.replace("@", "\0", 1) if address[0] == "@" else address)
            line.send("\n".join(words).encode())
    except (OSError, ValueError):  # ValueError: a zero byte in the address
        pass


def status(text: str) -> str:
    """The assignment that shows a line of text in `systemctl status`."""
    return f"STATUS={' '.join(text.split())}"
