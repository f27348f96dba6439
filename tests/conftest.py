"""No test makes a sound, opens a window or writes into the home of whoever runs it."""

import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pygame
import pytest
from hypothesis import settings

import kiosk
from mirror_harness import MirrorHarness
from postgres import Server, binaries, server

# no test asks how long anything takes: a busy machine is no failure
settings.register_profile("kiosk", deadline=None)
settings.load_profile("kiosk")


@pytest.fixture(scope="session")
def _cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(autouse=True)
def _nobody_is_disturbed(monkeypatch: pytest.MonkeyPatch, _cache: str, tmp_path: Path) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("XDG_CACHE_HOME", _cache)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))  # what was chosen by the owner
    for name in ("CACHE_DIRECTORY", "NOTIFY_SOCKET", "STATE_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def harness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MirrorHarness]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    before = set(threading.enumerate())
    yield MirrorHarness(tmp_path, monkeypatch)
    assert set(threading.enumerate()) <= before
    assert not pygame.display.get_init()


@pytest.fixture(params=["a path", "an abstract address"])
def heard(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], list[str]]]:
    """Messages to systemd's notify socket since the last call, at either kind of address."""
    path = str(tmp_path / "notify")
    bound, named = (path, path) if request.param == "a path" else (f"\0{path}", f"@{path}")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(bound)
        ear.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", named)

        def since() -> list[str]:
            words = []
            while True:
                try:
                    words += ear.recv(4096).decode().split("\n")
                except BlockingIOError:
                    return words

        yield since


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str | bytes], Path]:
    """Writes the settings file that a mirror which starts by itself finds."""
    path = tmp_path / "kiosk.toml"
    monkeypatch.setenv("KIOSK_SETTINGS", str(path))

    def write(content: str | bytes) -> Path:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of weights of another checkout, without any yet."""
    folder = tmp_path / "models"
    folder.mkdir()
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr(kiosk, "__file__", str(tmp_path / "kiosk" / "__init__.py"))
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL, one for all tests of a process.

    It may be killed, as the system keeps what it has written; only a power cut would lose that.
    """
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL's server is not installed (Debian's package postgresql)")
    pytest.importorskip("psycopg", reason="psycopg is not installed (the extra outbox)")
    with server(programs, fsync="off") as running:
        yield running


@pytest.fixture
def empty(postgres: Server) -> Iterator[str]:
    """The URL of a database without tables."""
    with postgres.database(migrated=False) as name:
        yield postgres.url(name)


@pytest.fixture
def gym_url(postgres: Server) -> Iterator[str]:
    """The URL of a database with the newest schema."""
    with postgres.database(migrated=True) as name:
        yield postgres.url(name)


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[sqlite3.Connection]:
    """Every connection that the test has opened, the newest last."""
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def recorded(*where: object, **how: object) -> sqlite3.Connection:
        opened.append(connect(*where, **how))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", recorded)
    return opened
