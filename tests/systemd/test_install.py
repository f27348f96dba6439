"""The installer's decisions, with stand-ins for the commands that tests/platform runs for real."""

import re
import shutil
import signal
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
PLACES += ("RULES", "FORMER_RULES", "FORMER_TARGET", "WANTS_DIR", "OUTBOX_DIR")
# Every one that the scripts name, so that no test reaches this machine's own.
assert set(PLACES) == {
    name
    for script in ("release.sh", "install.sh")
    for name in re.findall(
        r"^([A-Z_]+)=[/$]", (ROOT / "systemd" / script).read_text("utf-8"), re.MULTILINE
    )
}
# A whole installation, with a release that costs nothing to make.
INSTALL = """
require_root() { :; }
install_system_packages() { :; }
check_release() { :; }
sync() { :; }
make_release() {
    remove_release "$1"
    mkdir -p -- "$1"
    touch -- "$1/release"
    pack | tar -C "$1" -x
    mkdir -p -- "$1/.venv/bin"
    cp -- /bin/true "$1/.venv/bin/python"
}
"""


class Machine:
    """A machine to install on, whose files lie in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checkout = ROOT
        self.is_ = {"BOARD": "pc", "RUNS": "no", "ARCHITECTURE": "amd64"}
        self.is_ |= {"INSTALLED": "", "OFFERED": ""}

    def do(self, commands: str, *, killed: bool = False) -> list[str]:
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
            start_new_session=True,
        )
        assert done.stderr == ""
        assert (done.returncode == -signal.SIGKILL) == killed
        return done.stdout.splitlines()

    def check_out(self, version: str) -> None:
        """A checkout of that version, which is small."""
        self.checkout = self.folder / "checkout"
        for name in ("kiosk/app.py", "models/README.md", "setup.sh", "pyproject.toml"):
            (self.checkout / name).parent.mkdir(parents=True, exist_ok=True)
            (self.checkout / name).write_text(version)
        shutil.copytree(ROOT / "systemd", self.checkout / "systemd", dirs_exist_ok=True)

    def install(self, version: str) -> Path:
        """Installs a version, and returns its release."""
        self.check_out(version)
        self.do(f"{INSTALL}install_mirror")
        return self.has("/opt/gym-mirror/current").resolve()

    def releases(self) -> set[str]:
        """The names of the folders in the home of the releases that are no links."""
        home = self.has("/opt/gym-mirror")
        return {path.name for path in home.iterdir() if path.is_dir() and not path.is_symlink()}

    def proves_itself(self) -> None:
        """Ends the trial of the release in use as a success."""
        for name in ("trial", "trial-began"):
            self.has(f"/opt/gym-mirror/{name}").unlink(missing_ok=True)

    def has(self, path: str) -> Path:
        return self.folder / path.removeprefix("/")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_pi_gets_the_settings_of_a_pi_and_keeps_what_its_owner_made_of_them(
    machine: Machine,
) -> None:
    machine.is_["BOARD"] = "pi"
    machine.do("write_settings")
    settings = machine.has("/etc/gym-mirror/kiosk.toml")
    assert settings.read_text() == (ROOT / "systemd/kiosk.pi.toml").read_text()
    settings.write_text("mine")
    machine.do("write_settings")
    assert settings.read_text() == "mine"


def test_only_a_systemd_that_knows_the_restart_mode_gets_it(machine: Machine) -> None:
    drop_in = machine.has("/etc/systemd/system/gym-mirror.service.d/restart.conf")
    machine.do("systemd_version() { echo 252; }; link_system_files /release")
    assert not drop_in.is_symlink()
    machine.do("link_system_files /release")
    assert drop_in.is_symlink()


def test_what_only_a_pi_has_is_left_out_elsewhere_and_said(machine: Machine) -> None:
    calls = machine.do("install_system_packages")
    assert any(line.startswith("packages: systemd python3 ") for line in calls)
    assert [line.split(",")[0] for line in calls if line.startswith("report: left out")] == [
        "report: left out: python3-picamera2",
        "report: left out: python3-lgpio",
    ]


def test_the_better_voice_is_installed_only_where_its_section_is_enabled(machine: Machine) -> None:
    assert not any("ttspico" in line for line in machine.do("install_system_packages"))
    machine.is_["OFFERED"] = "libttspico-utils"
    assert "packages: libttspico-utils" in machine.do("install_system_packages")
    failing = "install_packages() { [[ $* != *ttspico* ]] || fail no mirror; }"
    calls = machine.do(f"{failing}; install_system_packages")
    assert "report: left out: libttspico-utils, a better voice" in calls


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


@pytest.mark.parametrize("on_trial", ["", "0123456789ab"])
def test_what_sends_runs_from_the_new_release_too(machine: Machine, on_trial: str) -> None:
    machine.is_["RUNS"] = "yes"
    idle = 'systemctl() { [[ $2 != is-active ]] && echo "systemctl: $*"; }\n'
    trial = f"on_trial() {{ printf '%s' '{on_trial}'; }}\nawait_trial() {{ echo awaited; }}\n"
    calls = machine.do(f"{idle}{trial}start_mirror")
    sends = calls.index("systemctl: restart --no-block gym-mirror-outbox.service")
    assert sends > calls.index("systemctl: restart gym-mirror.service")
    # a trial takes minutes
    assert not on_trial or sends < calls.index("awaited")


def test_a_release_is_named_by_what_is_in_it_and_by_nothing_else(
    machine: Machine, tmp_path: Path
) -> None:
    machine.checkout = tmp_path / "checkout"
    for name in ("kiosk/app/mirror.py", "models/README.md", "systemd/gave-up"):
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
    release = machine.install("1")
    assert release.is_dir()
    shutil.rmtree(machine.checkout)
    history = machine.has("/var/lib/gym-mirror/history.sqlite3")
    history.parent.mkdir(parents=True)
    history.touch()
    machine.do("require_root() { :; }; uninstall_mirror")
    left = sorted(p for p in machine.folder.rglob("*") if p.is_file() or p.is_symlink())
    assert left == [machine.has("/etc/gym-mirror/kiosk.toml"), history]


def test_units_switch_with_the_release(machine: Machine) -> None:
    first = machine.install("1")
    unit = machine.has("/etc/systemd/system/gym-mirror.service")
    assert unit.resolve() == first / "systemd/gym-mirror.service"
    wanted = machine.has("/etc/systemd/system/multi-user.target.wants/gym-mirror.service")
    assert wanted.resolve() == first / "systemd/gym-mirror.service"
    second = machine.install("2")
    assert second != first
    for name in ("gym-mirror", "gym-mirror-trial", "gym-mirror-gave-up"):
        path = machine.has(f"/etc/systemd/system/{name}.service")
        assert path.resolve() == second / f"systemd/{name}.service"


def test_units_that_an_earlier_installer_copied_become_links(machine: Machine) -> None:
    machine.install("1")
    unit = machine.has("/etc/systemd/system/gym-mirror.service")
    unit.unlink()
    unit.write_text("[Unit]\n")
    machine.install("2")
    assert unit.is_symlink()


def test_rules_of_a_name_that_udev_read_too_early_go(machine: Machine) -> None:
    early = machine.has("/etc/udev/rules.d/60-gym-mirror.rules")
    early.parent.mkdir(parents=True)
    early.touch()
    machine.install("1")
    (rules,) = early.parent.iterdir()
    # it asks what those have found out
    assert rules.name > "60-persistent-storage.rules"


def test_the_release_before_is_kept_and_no_older_one(machine: Machine) -> None:
    names = []
    for version in "123":
        names.append(machine.install(version).name)
        machine.proves_itself()
    assert machine.releases() == set(names[1:])
    assert machine.has("/opt/gym-mirror/previous").readlink() == Path(names[1])


def test_a_release_on_trial_is_none_to_go_back_to(machine: Machine) -> None:
    good = machine.install("1").name
    machine.install("2")  # never proves itself
    newest = machine.install("3").name
    assert machine.has("/opt/gym-mirror/previous").readlink() == Path(good)
    assert machine.releases() == {good, newest}
    assert machine.has("/opt/gym-mirror/trial").read_text() == f"{newest} 0\n"


def test_the_first_release_and_the_same_again_are_not_on_trial(machine: Machine) -> None:
    first = machine.install("1")
    assert not machine.has("/opt/gym-mirror/trial").exists()
    (first / "made").touch()
    assert machine.install("1") == first
    assert (first / "made").exists()  # and it was not made again
    assert not machine.has("/opt/gym-mirror/trial").exists()


@pytest.mark.parametrize("damage", ["emptied", "changed", "gone", "not sealed"])
def test_a_damaged_release_is_made_again(machine: Machine, damage: str) -> None:
    first = machine.install("1")
    file = first / "kiosk/app.py"
    if damage == "emptied":
        file.write_bytes(b"")
    elif damage == "changed":
        file.write_bytes(b"2")
    elif damage == "gone":
        file.unlink()
    else:
        (first / "complete").write_bytes(b"")  # as earlier installers left it
    again = machine.install("1")
    assert (again / "kiosk/app.py").read_text() == "1"
    assert machine.do(f"is_whole {again} && echo whole") == ["whole"]
    # one that runs is not taken from under the mirror, nor gone back to
    assert again != first
    assert machine.releases() == {again.name}
    assert not machine.has("/opt/gym-mirror/previous").is_symlink()


def test_complete_is_written_after_all_else_is_on_the_disk(machine: Machine) -> None:
    release = machine.folder / "release"
    (release / "kiosk").mkdir(parents=True)
    (release / "kiosk/app.py").touch()
    watched = f"sync() {{ echo sync $*: $(ls {release}); }}; mv() {{ echo mv; }}; "
    said = machine.do(f"{watched} seal {release}")
    assert said == [
        f"sync -f {release}: kiosk",
        f"sync {release}/complete.new: complete.new kiosk",
        "mv",
        f"sync {release}: complete.new kiosk",
    ]


@pytest.mark.parametrize("command", ["install_mirror", "uninstall_mirror"])
def test_folders_of_a_technician_are_left_alone(machine: Machine, command: str) -> None:
    machine.install("1")
    home = machine.has("/opt/gym-mirror")
    kept = {"films", "backup-of-0123456789ab", "deadbeef0123"}
    for name in kept:
        (home / name).mkdir()
        (home / name / "notes.txt").write_text("mine")
    (home / "notes.txt").write_text("mine")
    machine.check_out("2")
    said = machine.do(f"{INSTALL}{command}")
    assert kept <= machine.releases()
    assert all((home / name / "notes.txt").read_text() == "mine" for name in kept)
    assert (home / "notes.txt").exists()
    if command == "uninstall_mirror":
        assert machine.releases() == kept
        assert any(line.startswith("report: left alone") for line in said)


def test_wherever_the_installer_is_killed_one_whole_release_is_in_use(machine: Machine) -> None:
    """tests/platform/kill_install.sh does the same to a real one."""
    old = machine.install("1")
    history = machine.has("/var/lib/gym-mirror/history.sqlite3")
    history.parent.mkdir(parents=True)
    history.write_text("sets")
    untouched = machine.folder / "untouched"
    shutil.copytree(machine.folder / "opt", untouched / "opt", symlinks=True)
    shutil.copytree(machine.folder / "etc", untouched / "etc", symlinks=True)
    machine.check_out("2")
    count = (
        f'{INSTALL}set -T; N=0; trap "N=$((N + 1))" DEBUG; install_mirror; trap - DEBUG; echo $N'
    )
    steps = int(machine.do(count.replace('"N=$((N + 1))"', "'N=$((N + 1))'"))[-1])
    assert steps > 60
    for at in range(1, steps, max(steps // 20, 1)):
        for name in ("opt", "etc"):
            shutil.rmtree(machine.folder / name)
            shutil.copytree(untouched / name, machine.folder / name, symlinks=True)
        kill = f"N=0; trap 'N=$((N + 1)); if ((N == {at})); then kill -KILL 0; fi' DEBUG"
        machine.do(f"{INSTALL}set -T; {kill}; install_mirror", killed=True)
        in_use = machine.has("/opt/gym-mirror/current").resolve()
        assert machine.do(f"is_whole {in_use} && echo whole") == ["whole"], at
        unit = machine.has("/etc/systemd/system/gym-mirror.service")
        assert unit.resolve() == in_use / "systemd/gym-mirror.service", at
        assert machine.do(f"is_whole {old} && echo whole") == ["whole"], at
        if in_use != old:  # it can go back
            assert machine.has("/opt/gym-mirror/previous").resolve() == old, at
            assert machine.has("/opt/gym-mirror/trial").read_text().startswith(in_use.name), at
        machine.do(f"{INSTALL}install_mirror")
        new = machine.has("/opt/gym-mirror/current").resolve()
        assert new != old, at
        assert (new / "kiosk/app.py").read_text() == "2"
        assert machine.has("/opt/gym-mirror/previous").resolve() == old, at
        assert machine.releases() == {old.name, new.name}, at
        assert history.read_text() == "sets"
