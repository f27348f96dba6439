"""`kiosk outbox` says how it goes; what somebody has to put right ends it with 2 and one line."""

import json
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from kiosk.commands import outbox_command
from kiosk.commands.cli import main
from kiosk.commands.outbox_command import send_while_on
from kiosk.errors import SettingsError, TargetError
from kiosk.outbox.connect import Target
from kiosk.settings import OutboxSettings, Settings, load
from kiosk.system.files import outbox_folder
from kiosk.system.outbox_status import OutboxStatus, write_status


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings with a target that nobody listens at."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    path = tmp_path / "kiosk.toml"
    path.write_text('[outbox]\ntarget = "postgresql://me@127.0.0.1:1/gym"\ntls = "off"\n')
    return path


def said(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    (line,) = (captured.out or captured.err).splitlines()
    return line


@pytest.mark.parametrize("what", ["run", "test"])
def test_without_a_target_there_is_nothing_to_run(
    settings: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    settings.write_text("")
    assert main(["outbox", what, "--settings", str(settings)]) == 2
    assert "names no target" in said(capsys)
    assert not outbox_folder().exists()


def test_systemd_learns_whether_it_is_configured(settings: Path) -> None:
    assert main(["outbox", "configured", "--settings", str(settings)]) == 0
    settings.write_text("")
    assert main(["outbox", "configured", "--settings", str(settings)]) == 1


def test_a_server_that_is_not_there_fails_the_test(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("psycopg", reason="psycopg is not installed (the extra outbox)")
    assert main(["outbox", "test", "--settings", str(settings)]) == 2
    assert "127.0.0.1:1/gym" in said(capsys)


def test_a_password_file_that_others_may_read_is_refused(
    settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "password").write_text("sesame")
    (tmp_path / "password").chmod(0o644)
    settings.write_text(settings.read_text() + f'password_file = "{tmp_path}/password"\n')
    assert main(["outbox", "run", "--settings", str(settings)]) == 2
    line = said(capsys)
    assert "chmod 600" in line
    assert "sesame" not in line


def test_the_status_is_one_line(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask = ["outbox", "status", "--settings", str(settings)]
    assert main(ask) == 0
    assert "has sent nothing yet" in said(capsys)
    outbox_folder().mkdir(parents=True)
    status = OutboxStatus(
        target="db:5432/gym", waiting=7, last_sent_at=1.0, error="db: gone", error_since=1.0
    )
    write_status(outbox_folder(), status)
    assert (outbox_folder() / "status.json").stat().st_mode & 0o777 == 0o644
    assert main(ask) == 0
    line = said(capsys)
    assert all(part in line for part in ("db:5432/gym", "7 waiting", "1970", "db: gone"))
    assert main([*ask, "--json"]) == 0
    told = json.loads(said(capsys))
    assert (told["configured"], told["status"]["waiting"]) == (True, 7)
    settings.write_text("")
    assert main(ask) == 0
    assert said(capsys).startswith("off")


def test_home_assistant_is_told_beside_the_database_or_alone(
    settings: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[str] = []

    def run_home(of: Settings, stopped: Event, *, report: Callable[[str | None], None]) -> None:
        report("no broker")
        told.append(of.home.broker)
        stopped.set()

    def send(of: Settings, target: Target, folder: Path, goes_on: Callable[[float], bool]) -> None:
        told.append(target.name)
        assert not goes_on(30.0)

    monkeypatch.setattr(outbox_command, "run_home", run_home)
    monkeypatch.setattr(outbox_command, "send", send)
    monkeypatch.setattr(outbox_command, "check_settings", lambda _: None)
    both = settings.read_text() + '[home]\nbroker = "hass"\n'
    for text, expected in (
        (both, {"hass", "127.0.0.1:1/gym"}),
        ('[home]\nbroker = "h"\n', {"h"}),
    ):
        told.clear()
        settings.write_text(text)
        outbox_command.send_all(load(settings), Event())
        assert {name.removeprefix("postgresql://") for name in told} == expected
        assert main(["outbox", "status", "--settings", str(settings)]) == 0
        assert "fault for 0 min: no broker" in capsys.readouterr().out


def test_a_database_that_is_wrong_does_not_silence_home_assistant(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, stopped = [], Event()

    def send(*_: object) -> None:
        asked.append(len(asked))
        if len(asked) == 3:
            stopped.set()
        raise TargetError("db: wrong password")

    monkeypatch.setattr(outbox_command, "run_home", lambda _, stopped, **__: stopped.wait())
    monkeypatch.setattr(outbox_command, "send", send)
    monkeypatch.setattr(outbox_command, "check_settings", lambda _: None)
    monkeypatch.setattr(outbox_command, "AGAIN_S", 0.0)
    settings.write_text(settings.read_text() + '[home]\nbroker = "hass"\n')
    outbox_command.send_all(load(settings), stopped)
    assert asked == [0, 1, 2]


class Owner:
    """Settings that somebody switches at the mirror while the outbox runs; then it is stopped."""

    def __init__(self, *answers: bool | SettingsError) -> None:
        self.stopped = Event()
        self._answers = list(answers)

    def read(self) -> Settings:
        if not self._answers:
            self.stopped.set()
            return Settings(outbox=OutboxSettings(enabled=False))
        answer = self._answers.pop(0)
        if isinstance(answer, SettingsError):
            raise answer
        return Settings(outbox=OutboxSettings(enabled=answer))


UNREAD = SettingsError("chosen.toml: cannot be read; mend it")


@pytest.mark.parametrize(
    ("answers", "sent"),
    [
        ((False, False), 0),
        ((True, True, True, False), 1),
        ((False, True, False, False, True, True, False), 2),
        ((True, UNREAD, True, True, False), 2),  # nothing is sent before it is known again
    ],
)
def test_it_sends_while_it_is_switched_on_and_no_longer(
    monkeypatch: pytest.MonkeyPatch, answers: tuple[bool | SettingsError, ...], sent: int
) -> None:
    runs: list[Settings] = []

    def send_all(settings: Settings, stopped: Event) -> None:
        runs.append(settings)
        assert stopped.wait(30.0)

    monkeypatch.setattr(outbox_command, "ASK_S", 0.0)
    monkeypatch.setattr(outbox_command, "send_all", send_all)
    owner = Owner(*answers)
    send_while_on(owner.read, owner.stopped)
    assert len(runs) == sent
    assert all(one.outbox.enabled for one in runs)


def test_whoever_does_not_know_whether_to_send_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_command, "send_all", lambda *_: pytest.fail("it sends"))
    owner = Owner(UNREAD)
    with pytest.raises(SettingsError):
        send_while_on(owner.read, owner.stopped)


def test_the_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = Owner(*[True] * 3)

    def send_all(_: Settings, stopped: Event) -> None:
        owner.stopped.set()  # a signal
        assert stopped.wait(30.0)

    monkeypatch.setattr(outbox_command, "ASK_S", 3600.0)
    monkeypatch.setattr(outbox_command, "send_all", send_all)
    send_while_on(owner.read, owner.stopped)


def test_the_status_of_an_outbox_that_is_switched_off_is_one_line(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.write_text(f"{settings.read_text()}enabled = false\n")
    assert main(["outbox", "configured", "--settings", str(settings)]) == 0
    assert main(["outbox", "status", "--settings", str(settings)]) == 0
    assert said(capsys).startswith("off: outbox.enabled is false")
