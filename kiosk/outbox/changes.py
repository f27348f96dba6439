"""Reads what has changed in the history, without holding it open."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import msgspec

from kiosk.history.connection import reading

_CHANGED = """
    SELECT * FROM sets WHERE version > ? AND ended IS NOT NULL ORDER BY version LIMIT ?
"""
_WAITING = "SELECT count(*) FROM sets WHERE version > ? AND ended IS NOT NULL"
_REPS = "SELECT * FROM reps WHERE set_id = ? ORDER BY position"
READ = 500
"""Most sets that are looked at while the file is open: some ten milliseconds."""
_DAMAGED = UUID("8f0b6a52-6a0e-4c0e-9a4b-7d3a5f1c2e90")
"""The id under which runs get one whose own is none any more."""
_OWN = ("id", "version")
"""What a set is called in its file; it may have other numbers when it is brought back."""
_OWN_OF_REPS = ("id", "set_id")
Key = tuple[str, int]
"""The run and the serial of a set."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What the file says of its changes.

    Attributes:
        file: another one in another file.
        newest: of the versions of its sets.
        removal: another one once sets have been removed; None as long as none ever was.
    """

    file: bytes
    newest: int
    removal: bytes | None


_NONE = Mark(b"", 0, None)
"""What a history that is not there says."""


@dataclass(frozen=True, slots=True)
class ChangedSet:
    """A finished set that is new or has changed.

    Attributes:
        key: its run and serial.
        version: as the file counts.
        digest: of its columns, but for its numbers in the file.
        values: its columns, and those of its reps under "rep_rows".
    """

    key: Key
    version: int
    digest: bytes
    values: dict[str, Any]


def global_id(run: str, serial: int) -> UUID:
    """Returns the id of a set that no other set of any mirror has, the same each time."""
    try:
        one = UUID(hex=run)
    except ValueError:  # damage has changed it, and the set is to be sent all the same
        one = uuid5(_DAMAGED, run)
    return uuid5(one, str(serial))


class Changes:
    """Reads the history read-only. Each call opens the file and closes it again.

    A file that stays open keeps the mirror from erasing it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def mark(self) -> Mark:
        """Returns what the file says of its changes; raises HistoryError if it cannot be read."""
        if not self.path.exists():
            return _NONE
        with reading(self.path) as connection:
            return _mark(connection)

    def after(
        self, version: int, sent: Callable[[Key], bytes | None], most: int
    ) -> tuple[list[ChangedSet], int]:
        """Returns finished sets that were changed after a version, the oldest change first.

        Args:
            version: of the file.
            sent: returns the digest of what was last sent of a set; what is as it was is left out.
            most: sets to return.

        Returns:
            The sets, and the version up to which there are no others. It is the given one if there
            is nothing behind it.
        """
        found: list[ChangedSet] = []
        with reading(self.path) as connection:
            connection.execute("BEGIN")  # a set and its reps are of one moment
            for row in connection.execute(_CHANGED, (version, READ)):
                one = _set(row)
                if sent(one.key) != one.digest:
                    if len(found) == most:
                        break
                    one.values["rep_rows"] = _reps(connection, row["id"])
                    found.append(one)
                version = one.version
        return found, version

    def waiting(self, version: int) -> int:
        """Returns how many finished sets are behind a version."""
        with reading(self.path) as connection:
            (waiting,) = connection.execute(_WAITING, (version,)).fetchone()
            return int(waiting)

    def keys(self) -> tuple[Mark, set[Key]]:
        """Returns the keys of all sets, and the mark of the same moment."""
        if not self.path.exists():
            return _NONE, set()
        with reading(self.path) as connection:
            connection.execute("BEGIN")
            rows = connection.execute("SELECT run, serial FROM sets")
            return _mark(connection), {(row["run"], row["serial"]) for row in rows}


def _mark(connection: sqlite3.Connection) -> Mark:
    row = connection.execute("SELECT file, newest, removal FROM changes").fetchone()
    return Mark(row["file"], row["newest"], row["removal"])


def _set(row: sqlite3.Row) -> ChangedSet:
    values = {name: row[name] for name in row.keys() if name not in _OWN}  # noqa: SIM118 - a row
    # the sums over its reps are among them, so that those need not be read to know it again
    digest = blake2b(msgspec.json.encode(values), digest_size=16).digest()
    return ChangedSet((row["run"], row["serial"]), row["version"], digest, values)


def _reps(connection: sqlite3.Connection, set_id: int) -> list[dict[str, Any]]:
    rows = connection.execute(_REPS, (set_id,))
    return [
        {name: row[name] for name in row.keys() if name not in _OWN_OF_REPS}  # noqa: SIM118 - a row
        for row in rows
    ]
