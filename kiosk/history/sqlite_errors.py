"""What SQLite complains of, in words with a remedy."""

import sqlite3
from pathlib import Path

from kiosk.errors import HistoryError

_REMEDIES = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space on it",
    sqlite3.SQLITE_BUSY: "another program holds it locked; close that program",
    sqlite3.SQLITE_READONLY: (
        "cannot be written; let this user write the file and its folder, "
        "and check that the disk is not mounted read-only"
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "cannot be opened; let this user read and write the file and its folder"
    ),
    sqlite3.SQLITE_CORRUPT: "damaged; restart the kiosk, which sets it aside and begins a new one",
    sqlite3.SQLITE_NOTADB: "damaged; restart the kiosk, which sets it aside and begins a new one",
}


def primary_code(error: sqlite3.Error) -> int | None:
    """SQLite's result code without its extension; None for an error of Python's own making."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file's contents are to blame."""
    return primary_code(error) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def needs_reopening(error: sqlite3.Error) -> bool:
    """Whether the same connection may stay useless when the fault itself is gone."""
    return primary_code(error) not in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY}


def explained(error: sqlite3.Error, path: Path) -> HistoryError:
    """The same fault with file and remedy."""
    remedy = _REMEDIES.get(primary_code(error) or 0, f"{error}; check the disk")
    return HistoryError(f"{path}: {remedy}")
