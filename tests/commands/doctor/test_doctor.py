"""The doctor: one line for each part, a remedy wherever something fails, and never an exception."""

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from kiosk.commands.doctor import device_checks, host, model_checks, sending_checks, system_checks
from kiosk.commands.doctor.examine import CHECKS, examine
from kiosk.commands.doctor.finding import Finding, State, report
from kiosk.errors import HistoryError, SettingsError
from kiosk.outbox.connect import Target
from kiosk.settings import (
    CameraSettings,
    CoachSettings,
    HistorySettings,
    HomeSettings,
    LifterSettings,
    OutboxSettings,
    PanelSettings,
    PoseSettings,
    ScreenSettings,
    Settings,
)
from kiosk.system import health
from kiosk.system.files import outbox_folder
from kiosk.system.firmware import Throttling
from kiosk.system.health import Roots
from kiosk.system.outbox_status import HomeStatus, OutboxStatus, write_status
from kiosk.vision.models import selection
from kiosk.vision.models.selection import Choice

NAMES = ["choice", "model", "runtime", "camera", "display", "panel", "tags"]
NAMES += ["heat", "disk", "time", "release", "voice", "outbox", "home", "switch"]
NAMES += ["settings"]
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PC without devices."""
    monkeypatch.setattr(host, "ROOTS", Roots(sys=tmp_path, proc=tmp_path, dev=tmp_path))
    monkeypatch.setattr(system_checks, "LOCAL_TIME", tmp_path / "localtime")
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.delenv("TZ", raising=False)
    # a busy machine is no failure of the doctor
    monkeypatch.setattr(selection, "time_model_ms", lambda *_: 5.0)
    return tmp_path


@pytest.fixture
def pi(machine: Path) -> Path:
    (machine / "device-tree").mkdir()
    (machine / "device-tree/model").write_text("Raspberry Pi 5 Model B Rev 1.0\0", encoding="utf-8")
    return machine


def filmed_by(source: str) -> Settings:
    return Settings(camera=CameraSettings(source=source))


def kept_in(folder: Path) -> Settings:
    return Settings(history=HistorySettings(folder=str(folder)))


def without_access(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)


def picamera2(monkeypatch: pytest.MonkeyPatch, *cameras: dict[str, str]) -> None:
    module = SimpleNamespace(Picamera2=SimpleNamespace(global_camera_info=lambda: list(cameras)))
    monkeypatch.setitem(sys.modules, "picamera2", module)


def test_a_pc_is_well_and_every_part_has_one_line(
    machine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = kept_in(machine / "history")
    code = report(examine(settings))
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in printed] == NAMES
    assert code == 0, printed


def test_a_failure_is_the_exit_code_and_has_a_remedy(
    machine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(
        camera=CameraSettings(source="gone.mp4"),
        history=HistorySettings(folder=str(machine)),
    )
    assert report(examine(settings)) == 1
    failed = [line for line in capsys.readouterr().out.splitlines() if "FAIL" in line]
    assert len(failed) == 1
    assert failed[0].startswith("camera")
    assert " -> name a film that exists" in failed[0]


@pytest.mark.parametrize("error", [HistoryError("no such luck"), ZeroDivisionError("one / 0")])
def test_a_check_that_breaks_is_a_finding_and_the_others_are_still_told(
    machine: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def breaks(settings: Settings) -> Finding:
        raise error

    monkeypatch.setitem(CHECKS, "disk", breaks)
    findings = {finding.name: finding for finding in examine(Settings())}
    assert list(findings) == NAMES
    assert findings["disk"].state is State.FAIL
    assert str(error) in findings["disk"].fact


def test_a_missing_model_is_told_with_the_command_that_gets_it(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_checks, "weights_folder", lambda: machine)
    settings = Settings(pose=PoseSettings(model="thunder_int8"))
    finding = model_checks.check_model(settings)
    assert finding.state is State.FAIL
    assert "missing" in finding.fact
    assert finding.remedy == "run 'kiosk models --variant thunder_int8'"
    assert "not tried" in model_checks.check_runtime(settings).fact


def test_an_unknown_model_lists_the_known_ones(machine: Path) -> None:
    findings = list(examine(Settings(pose=PoseSettings(model="posenet"))))
    assert findings[1].state is State.FAIL
    assert "lightning_f16" in findings[1].fact


@pytest.mark.parametrize(
    ("took_ms", "state", "message"),
    [
        ({"thunder_f16": 80.0, "lightning_f16": 20.0}, State.OK, "lightning_f16 of thunder_f16 80"),
        ({"lightning_int8": 60.0}, State.OK, "just keeps up"),
        ({"lightning_f16": 70.0}, State.FAIL, "kiosk models --variant lightning_int8"),
        ({"lightning_f16": 99.0, "lightning_int8": 70.0}, State.FAIL, "faster board"),
    ],
)
def test_the_choice_of_model_is_told_with_its_figures(
    machine: Path,
    monkeypatch: pytest.MonkeyPatch,
    took_ms: dict[str, float],
    state: State,
    message: str,
) -> None:
    fast_enough = [name for name, ms in took_ms.items() if ms < 44]
    chosen = Choice((fast_enough or list(took_ms))[-1], took_ms, 44.0, bool(fast_enough))
    monkeypatch.setattr(model_checks, "choose", lambda *_, **__: chosen)
    finding = model_checks.check_choice(Settings())
    assert finding.state is state
    assert message in str(finding)


@pytest.mark.parametrize("coach", [{"exercise": "sled_push"}, {"exercises": "/nowhere"}])
def test_a_bad_exercise_is_reported_once(machine: Path, coach: dict[str, str]) -> None:
    settings = Settings(
        coach=CoachSettings(**coach), pose=PoseSettings(model="lightning_f16", threads=1)
    )
    [value] = coach.values()
    at_fault = [finding for finding in examine(settings) if value in finding.fact]
    assert [(finding.name, finding.state) for finding in at_fault] == [("choice", State.FAIL)]


def test_a_named_model_is_not_questioned(machine: Path) -> None:
    finding = model_checks.check_choice(Settings(pose=PoseSettings(model="thunder_int8")))
    assert (finding.state, finding.fact) == (State.OK, "thunder_int8, as the settings say")


def test_the_runtime_is_tried_on_the_model(machine: Path) -> None:
    finding = model_checks.check_runtime(
        Settings(pose=PoseSettings(model="lightning_f16", threads=1))
    )
    assert finding.state is State.OK
    assert "1 thread, " in finding.fact
    assert finding.fact.endswith(" ms a picture")


def test_a_pc_is_told_what_to_use_instead_of_the_pi_camera(machine: Path) -> None:
    finding = device_checks.check_camera(filmed_by("pi"))
    assert finding.state is State.ABSENT
    assert "--source FILE" in finding.remedy
    assert "usb:0" in finding.remedy


def test_a_pi_without_picamera2_is_told_what_to_install(
    pi: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "picamera2", None)
    finding = device_checks.check_camera(filmed_by("pi"))
    assert finding.state is State.FAIL
    assert "python3-picamera2" in finding.remedy


def test_a_pi_with_a_loose_cable_is_told_so(pi: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picamera2(monkeypatch)
    finding = device_checks.check_camera(filmed_by("pi"))
    assert finding.state is State.FAIL
    assert "cable" in finding.remedy


def test_a_pi_names_its_camera(pi: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picamera2(monkeypatch, {"Model": "imx708_wide"})
    finding = device_checks.check_camera(filmed_by("pi"))
    assert (finding.state, finding.fact) == (State.OK, "Pi camera imx708_wide")


@pytest.mark.parametrize("named", ["0", "path"])
def test_a_usb_camera_by_number_or_path(
    machine: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    node = machine / "video0"
    camera = filmed_by(f"usb:{node if named == 'path' else named}")
    (machine / "video7").touch()
    absent = device_checks.check_camera(camera)
    assert absent.state is State.FAIL
    assert "usb:7" in absent.fact
    node.touch()
    assert device_checks.check_camera(camera).state is State.OK
    without_access(monkeypatch)
    assert "-aG video" in device_checks.check_camera(camera).remedy


def test_a_film_is_a_camera(machine: Path) -> None:
    (machine / "set.mp4").touch()
    finding = device_checks.check_camera(filmed_by(str(machine / "set.mp4")))
    assert finding.state is State.OK


def test_without_a_screen_the_display_is_not_here(machine: Path) -> None:
    assert device_checks.check_display(Settings()).state is State.ABSENT


def test_a_screen_that_this_user_may_not_open_is_a_failure(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (machine / "dri").mkdir()
    (machine / "dri" / "card0").touch()
    assert device_checks.check_display(Settings()).state is State.ABSENT
    without_access(monkeypatch)
    finding = device_checks.check_display(Settings())
    assert finding.state is State.FAIL
    assert "video,render" in finding.remedy


def test_a_display_driver_that_does_not_exist_is_a_failure(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "etch-a-sketch")
    assert device_checks.check_display(Settings()).state is State.FAIL


def test_the_keyboard_is_always_there(machine: Path) -> None:
    assert (
        device_checks.check_panel(Settings(panel=PanelSettings(kind="keyboard"))).state is State.OK
    )


def test_a_tag_reader_is_found_or_the_keyboards_that_are_there_are_named(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert device_checks.check_tags(Settings()).state is State.OK
    reader = "/dev/input/by-id/usb-Sycreader-event-kbd"
    settings = Settings(lifters=LifterSettings(tags=True, tag_reader=reader))
    finding = device_checks.check_tags(settings)
    assert finding.state is State.FAIL
    assert "keyboards here: none" in finding.fact
    folder = machine / "input/by-id"
    folder.mkdir(parents=True)
    (folder / "usb-Other-event-kbd").touch()
    assert "usb-Other-event-kbd" in device_checks.check_tags(settings).fact
    (folder / "usb-Sycreader-event-kbd").touch()
    assert device_checks.check_tags(settings).state is State.OK
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "-aG input" in device_checks.check_tags(settings).remedy


def test_a_pc_has_no_pins(machine: Path) -> None:
    finding = device_checks.check_panel(Settings(panel=PanelSettings(kind="gpio")))
    assert finding.state is State.ABSENT
    assert "keyboard" in finding.remedy


def test_a_pis_pins_are_found_or_the_remedy_named(
    pi: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = Settings(panel=PanelSettings(kind="gpio"))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "python3-lgpio" in device_checks.check_panel(panel).remedy
    monkeypatch.setattr("importlib.util.find_spec", lambda name: object())
    assert "-aG gpio" in device_checks.check_panel(panel).remedy
    (pi / "gpiochip0").touch()
    finding = device_checks.check_panel(panel)
    assert finding.state is State.OK
    assert finding.fact.endswith("pins 17, 27, 22")


def heated(
    machine: Path, monkeypatch: pytest.MonkeyPatch, celsius: float | None, word: int | None
) -> Finding:
    if celsius is not None:
        file = machine / "class/thermal/thermal_zone0/temp"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{celsius * 1000:.0f}\n", encoding="ascii")
    limits = None if word is None else Throttling.from_word(word)
    monkeypatch.setattr(health, "read_throttling", lambda devices: limits)
    return system_checks.check_heat(kept_in(machine))


def test_a_pc_without_a_sensor_is_told_so(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = heated(machine, monkeypatch, None, None)
    assert (finding.state, finding.fact) == (State.ABSENT, "no temperature sensor here")


def test_a_pc_may_be_as_hot_as_it_likes(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = heated(machine, monkeypatch, 93.4, None)
    assert (finding.state, finding.fact, finding.remedy) == (State.OK, "93 °C", "")


@pytest.mark.parametrize(
    ("celsius", "word", "fact", "remedy"),
    [
        (61.3, 0x0, "61 °C, full speed since boot", ""),
        (None, 0x0, "full speed since boot", ""),
        (80.0, 0x0, "80 °C, full speed", "fan"),
        (61.3, 0x40000, "61 °C, throttled since boot", "fan"),
        (83.0, 0xE0006, "83 °C, frequency capped now, throttled now, soft temp", "fan"),
        (50.0, 0x50000, "50 °C, too little voltage since boot, throttled since", "power supply"),
        (50.0, 0x10001, "50 °C, too little voltage now", "power supply"),
    ],
)
def test_a_pi_that_had_to_slow_down_is_told_why_and_what_helps(
    pi: Path,
    monkeypatch: pytest.MonkeyPatch,
    celsius: float | None,
    word: int,
    fact: str,
    remedy: str,
) -> None:
    finding = heated(pi, monkeypatch, celsius, word)
    assert finding.fact.startswith(fact)
    assert finding.state is (State.FAIL if remedy else State.OK)
    assert remedy in finding.remedy


def test_a_pi_whose_firmware_may_not_be_asked_is_told_the_group(
    pi: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = heated(pi, monkeypatch, 55.0, None)
    assert finding.state is State.ABSENT
    assert "55 °C" in finding.fact
    assert "-aG video" in finding.remedy


def test_a_folder_that_is_not_made_yet_is_fine_and_is_not_made(machine: Path) -> None:
    folder = machine / "state" / "history"
    assert system_checks.check_disk(kept_in(folder)).state is State.OK
    assert list(machine.iterdir()) == []


def test_a_history_that_cannot_be_written_is_a_failure(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (machine / "file").touch()
    finding = system_checks.check_disk(kept_in(machine / "file"))
    assert finding.state is State.FAIL
    assert "history.folder" in finding.remedy

    def read_only(**_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", read_only)
    finding = system_checks.check_disk(kept_in(machine))
    assert finding.state is State.FAIL
    assert "Read-only file system" in finding.fact
    assert "history.folder" in finding.remedy
    disk = SimpleNamespace(f_bavail=10**9, f_frsize=1000, f_flag=os.ST_RDONLY)
    monkeypatch.setattr(os, "statvfs", lambda place: disk)
    assert "worn" in system_checks.check_disk(kept_in(machine)).remedy


def test_a_full_disk_is_a_failure(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = SimpleNamespace(f_bavail=199_999, f_frsize=1000, f_flag=0)
    monkeypatch.setattr(os, "statvfs", lambda place: disk)
    finding = system_checks.check_disk(kept_in(machine))
    assert (finding.state, finding.remedy) == (State.FAIL, "free 200 MB")


def test_a_clock_that_never_met_a_network_is_a_failure(machine: Path) -> None:
    finding = system_checks.check_time(Settings(), datetime(1970, 1, 1, tzinfo=UTC))
    assert finding.state is State.FAIL
    assert "timedatectl" in finding.remedy


def test_a_time_without_a_zone_is_told_and_is_no_failure(machine: Path) -> None:
    assert system_checks.check_time(Settings(), NOON).state is State.ABSENT
    (machine / "localtime").touch()
    assert system_checks.check_time(Settings(), NOON).state is State.OK


def test_an_upgrade_that_was_taken_back_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert system_checks.check_release(Settings()).state is State.OK
    monkeypatch.setattr(system_checks, "rolled_back", lambda: "the new release abc failed")
    finding = system_checks.check_release(Settings())
    assert finding.state is State.FAIL
    assert finding.fact == "the new release abc failed"
    assert finding.remedy


def test_the_outbox_is_off_or_its_server_has_to_answer(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sending_checks.check_outbox(Settings()).fact == "off"
    monkeypatch.setenv("XDG_STATE_HOME", str(machine))
    outbox = OutboxSettings(target="postgresql://me@127.0.0.1:1/gym", tls="off")
    settings = Settings(outbox=outbox)
    found = {one.name: one for one in examine(settings)}["outbox"]
    assert found.state is State.FAIL
    asked: list[str] = []

    class Answers:
        def __init__(self, target: Target, _mirror: object) -> None:
            asked.append(target.name)

        def close(self) -> None:
            asked.append("closed")

    monkeypatch.setattr("kiosk.outbox.server.Server", Answers)
    found = sending_checks.check_outbox(settings)
    assert (found.state, "nothing was ever sent" in found.fact) == (State.FAIL, True)
    assert asked == ["127.0.0.1:1/gym", "closed"]
    outbox_folder().mkdir(parents=True)
    write_status(outbox_folder(), OutboxStatus(target="127.0.0.1:1/gym", waiting=3))
    found = sending_checks.check_outbox(settings)
    assert (found.state, "3 sets wait" in found.fact) == (State.OK, True)


def test_home_assistant_is_off_or_its_broker_has_to_answer(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sending_checks.check_home(Settings()).fact == "off"
    monkeypatch.setenv("XDG_STATE_HOME", str(machine))
    settings = Settings(home=HomeSettings(broker="127.0.0.1", port=1, tls=False))
    found = {one.name: one for one in examine(settings)}["home"]
    assert (found.state, "check home.broker" in found.fact) == (State.FAIL, True)
    monkeypatch.setattr("kiosk.outbox.home.try_broker", lambda _: "MQTT broker hass answers")
    found = sending_checks.check_home(settings)
    assert (found.state, "nothing was ever sent" in found.fact) == (State.FAIL, True)
    assert "restart gym-mirror-outbox" in found.remedy
    outbox_folder().mkdir(parents=True)
    for error, state in (("refuses the user", State.FAIL), (None, State.OK)):
        write_status(outbox_folder(), HomeStatus(broker="hass", since=1.0, error=error))
        found = sending_checks.check_home(settings)
        assert (found.state, "refuses the user" in found.fact) == (state, error is not None)


@pytest.mark.parametrize(
    ("screen", "told"),
    [
        ({}, "black after 10 minutes without anybody; the panel stays on"),
        ({"off_after_min": 1}, "black after 1 minute without anybody; the panel stays on"),
        ({"off_after_min": 0}, "the screen never goes black, as screen.off_after_min says"),
        (
            {"off_command": ("sh", "off"), "on_command": ("/bin/sh", "on")},
            "black after 10 minutes without anybody; sh switches the panel",
        ),
    ],
)
def test_it_says_when_the_screen_sleeps(screen: dict[str, object], told: str) -> None:
    finding = device_checks.check_switch(Settings(screen=ScreenSettings(**screen)))
    assert (finding.state, finding.fact) == (State.OK, told)


@pytest.mark.parametrize(
    ("off", "on", "missing"),
    [("no-such-program", "sh", "off_command"), ("sh", "/no/such/program", "on_command")],
)
def test_a_program_that_is_to_switch_the_panel_has_to_be_there(
    off: str, on: str, missing: str
) -> None:
    screen = ScreenSettings(off_command=(off, "off"), on_command=(on, "on"))
    finding = device_checks.check_switch(Settings(screen=screen))
    assert finding.state is State.FAIL
    assert finding.fact.startswith(f"screen.{missing}: there is no program ")
    assert finding.remedy


@pytest.fixture
def kept(machine: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of what is chosen, beside a settings file that is found."""
    path = machine / "kiosk.toml"
    path.write_text('[screen]\nlanguage = "en"\n', encoding="utf-8")
    monkeypatch.setenv("KIOSK_SETTINGS", str(path))
    monkeypatch.setenv("XDG_STATE_HOME", str(machine / "state"))
    folder = machine / "state/gym-mirror"
    folder.mkdir(parents=True)
    return folder


def test_the_settings_are_named_and_what_counts_instead_of_them(kept: Path, machine: Path) -> None:
    found = system_checks.check_settings(Settings())
    assert found.state is State.OK
    assert found.fact == f"{machine}/kiosk.toml; nothing chosen with the buttons"
    (kept / "chosen.toml").write_text('[screen]\nlanguage = "de"\nrotate = 90\n')
    found = system_checks.check_settings(Settings())
    assert found.state is State.OK
    assert found.fact == (
        f"{machine}/kiosk.toml; {kept}/chosen.toml counts instead for "
        "screen.language, screen.rotate"
    )


def test_without_a_settings_file_that_is_said(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KIOSK_SETTINGS")
    monkeypatch.setattr("kiosk.settings.PLACES", ())
    (kept / "chosen.toml").write_text("")
    found = system_checks.check_settings(Settings())
    assert found.fact == f"no settings file; {kept}/chosen.toml counts instead for nothing"


def test_choices_of_somebody_else_are_a_failure_with_its_remedy(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = kept / "chosen.toml"
    file.write_text("")
    stat = Path.stat

    def of_root(path: Path, **how: bool) -> os.stat_result:
        found = stat(path, **how)
        uid = 4711 if path == file else found.st_uid
        return os.stat_result((*found[:4], uid, *found[5:]))

    monkeypatch.setattr(Path, "stat", of_root)
    found = system_checks.check_settings(Settings())
    assert found.state is State.FAIL
    assert found.remedy == f"sudo chown --reference={kept} {file}"


def test_choices_that_this_user_may_not_read_are_no_failure(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise SettingsError("cannot be read") from PermissionError()

    monkeypatch.setattr(system_checks, "find_chosen", refuse)
    found = system_checks.check_settings(Settings())
    assert found.state is State.ABSENT
    assert found.remedy == "sudo kiosk doctor"
    assert str(kept) in found.fact
