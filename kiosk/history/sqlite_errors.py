"""Turns errors of SQLite into errors that name the file and the remedy."""

import sqlite3
from pathlib import Path

from kiosk.errors import HistoryError

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
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
    **dict.fromkeys(
        _DAMAGE, "damaged; restart the kiosk, which sets it aside and begins a new one"
    ),
}


def is_damage(error: sqlite3.Error) -> bool:
    """Returns whether the error is due to the file's contents."""
    return _code(error) in _DAMAGE


def needs_reopening(error: sqlite3.Error) -> bool:
    """Returns whether the connection may stay unusable when the cause of the error has gone."""
    return _code(error) not in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY}


def history_error(error: sqlite3.Error, path: Path) -> HistoryError:
    """Returns the same error with file and remedy."""
    remedy = _REMEDIES.get(_code(error) or 0, f"{error}; check the disk")
    return HistoryError(f"{path}: {remedy}")


def _code(error: sqlite3.Error) -> int | None:
    """SQLite's result code without its extension; None for an error that Python raised itself."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
