"""The acceptance of a new unit: each part is tried on stand-ins, each fault has its remedy."""

from collections import deque
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory
from history.records import MORNING, record, rep
from msgspec.structs import replace

import people
from doubles import FakeCamera, ScriptedEstimator, blank_frame
from kiosk.body.pose import Pose
from kiosk.commands.cli import main
from kiosk.commands.doctor import acceptance, host, model_checks
from kiosk.commands.doctor.acceptance import BY_HAND, accept
from kiosk.commands.doctor.finding import Finding, State, report
from kiosk.errors import CameraError, HistoryError
from kiosk.history.connection import FILE_NAME
from kiosk.history.reader import Reader
from kiosk.history.store import Store
from kiosk.settings import (
    HistorySettings,
    PanelSettings,
    Pins,
    ScreenSettings,
    Settings,
    SoundSettings,
)
from kiosk.system.health import Roots
from kiosk.ui.panel.factory import open_panel
from kiosk.vision.camera.frame import Frame
from paths import ROOT

NAMES = [
    *("model", "speed", "camera", "upright", "display", "buttons", "sound"),
    *("disk", "keeps", "history", "time", "clock", "switch", "heat"),
]
README = (ROOT / "hardware/README.md").read_text("utf-8")


@pytest.fixture
def unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose devices are files below a folder: none yet, a disk, and a quick model."""
    (tmp_path / "self").mkdir()
    (tmp_path / "self/mountinfo").write_text("1 0 179:2 / / rw - ext4 /dev/mmcblk0p2 rw\n")
    monkeypatch.setattr(host, "ROOTS", Roots(sys=tmp_path, proc=tmp_path, dev=tmp_path))
    monkeypatch.setattr(model_checks, "measure_speed", lambda _: (3, 20.0))
    monkeypatch.setenv("TZ", "UTC")
    return tmp_path


@pytest.fixture
def factory(monkeypatch: pytest.MonkeyPatch) -> Iterator[MockFactory]:
    factory = MockFactory()
    monkeypatch.setattr(Device, "pin_factory", factory)
    yield factory
    factory.close()


def films(
    monkeypatch: pytest.MonkeyPatch, fps: float, *, grey: int = 120, seconds: float = 4.0
) -> FakeCamera:
    frames = [blank_frame(n / fps, (640, 480), grey) for n in range(round(seconds * fps))]
    camera = FakeCamera(frames)
    monkeypatch.setattr(acceptance, "open_source", lambda *_, **__: camera)
    return camera


def kept_in(folder: Path) -> Settings:
    return Settings(history=HistorySettings(folder=str(folder)))


def checked_upright(monkeypatch: pytest.MonkeyPatch, pose: Pose) -> Finding:
    """The finding about a camera that sees this pose."""
    frames = deque(blank_frame(n / 30, pose.size) for n in range(5))
    script = [replace(pose, time_s=frame.time_s) for frame in frames]
    estimator = ScriptedEstimator(script)
    monkeypatch.setattr(acceptance, "load_estimator", lambda *_: (estimator, "scripted"))
    return acceptance.check_upright(Settings(), frames)


def turned(pose: Pose, quarters: int) -> Pose:
    """The pose as a camera sees it that lies on its side, or on its head."""
    points, (width, height) = pose.keypoints.copy(), pose.size
    for _ in range(quarters):
        points[:, 0], points[:, 1] = height - points[:, 1], points[:, 0].copy()
        width, height = height, width
    return Pose.of(pose.time_s, points, (width, height))


def test_a_unit_that_lacks_everything_hears_of_every_part_and_is_not_accepted(
    unit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = unit / "kiosk.toml"
    file.write_text(f'camera.source = "gone.mp4"\nhistory.folder = "{unit}/history"\n')
    assert main(["doctor", "--install", "--settings", str(file)]) == 1
    output, _, by_hand = capsys.readouterr().out.partition("\nby hand:\n")
    state = {line.split()[0]: line.split()[1] for line in output.splitlines()}
    assert list(state) == NAMES
    assert [name for name, how in state.items() if how == "FAIL"] == ["camera", "display", "sound"]
    assert by_hand.splitlines() == [f"  [ ] {item}" for item in BY_HAND]
    assert not (unit / "history").exists()


def test_a_good_unit_is_accepted(
    unit: Path,
    factory: MockFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    films(monkeypatch, 30)
    monkeypatch.setattr(acceptance, "load_estimator", lambda *_: (ScriptedEstimator([]), "none"))
    monkeypatch.setattr(acceptance, "has_display", lambda: True)
    monkeypatch.setattr("pygame.mixer.get_driver", lambda: "alsa")
    settings = Settings(
        screen=ScreenSettings(rotate=90),
        panel=PanelSettings(kind="gpio"),
        sound=SoundSettings(voice=False),
        history=HistorySettings(folder=str(unit / "history")),
    )
    assert report(accept(settings)) == 0, capsys.readouterr().out


def test_the_camera_is_tried_and_told_with_its_rate_by_its_own_clock(
    unit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = films(monkeypatch, 30)
    frames: deque[Frame] = deque(maxlen=15)
    finding = acceptance.check_camera(Settings(), frames)
    assert finding.state is State.OK
    assert "640x480, 30.0 pictures a second" in finding.fact
    assert len(frames) == 15
    assert camera.closed


@pytest.mark.parametrize(
    ("fps", "grey", "seconds", "remedy"),
    [(12, 120, 9, "light the room"), (30, 4, 4, "off the lens"), (30, 120, 0.2, "longer film")],
)
def test_a_camera_that_is_no_good_for_a_swing_or_sees_nothing_is_not_accepted(
    unit: Path,
    monkeypatch: pytest.MonkeyPatch,
    fps: float,
    grey: int,
    seconds: float,
    remedy: str,
) -> None:
    films(monkeypatch, fps, grey=grey, seconds=seconds)
    finding = acceptance.check_camera(Settings(), deque())
    assert finding.state is State.FAIL
    assert remedy in finding.remedy


def test_a_camera_lost_while_it_is_tried_is_a_failure_and_is_let_go(
    unit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = FakeCamera([blank_frame(0.0), CameraError("the cable came off")])
    monkeypatch.setattr(acceptance, "open_source", lambda *_, **__: camera)
    settings = kept_in(unit)
    found = {finding.name: finding for finding in accept(settings)}
    assert (found["camera"].state, found["camera"].fact) == (State.FAIL, "the cable came off")
    assert camera.closed


def test_whoever_stands_in_the_picture_shows_which_way_is_up(
    unit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = people.figure(0.0)
    assert checked_upright(monkeypatch, person).state is State.OK
    assert checked_upright(monkeypatch, people.figure(0.0, lean_deg=70.0)).state is not State.OK
    for quarters, lies in ((1, "on its side"), (2, "on its head"), (3, "on its side")):
        finding = checked_upright(monkeypatch, turned(person, quarters))
        assert finding.state is State.FAIL
        assert lies in finding.fact
    without_feet = person.keypoints.copy()
    without_feet[-2:, 2] = 0.1
    finding = checked_upright(monkeypatch, Pose.of(person.time_s, without_feet, person.size))
    assert finding.state is State.FAIL
    assert "feet" in finding.fact


def test_an_empty_room_is_no_fault_and_has_a_remedy(
    unit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = checked_upright(monkeypatch, Pose.of(0.0, np.zeros((17, 3)), (640, 480)))
    assert finding.state is State.ABSENT
    assert "stand on the mark" in finding.remedy


def test_a_model_too_slow_for_a_swing_is_not_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    for took_ms, state in ((59.0, State.OK), (61.0, State.FAIL)):
        monkeypatch.setattr(model_checks, "measure_speed", lambda _, took_ms=took_ms: (3, took_ms))
        assert acceptance.check_speed(Settings()).state is state


@pytest.mark.parametrize(("rotate", "state"), [(0, State.FAIL), (90, State.OK), (270, State.OK)])
def test_a_panel_that_lies_on_its_side_has_to_be_turned(
    monkeypatch: pytest.MonkeyPatch, rotate: int, state: State
) -> None:
    monkeypatch.setattr(acceptance, "has_display", lambda: True)
    finding = acceptance.check_display(Settings(screen=ScreenSettings(rotate=rotate)))
    assert finding.state is state
    assert (state is State.OK) == ("768x1024 upright" in finding.fact)


def test_buttons_are_read_and_given_back(
    factory: MockFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(panel=PanelSettings(kind="gpio"))
    finding = acceptance.check_buttons(settings)
    assert finding.state is State.OK
    assert finding.fact.endswith("GPIO exercise 17, finish 27, history 22")

    def stuck(wired: PanelSettings) -> object:
        panel = open_panel(wired)  # which pulls the pins up
        factory.pin(27).drive_low()
        return panel

    monkeypatch.setattr(acceptance, "open_panel", stuck)
    finding = acceptance.check_buttons(settings)
    assert (finding.state, finding.fact) == (State.FAIL, "reads as pressed: finish")


def test_a_button_on_a_wire_of_the_amplifier_is_not_accepted(factory: MockFactory) -> None:
    panel = PanelSettings(kind="gpio", pins=Pins(finish=18))
    finding = acceptance.check_buttons(Settings(panel=panel))
    assert finding.state is State.FAIL
    assert finding.fact == "finish is on GPIO 18, which is for: amplifier BCLK"
    assert finding.remedy.startswith("set panel.pins.finish")


def test_a_unit_without_its_voice_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        acceptance.check_sound(Settings(sound=SoundSettings(enabled=False))).state is State.ABSENT
    )
    assert "SDL has 'dummy'" in acceptance.check_sound(Settings()).fact
    monkeypatch.setattr("pygame.mixer.get_driver", lambda: "alsa")
    monkeypatch.setenv("PATH", "")
    finding = acceptance.check_sound(Settings())
    assert (finding.state, finding.remedy) == (State.FAIL, "sudo apt install espeak-ng")
    assert acceptance.check_sound(Settings(sound=SoundSettings(voice=False))).state is State.OK


def test_a_history_that_the_next_start_forgets_is_not_accepted(unit: Path) -> None:
    settings = kept_in(unit / "data/history")
    assert acceptance.check_keeps(settings).state is State.OK
    mounts = unit / "self/mountinfo"
    mounts.write_text("1 0 0:20 / / rw - overlay overlayroot rw\n")
    finding = acceptance.check_keeps(settings)
    assert finding.state is State.FAIL
    assert "hardware/README.md" in finding.remedy
    assert "\n## Read-only root" in README
    (unit / "data").mkdir()
    with mounts.open("a") as more:
        more.write(f"2 1 179:3 / {unit}/data rw - ext4 /dev/mmcblk0p3 rw\n")
        more.write(f"3 1 179:4 / {unit}/dat rw - tmpfs tmpfs rw\n")
    finding = acceptance.check_keeps(settings)
    assert finding.state is State.OK
    assert "on ext4 (/dev/mmcblk0p3), the system on overlay" in finding.fact


def test_the_trial_set_leaves_the_history_as_it_was(unit: Path) -> None:
    with closing(Store(unit)) as store:
        store.save(record(1, rep(1)), MORNING)
    before = (unit / FILE_NAME).read_bytes()
    assert acceptance.check_history(kept_in(unit)).state is State.OK
    assert (unit / FILE_NAME).read_bytes() == before
    assert len(Reader(unit).recent(9)) == 1
    assert list(unit.glob(".acceptance-*")) == []


def test_a_damaged_history_is_not_accepted(unit: Path) -> None:
    (unit / FILE_NAME).write_bytes(b"what is this" * 500)
    with pytest.raises(HistoryError):
        acceptance.check_history(kept_in(unit))


def test_a_clock_of_its_own_is_told(unit: Path) -> None:
    assert acceptance.check_clock(Settings()).state is State.ABSENT
    (unit / "class/rtc/rtc0").mkdir(parents=True)
    finding = acceptance.check_clock(Settings())
    assert finding.state is State.OK
    assert finding.fact.startswith("rtc0; ")


def test_the_paper_lists_what_is_looked_at_by_hand() -> None:
    listed = [line.removeprefix("- [ ] ") for line in README.splitlines() if "[ ]" in line]
    assert listed == list(BY_HAND)


@pytest.mark.parametrize(
    ("script", "state", "told"),
    [
        ("true", State.OK, "sh switches the panel, on within"),
        ("echo no monitor; exit 1", State.FAIL, "screen.on_command: sh failed (no monitor)"),
    ],
)
def test_the_command_that_switches_the_panel_on_is_run(
    script: str, state: State, told: str
) -> None:
    command = ("/bin/sh", "-c", script)
    settings = Settings(screen=ScreenSettings(off_command=("/bin/false",), on_command=command))
    finding = acceptance.check_switch(settings)
    assert finding.state is state
    assert told in finding.fact
    assert acceptance.check_switch(Settings()).state is State.OK
