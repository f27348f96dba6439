"""Home Assistant is told of the mirror through a real broker."""

import json
import logging
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from history.records import closed, record, rep
from outbox.home_schema import DISCOVERY_TOPIC, checked, state_allowed
from outbox.mosquitto import PROGRAM, Listener, Mosquitto, until

from kiosk.errors import HomeError
from kiosk.history.store import Store
from kiosk.outbox import home as home_module
from kiosk.outbox.broker import Connection
from kiosk.outbox.home import run_home, try_broker
from kiosk.settings import HistorySettings, HomeSettings, MirrorSettings, Settings
from kiosk.system.mirror_state import MirrorState
from kiosk.training.facts import Facts
from paths import ROOT

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no mosquitto here")
WAITING = MirrorState(doing="waiting", version="1.2.3", temperature_c=51)
PASSWORD = "correct horse battery"


class Told:
    """What the mirror does, as a test says."""

    def __init__(self) -> None:
        self.state: MirrorState | None = WAITING

    def __call__(self) -> MirrorState | None:
        return self.state


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home_module, "EVERY_S", 0.05)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    found = Mosquitto(tmp_path)
    found.start()
    yield found
    found.stop()


@pytest.fixture
def listener(broker: Mosquitto) -> Iterator[Listener]:
    found = Listener(broker.port)
    yield found
    found.close()


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The client of every attempt to connect."""
    found: list[str] = []

    class Counted(Connection):
        def __init__(
            self, home: HomeSettings, client: str, will: tuple[str, str] | None = None
        ) -> None:
            found.append(client)
            super().__init__(home, client, will)

    monkeypatch.setattr(home_module, "Connection", Counted)
    return found


def settings_of(folder: Path, port: int, **home: object) -> Settings:
    how = {"broker": "127.0.0.1", "port": port, "tls": False, **home}
    return Settings(
        mirror=MirrorSettings(name="Rack 3"),
        history=HistorySettings(folder=str(folder / "history")),
        home=msgspec.convert(how, HomeSettings),
    )


@contextmanager
def sending(
    settings: Settings, told: Callable[[], MirrorState | None] | None = None
) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(
        target=run_home,
        args=(settings, stop),
        kwargs={"state": told or Told(), "retry_s": (0.05, 0.2)},
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30.0)
        assert not thread.is_alive()


def do_set(folder: Path, serial: int, reps: int, facts: Facts | None = None) -> None:
    store = Store(folder / "history", run="test")
    one = closed(record(serial, *(rep(n) for n in range(1, reps + 1))))
    store.save(one, time.time(), facts or Facts())
    store.close()


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]


def test_the_payload_is_as_home_assistant_documents_it(
    tmp_path: Path, broker: Mosquitto, listener: Listener
) -> None:
    with sending(settings_of(tmp_path, broker.port)):
        until(lambda: listener.ending("/availability") == "online", "nobody is online")
        (topic,) = (t for t in listener.newest if t.startswith("homeassistant/"))
        match = DISCOVERY_TOPIC.fullmatch(topic.removeprefix("homeassistant/"))
        assert match is not None
        assert match["component"] == "device"
        found = checked(listener.newest[topic])
        assert found.device.name == "Rack 3"
        assert set(found.components) == {
            *("state", "reps_today", "sets_today", "last_set", "faults", "temperature", "version")
        }
        assert listener.newest[str(found.availability_topic)] == found.payload_available
        for entity in found.components.values():
            assert state_allowed(entity, listener.newest[entity.state_topic]), entity
            if entity.json_attributes_topic:
                assert isinstance(json.loads(listener.newest[entity.json_attributes_topic]), dict)


def test_what_the_mirror_does_is_told_when_it_changes_and_at_no_other_time(
    tmp_path: Path, broker: Mosquitto, listener: Listener
) -> None:
    told = Told()
    with sending(settings_of(tmp_path, broker.port), told):
        until(lambda: listener.ending("/availability") == "online", "nobody is online")
        assert listener.ending("/state") == "waiting"
        assert listener.ending("/faults") == "OFF"
        before = len(listener.messages)
        told.state = MirrorState(
            doing="blind", version="1.2.3", temperature_c=51, faults=("camera",)
        )
        until(lambda: listener.ending("/faults/details") == '{"faults":["camera"]}', "no fault")
        until(lambda: listener.ending("/state") == "cannot see", "it sees")
        assert listener.ending("/faults") == "ON"
        assert {topic.rpartition("/")[2] for topic, *_ in listener.messages[before:]} == {
            *("state", "faults", "details")
        }
        assert len(listener.messages) == before + 3
        told.state = None
        until(lambda: listener.ending("/state") == "None", "a mirror that has ended still waits")
        assert listener.ending("/temperature") == "None"


def test_sets_are_told_without_their_lifter_and_load(
    tmp_path: Path, broker: Mosquitto, listener: Listener
) -> None:
    facts = Facts(lifter=3, load_kg=82.5)
    do_set(tmp_path, 1, 5, facts)
    with sending(settings_of(tmp_path, broker.port)):
        until(lambda: listener.ending("/reps_today") == "5", "no reps")
        do_set(tmp_path, 2, 4, facts)
        until(lambda: listener.ending("/reps_today") == "9", "no new reps")
        until(lambda: '"reps":4' in str(listener.ending("/last_set/details")), "no last set")
        assert listener.ending("/sets_today") == "2"
    said = " ".join(payload for topic, payload, _ in listener.messages if "/config" not in topic)
    assert "82.5" not in said
    assert "load" not in said
    assert "place" not in said
    with sending(settings_of(tmp_path, broker.port, with_lifter=True)):
        until(
            lambda: '"place":3,"load_kg":82.5' in str(listener.ending("/last_set/details")), "none"
        )


def test_whoever_comes_later_finds_everything(tmp_path: Path, broker: Mosquitto) -> None:
    first = Listener(broker.port)
    with sending(settings_of(tmp_path, broker.port)):
        until(lambda: first.ending("/availability") == "online", "nobody is online")
        late = Listener(broker.port)
        until(lambda: late.newest == first.newest, "something is not retained")
        assert all(retained for *_, retained in late.messages)
        late.close()
    until(lambda: first.ending("/availability") == "offline", "it ended and is online")
    first.close()


@pytest.mark.parametrize("call", ["bind", "listen", "accept"])
def test_it_calls_and_cannot_be_called(
    tmp_path: Path,
    broker: Mosquitto,
    listener: Listener,
    call: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, f"{call} is refused, as in the unit")

    monkeypatch.setattr(socket.socket, call, refuse)
    with sending(settings_of(tmp_path, broker.port)):
        until(lambda: listener.ending("/availability") == "online", "nobody is online")
    until(lambda: listener.ending("/availability") == "offline", "it ended and is online")


def test_a_sender_that_is_killed_is_offline(
    tmp_path: Path, broker: Mosquitto, listener: Listener
) -> None:
    settings = tmp_path / "kiosk.toml"
    settings.write_text(
        f'[home]\nbroker = "127.0.0.1"\nport = {broker.port}\ntls = false\n'
        f'[history]\nfolder = "{tmp_path / "history"}"\n'
    )
    command = [sys.executable, "-m", "kiosk", "home", "run", "--settings", str(settings)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        until(lambda: listener.ending("/availability") == "online", "nobody is online")
        process.send_signal(signal.SIGKILL)
        until(lambda: listener.ending("/availability") == "offline", "no last will")
    finally:
        process.kill()
        process.wait()


def test_a_broker_that_restarts_is_told_everything_again_and_missed_in_one_line(
    tmp_path: Path,
    broker: Mosquitto,
    caplog: pytest.LogCaptureFixture,
    attempts: list[str],
) -> None:
    first = Listener(broker.port)
    told = Told()
    with sending(settings_of(tmp_path, broker.port), told):
        until(lambda: first.ending("/availability") == "online", "nobody is online")
        before = first.newest
        first.close()
        broker.stop()
        until(lambda: len(attempts) > 4, "it is not tried again")
        told.state = MirrorState(doing="set", version="1.2.3", temperature_c=51)
        broker.start()
        second = Listener(broker.port)
        until(lambda: second.ending("/availability") == "online", "it does not come back")
        assert second.newest == {
            topic: "in a set" if topic.endswith("/state") else payload
            for topic, payload in before.items()
        }
        second.close()
    lost, away = warnings(caplog)
    assert "is lost" in lost
    assert "check home.broker" in away


def test_a_wrong_password_is_one_line_that_does_not_show_it(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    attempts: list[str],
) -> None:
    users = tmp_path / "users"
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(users), "rack", "another one"], check=True)
    broker = Mosquitto(tmp_path, "allow_anonymous false", f"password_file {users}")
    broker.start()
    secret = tmp_path / "secret"
    secret.touch(0o600)
    secret.write_text(f"{PASSWORD}\n")
    settings = settings_of(tmp_path, broker.port, user="rack", password_file=str(secret))
    capfd.readouterr()
    caplog.set_level(logging.INFO)
    try:
        with sending(settings):
            until(lambda: len(attempts) > 3, "it is not tried again")
            secret.write_text("another one\n")  # mended while it runs
            until(lambda: "connected" in " ".join(caplog.messages), "the right one is refused")
    finally:
        broker.stop()
    (line,) = warnings(caplog)
    assert "refuses the user or the password; check home.user and home.password_file" in line
    assert "\n" not in line
    assert PASSWORD not in caplog.text
    assert PASSWORD not in "".join(capfd.readouterr())


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority, and two certificates of it: one of this machine, one of another name."""
    folder = tmp_path_factory.mktemp("tls")
    new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    for name, extra in (
        ("ca", ["-subj", "/CN=authority"]),
        ("localhost", ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]),
        ("elsewhere", ["-subj", "/CN=elsewhere", "-addext", "subjectAltName=DNS:elsewhere"]),
    ):
        signed = [] if name == "ca" else ["-CA", folder / "ca.pem", "-CAkey", folder / "ca.key"]
        files = ["-nodes", "-days", "2", "-keyout", folder / f"{name}.key"]
        files += ["-out", folder / f"{name}.pem"]
        subprocess.run([*new, *extra, *signed, *files], check=True, capture_output=True)
    return folder


@pytest.mark.parametrize(
    ("made_for", "named", "trusted", "expected"),
    [
        ("localhost", "localhost", True, None),
        ("elsewhere", "localhost", True, "Hostname mismatch"),
        ("localhost", "localhost", False, "unable to get local issuer certificate"),
    ],
)
def test_a_broker_has_to_prove_who_it_is(
    certificates: Path,
    tmp_path: Path,
    made_for: str,
    named: str,
    trusted: bool,
    expected: str | None,
    caplog: pytest.LogCaptureFixture,
    attempts: list[str],
) -> None:
    broker = Mosquitto(
        tmp_path,
        f"certfile {certificates / made_for}.pem",
        f"keyfile {certificates / made_for}.key",
    )
    broker.start()
    ca = str(certificates / "ca.pem") if trusted else ""
    settings = settings_of(tmp_path, broker.port, broker=named, tls=True, ca_file=ca)
    try:
        if expected is None:
            assert try_broker(settings) == "MQTT broker localhost answers"
            return
        with pytest.raises(HomeError, match=expected) as refused:
            try_broker(settings)
        assert "its certificate is not accepted" in str(refused.value)
        assert "\n" not in str(refused.value)
        with sending(settings):
            until(lambda: len(attempts) > 4, "it is not tried again")
        assert warnings(caplog) == [str(refused.value)]
    finally:
        broker.stop()


def test_a_broker_that_speaks_no_tls_is_one_line(tmp_path: Path, broker: Mosquitto) -> None:
    with pytest.raises(HomeError, match=r"home\.port and home\.tls"):
        try_broker(settings_of(tmp_path, broker.port, tls=True))


def test_a_broker_that_wants_tls_and_is_not_asked_for_it_is_one_line(
    tmp_path: Path, certificates: Path
) -> None:
    broker = Mosquitto(
        tmp_path,
        f"certfile {certificates / 'localhost.pem'}",
        f"keyfile {certificates / 'localhost.key'}",
    )
    broker.start()
    try:
        with pytest.raises(HomeError, match=r"the connection is lost|does not answer"):
            try_broker(settings_of(tmp_path, broker.port))
    finally:
        broker.stop()


def test_the_mirror_and_its_other_commands_do_not_load_paho() -> None:
    others = "kiosk.commands.run, kiosk.commands.doctor.examine"
    code = f"import sys, {others}; print('paho' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[-1] == "False"
