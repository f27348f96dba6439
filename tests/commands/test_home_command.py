"""What cannot work is refused before anything is sent."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Said = Callable[[list[str]], str]
PASSWORD = "correct horse battery"
pytestmark = pytest.mark.usefixtures("bare")


@pytest.mark.parametrize(
    ("home", "expected"),
    [
        ("", "home.broker is empty; name the MQTT broker"),
        ('broker = "127.0.0.1"\npassword_file = "open"', "run: chmod 600 open"),
        ('broker = "127.0.0.1"\npassword_file = "away"', "away cannot be read"),
        (
            'broker = "127.0.0.1"\npassword_file = "empty"',
            "empty holds no password; write",
        ),
        ('broker = "127.0.0.1"\nca_file = "open"', "home.ca_file: open cannot be used"),
        ('broker = "127.0.0.1"\nport = 1\ntls = false', "cannot be reached (Connection refused)"),
        ('broker = "no such.name"\ntls = false', "cannot be reached"),
        ('broker = "127.0.0.1"\ndiscovery = "a/#"', "home.discovery"),
    ],
)
def test_what_cannot_work_is_refused_in_one_line(home: str, expected: str, refused: Said) -> None:
    Path("open").write_text(PASSWORD)
    Path("open").chmod(0o640)
    Path("empty").touch(0o600)
    Path("kiosk.toml").write_text(f"[home]\n{home}\n")
    line = refused(["home", "check", "--settings", "kiosk.toml"])
    assert expected in line
    assert PASSWORD not in line


def test_without_paho_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, refused: Said
) -> None:
    monkeypatch.setitem(sys.modules, "paho.mqtt.client", None)
    Path("kiosk.toml").write_text('[home]\nbroker = "127.0.0.1"\n')
    line = refused(["home", "run", "--settings", "kiosk.toml"])
    assert "paho-mqtt is not installed; run: pip install" in line
