"""A database and an outbox; and fixtures of the history's tests that these need too."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from history.conftest import statements

from outboxes import Gym, Outbox
from postgres import Server

__all__ = ["statements"]


@pytest.fixture
def gym(postgres: Server) -> Iterator[Gym]:
    """A database with the newest schema."""
    with postgres.database(migrated=True) as name:
        yield Gym(postgres, name)


@pytest.fixture
def outbox(tmp_path: Path, gym: Gym) -> Iterator[Outbox]:
    """A history, and an outbox that sends it to the database."""
    one = Outbox(tmp_path, gym.target)
    yield one
    one.close()
