"""A database server and an outbox; and fixtures of the history's tests that these need too."""

import socket
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from history.conftest import statements

from outboxes import Gym, Outbox
from postgres import Server, binaries, server

__all__ = ["statements"]
_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server that listens on the loopback address, as a mirror reaches it by TCP."""
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL's server is not installed (Debian's package postgresql)")
    pytest.importorskip("psycopg", reason="psycopg is not installed (the extra outbox)")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with server(programs, listen_addresses="'127.0.0.1'", port=str(port)) as running:
        yield running


@pytest.fixture
def gym(postgres: Server) -> Gym:
    """A database with the newest schema."""
    return Gym.create(postgres, f"gym{next(_NUMBERS)}")


@pytest.fixture
def outbox(tmp_path: Path, gym: Gym) -> Iterator[Outbox]:
    """A history, and an outbox that sends it to the database."""
    one = Outbox(tmp_path, gym.target)
    yield one
    one.close()
