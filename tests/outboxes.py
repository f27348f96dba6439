"""A mirror's history with an outbox, and the database that it sends to."""

import sqlite3
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any
from uuid import UUID

from history.records import MORNING, closed, record, rep

from kiosk.gym.database import connected
from kiosk.history.store import Store
from kiosk.outbox.changes import Changes
from kiosk.outbox.connect import Target
from kiosk.outbox.mirror_health import MirrorHealth
from kiosk.outbox.outbox_state import OutboxState
from kiosk.outbox.sender import IDLE_S, Sender
from kiosk.outbox.server import ANSWER_S
from kiosk.outbox.server import Server as Connection
from kiosk.settings import OutboxSettings
from kiosk.system.mirror_state import MirrorState
from kiosk.training.facts import NOTHING_SAID, Facts
from postgres import Server


class Gym:
    """A database of one test, with the newest schema.

    Attributes:
        url: of its owner.
        target: of a user who has a mirror's rights.
    """

    def __init__(self, server: Server, name: str) -> None:
        self.name, self.port = name, server.port
        self.url = f"postgresql://owner@127.0.0.1:{self.port}/{self.name}"
        self.target = self.url.replace("owner@", "mirror@")

    def connected(self) -> AbstractContextManager[Any]:
        return connected(self.url)

    def query(self, text: str) -> list[tuple[Any, ...]]:
        with connected(self.url) as connection:
            cursor = connection.execute(text.encode())
            return cursor.fetchall() if cursor.description else []

    def sets(self) -> list[tuple[Any, ...]]:
        return self.query("SELECT exercise, reps, lifter FROM gym.sets ORDER BY started_at, id")

    def count(self) -> int:
        return int(self.query("SELECT count(*) FROM gym.sets")[0][0])


MIRROR = UUID(int=16)


class Outbox:
    """Stores sets and sends them, without a clock.

    Attributes:
        mirror_state: of the mirror, as it tells others; None where it does not run.
        answer_s: how long the server may take.
        now_s: of the clock by which the database is told of it.
    """

    def __init__(self, folder: Path, target: str, **settings: Any) -> None:
        self.folder, self.own = folder, folder / "outbox"
        self.target = Target.of(
            OutboxSettings(**{"target": target, "tls": "off", "rate": 10_000.0, **settings})
        )
        self.store = Store(folder)
        self.changes = Changes(self.store.path)
        self.saved = 0
        self.mirror_state: MirrorState | None = None
        self.now_s = 0.0
        self.rate = 10_000.0
        self.answer_s = ANSWER_S
        self.begin()

    def begin(self) -> None:
        """Begins as after a start of the process."""
        self.state = OutboxState(self.own, self.target.name)
        self.sender = Sender(
            self.changes,
            self.state,
            lambda: Connection(self.target, MIRROR, {"name": "Front"}, answer_s=self.answer_s),
            target=self.target.name,
            folder=self.own,
            rate=self.rate,
            health=MirrorHealth(lambda: self.mirror_state, lambda: self.now_s),
        )

    def restart(self) -> None:
        self.sender.close()
        self.state.close()
        self.begin()

    def save(self, sets: int = 1, facts: Facts = NOTHING_SAID, at: float = MORNING) -> None:
        for _ in range(sets):
            self.saved += 1
            one = closed(record(self.saved, rep(1), rep(2, fault=True)))
            self.store.save(one, at + 60 * self.saved, facts)

    def correct(self, serial: int, facts: Facts) -> None:
        one = closed(record(serial, rep(1), rep(2, fault=True)))
        self.store.save(one, MORNING + 60 * serial, facts)

    def store_query(self, text: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.store.path)) as connection:
            return connection.execute(text).fetchall()

    def send(self, most: int = 1000) -> None:
        """Takes steps until nothing is left, or until the first fault."""
        for _ in range(most):
            if self.sender.step() == IDLE_S or self.sender.status.error:
                return
        raise AssertionError("there is no end of it")

    def send_on(self, most: int = 1000) -> None:
        """Takes steps until nothing is left, through all faults, without their waits."""
        for _ in range(most):
            if self.sender.step() == IDLE_S and not self.sender.status.error:
                return
        raise AssertionError("there is no end of it")

    def close(self) -> None:
        self.sender.close()
        self.state.close()
        with closing(self.store):
            pass
