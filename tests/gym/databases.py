"""Fixtures: databases on a real server, with the schema and without."""

from collections.abc import Iterator
from itertools import count

import psycopg
import pytest

from kiosk.gym.database import connected, migrate
from postgres import Server, binaries, server

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL's server is not installed (Debian's package postgresql)")
    with server(programs) as running:
        yield running


@pytest.fixture
def empty(postgres: Server) -> str:
    """The URL of a database without tables."""
    name = f"gym{next(_NUMBERS)}"
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return postgres.url(name)


@pytest.fixture
def gym_url(empty: str) -> str:
    """The URL of a database with the newest schema."""
    with connected(empty) as connection:
        migrate(connection)
    return empty
