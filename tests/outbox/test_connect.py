"""A target that cannot be used is one line with a remedy; a password is in no text."""

import os
from pathlib import Path

import pytest

from kiosk.errors import KioskError, SettingsError, TargetError
from kiosk.outbox.connect import CREDENTIAL, Target
from kiosk.settings import OutboxSettings, load

URL = "postgresql://front@db.example.org/gym"


def target(**settings: object) -> Target:
    return Target.of(OutboxSettings(**{"target": URL, "tls": "off", **settings}))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://me:sesame@host/gym", "holds a password"),
        ("mysql://host/gym", "is not allowed"),
        ("host/gym", "is not allowed"),
        ("postgresql:///gym", "names no host"),
        ("postgresql://host", "names no database"),
        ("postgresql://host:port/gym", "is no address"),
        ("postgresql://host/gym?sslmode=disable", "use tls"),
    ],
)
def test_a_wrong_address_is_refused_with_the_settings(tmp_path: Path, url: str, told: str) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(f'[outbox]\ntarget = "{url}"\n')
    with pytest.raises(SettingsError, match=told) as caught:
        load(path)
    assert "sesame" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_target_says_what_to_set() -> None:
    with pytest.raises(TargetError, match="set target to postgresql://"):
        target(target="")


def test_the_server_has_to_prove_who_it_is_unless_told_otherwise(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    options = target(tls="verify-full", ca_file=str(tmp_path / "ca.pem")).options
    assert (options["sslmode"], options["sslrootcert"]) == (
        "verify-full",
        str(tmp_path / "ca.pem"),
    )
    assert OutboxSettings().tls == "verify-full"
    assert target().options["sslmode"] == "disable"
    with pytest.raises(TargetError, match=r"none\.pem: cannot be read"):
        target(tls="verify-full", ca_file=str(tmp_path / "none.pem"))


def test_no_text_shows_the_password(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.touch(mode=0o600)
    path.write_text("sesame\n")
    found = target(password_file=str(path))
    assert found.options["password"] == "sesame"
    assert "sesame" not in repr(found)


def test_the_password_may_be_one_of_systemds_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert "password" not in target().options
    (tmp_path / CREDENTIAL).write_text("sesame")
    assert target().options["password"] == "sesame"


def test_nothing_that_lies_about_is_used_as_a_password() -> None:
    assert not os.path.exists(target().options["passfile"])  # noqa: PTH110 - as libpq asks
    assert issubclass(TargetError, KioskError)
