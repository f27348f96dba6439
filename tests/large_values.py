"""Finds values in a history that could be a picture."""

import sqlite3
from contextlib import closing
from pathlib import Path

LARGEST_VALUE = 4000
"""The checks of one rep as JSON take up to 2 kB; a picture takes more, as text too."""


def large_values(file: Path) -> list[str]:
    """Whatever in the database could be a picture."""
    found = []
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as history:
        ask = "SELECT name FROM sqlite_master WHERE type = 'table'"
        for (table,) in history.execute(ask).fetchall():
            for column in [row[1] for row in history.execute(f"PRAGMA table_info({table})")]:
                ask = f"SELECT max(length({column})), max(typeof({column}) = 'blob') FROM {table}"
                length, blob = history.execute(ask).fetchone()
                if blob or (length or 0) > LARGEST_VALUE:
                    found.append(f"a picture in the history: {table}.{column}, {length}")
    return found
