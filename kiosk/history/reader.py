"""The history file, from the side of everyone who looks at it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import msgspec

from kiosk.coaching.record import Rep
from kiosk.errors import HistoryError
from kiosk.history.faults import explained
from kiosk.history.rows import rep_of
from kiosk.history.schema import MIGRATIONS, refuse_newer, version_of
from kiosk.history.store import FILE_NAME
from kiosk.history.stored import StoredSet

# nobody waits at the screen for a lock
BUSY_S = 0.25

# by id and not by time of day: the clock of a Pi without a network jumps
_RECENT = """
    SELECT id, exercise, started_at, utc_offset_min, ended_s - started_s AS duration_s, ended,
        reps, partials, trunk_lean_deg, eccentric_s, pause_s, concentric_s, score
    FROM sets ORDER BY id DESC LIMIT ? OFFSET ?
"""
_REPS_OF = "SELECT * FROM reps WHERE set_id = ? ORDER BY position"
_ON_DAY = "SELECT count(*), coalesce(sum(reps), 0) FROM sets WHERE day = ?"


class Reader:
    """Looks things up while the writer writes; neither waits for the other.

    Each question opens the file anew and read-only: any thread may ask, and a file that was set
    aside or erased meanwhile is never read by mistake. No file yet is an empty history.
    """

    def __init__(self, folder: Path) -> None:
        """Opens nothing yet.

        Args:
            folder: the one that `Store` was given.
        """
        self.path = folder / FILE_NAME

    def recent(self, limit: int, offset: int = 0) -> list[StoredSet]:
        """Sets, the newest first.

        Args:
            limit: how many at most.
            offset: how many of the newest to leave out.

        Raises:
            HistoryError: the file cannot be read.
        """
        with self._asking() as connection:
            if connection is None:
                return []
            return [_set_of(row) for row in connection.execute(_RECENT, (limit, offset))]

    def reps_of(self, set_id: int) -> list[Rep]:
        """A set's reps and partials in the order they ended.

        Raises:
            HistoryError: the file cannot be read.
        """
        with self._asking() as connection:
            if connection is None:
                return []
            return [rep_of(row) for row in connection.execute(_REPS_OF, (set_id,))]

    def on_day(self, day: date) -> tuple[int, int]:
        """Number of sets begun on a local date, and of their counted reps.

        Raises:
            HistoryError: the file cannot be read.
        """
        with self._asking() as connection:
            if connection is None:
                return 0, 0
            sets, reps = connection.execute(_ON_DAY, (day.isoformat(),)).fetchone()
            return sets, reps

    @contextmanager
    def _asking(self) -> Iterator[sqlite3.Connection | None]:
        """A connection, or None where there is no history yet."""
        try:
            self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            yield None
            return
        except OSError as error:
            raise HistoryError(
                f"{self.path}: cannot be read ({error.strerror}); let this user read its folder"
            ) from error
        try:
            with closing(
                sqlite3.connect(
                    f"{self.path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_S
                )
            ) as connection:
                version = version_of(connection)
                refuse_newer(version, self.path)
                if 0 < version < len(MIGRATIONS):
                    raise HistoryError(
                        f"{self.path}: written by an older kiosk; start this kiosk once, "
                        "which brings the file up to date"
                    )
                connection.row_factory = sqlite3.Row
                yield connection if version else None
        except sqlite3.Error as error:
            raise explained(error, self.path) from error
        except msgspec.DecodeError as error:
            raise HistoryError(
                f"{self.path}: a rep's checks are damaged ({error}); restore a copy of the file"
            ) from error


def _set_of(row: sqlite3.Row) -> StoredSet:
    tempo = (row["eccentric_s"], row["pause_s"], row["concentric_s"])
    return StoredSet(
        id=row["id"],
        exercise=row["exercise"],
        started_at=datetime.fromtimestamp(
            row["started_at"], timezone(timedelta(minutes=row["utc_offset_min"]))
        ),
        duration_s=row["duration_s"],
        ended=row["ended"],
        reps=row["reps"],
        partials=row["partials"],
        trunk_lean_deg=row["trunk_lean_deg"],
        tempo_s=None if None in tempo else tempo,
        score=None if row["score"] is None else round(row["score"]),
    )
