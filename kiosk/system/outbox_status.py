"""Reads and writes the small file in which the outbox says how it is doing.

The mirror shows it, and neither imports the outbox nor waits for it.
"""

from pathlib import Path

import msgspec

from kiosk.system.files import OUTBOX, SERVICE_FOLDERS, outbox_folder, write_whole

STATUS_NAME = "status.json"


class OutboxStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How the outbox is doing.

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


def read_outbox_status(folder: Path) -> OutboxStatus | None:
    """Returns what the outbox said last; None if it never did, or nobody can read it."""
    try:
        return msgspec.json.decode((folder / STATUS_NAME).read_bytes(), type=OutboxStatus)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def find_outbox_status() -> OutboxStatus | None:
    """Returns what this user's outbox said last, else the service's; None if neither ever did."""
    service = SERVICE_FOLDERS[0].with_name(OUTBOX)
    return read_outbox_status(outbox_folder()) or read_outbox_status(service)


def write_outbox_status(folder: Path, status: OutboxStatus) -> None:
    """Writes it so that every user of the machine can read it; OSError where that fails."""
    with write_whole(folder / STATUS_NAME) as file:
        (folder / file.name).chmod(0o644)
        file.write(msgspec.json.encode(status))


class OutboxWatch:
    """Reads the file again where it has changed, for whoever asks with every picture."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / STATUS_NAME
        self._changed_ns: int | None = None
        self._status: OutboxStatus | None = None

    @property
    def newest(self) -> OutboxStatus | None:
        """What the outbox said last; None if it never did."""
        try:
            changed_ns = self._file.stat().st_mtime_ns
        except OSError:
            return None
        if changed_ns != self._changed_ns:
            self._changed_ns, self._status = changed_ns, read_outbox_status(self._file.parent)
        return self._status
