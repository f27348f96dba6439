"""Words to systemd: heard where it listens, and harmless where it does not."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.system.sd_notify import FED, READY, notify, status


def test_systemd_hears_every_word(heard: Callable[[], list[str]]) -> None:
    notify(READY)
    notify(FED, status("a camera\nis lost"))
    assert heard() == ["READY=1", "WATCHDOG=1", "STATUS=a camera is lost"]


@pytest.mark.parametrize(
    "address", ["", "/nowhere/at/all", "@nobody", "vsock:2:1234", "relative", "/" + "x" * 200]
)
def test_nothing_fails_where_nobody_listens(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    notify(READY)


def test_a_deaf_systemd_holds_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = str(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(address)
        for _ in range(2000):  # far more than a socket keeps
            notify(FED)


def test_outside_a_service_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        pytest.fail("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    notify(READY)
