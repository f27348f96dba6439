"""Speaks to the PostgreSQL database through the functions of its schema `gym`.

psycopg is imported by whoever sends, and by nobody else: a mirror without a target does without it.
"""

import os
import socket
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

import msgspec

from kiosk.errors import OutboxError, TargetError
from kiosk.outbox.changes import ChangedSet, Key, global_id
from kiosk.outbox.connect import Target
from kiosk.system.mirror_state import MirrorState

NEWEST_SCHEMA = 1
"""The newest version of the database's schema that this sender knows; see kiosk/gym/migrations."""
STATEMENT_S = 60
"""A statement that takes longer is ended. A batch takes some milliseconds."""
ANSWER_S = 120.0
"""A server that takes longer for a transaction is given up: twice what it may take for a statement.
Of a router that keeps a dead connection, or a server that stands still, TCP itself says nothing."""
_PUT = "SELECT gym.put_sets(%s::jsonb, %s::jsonb)"
_DELETE = "SELECT gym.delete_sets(%s::jsonb, %s::uuid[])"
_HEALTH = "SELECT gym.put_health(%s::jsonb, %s::jsonb)"
STOPPED = "stopped"
"""What the database calls the state of a mirror that does not run."""
_IDS = "SELECT gym.set_ids_of(%s::uuid)"
_VERSION = "SELECT gym.schema_version()"
_PERMANENT = (
    # what libpq or the server says, in lower case, and what to do
    ("certificate verify failed", "set outbox.ca_file to the certificate that signed the server's"),
    ("does not match host name", "name the host as the server's certificate does"),
    ("server does not support ssl", 'turn on TLS there, or set outbox.tls to "off"'),
    ("password authentication failed", "write the right password into outbox.password_file"),
    ("no password supplied", "write the password into a file and name it in outbox.password_file"),
    # of its database or this user; libpq hands no code over where it does not come to a connection
    ('" does not exist', "put outbox.target right"),
    ("no pg_hba.conf entry", "let this user and address in, in the server's pg_hba.conf"),
)
_REFUSED = ("22", "23")
"""SQLSTATE classes that are about the values of a set, whatever the connection."""
_ABSENT = ("3F000", "42883", "42P01")


class _Check(msgspec.Struct):
    """A check of a rep; what else is known of it stays here."""

    verdict: str


_CHECKS = msgspec.json.Decoder(dict[str, _Check])


class RefusedError(OutboxError):
    """A batch with a set that the server will never take as it is."""


class Server:
    """A connection to the database, for one thread.

    Args:
        target: where.
        mirror: this mirror's id.
        about: what the server is to know of it: name, gym and app_version.
        answer_s: see `ANSWER_S`.

    Raises:
        TargetError: somebody has to put it right, here or there.
        OutboxError: it cannot be reached now.
    """

    def __init__(
        self,
        target: Target,
        mirror: UUID,
        about: Mapping[str, str] | None = None,
        *,
        answer_s: float = ANSWER_S,
    ) -> None:
        self._psycopg = _psycopg()
        self._answer_s = answer_s
        self._silent = False
        self._name = target.name
        self._id = mirror
        self._mirror = msgspec.json.encode({**(about or {}), "id": str(mirror)}).decode()
        try:
            # without prepared statements a pooler may stand in between
            self._connection = self._psycopg.connect(
                **target.options, autocommit=True, prepare_threshold=None
            )
        except (self._psycopg.Error, ValueError) as error:
            raise self._error(error) from error
        try:
            self._check_schema()
        except BaseException:
            self.close()
            raise

    def put(self, sets: Sequence[ChangedSet]) -> None:
        """Stores sets in one transaction, in place of what the server has of them.

        Raises:
            RefusedError: the server will not have one of them, whenever it is asked.
            OutboxError: it cannot be reached or cannot write now. It may have stored them.
        """
        rows = [
            {
                **one.values,
                "id": self.id_of(one.key),
                "rep_rows": [
                    {**rep, "checks": verdicts_of(rep["checks"])} for rep in one.values["rep_rows"]
                ],
            }
            for one in sets
        ]
        self._ask(_PUT, (self._mirror, msgspec.json.encode(rows).decode()))

    def delete(self, keys: Iterable[Key]) -> None:
        """Removes sets, also where they are not there; raises as `put` does."""
        self._ask(_DELETE, (self._mirror, [self.id_of(key) for key in keys]))

    def put_health(self, state: MirrorState | None) -> None:
        """Tells how the mirror is; None where it does not run. Raises as `put` does."""
        told: dict[str, Any] = {"state": STOPPED}
        if state is not None:
            told = {"state": state.doing, "faults": state.faults}
            told["temperature_c"] = state.temperature_c
        self._ask(_HEALTH, (self._mirror, msgspec.json.encode(told).decode()))

    def ids(self) -> set[str]:
        """Returns the ids of all sets that the server has of this mirror."""
        return {str(row[0]) for row in self._ask(_IDS, (self._id,))}

    def id_of(self, key: Key) -> str:
        """Returns what a set is called there."""
        return str(global_id(*key))

    def close(self) -> None:
        """Closes the connection. Safe to call twice."""
        self._connection.close()

    def _check_schema(self) -> None:
        ((version,),) = self._ask(_VERSION, ())
        if version is None:
            raise self._no_schema()
        if version > NEWEST_SCHEMA:
            raise TargetError(
                f"{self._name}: its schema is newer (version {version}, this mirror knows up to "
                f"{NEWEST_SCHEMA}); upgrade the mirror"
            )

    def _no_schema(self) -> TargetError:
        return TargetError(
            f"{self._name}: has no schema gym that this user may use; "
            "run there: kiosk gym init postgresql://…"
        )

    def _ask(self, query: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        try:
            with self._limited(), self._connection.transaction():
                self._connection.execute(f"SET LOCAL statement_timeout = '{STATEMENT_S}s'")
                found: list[tuple[Any, ...]] = self._connection.execute(query, values).fetchall()
                return found
        except self._psycopg.Error as error:
            raise self._error(error) from error

    @contextmanager
    def _limited(self) -> Iterator[None]:
        """Hangs up where the block takes too long, which ends its wait with an error."""
        timer = threading.Timer(self._answer_s, self._hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _hang_up(self) -> None:
        self._silent = True
        with (
            suppress(OSError, self._psycopg.Error),
            socket.socket(fileno=os.dup(self._connection.fileno())) as same,
        ):
            same.shutdown(socket.SHUT_RDWR)

    def _error(self, error: Exception) -> OutboxError:
        if self._silent:
            return OutboxError(f"{self._name}: does not answer; the sets wait here meanwhile")
        code = getattr(error, "sqlstate", None) or ""
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        text = lines[0].rpartition("FATAL:")[2].strip() if lines else type(error).__name__
        if code.startswith(_REFUSED):
            return RefusedError(f"{self._name}: refuses a set ({text}); please report this")
        if code in _ABSENT:
            return self._no_schema()
        for said, remedy in _PERMANENT:
            if said in str(error).lower():
                return TargetError(f"{self._name}: {text}; {remedy}")
        if code == "42501":
            return TargetError(
                f"{self._name}: {text}; let this user have the role mirror: kiosk gym init says how"
            )
        return OutboxError(f"{self._name}: {text}; the sets wait here meanwhile")


def verdicts_of(checks: str) -> object:
    """Returns what the database keeps of the text of a rep's checks: a third of the whole set."""
    try:
        return _CHECKS.decode(checks)
    except (msgspec.MsgspecError, TypeError):
        return checks  # the server refuses this set, and no other


def _psycopg() -> Any:
    """Returns the driver, untyped: it is an extra, and its types are not there without it."""
    try:
        import psycopg  # noqa: PLC0415 - only where sets are sent
    except ImportError as error:
        raise TargetError(
            f"psycopg cannot be loaded ({error}); install the mirror with its extra outbox"
        ) from error
    return psycopg
