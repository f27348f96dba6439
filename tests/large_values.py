"""Finds values in a history that could be a picture."""

import sqlite3
from contextlib import closing
from pathlib import Path

LARGEST_VALUE = 4000
"""The checks of one rep as JSON take up to 2 kB; a picture takes more, as text too."""
LARGEST_BLOB = 16
"""The salt of the tags."""


def large_values(file: Path) -> list[str]:
    """Whatever in the database could be a picture."""
    found = []
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as history:
        ask = "SELECT name FROM sqlite_master WHERE type = 'table'"
        for (table,) in history.execute(ask).fetchall():
            for column in [row[1] for row in history.execute(f"PRAGMA table_info({table})")]:
                ask = f"SELECT length({column}), typeof({column}) = 'blob' FROM {table}"
                for length, blob in history.execute(f"{ask} ORDER BY 2 DESC, 1 DESC LIMIT 1"):
                    if (length or 0) <= (LARGEST_BLOB if blob else LARGEST_VALUE):
                        continue
                    found.append(f"a picture in the history: {table}.{column}, {length}")
    return found
