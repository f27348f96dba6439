"""Takes over from a damaged history the sets that can still be read."""

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.history.history_files import log_of, sync
from kiosk.history.pages import HEADER_BYTES, Row, Value, rows_of, user_version
from kiosk.history.rows import SUM_UP_ALL_DAYS, SUM_UP_SETS, rep_of, set_of
from kiosk.history.schema import MIGRATIONS, columns_of, migrate

LONGEST_S = 300.0
"""What is not read by then is left. New sets wait in memory meanwhile."""
_DAYS: Mapping[int, int] = {8: 2, 10: 3}
"""How many columns `days` had, the sums of all sets, and before which its number of sets stands:
they show how many sets there were."""
_SUM_UP_DAYS = f"DELETE FROM days; {SUM_UP_ALL_DAYS}"  # noqa: S608 - fixed names
_SALT_BYTES = _MARK_BYTES = 16


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was found.

    Attributes:
        draft: a new history with it; None where there is nothing.
        sets, of: how many sets it has, and of how many at least.
        text: the same for the log.
    """

    draft: Path | None
    sets: int
    of: int
    text: str


def draft_path(path: Path) -> Path:
    """Returns where the recovered history is, until it takes the place of the damaged one."""
    return path.with_name(f"{path.stem}.recovered{path.suffix}")


def recover(path: Path, clock: Callable[[], float] = time.monotonic) -> Recovered:
    """Writes a history with all sets, reps, plans and tags of a damaged file that fit its tables.

    The file is read page by page and never written. Sums are computed anew from the reps, and a set
    without any is left out. Whatever goes wrong, nothing is raised: without a draft the damaged
    file is still there.
    """
    draft = draft_path(path)
    building = path.with_name(f"{path.stem}.recovering{path.suffix}")
    try:
        with _new(building) as connection:
            of = _take_over(path, connection, clock)
            (sets, reps) = _count(connection)
        if not sets:
            return Recovered(None, 0, of, f"none of its {of} sets could be recovered")
        sync(building)
        building.rename(draft)
    except Exception as error:  # noqa: BLE001 - the mirror goes on without the old sets
        return Recovered(None, 0, 0, f"nothing could be recovered ({error!r})")
    finally:
        _remove(building)
    return Recovered(draft, sets, of, f"{sets} of {of} sets recovered, with {reps} reps")


@contextmanager
def _new(building: Path) -> Iterator[sqlite3.Connection]:
    _remove(building)
    building.touch(mode=0o600)
    with closing(sqlite3.connect(building, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA synchronous = OFF")
        yield connection


def _take_over(path: Path, connection: sqlite3.Connection, clock: Callable[[], float]) -> int:
    """Fills a new history; returns how many sets there were at least."""
    with path.open("rb") as file:
        stated = user_version(file.read(HEADER_BYTES))
    fields = {
        table: {len(columns_of(version, table)): version for version in _downwards(stated)}
        for table in ("sets", "reps")
    }
    seen: set[Any] = set()
    days: dict[tuple[Any, ...], Any] = {}
    said: list[Row] = []
    deadline_s = clock() + LONGEST_S
    # what is needed to choose a version comes first, as its tables have to be there
    version = _version_of(path, fields["sets"], deadline_s, clock)
    if version is None:
        return 0
    migrate(connection, MIGRATIONS[:version])
    columns = {table: columns_of(version, table) for table in fields}
    connection.execute("BEGIN")
    for row in _rows(path, deadline_s, clock):
        for table, lengths in fields.items():
            if row.rowid is not None and len(row.values) in lengths:
                seen.add(row.rowid if table == "sets" else row.values[1])
                _insert(connection, table, columns[table], (row.rowid, *row.values[1:]))
        length = len(row.values)
        if row.rowid is None and (key := _DAYS.get(length)) is not None:
            days[row.values[:key]] = row.values[key]
        elif row.rowid is not None and length in _said_lengths():
            said.append(row)
    connection.execute("COMMIT")
    migrate(connection)
    _take_over_said(connection, said)
    _remove_unreadable(connection)
    _take_over_removal(connection, said)
    connection.executescript(f"BEGIN; {SUM_UP_SETS}; {_SUM_UP_DAYS}; COMMIT;")
    listed = dict.fromkeys(_DAYS.values(), 0)
    for place, count in days.items():
        if isinstance(count, int) and 0 < count < 1 << 20:
            listed[len(place)] += count
    return max(*listed.values(), len(seen))


def _downwards(stated: int) -> list[int]:
    """The versions, the one that the header states last, which so wins over others like it."""
    versions = list(range(len(MIGRATIONS), 0, -1))
    return sorted(versions, key=lambda version: version == stated)


def _version_of(
    path: Path, fields: Mapping[int, int], deadline_s: float, clock: Callable[[], float]
) -> int | None:
    """Finds the version whose sets have as many columns as the longest that is found."""
    longest = 0
    for row in _rows(path, deadline_s, clock):
        if row.rowid is not None and len(row.values) in fields:
            longest = max(longest, len(row.values))
            if longest == max(fields):
                break
    return fields.get(longest)


def _rows(path: Path, deadline_s: float, clock: Callable[[], float]) -> Iterator[Row]:
    with path.open("rb") as file:
        for row in rows_of(file, log_of(path)):
            if clock() > deadline_s:
                return
            yield row


def _insert(
    connection: sqlite3.Connection, table: str, columns: tuple[str, ...], values: tuple[Any, ...]
) -> None:
    places = ", ".join("?" * len(values))
    names = ", ".join(columns[: len(values)])
    # a row that the table's rules do not allow is damaged, or an old copy of one that is there
    with contextlib.suppress(sqlite3.Error, OverflowError):
        connection.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", values)  # noqa: S608


def _take_over_said(connection: sqlite3.Connection, rows: list[Row]) -> None:
    """Stores the plans, and the tags if what they were hashed with is known.

    Rows of other tables are as long, but break the rules of these.
    """
    salts = [row.values for row in rows if len(row.values) == 1 and _is_salt(row.values[0])]
    for table in ("plans", "tags") if salts else ("plans",):
        columns = columns_of(len(MIGRATIONS), table)
        for row in rows:
            if len(row.values) == len(columns):
                _insert(connection, table, columns, row.values)
    if salts:
        connection.execute("UPDATE tag_salt SET salt = ?", salts[0])


def _take_over_removal(connection: sqlite3.Connection, rows: list[Row]) -> None:
    """Keeps the note of the last set that somebody removed: what damage took was not removed.

    The file itself is a new one, so that whoever copies the sets elsewhere compares all of them.
    """
    found = [row.values[2] for row in rows if _is_changes(row.values)]
    connection.execute("UPDATE changes SET removal = ?", (found[0] if found else None,))


def _is_changes(values: tuple[Value, ...]) -> bool:
    if len(values) != len(columns_of(len(MIGRATIONS), "changes")):
        return False
    file, newest, removal = values
    marks = all(isinstance(one, bytes) and len(one) == _MARK_BYTES for one in (file, removal))
    return marks and isinstance(newest, int)


def _is_salt(value: Value) -> bool:
    return isinstance(value, bytes) and len(value) == _SALT_BYTES


def _said_lengths() -> set[int]:
    tables = ("plans", "tags", "tag_salt", "changes")
    return {len(columns_of(len(MIGRATIONS), table)) for table in tables}


def _remove_unreadable(connection: sqlite3.Connection) -> None:
    """Removes what a reader could not make anything of, and sets without reps."""
    connection.row_factory = sqlite3.Row
    for table, read in (("reps", rep_of), ("sets", set_of)):
        bad = []
        for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - fixed names
            try:
                read(row)
            except Exception:  # noqa: BLE001 - whatever a damaged value raises
                bad.append((row["id"],))
        connection.executemany(f"DELETE FROM {table} WHERE id = ?", bad)  # noqa: S608
    connection.row_factory = None
    connection.execute("DELETE FROM reps WHERE set_id NOT IN (SELECT id FROM sets)")
    connection.execute("DELETE FROM sets WHERE id NOT IN (SELECT set_id FROM reps)")


def _count(connection: sqlite3.Connection) -> tuple[int, int]:
    """Returns how many sets and counted reps there are."""
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'sets'").fetchone():
        return 0, 0
    (sets,) = connection.execute("SELECT count(*) FROM sets").fetchone()
    (reps,) = connection.execute("SELECT count(*) FROM reps WHERE counted").fetchone()
    return sets, reps


def _remove(building: Path) -> None:
    with contextlib.suppress(OSError):
        building.unlink(missing_ok=True)
