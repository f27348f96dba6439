"""Sends what has changed in the history: at least once on the wire, exactly once in effect."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from kiosk.errors import KioskError, OutboxError, TargetError
from kiosk.outbox.changes import ChangedSet, Changes, Key
from kiosk.outbox.mirror_health import MirrorHealth
from kiosk.outbox.outbox_state import OutboxState
from kiosk.outbox.server import RefusedError
from kiosk.system.mirror_state import MirrorState
from kiosk.system.outbox_status import OutboxStatus, read_status, write_status
from kiosk.system.retry import Backoff

BATCH = 50
"""Most sets of one transaction: some 300 kB, and sent in a tenth of a second."""
IDLE_S = 5.0
"""Wait between two looks at the history, of a millisecond each."""
RETRY_S = (1.0, 300.0)
"""First and longest wait after a fault. A thousand mirrors whose server is down ask it three times
a second in all."""

_log = logging.getLogger(__name__)


class Destination(Protocol):
    """What the sender needs of a server."""

    def put(self, sets: Sequence[ChangedSet]) -> None: ...  # noqa: D102 - see `Server`
    def delete(self, keys: Iterable[Key]) -> None: ...  # noqa: D102
    def put_health(self, state: MirrorState | None) -> None: ...  # noqa: D102
    def ids(self) -> set[str]: ...  # noqa: D102
    def id_of(self, key: Key) -> str: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102


class Sender:
    """Follows the history of one mirror.

    Args:
        changes: the history.
        state: what was sent.
        connect: returns the server, or raises OutboxError.
        target: where to, as the status says it.
        folder: of the status.
        rate: most sets a second.
        health: how the mirror is.
    """

    def __init__(
        self,
        changes: Changes,
        state: OutboxState,
        connect: Callable[[], Destination],
        *,
        target: str,
        folder: Path,
        rate: float,
        health: MirrorHealth,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._changes = changes
        self._state = state
        self._connect = connect
        self._server: Destination | None = None
        self._compared = False
        self._health = health
        self._rate = rate
        self._batch = max(1, min(BATCH, int(rate)))
        self._backoff = Backoff(*RETRY_S)
        self._folder = folder
        self._clock = clock
        self._written: OutboxStatus | None = None
        earlier = read_status(OutboxStatus, folder)
        self.status = OutboxStatus(target=target)
        if earlier is not None and earlier.target == target:
            self.status = replace(self.status, last_sent_at=earlier.last_sent_at)

    def step(self) -> float:
        """Sends a batch if there is one; returns the seconds to wait before the next step.

        Raises:
            TargetError: somebody has to put something right, and nothing was ever sent to this
                target since the start. Later on it is a fault like any other.
        """
        try:
            wait_s = self._send()
        except TargetError as error:
            if self._compared:
                return self._fail(error)
            self._fail(error)
            raise
        except KioskError as error:
            return self._fail(error)
        if self.status.error is not None:
            _log.info("%s: sets are sent again", self.status.target)
        self._backoff.reset()
        self._tell(error=None, error_since=None)
        return wait_s

    def close(self) -> None:
        """Closes the connection."""
        self._disconnect()

    def _send(self) -> float:
        due = self._health.poll()
        self._follow()
        if due:
            self._connected().put_health(self._health.newest)
            self._health.note_told()
        position = self._state.position
        new, passed = self._changes.after(position.version, self._state.digest_of, self._batch)
        if new:
            refused = self._put(new)
            self._state.note_sent([one for one in new if one not in refused], refused, passed)
            self._tell(
                last_sent_at=self._clock(),
                refused=self.status.refused + len(refused),
                waiting=self._changes.waiting(passed),
            )
            return len(new) / self._rate
        if passed > position.version:
            self._state.note_sent((), (), passed)
            return 0.0
        self._tell(waiting=0)
        self._disconnect()
        return IDLE_S

    def _follow(self) -> None:
        """Compares all where that is due, and removes there what was removed here."""
        mark, position = self._changes.mark(), self._state.position
        other = mark.file != position.file
        if not self._compared:
            # once a start: the server may have gone back to a backup of its own
            server = self._connected()
            stored = server.ids()
            self._state.forget([k for k in self._state.sent() if server.id_of(k) not in stored])
            # and the outbox's file may be new: what is removed before it is sent again goes as well
            _, here = self._changes.keys()
            self._state.note_there([key for key in here if server.id_of(key) in stored])
        if other or not self._compared or mark.newest < position.version:
            self._state.begin(mark.file)
        if other or not self._compared or mark.removal != position.removal:
            mark, there = self._changes.keys()
            removed = mark.removal not in {None, position.removal}
            gone = self._state.gone(there, also_lost=removed and other)
            if removed:
                for first in range(0, len(gone), BATCH):
                    keys = gone[first : first + BATCH]
                    self._connected().delete(keys)
                    self._state.forget(keys)
            else:
                self._state.note_lost(gone)
            self._state.note_followed(mark)
        self._compared = True

    def _put(self, sets: Sequence[ChangedSet]) -> list[ChangedSet]:
        """Sends sets, one by one where the server refuses them together; returns the refused."""
        server = self._connected()
        try:
            server.put(sets)
        except RefusedError as error:
            if len(sets) == 1:
                _log.warning("set %s of run %s: %s", sets[0].key[1], sets[0].key[0], error)
                return list(sets)
            return [bad for one in sets for bad in self._put([one])]
        return []

    def _connected(self) -> Destination:
        if self._server is None:
            self._server = self._connect()
        return self._server

    def _disconnect(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()

    def _fail(self, error: KioskError) -> float:
        self._disconnect()
        if self.status.error != str(error):
            _log.warning("%s", error)
        since = self.status.error_since
        self._tell(
            error=str(error),
            error_since=self._clock() if since is None else since,
            waiting=self._waiting(),
        )
        return self._backoff.next_s()

    def _waiting(self) -> int:
        try:
            return self._changes.waiting(self._state.position.version)
        except KioskError:
            return self.status.waiting

    def _tell(self, **news: object) -> None:
        """Notes how it goes; written where it has changed, as the card wears out."""
        self.status = replace(self.status, **news)
        if self.status != self._written:
            try:
                write_status(self._folder, self.status)
            except OSError as error:
                raise OutboxError(
                    f"{self._folder}: the status cannot be written ({error.strerror}); "
                    "free some space, or let this user write it"
                ) from error
            self._written = self.status
