"""A user's machine for commands: no settings, no history, no screen, and a model in no time."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from vision.camera.filming import write_film

from doubles import ScriptedEstimator
from kiosk.app import parts as parts_module
from kiosk.commands import cli, run
from kiosk.commands.cli import main
from kiosk.ui.screen.display import Pacer

Said = Callable[[list[str]], str]


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A user without settings or history, and no screen."""
    for name in ("KIOSK_SETTINGS", "STATE_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr("kiosk.settings.PLACES", ())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Pacer, "wait", lambda *_, **__: None)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def refused(capfd: pytest.CaptureFixture[str]) -> Said:
    """The one line that a command is refused with."""

    def say(argv: list[str]) -> str:
        assert main(argv) == cli.BAD_INPUT
        out, err = capfd.readouterr()
        (line,) = err.splitlines()
        assert line.startswith("kiosk: ")
        assert out == ""
        return line

    return say


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_film(tmp_path / "film.mp4")


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that sees nobody, in no time."""

    def load(*_: object) -> tuple[ScriptedEstimator, str]:
        return ScriptedEstimator([]), "scripted"

    monkeypatch.setattr("kiosk.commands.replay.load_estimator", load)
    monkeypatch.setattr(parts_module, "load_estimator", load)
    monkeypatch.setattr(run, "Paced", lambda source: source)
