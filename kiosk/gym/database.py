"""Connects to the database of many mirrors, and migrates its schema.

psycopg is imported where it is used: it is an extra that a mirror does not have.
"""

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from kiosk.errors import BadInputError, DatabaseError

if TYPE_CHECKING:
    from psycopg import Connection

SCHEMES = ("postgresql://", "postgres://")
CONNECT_TIMEOUT_S = 10
OLDEST_SERVER = 150000
"""PostgreSQL 15, Debian 12's, is the oldest that the schema is tested on."""
_LOCK = 1730000015
"""Held while migrating: two that start at once take turns."""
_FOR_MIRRORS = re.compile(r"-- for mirrors: (\d+)\n", re.ASCII)
_VERSION_TABLE = """
    CREATE SCHEMA gym;
    COMMENT ON SCHEMA gym IS 'Sets of many gym mirrors; made by kiosk gym init.';
    CREATE TABLE gym.version (
        number integer PRIMARY KEY,
        name text NOT NULL,
        for_mirrors integer NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
    );
    COMMENT ON TABLE gym.version IS 'The migrations that this database has run.';
    COMMENT ON COLUMN gym.version.number IS '1, 2, 3 … without a gap.';
    COMMENT ON COLUMN gym.version.name IS 'File of the migration, without its number.';
    COMMENT ON COLUMN gym.version.for_mirrors IS
        'The migration that last changed what mirrors call: one that knows it knows this schema.';
    COMMENT ON COLUMN gym.version.applied_at IS 'When it was run.';
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema: leads from version `number - 1` to `number`.

    Attributes:
        number, name: of its file.
        for_mirrors: the step that last changed what mirrors call. Mirrors in the field refuse a
            newer one than they know, so it rises only where an older mirror would do harm.
        script: its SQL.
    """

    number: int
    name: str
    for_mirrors: int
    script: str


@cache
def migrations() -> tuple[Migration, ...]:
    """Returns the packaged migrations in their order; their numbers have no gap."""
    found = []
    for file in files("kiosk.gym").joinpath("migrations").iterdir():
        if file.name.endswith(".sql"):
            number, _, name = file.name.removesuffix(".sql").partition("_")
            script = file.read_text("utf-8")
            known = _FOR_MIRRORS.match(script)
            assert known, f"{file.name} begins with -- for mirrors: NUMBER"
            found.append(Migration(int(number), name, int(known[1]), script))
    found.sort(key=lambda migration: migration.number)
    assert [migration.number for migration in found] == list(range(1, len(found) + 1))
    return tuple(found)


@contextlib.contextmanager
def connected(url: str, *, read_only: bool = False) -> Iterator["Connection[Any]"]:
    """Yields a connection in autocommit mode, and raises the driver's errors in one line.

    Raises:
        BadInputError: the URL is not one of PostgreSQL.
        DatabaseError: the extra is not installed, or the server cannot be reached or says no.
    """
    if not url.startswith(SCHEMES):
        raise BadInputError(
            "the database's URL does not begin with postgresql://; give one such as "
            "postgresql://coach@db.example.org/gym"
        )
    try:
        import psycopg  # noqa: PLC0415 - an extra, see above
    except ImportError as error:
        raise DatabaseError(
            "psycopg is not installed; install gym-mirror-kiosk[gym] on this computer"
        ) from error
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S)
    except psycopg.ProgrammingError as error:  # whose message quotes the URL with its password
        raise BadInputError(
            "the database's URL cannot be read; write it as postgresql://USER@HOST/DATABASE"
        ) from error
    except psycopg.Error as error:
        raise DatabaseError(f"the database cannot be reached: {_line(error)}") from error
    with contextlib.closing(connection):
        if connection.info.server_version < OLDEST_SERVER:
            raise DatabaseError("the server is older than PostgreSQL 15; upgrade it")
        connection.read_only = read_only
        try:
            yield connection
        except psycopg.errors.InsufficientPrivilege as error:
            raise DatabaseError(
                f"{connection.info.dbname}: the role {connection.info.user} may not do this "
                f"({_line(error)}); name one that may"
            ) from error
        except psycopg.Error as error:
            raise DatabaseError(f"{connection.info.dbname}: {_line(error)}") from error


def version_of(connection: "Connection[Any]") -> int:
    """Reads the version of the schema; 0 where there is none."""
    row = connection.execute("SELECT to_regclass('gym.version') IS NULL").fetchone()
    assert row is not None
    if row[0]:
        return 0
    row = connection.execute("SELECT max(number) FROM gym.version").fetchone()
    return 0 if row is None else int(row[0] or 0)


def check_version(connection: "Connection[Any]") -> None:
    """Raises DatabaseError where the schema is missing, older than this kiosk's, or newer."""
    version, newest = version_of(connection), len(migrations())
    name = connection.info.dbname
    if version == 0:
        raise DatabaseError(f"{name}: there are no mirrors' tables; run `kiosk gym init` on it")
    if version > newest:
        raise newer(name, version)
    if version < newest:
        raise DatabaseError(
            f"{name}: made by an older kiosk (schema {version}, this one needs {newest}); "
            "run `kiosk gym init` on it"
        )


def newer(name: str, version: int) -> DatabaseError:
    """Returns the error over a database that this kiosk is too old for."""
    return DatabaseError(
        f"{name}: made by a newer kiosk (schema {version}, this one knows up to "
        f"{len(migrations())}); upgrade the kiosk here"
    )


def migrate(
    connection: "Connection[Any]", steps: Sequence[Migration] | None = None
) -> list[Migration]:
    """Migrates to the newest version, each version in one transaction; returns what was run.

    Raises:
        DatabaseError: the schema is of a newer kiosk; nothing is changed.
    """
    steps = migrations() if steps is None else steps
    done: list[Migration] = []
    while True:
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            version = version_of(connection)
            if version > len(steps):
                raise newer(connection.info.dbname, version)
            if version == len(steps):
                return done
            if version == 0:
                connection.execute(_VERSION_TABLE)
            step = steps[version]
            connection.execute(step.script.encode())  # as bytes: the file is ours
            connection.execute(
                "INSERT INTO gym.version (number, name, for_mirrors) VALUES (%s, %s, %s)",
                (step.number, step.name, step.for_mirrors),
            )
            done.append(step)


def _line(error: Exception) -> str:
    """Returns the first line of a driver's message."""
    return str(error).strip().partition("\n")[0]
