import sqlite3
import time
from collections.abc import Iterator

import pytest


@pytest.fixture
def berlin() -> Iterator[None]:
    """A wall clock that does not depend on where the tests run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that the test has executed, with its values."""
    executed: list[str] = []
    connect = sqlite3.connect

    def traced(*where: object, **how: object) -> sqlite3.Connection:
        connection = connect(*where, **how)
        connection.set_trace_callback(executed.append)
        return connection

    monkeypatch.setattr(sqlite3, "connect", traced)
    return executed
