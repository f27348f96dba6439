"""A password is read from where nobody else can read it, and shown nowhere."""

from pathlib import Path

import pytest

from kiosk.errors import SettingsError
from kiosk.outbox import secret
from kiosk.outbox.secret import CREDENTIALS, read_password

PASSWORD = "correct horse"


def read(file: Path | str = "") -> str | None:
    return read_password(str(file), "home-password", "home.password_file")


def test_a_password_is_the_one_line_of_its_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.touch(0o600)
    file.write_text(f" {PASSWORD} \n")
    assert read(file) == f" {PASSWORD} "


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "secret"
    file.write_text(PASSWORD)
    file.chmod(mode)
    with pytest.raises(SettingsError, match=f"mode 0{mode:o}.*run: chmod 600") as refused:
        read(file)
    assert PASSWORD not in str(refused.value)


def test_a_credential_of_systemd_is_taken_where_no_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(CREDENTIALS, raising=False)
    assert read() is None
    monkeypatch.setenv(CREDENTIALS, str(tmp_path))
    assert read() is None
    (tmp_path / "home-password").write_text(PASSWORD)
    (tmp_path / "home-password").chmod(0o440)  # its ACL shows as rights of the group
    assert read() == PASSWORD


def test_root_reads_a_credential_where_systemd_takes_it_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(CREDENTIALS, raising=False)
    monkeypatch.setattr(secret, "STORE", tmp_path)
    (tmp_path / "home-password").write_text(PASSWORD)
    assert read() == PASSWORD


@pytest.mark.parametrize("content", [b"", b"\n", b"a\nb\n", b"\xff\xfe", b"x" * 5000])
def test_a_file_without_a_password_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "secret"
    file.touch(0o600)
    file.write_bytes(content)
    with pytest.raises(SettingsError, match="write the password into it") as refused:
        read(file)
    assert "xff" not in str(refused.value)
