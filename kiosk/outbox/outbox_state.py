"""Keeps what was sent, in a small SQLite file of the outbox's own."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from kiosk.errors import OutboxError, os_errors_as
from kiosk.outbox.changes import ChangedSet, Key, Mark

FILE_NAME = "outbox.sqlite3"
_VERSION = 1
_DAMAGE = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_SCHEMA = f"""
    BEGIN IMMEDIATE;
    CREATE TABLE position (
        target TEXT NOT NULL,          -- where all of this was sent to
        file BLOB NOT NULL,            -- the history it was read from
        removal BLOB,
        version INTEGER NOT NULL       -- all changes up to it have been sent
    ) STRICT;
    CREATE TABLE sent (
        run TEXT NOT NULL,
        serial INTEGER NOT NULL,
        digest BLOB NOT NULL,          -- of what was sent
        refused INTEGER NOT NULL,      -- the server would not have it
        lost INTEGER NOT NULL DEFAULT 0,    -- not in the history, and nobody has removed it
        PRIMARY KEY (run, serial)
    ) STRICT, WITHOUT ROWID;
    PRAGMA user_version = {_VERSION};
    COMMIT;
"""
_NOTE = "{} INTO sent (run, serial, digest, refused) VALUES (?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Position:
    """How far the sender has come.

    Attributes:
        file: the history's mark; empty at the beginning.
        removal: the last removal that was followed.
        version: of the file; all up to it was sent.
    """

    file: bytes
    removal: bytes | None
    version: int


class OutboxState:
    """What was sent. A change is durable when its call returns.

    It is written after the server has committed. What is lost between the two is sent again, which
    changes nothing there.

    Raises:
        OutboxError: the file cannot be written.
    """

    def __init__(self, folder: Path, target: str) -> None:
        self.path = folder / FILE_NAME
        remedy = "let this user write it"
        with os_errors_as(OutboxError, f"{folder}: the outbox's folder cannot be used", remedy):
            folder.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
        with self._errors():
            try:
                self._open(target)
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode & 0xFF not in {
                    sqlite3.SQLITE_NOTADB,
                    sqlite3.SQLITE_CORRUPT,
                }:
                    raise
                # without it all sets are sent again, which changes nothing on the server
                self.path.replace(self.path.with_suffix(".damaged"))
                self._open(target)

    def _open(self, target: str) -> None:
        self._connection = sqlite3.connect(self.path, isolation_level=None)
        try:
            self._prepare(target)
        except sqlite3.Error:
            self._connection.close()
            raise

    def _prepare(self, target: str) -> None:
        if not self._connection.execute("PRAGMA user_version").fetchone()[0]:
            self._connection.executescript(_SCHEMA)
        row = self._connection.execute("SELECT target FROM position").fetchone()
        with self._transaction():
            if row is None:
                self._connection.execute("INSERT INTO position VALUES (?, X'', NULL, 0)", (target,))
            elif row[0] != target:
                self._connection.execute("DELETE FROM sent")
                self._connection.execute(
                    "UPDATE position SET target = ?, file = X'', removal = NULL, version = 0",
                    (target,),
                )

    @property
    def position(self) -> Position:
        """How far the sender has come."""
        with self._errors():
            row = self._connection.execute("SELECT file, removal, version FROM position").fetchone()
            return Position(*row)

    def begin(self, file: bytes) -> None:
        """Goes through the whole history again. What has not changed is not sent again."""
        with self._errors(), self._transaction():
            self._connection.execute("UPDATE position SET file = ?, version = 0", (file,))

    def digest_of(self, key: Key) -> bytes | None:
        """Returns what was last sent of a set; None for one that was not."""
        with self._errors():
            row = self._connection.execute(
                "SELECT digest FROM sent WHERE (run, serial) = (?, ?)", key
            ).fetchone()
            return None if row is None else bytes(row[0])

    def sent(self) -> Iterator[Key]:
        """Yields the sets that were sent, also those that the server would not have."""
        with self._errors():
            yield from self._connection.execute("SELECT run, serial FROM sent")

    def gone(self, there: set[Key], *, also_lost: bool) -> list[Key]:
        """Returns what was sent and is in the history no more, with those lost earlier or not."""
        with self._errors():
            rows = self._connection.execute(
                "SELECT run, serial FROM sent WHERE lost <= ?", (also_lost,)
            )
            return [key for key in rows if key not in there]

    def note_sent(
        self, sent: Iterable[ChangedSet], refused: Iterable[ChangedSet], version: int
    ) -> None:
        """Notes a batch that the server has, and what of it the server would not have."""
        rows = [(*one.key, one.digest, 0) for one in sent]
        rows += [(*one.key, one.digest, 1) for one in refused]
        with self._errors(), self._transaction():
            self._connection.executemany(_NOTE.format("REPLACE"), rows)
            self._connection.execute("UPDATE position SET version = ?", (version,))

    def note_there(self, keys: Iterable[Key]) -> None:
        """Notes sets that the server has. Those of which it is new are sent again all the same."""
        rows = [(*key, b"", 0) for key in keys]
        with self._errors(), self._transaction():
            self._connection.executemany(_NOTE.format("INSERT OR IGNORE"), rows)

    def forget(self, keys: Iterable[Key]) -> None:
        """Takes back that sets were sent."""
        with self._errors(), self._transaction():
            self._connection.executemany(
                "DELETE FROM sent WHERE (run, serial) = (?, ?)", list(keys)
            )

    def note_lost(self, keys: Iterable[Key]) -> None:
        """Notes sets that damage took from the history: the server keeps them."""
        with self._errors(), self._transaction():
            self._connection.executemany(
                "UPDATE sent SET lost = 1 WHERE (run, serial) = (?, ?)", list(keys)
            )

    def note_followed(self, mark: Mark) -> None:
        """Notes that the removals up to a mark have been followed."""
        with self._errors(), self._transaction():
            self._connection.execute("UPDATE position SET removal = ?", (mark.removal,))

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        with self._connection:
            yield

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise OutboxError(
                f"{self.path}: cannot be used ({error}); free some space, or let this user write it"
            ) from error
