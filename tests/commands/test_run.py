"""The mirror as a command: it runs to the film's end, or until somebody asks for the end."""

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import pytest
from vision.camera.filming import write_film

from kiosk.app import mirror as mirror_module
from kiosk.app.parts import MirrorOptions
from kiosk.app.set_up_guide import Rebuild
from kiosk.commands import run
from kiosk.commands.cli import main
from kiosk.settings import Settings, load
from kiosk.ui.set_up_steps import SetUp, Step
from paths import ROOT

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


class Started:
    """Stands for each mirror that the command makes; notes what it is made with, and ends."""

    def __init__(self, *rebuilds: Rebuild | None) -> None:
        self.made: list[tuple[Settings, MirrorOptions]] = []
        self._rebuilds = [*rebuilds, None]

    def __call__(self, settings: Settings, opener: object, options: MirrorOptions) -> "Started":
        self.made.append((settings, options))
        self.rebuild = self._rebuilds[len(self.made) - 1]
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def turn(self) -> None:
        return None

    stopping = ended = False


ASKS = '[mirror]\nset_up = true\n[camera]\nsource = "usb:0"\n'


def start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, started: Started
) -> MirrorOptions:
    """How `kiosk run` makes the first mirror with this settings file."""
    path = tmp_path / "kiosk.toml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("KIOSK_SETTINGS", str(path))
    monkeypatch.setattr(run, "Mirror", started)
    assert main(["run"]) == 0
    return started.made[0][1]


def test_the_first_start_of_a_mirror_that_was_installed_to_ask_asks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    options = start(monkeypatch, tmp_path, ASKS, Started())
    assert options.set_up.step is Step.LANGUAGE
    assert options.chosen == tmp_path / "state/gym-mirror/chosen.toml"


@pytest.mark.parametrize("content", ["", '[screen]\nlanguage = "de"\n'])
def test_who_was_asked_once_is_not_asked_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str
) -> None:
    chosen = tmp_path / "state/gym-mirror/chosen.toml"
    chosen.parent.mkdir(parents=True)
    chosen.write_text(content, encoding="utf-8")
    assert start(monkeypatch, tmp_path, ASKS, Started()).set_up is None


def test_a_settings_file_of_before_is_not_asked_after_an_upgrade(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    options = start(monkeypatch, tmp_path, '[camera]\nsource = "usb:0"\n', Started())
    assert options.set_up is None
    assert options.chosen is not None  # the operator can still


def test_a_film_asks_nothing_and_keeps_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, film: Path
) -> None:
    text = f'[mirror]\nset_up = true\n[camera]\nsource = "{film}"\n'
    options = start(monkeypatch, tmp_path, text, Started())
    assert (options.set_up, options.chosen) == (None, None)


def test_a_mirror_goes_on_with_what_was_chosen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    changed = Settings().with_choices({("camera", "rotate"): 90})
    state = SetUp.begin(changed, ("en",), (Step.CAMERA,))
    started = Started(Rebuild(changed, state), Rebuild(changed))
    start(monkeypatch, tmp_path, ASKS, started)
    assert [options.set_up for _, options in started.made][1:] == [state, None]
    assert [settings for settings, _ in started.made][1:] == [changed, changed]


@pytest.mark.parametrize("template", ["kiosk.pi.toml", "kiosk.pc.toml"])
def test_the_installers_own_file_asks(template: str) -> None:
    assert load(ROOT / "systemd" / template).mirror.set_up


def test_a_restart_reads_the_settings_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started = Started(Rebuild(Settings(), restarts=True))

    def edited(settings: Settings, opener: object, options: MirrorOptions) -> Started:
        made = Started.__call__(started, settings, opener, options)
        (tmp_path / "kiosk.toml").write_text("[screen]\nfps = 12\n", encoding="utf-8")
        return made

    path = tmp_path / "kiosk.toml"
    path.write_text("[screen]\nfps = 11\n", encoding="utf-8")
    monkeypatch.setenv("KIOSK_SETTINGS", str(path))
    monkeypatch.setattr(run, "Mirror", edited)
    assert main(["run", "--source", "usb:0"]) == 0
    assert [settings.screen.fps for settings, _ in started.made] == [11, 12]
