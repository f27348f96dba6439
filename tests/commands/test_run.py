"""The mirror as a command: it runs to the film's end, or until somebody asks for the end."""

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from vision.camera.filming import write_film

from kiosk.app import mirror as mirror_module
from kiosk.commands import run
from kiosk.commands.cli import main

Said = Callable[[list[str]], str]

pytestmark = pytest.mark.usefixtures("bare")


@pytest.fixture(autouse=True)
def _signals_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in run.END_SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("scripted")
def test_a_film_runs_to_its_end_and_leaves(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "FILM_OVER_S", 0.0)
    scenes = []
    turn = mirror_module.Mirror.turn
    monkeypatch.setattr(
        mirror_module.Mirror, "turn", lambda it: scenes.append(turn(it)) or scenes[-1]
    )
    assert main(["run", "--source", str(film), "--windowed", "--exercise", "squat"]) == 0
    assert scenes[-1].snapshot.exercise == "squat"


@pytest.mark.usefixtures("scripted")
def test_the_log_tells_what_was_guessed_of_a_film(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(run, "FILM_OVER_S", 0.0)
    path = write_film(tmp_path / "raw.h264", codec="libx264")
    assert main(["run", "--source", str(path), "--windowed"]) == 0
    (told,) = [one.getMessage() for one in caplog.records if str(path) in one.getMessage()]
    assert "numbered at 25 a second" in told


@pytest.mark.usefixtures("scripted")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_in_good_order(
    film: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    turn, left = mirror_module.Mirror.turn, mirror_module.Mirror.__exit__
    closed_with, turns = [], []

    def turn_and_signal(it: mirror_module.Mirror) -> object:
        signal.raise_signal(number)
        turns.append(turn(it))
        return turns[-1]

    def leave(it: mirror_module.Mirror, *how: object) -> None:
        closed_with.append(how)
        left(it, *how)

    monkeypatch.setattr(mirror_module.Mirror, "turn", turn_and_signal)
    monkeypatch.setattr(mirror_module.Mirror, "__exit__", leave)
    assert main(["run", "--source", str(film), "--windowed"]) == 0
    assert (len(turns), closed_with) == (1, [(None, None, None)])


@pytest.mark.usefixtures("scripted")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_second_signal_while_it_ends_changes_nothing(
    film: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    turn, left = mirror_module.Mirror.turn, mirror_module.Mirror.__exit__
    closed: list[str] = []

    def turn_and_signal(it: mirror_module.Mirror) -> object:
        signal.raise_signal(number)
        return turn(it)

    def leave(it: mirror_module.Mirror, *how: object) -> None:
        signal.raise_signal(number)
        left(it, *how)
        signal.raise_signal(number)
        closed.append("whole")

    monkeypatch.setattr(mirror_module.Mirror, "turn", turn_and_signal)
    monkeypatch.setattr(mirror_module.Mirror, "__exit__", leave)
    assert main(["run", "--source", str(film), "--windowed"]) == 0
    assert closed == ["whole"]
    # the interpreter takes its own handlers back when it ends, and what is ignored stays ignored
    assert signal.getsignal(number) is signal.SIG_IGN


@pytest.mark.usefixtures("scripted")
def test_a_signal_before_the_first_picture_is_not_lost(
    film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, turns = mirror_module.Mirror.__init__, []

    def make(it: mirror_module.Mirror, *args: object, **how: object) -> None:
        signal.raise_signal(signal.SIGTERM)
        made(it, *args, **how)

    monkeypatch.setattr(mirror_module.Mirror, "__init__", make)
    monkeypatch.setattr(mirror_module.Mirror, "turn", lambda _: turns.append(1))
    assert main(["run", "--source", str(film), "--windowed"]) == 0
    assert turns == []


@pytest.mark.usefixtures("scripted")
def test_a_pi_camera_where_there_is_none_says_what_to_use(
    monkeypatch: pytest.MonkeyPatch, refused: Said
) -> None:
    monkeypatch.setitem(sys.modules, "picamera2", None)
    assert "--source" in refused(["run", "--windowed"])
