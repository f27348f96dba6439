"""What a server says becomes one line with a remedy; TLS holds against the wrong server."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from kiosk.errors import OutboxError, TargetError
from kiosk.gym.database import migrations
from kiosk.outbox.connect import Target
from kiosk.outbox.server import NEWEST_SCHEMA, verdicts_of
from kiosk.outbox.server import Server as Connection
from kiosk.settings import OutboxSettings
from outboxes import Gym
from postgres import Server


def connect(gym: Gym, **settings: object) -> None:
    told = OutboxSettings(**{"target": gym.target, "tls": "off", **settings})
    Connection(Target.of(told), uuid4()).close()


def test_the_sender_knows_the_newest_schema() -> None:
    # the last one that changed what mirrors call, where a migration says so
    assert max(getattr(one, "for_mirrors", one.number) for one in migrations()) == NEWEST_SCHEMA


def test_of_a_check_the_verdict_leaves_and_nothing_else() -> None:
    checks = '{"knee":{"verdict":"fault","value":18.1,"limit":36.0},"back":{"verdict":"ok"}}'
    told = msgspec.json.encode(verdicts_of(checks))
    assert told == b'{"knee":{"verdict":"fault"},"back":{"verdict":"ok"}}'


def test_damaged_checks_are_the_servers_to_refuse() -> None:
    assert verdicts_of('{"knee":') == '{"knee":'


@pytest.mark.parametrize(
    ("user", "database", "told"),
    [
        ("mirror", "none", "does not exist.*put outbox.target right"),
        ("nobody_here", "", "does not exist.*put outbox.target right"),
        ("owner", "postgres", "has no schema gym.*kiosk gym init"),
    ],
)
def test_what_somebody_has_to_put_right(gym: Gym, user: str, database: str, told: str) -> None:
    target = f"postgresql://{user}@127.0.0.1:{gym.port}/{database or gym.name}"
    with pytest.raises(TargetError, match=told) as caught:
        connect(gym, target=target)
    assert "\n" not in str(caught.value)


def test_a_server_that_is_not_there_may_come(gym: Gym) -> None:
    with pytest.raises(OutboxError, match="the sets wait here meanwhile") as caught:
        connect(gym, target="postgresql://mirror@127.0.0.1:1/gym")
    assert not isinstance(caught.value, TargetError)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority, and with a certificate of it for localhost."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    for name in ("ca", "other"):
        openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key",
                "-out", f"{name}.pem", "-subj", f"/CN={name}", "-days", "9")  # fmt: skip
    openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key",
            "-out", "server.csr", "-subj", "/CN=localhost")  # fmt: skip
    (folder / "names").write_text("subjectAltName=DNS:localhost")
    openssl(folder, "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-out", "server.pem", "-days", "9", "-extfile", "names")  # fmt: skip
    return folder


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def secure(postgres: Server, gym: Gym, authority: Path) -> Iterator[Gym]:
    """The database, whose server has the certificate."""
    data = postgres.folder / "data"
    for name in ("server.pem", "server.key"):
        shutil.copy(authority / name, data)
        shutil.chown(data / name, data.owner(), data.group())
        (data / name).chmod(0o600)
    with gym.connected() as connection:
        for name, value in (("ssl_cert_file", "server.pem"), ("ssl_key_file", "server.key"),
                            ("ssl", "on")):  # fmt: skip
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
        connection.execute("SELECT pg_reload_conf()")
    yield gym
    with gym.connected() as connection:
        connection.execute("ALTER SYSTEM RESET ALL")
        connection.execute("SELECT pg_reload_conf()")


def test_tls_lets_the_right_server_in_and_no_other(secure: Gym, authority: Path) -> None:
    by_name = secure.target.replace("127.0.0.1", "localhost")
    ours, other = str(authority / "ca.pem"), str(authority / "other.pem")
    connect(secure, target=by_name, tls="verify-full", ca_file=ours)
    connect(secure, tls="verify-ca", ca_file=ours)
    with pytest.raises(TargetError, match=r"does not match host name.*name the host"):
        connect(secure, tls="verify-full", ca_file=ours)
    with pytest.raises(TargetError, match=r"certificate verify failed.*ca_file"):
        connect(secure, target=by_name, tls="verify-full", ca_file=other)


def test_a_server_without_tls_is_refused_by_default(gym: Gym, authority: Path) -> None:
    with pytest.raises(TargetError, match=r"does not support SSL.*outbox\.tls"):
        connect(gym, tls="verify-full", ca_file=str(authority / "ca.pem"))


def test_a_wrong_password_is_named_and_not_told(gym: Gym, postgres: Server, tmp_path: Path) -> None:
    rules = postgres.folder / "data" / "pg_hba.conf"
    before = rules.read_text()
    secret = tmp_path / "password"
    secret.touch(mode=0o600)
    try:
        rules.write_text(f"host {gym.name} mirror all scram-sha-256\n{before}")
        gym.query("ALTER ROLE mirror PASSWORD 'sesame'")
        gym.query("SELECT pg_reload_conf(), pg_sleep(0.2)")
        secret.write_text("sesame\n")
        connect(gym, password_file=str(secret))
        secret.write_text("simsim\n")
        with pytest.raises(TargetError, match=r"authentication failed.*password_file") as caught:
            connect(gym, password_file=str(secret))
        assert "simsim" not in str(caught.value)
        with pytest.raises(TargetError, match="no password supplied"):
            connect(gym)
    finally:
        rules.write_text(before)
        gym.query("SELECT pg_reload_conf()")


def test_a_user_without_the_role_is_told_so(gym: Gym) -> None:
    gym.query("CREATE ROLE passerby LOGIN")
    try:
        with pytest.raises(TargetError, match="gym"):
            connect(gym, target=gym.target.replace("mirror@", "passerby@"))
    finally:
        gym.query("DROP ROLE passerby")
