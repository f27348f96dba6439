"""An ear at the address that systemd would listen at."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Heard = Callable[[], list[str]]


@pytest.fixture(params=["a path", "an abstract address"])
def heard(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Heard]:
    """What was said since the last look, at either kind of address."""
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
