"""The installer's decisions, with stand-ins for the commands that tests/platform runs for real."""

import subprocess
from pathlib import Path

import pytest

from paths import ROOT

# Each stand-in prints how it was called; a test sets what it answers.
STAND_INS = """
report() { echo "report: $*"; }
fail() { echo "fail: $*"; exit 1; }
install_packages() { echo "packages: $*"; }
systemctl() { echo "systemctl: $*"; }
systemd-sysusers() { :; }
systemd_version() { echo 257; }
udevadm() { :; }
on_a_pi() { [[ $BOARD == pi ]]; }
systemd_runs() { [[ $RUNS == yes ]]; }
dpkg() { echo "$ARCHITECTURE"; }
dpkg-query() { [[ " $INSTALLED " == *" ${!#} "* ]] && echo installed; }
apt-cache() {
    [[ " $OFFERED " == *" $2 "* ]] && echo "  Candidate: 1.0" || echo "  Candidate: (none)"
}
"""
PLACES = ("HOME_DIR", "STATE_DIR", "CACHE_DIR", "SETTINGS", "UNIT_DIR", "DROP_IN", "SYSUSERS")
PLACES += ("RULES", "FORMER_TARGET")


class Machine:
    """A machine to install on, whose files lie in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checkout = ROOT
        self.is_ = {"BOARD": "pc", "RUNS": "no", "ARCHITECTURE": "amd64"}
        self.is_ |= {"INSTALLED": "", "OFFERED": ""}

    def do(self, commands: str) -> list[str]:
        """Runs some of the installer; what it said and called."""
        moved = "".join(f'{place}="{self.folder}${place}"\n' for place in PLACES)
        script = f"set -euo pipefail\nHERE={self.checkout}\nsource {ROOT}/systemd/install.sh\n"
        script += moved + STAND_INS + commands
        done = subprocess.run(
            ["bash", "-c", script],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **self.is_},
            capture_output=True,
            check=False,
            text=True,
        )
        assert done.stderr == ""
        return done.stdout.splitlines()

    def has(self, path: str) -> Path:
        return self.folder / path.removeprefix("/")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_pi_gets_the_settings_of_a_pi_and_keeps_what_its_owner_made_of_them(
    machine: Machine,
) -> None:
    machine.is_["BOARD"] = "pi"
    machine.do("install_system_files")
    settings = machine.has("/etc/gym-mirror/kiosk.toml")
    assert settings.read_text() == (ROOT / "systemd/kiosk.pi.toml").read_text()
    settings.write_text("mine")
    machine.do("install_system_files")
    assert settings.read_text() == "mine"


def test_only_a_systemd_that_knows_the_restart_mode_gets_it(machine: Machine) -> None:
    drop_in = machine.has("/etc/systemd/system/gym-mirror.service.d/restart.conf")
    machine.do("systemd_version() { echo 252; }; install_system_files")
    assert not drop_in.exists()
    machine.do("install_system_files")
    assert drop_in.exists()


def test_what_only_a_pi_has_is_left_out_elsewhere_and_said(machine: Machine) -> None:
    calls = machine.do("install_system_packages")
    assert any(line.startswith("packages: systemd python3 ") for line in calls)
    assert [line.split(",")[0] for line in calls if line.startswith("report: left out")] == [
        "report: left out: python3-picamera2",
        "report: left out: python3-lgpio",
    ]


def test_a_pi_with_another_system_gets_advice_which_to_take(machine: Machine) -> None:
    machine.is_["BOARD"] = "pi"
    assert "take the 64-bit Raspberry Pi OS" in machine.do("install_system_packages")[-1]


def test_a_pi_gets_its_camera_and_its_pins(machine: Machine) -> None:
    machine.is_ |= {"BOARD": "pi", "OFFERED": "python3-picamera2 python3-lgpio"}
    calls = machine.do("install_system_packages")
    assert calls[-2:] == ["packages: python3-picamera2", "packages: python3-lgpio"]


def test_the_other_pygame_is_explained(machine: Machine) -> None:
    machine.is_["INSTALLED"] = "python3-pygame"
    assert "uses the pygame-ce of its .venv" in machine.do("install_system_packages")[-1]


@pytest.mark.parametrize("architecture", ["armhf", "i386", ""])
def test_a_system_of_32_bits_is_refused(machine: Machine, architecture: str) -> None:
    machine.is_["ARCHITECTURE"] = architecture
    (line,) = machine.do("require_root() { :; }; install_mirror")
    assert line.startswith("fail: a 64-bit")


def test_a_desktop_makes_room_at_the_next_start_and_gets_it_back(machine: Machine) -> None:
    units = machine.has("/etc/systemd/system")
    units.mkdir(parents=True)
    (units / "display-manager.service").touch()
    machine.has("/opt/gym-mirror").mkdir(parents=True)
    said = machine.do(
        "systemctl() { if [[ $1 == get-default ]]; then echo graphical.target; "
        'else echo "systemctl: $*"; fi; }; take_the_screen'
    )
    assert "systemctl: --quiet set-default multi-user.target" in said
    calls = machine.do("require_root() { :; }; uninstall_mirror")
    assert "systemctl: --quiet set-default graphical.target" in calls
    assert not machine.has("/opt/gym-mirror").exists()


def test_a_machine_without_a_desktop_keeps_its_target(machine: Machine) -> None:
    assert machine.do("take_the_screen") == []


def test_nobody_is_thrown_out_of_a_running_desktop(machine: Machine) -> None:
    machine.is_["RUNS"] = "yes"
    calls = machine.do("start_mirror")  # the stand-in reports that a desktop is active
    assert calls[-1].startswith("report: a desktop has the screen")
    assert not any("restart gym-mirror" in line for line in calls)


def test_the_mirror_is_started_where_systemd_runs_and_only_there(machine: Machine) -> None:
    machine.is_["RUNS"] = "yes"
    idle = 'systemctl() { [[ $2 != is-active ]] && echo "systemctl: $*"; }\n'
    assert "systemctl: restart gym-mirror.service" in machine.do(f"{idle}start_mirror")
    machine.is_["RUNS"] = "no"
    assert machine.do("start_mirror") == [
        "report: systemd does not run here: the mirror is enabled, and starts with the system"
    ]


def test_a_release_is_named_by_what_is_in_it_and_by_nothing_else(
    machine: Machine, tmp_path: Path
) -> None:
    machine.checkout = tmp_path / "checkout"
    for name in ("kiosk/app/mirror.py", "models/manifest.toml", "systemd/gave-up"):
        (machine.checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (machine.checkout / name).write_text(name)
    for name in ("setup.sh", "pyproject.toml", "README.md", "LICENSE"):
        (machine.checkout / name).write_text(name)
    first = machine.do("pack | sha256sum")
    (machine.checkout / "models/movenet.tflite").write_text("weights")
    (machine.checkout / "kiosk/__pycache__").mkdir()
    (machine.checkout / "film.mp4").write_text("of somebody")
    (machine.checkout / "kiosk/app/mirror.py").touch()
    assert machine.do("pack | sha256sum") == first
    (machine.checkout / "kiosk/app/mirror.py").write_text("changed")
    assert machine.do("pack | sha256sum") != first


def test_uninstall_keeps_the_history_and_the_settings(machine: Machine) -> None:
    machine.do("install_system_files")
    history = machine.has("/var/lib/gym-mirror/history.sqlite3")
    history.parent.mkdir(parents=True)
    history.touch()
    machine.has("/opt/gym-mirror/current/kiosk").mkdir(parents=True)
    machine.do("require_root() { :; }; uninstall_mirror")
    left = sorted(path for path in machine.folder.rglob("*") if path.is_file())
    assert left == [machine.has("/etc/gym-mirror/kiosk.toml"), history]
