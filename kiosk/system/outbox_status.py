"""Reads and writes the small files in which the outbox says how it is doing.

The mirror shows it, and neither imports the outbox nor waits for it.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Generic, TypeVar

import msgspec

from kiosk.system.files import OUTBOX, SERVICE_FOLDERS, outbox_folder, write_whole


class OutboxStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How the sets are sent.

    Attributes:
        target: where to, without a user or a password.
        waiting: finished sets that were not sent yet.
        last_sent_at: when the last batch was, in seconds since 1970; None if none ever was.
        refused: sets that the server will not have.
        error: the fault that keeps the rest from being sent, in one line; None while there is none.
        error_since: when it began.
    """

    target: str
    waiting: int = 0
    last_sent_at: float | None = None
    refused: int = 0
    error: str | None = None
    error_since: float | None = None


class HomeStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Whether Home Assistant is told.

    Attributes:
        broker: its MQTT broker.
        since: when this began, in seconds since 1970.
        error: what keeps it from being told, in one line; None while there is a connection.
    """

    broker: str
    since: float
    error: str | None = None


T = TypeVar("T", OutboxStatus, HomeStatus)
FILES: Mapping[type, str] = MappingProxyType({OutboxStatus: "status.json", HomeStatus: "home.json"})


def read_status(kind: type[T], folder: Path) -> T | None:
    """Returns what the outbox said last; None if it never did, or nobody can read it."""
    try:
        return msgspec.json.decode((folder / FILES[kind]).read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def find_status(kind: type[T]) -> T | None:
    """Returns what this user's outbox said last, else the service's; None if neither ever did."""
    service = SERVICE_FOLDERS[0].with_name(OUTBOX)
    return read_status(kind, outbox_folder()) or read_status(kind, service)


def write_status(folder: Path, status: OutboxStatus | HomeStatus) -> None:
    """Writes it so that every user of the machine can read it; OSError where that fails."""
    with write_whole(folder / FILES[type(status)]) as file:
        (folder / file.name).chmod(0o644)
        file.write(msgspec.json.encode(status))


class StatusWatch(Generic[T]):
    """Reads the file again where it has changed, for whoever asks with every picture.

    Args:
        folder: None where nothing is sent.
    """

    def __init__(self, kind: type[T], folder: Path | None) -> None:
        self._kind: type[T] = kind
        self._folder = folder
        self._changed_ns: int | None = None
        self._status: T | None = None

    @property
    def newest(self) -> T | None:
        """What the outbox said last; None if it never did."""
        if self._folder is None:
            return None
        try:
            changed_ns = (self._folder / FILES[self._kind]).stat().st_mtime_ns
        except OSError:
            return None
        if changed_ns != self._changed_ns:
            self._changed_ns = changed_ns
            self._status = read_status(self._kind, self._folder)
        return self._status
