"""Tries what the outbox's unit needs and what it must not be able to do; prints what can be done.

outbox_inside.sh runs it within the unit, and as a control as root.
"""

import os
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

HISTORY = Path("/var/lib/gym-mirror/history.sqlite3")


def write(path: str | Path) -> None:
    """Opens a file as whoever changes it does; changes nothing."""
    with Path(path).open("r+b"):
        pass


def read(path: str | Path) -> None:
    """Reads a byte."""
    with Path(path).open("rb") as file:
        file.read(1)


def make(folder: str | Path) -> None:
    """Makes a file and removes it."""
    path = Path(folder, f"probe-{os.getpid()}")
    path.touch(exist_ok=False)
    path.unlink()


def lock() -> None:
    """Begins to change the history by SQLite."""
    with closing(sqlite3.connect(HISTORY, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE sets SET reps = reps + 1")
        connection.execute("ROLLBACK")


def select() -> None:
    """Reads the history by SQLite, as the outbox does."""
    with closing(sqlite3.connect(f"file:{HISTORY}?mode=ro", uri=True)) as connection:
        assert connection.execute("SELECT count(*) FROM sets").fetchone()[0] >= 400


def bound(kind: int) -> socket.socket:
    """Takes a port."""
    one = socket.socket(socket.AF_INET, kind)
    one.bind(("127.0.0.1", 0))
    return one


def listen() -> None:
    """Waits to be called, on a port that the kernel takes."""
    with socket.socket() as one:
        one.listen()


def ask_for_devices() -> None:
    """Opens what tells of the machine's network devices."""
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close()


def become_root() -> None:
    """Changes the user, in a process of its own."""
    child = os.fork()
    if child == 0:
        try:
            os.setuid(0)
            Path("/etc/shadow").read_bytes()
        except OSError:
            os._exit(1)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


MAY: dict[str, Callable[[], object]] = {
    "read the history": select,
    "read the settings": lambda: read("/etc/gym-mirror/kiosk.toml"),
    "read what the mirror does": lambda: read("/run/gym-mirror/state.json"),
    "write its own folder": lambda: make("/var/lib/gym-mirror-outbox"),
    "call": lambda: socket.create_connection(("gym.example", 5432), 5).close(),
}
MUST_NOT: dict[str, Callable[[], object]] = {
    "write the history": lambda: write(HISTORY),
    "write the history's log": lambda: write(f"{HISTORY}-wal"),
    "change sets": lock,
    "make a file beside the history": lambda: make(HISTORY.parent),
    "read a set that was set aside": lambda: read(HISTORY.with_name("history.damaged-1.sqlite3")),
    "write what the mirror does": lambda: write("/run/gym-mirror/state.json"),
    "make a file beside it": lambda: make("/run/gym-mirror"),
    "read the mirror's cache": lambda: list(Path("/var/cache/gym-mirror").iterdir()),
    "write the program": lambda: write("/opt/gym-mirror/current/README.md"),
    "write the settings": lambda: write("/etc/gym-mirror/kiosk.toml"),
    "read the passwords of the system": lambda: read("/etc/shadow"),
    "read its password where root keeps it": lambda: read("/etc/credstore/outbox-password"),
    "see another process": lambda: read("/proc/1/status"),
    "open the screen's console": lambda: os.close(os.open("/dev/tty1", os.O_RDWR | os.O_NOCTTY)),
    "take a TCP port": lambda: bound(socket.SOCK_STREAM).close(),
    "take a UDP port": lambda: bound(socket.SOCK_DGRAM).close(),
    "be called": listen,
    "ask for the network's devices": ask_for_devices,
    "become root": become_root,
}


def main() -> None:
    """Prints a line for each."""
    for tries, word in ((MAY, "may"), (MUST_NOT, "must not")):
        for name, action in tries.items():
            try:
                action()
            except (OSError, sqlite3.Error, AssertionError) as error:
                print(f"cannot {name} ({word}): {type(error).__name__}: {error}")
            else:
                print(f"can {name} ({word})")


if __name__ == "__main__":
    main()
