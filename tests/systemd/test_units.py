"""The units as systemd reads them; units, installer and kiosk agree with one another."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from kiosk.commands import cli, run
from kiosk.outbox.connect import CREDENTIAL
from kiosk.settings import PLACES, load
from kiosk.system.files import OUTBOX as OUTBOX_FOLDER
from kiosk.system.files import SERVICE_FOLDERS
from kiosk.system.first_frames import FRAME, JUDGED
from kiosk.system.stick_state import FOLDER
from kiosk.system.watchdog import PING_S
from kiosk.ui.screen import panel_switch
from paths import ROOT

UNITS = sorted((ROOT / "systemd").glob("*.service"))
MIRROR = ROOT / "systemd/gym-mirror.service"
INSTALLER = "".join(
    (ROOT / "systemd" / name).read_text("utf-8") for name in ("release.sh", "install.sh")
)
OUTBOX = ROOT / "systemd/gym-mirror-outbox.service"
HARDWARE = (ROOT / "hardware/README.md").read_text("utf-8")
MOST_EXPOSED = {"gym-mirror-trial": 12, "gym-mirror-outbox": 12}
"""In tenths, as --threshold counts; 10 for the others. The trial switches links that are root's,
and the outbox calls a database."""

analysed = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)
every_unit = pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)


def settings_of(unit: Path, key: str) -> list[str]:
    """Every value of a key, in the file's order."""
    return re.findall(rf"^{key}=(.*)$", unit.read_text("utf-8"), re.MULTILINE)


def seconds(unit: Path, key: str) -> float:
    (value,) = settings_of(unit, key)
    return float(value)


@analysed
def test_systemd_has_no_complaint_about_the_units(tmp_path: Path) -> None:
    # where nothing is installed, /bin/true stands in for what they start
    home = re.search(r"^HOME_DIR=(\S+)$", INSTALLER, re.MULTILINE)[1]
    for unit in UNITS:
        text = unit.read_text("utf-8").replace(f"={home}/current/.venv/bin/kiosk", "=/bin/true")
        (tmp_path / unit.name).write_text(text)
    done = subprocess.run(["systemd-analyze", "--version"], capture_output=True, check=True)
    version, first = (
        int(re.search(pattern, text)[1])
        for pattern, text in (
            (r"^systemd (\d+)", done.stdout.decode()),
            (r"systemd_version\) >= (\d+)", INSTALLER),
        )
    )
    shutil.copy(ROOT / "systemd/run-gymmirror-stick.mount", tmp_path)
    if version >= first:
        (tmp_path / "gym-mirror.service.d").mkdir()
        shutil.copy(ROOT / "systemd/restart.conf", tmp_path / "gym-mirror.service.d")
    ask = ["systemd-analyze", "verify", *(tmp_path / unit.name for unit in UNITS)]
    done = subprocess.run(ask, capture_output=True, check=False, text=True)
    # an unknown key is a warning, and no failure
    assert (done.stderr, done.returncode) == ("", 0)


@analysed
def test_systemd_understands_what_a_panel_that_is_switched_adds_to_the_unit(tmp_path: Path) -> None:
    (added,) = re.findall(r"^```ini\n(.+?)^```", HARDWARE, re.MULTILINE | re.DOTALL)
    text = re.sub(
        "^ExecStart=.*", "ExecStart=/bin/true", MIRROR.read_text("utf-8"), flags=re.MULTILINE
    )
    (tmp_path / MIRROR.name).write_text(text)
    folder = tmp_path / f"{MIRROR.name}.d"
    folder.mkdir()
    (folder / "override.conf").write_text(added)
    ask = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", tmp_path / MIRROR.name]
    done = subprocess.run(ask, capture_output=True, check=False, text=True)
    assert (done.stderr, done.returncode) == ("", 0)
    # each line adds to what the unit allows, and takes nothing of its protection away
    assert set(re.findall(r"^(\w+)=", added, re.MULTILINE)) <= {
        *("DeviceAllow", "SupplementaryGroups", "ReadWritePaths")
    }


def test_the_commands_that_switch_a_panel_are_settings(tmp_path: Path) -> None:
    examples = re.findall(r"^ *```toml\n(.+?)^ *```", HARDWARE, re.MULTILINE | re.DOTALL)
    assert len(examples) == 3
    for number, example in enumerate(examples):
        file = tmp_path / f"{number}.toml"
        file.write_text(example)
        screen = load(file).screen
        assert len(screen.off_command) == len(screen.on_command) > 1


@analysed
@every_unit
def test_the_units_are_hardly_exposed(unit: Path) -> None:
    most = MOST_EXPOSED.get(unit.stem, 10)
    ask = ["systemd-analyze", "security", "--offline=yes", f"--threshold={most}", unit]
    done = subprocess.run(ask, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout[-2000:]


@every_unit
def test_no_unit_but_the_outbox_reaches_a_network_and_none_waits_for_one(unit: Path) -> None:
    if unit != OUTBOX:
        assert settings_of(unit, "PrivateNetwork") == ["yes"]
        assert settings_of(unit, "IPAddressDeny") == ["any"]
        assert "AF_INET" not in unit.read_text("utf-8")
    for key in ("Wants", "Requires", "BindsTo", "After"):
        for value in settings_of(unit, key):
            assert "network" not in value
            # but the stick's, which is there before the unit is started
            assert ".device" not in value or unit.stem == "gym-mirror-stick"


def test_the_outbox_calls_and_cannot_be_called() -> None:
    assert settings_of(OUTBOX, "SocketBindDeny") == ["any"]
    families = settings_of(OUTBOX, "RestrictAddressFamilies")
    assert families == ["AF_UNIX AF_INET AF_INET6"]
    refused = " ".join(
        calls for calls in settings_of(OUTBOX, "SystemCallFilter") if calls.startswith("~")
    )
    assert {"listen", "accept", "accept4"} <= set(refused.replace("~", "").split())


def test_the_outbox_reads_the_history_and_writes_its_own_folder_alone() -> None:
    assert settings_of(OUTBOX, "ProtectSystem") == ["strict"]
    assert settings_of(OUTBOX, "ReadWritePaths") == []
    assert settings_of(OUTBOX, "StateDirectory") == [OUTBOX_FOLDER]
    assert settings_of(OUTBOX, "User") != settings_of(MIRROR, "User")
    assert settings_of(OUTBOX, "SupplementaryGroups") == settings_of(MIRROR, "Group")
    # its group may read the folder, and the mirror's own files are its alone
    assert settings_of(MIRROR, "StateDirectoryMode") == ["0750"]
    assert settings_of(MIRROR, "UMask") == ["0077"]


def test_the_outbox_starts_only_where_a_target_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (line,) = settings_of(OUTBOX, "ExecCondition")
    settings = tmp_path / "kiosk.toml"
    monkeypatch.setenv("KIOSK_SETTINGS", str(settings))
    target, broker = '[outbox]\ntarget = "postgresql://db/gym"', '[home]\nbroker = "hass"'
    for text, code in (("", 1), (target, 0), (broker, 0)):
        settings.write_text(text)
        assert cli.main(shlex.split(line)[1:]) == code
    (line,) = settings_of(OUTBOX, "ExecStart")
    assert shlex.split(line)[1:] == ["outbox", "run"]
    # a mirror that has none neither starts it nor waits for it
    assert OUTBOX.name not in MIRROR.read_text("utf-8")


def test_the_outbox_gets_its_password_from_systemd() -> None:
    assert settings_of(OUTBOX, "LoadCredential") == [CREDENTIAL, "home-password"]


def test_what_the_service_starts_is_the_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = settings_of(MIRROR, "ExecStart")
    program, *arguments = shlex.split(line)
    assert Path(program).name == "kiosk"
    monkeypatch.setattr(run, "run", lambda parsed: 42 if parsed.settings is None else 0)
    assert cli.main(arguments) == 42


def test_the_watchdog_outlasts_a_few_pings_that_come_late() -> None:
    assert seconds(MIRROR, "WatchdogSec") >= 5 * PING_S


def test_the_panel_is_switched_on_before_systemd_loses_patience() -> None:
    assert seconds(MIRROR, "TimeoutStopSec") > panel_switch.TIMEOUT_S + 1.0


def test_a_panel_that_a_killed_mirror_has_left_off_is_switched_on(tmp_path: Path) -> None:
    (line,) = settings_of(MIRROR, "ExecStopPost")
    command = shlex.split(line.removeprefix("-"))
    subprocess.run(command, cwd=tmp_path, check=True)
    (tmp_path / panel_switch.LEFT_OFF).write_text("touch on\n")
    subprocess.run(command, cwd=tmp_path, check=True)
    assert (tmp_path / "on").exists()


def test_a_storm_of_failures_is_cut_short() -> None:
    # were the interval shorter than what eight quick failures take, they would never be eight
    quickest_s = seconds(MIRROR, "StartLimitBurst") * seconds(MIRROR, "RestartSec")
    slowest_s = seconds(MIRROR, "StartLimitBurst") * (
        seconds(MIRROR, "RestartSec")
        + seconds(MIRROR, "WatchdogSec")
        + seconds(MIRROR, "TimeoutAbortSec")
    )
    assert quickest_s < slowest_s < seconds(MIRROR, "StartLimitIntervalSec")
    assert settings_of(MIRROR, "OnFailure") == ["gym-mirror-gave-up.service"]


def test_every_program_and_folder_of_the_units_is_one_that_the_installer_makes() -> None:
    variables = dict(re.findall(r"^([A-Z_]+)=(/\S+)$", INSTALLER, re.MULTILINE))
    made = {variables[name] for name in ("HOME_DIR", "STATE_DIR", "CACHE_DIR", "OUTBOX_DIR")}
    for unit in UNITS:
        for path in re.findall(r"(/(?:opt|var)/[^\s/]+(?:/[^\s/]+)?)", unit.read_text("utf-8")):
            assert any(path == one or path.startswith(f"{one}/") for one in made), (unit, path)
        for word in shlex.split(" ".join(settings_of(unit, "ExecStart"))):
            program = word.lstrip("-+")
            own = program.removeprefix(f"{variables['HOME_DIR']}/current/")
            if own != program and not own.startswith(".venv/"):
                assert (ROOT / own).is_file(), word
    assert {str(path) for path in SERVICE_FOLDERS} == {
        variables["STATE_DIR"],
        variables["CACHE_DIR"],
    }
    assert f"/var/lib/{settings_of(MIRROR, 'StateDirectory')[0]}" == variables["STATE_DIR"]
    assert f"/var/cache/{settings_of(MIRROR, 'CacheDirectory')[0]}" == variables["CACHE_DIR"]


def test_the_installer_installs_every_unit() -> None:
    assert re.search(r"^UNITS=\((.+)\)$", INSTALLER, re.MULTILINE)[1].split() == sorted(
        (unit.name for unit in UNITS), key=len
    )


def test_a_stick_is_mounted_so_that_nothing_on_it_can_harm() -> None:
    mount = ROOT / "systemd/run-gymmirror-stick.mount"
    (options,) = settings_of(mount, "Options")
    assert {"rw", "nosuid", "nodev", "noexec", "nosymfollow"} <= set(options.split(","))
    assert settings_of(mount, "Type") == ["vfat,exfat,ext4"]
    # systemd asks that the unit is named after its place
    assert settings_of(mount, "Where") == ["/" + mount.stem.replace("-", "/")]


def test_only_the_disk_itself_says_that_it_is_removable() -> None:
    rules = (ROOT / "systemd/gym-mirror.rules").read_text("utf-8")
    # "!=" is true of a port with such an attribute, whose value is a word
    assert re.findall(r"^(.*)ATTRS\{removable\}(..)", rules, re.MULTILINE) == [
        ('SUBSYSTEMS=="block", ', "==")
    ]


def test_whatever_starts_the_copy_names_the_same_stick() -> None:
    rules = (ROOT / "systemd/gym-mirror.rules").read_text("utf-8")
    service = ROOT / "systemd/gym-mirror-stick.service"
    mount = ROOT / "systemd/run-gymmirror-stick.mount"
    (name,) = re.findall(r'SYMLINK\+="(\w+)"', rules)
    assert f'ENV{{SYSTEMD_WANTS}}+="{service.name}"' in rules
    assert settings_of(mount, "What") == [f"/dev/{name}"]
    for unit in (service, mount):
        assert settings_of(unit, "BindsTo") == [f"dev-{name}.device"]
    (place,) = settings_of(mount, "Where")
    steps = settings_of(service, "ExecStart")
    assert [step.split()[-1] for step in steps] == [mount.name, place, mount.name, "release"]
    assert settings_of(service, "ExecCondition")[0].endswith(f"kiosk stick enabled /dev/{name}")
    # where that name is hidden, no disk is one that the system runs from
    assert settings_of(service, "PrivateDevices") == []
    assert settings_of(service, "DevicePolicy") == ["closed"]
    assert settings_of(service, "RuntimeDirectory") == [FOLDER.name]
    assert f"MOUNTS=({mount.name})" in INSTALLER


def test_the_user_and_the_groups_of_the_units_are_made() -> None:
    text = (ROOT / "systemd/gym-mirror.sysusers").read_text("utf-8")
    made = {line.split()[1] for line in text.splitlines() if line.startswith(("u ", "g "))}
    always_there = {"video", "audio", "systemd-journal"}
    for unit in UNITS:
        for key in ("User", "Group", "SupplementaryGroups"):
            assert set(" ".join(settings_of(unit, key)).split()) <= made | always_there


def test_the_mirror_and_its_trial_agree_on_their_files() -> None:
    trial = (ROOT / "systemd/trial").read_text("utf-8")
    assert set(re.findall(r"\$RUN_DIR/(\w+)", trial)) == {FRAME, JUDGED}
    assert f"RUN_DIR=/run/{settings_of(MIRROR, 'RuntimeDirectory')[0]}\n" in trial
    # systemd empties it when the service stops, so that a file is of this start
    assert settings_of(MIRROR, "RuntimeDirectoryPreserve") == []
    (path,) = settings_of(ROOT / "systemd/gym-mirror-trial.service", "ConditionPathExists")
    assert path == "/opt/gym-mirror/trial"
    assert settings_of(MIRROR, "Wants") == ["gym-mirror-trial.service"]


def test_a_trial_ends_before_the_mirror_gives_up() -> None:
    trial = (ROOT / "systemd/trial").read_text("utf-8")
    (most,) = map(int, re.findall(r"^MOST_FAILURES=(\d+)$", trial, re.MULTILINE))
    assert most == 3
    assert most < seconds(MIRROR, "StartLimitBurst")
    assert "\nPATIENCE_S=120\n" in trial


@pytest.mark.parametrize("kind", ["pi", "pc"])
def test_the_first_settings_are_settings(kind: str) -> None:
    found = load(ROOT / f"systemd/kiosk.{kind}.toml")
    assert (found.camera.source, found.panel.kind) == {
        "pi": ("pi", "gpio"),
        "pc": ("usb:0", "keyboard"),
    }[kind]
    assert f"SETTINGS={PLACES[-1]}\n" in INSTALLER


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_shellcheck_finds_nothing_in_any_script() -> None:
    scripts = ["setup.sh", "systemd/install.sh", "systemd/gave-up", "systemd/trial", ".ci/run"]
    scripts += ["systemd/package.sh"]
    scripts += [str(path.relative_to(ROOT)) for path in (ROOT / "systemd/debian").glob("*.p*")]
    scripts += [str(path.relative_to(ROOT)) for path in (ROOT / "tests/platform").glob("*.sh")]
    ask = ["shellcheck", "--external-sources", *scripts]
    done = subprocess.run(ask, cwd=ROOT, capture_output=True, check=False, text=True)
    assert done.stdout == ""


def test_the_service_may_read_the_tag_reader_and_write_no_input_device() -> None:
    # a device's own name could not be allowed: it has none while it is unplugged
    allowed = settings_of(MIRROR, "DeviceAllow")
    assert [one for one in allowed if "input" in one] == ["char-input r"]
    (groups,) = settings_of(MIRROR, "SupplementaryGroups")
    assert "input" in groups.split()
