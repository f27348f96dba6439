"""The Debian package: what is in it, and how it shares a machine with an installed checkout."""

import itertools
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from systemd.test_install import INSTALL, Machine

from paths import ROOT

DEBIAN = ROOT / "systemd/debian"
# Stands in for pip: a wheel for each file of pins, named after it, or a reason why not.
PIP = """#!/bin/bash
echo "$*" >>"$0.calls"
if [[ $PIP ]]; then echo "WARNING: tried twice"; echo "ERROR: $PIP"; exit 1; fi
while [[ $1 != --dest ]]; do shift; done
touch "$2/$(basename "$4").whl"
"""
PACKING = """
set_up() { :; }
find_package_tools() { :; }
dpkg-architecture() { touch "../gym-mirror_$(package_version)_${1#-a}.deb"; }
git() { return 1; }
"""


class Packing(Machine):
    """A checkout that packages are made of, with stand-ins for pip, the kiosk and debhelper."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.check_out('version = "1.2.0"\n')
        shutil.copytree(ROOT / "requirements", self.checkout / "requirements")
        self.weights = [
            self.checkout / f"models/{name}.tflite"
            for name in ("movenet_lightning_f16", "selfie_segmentation")
        ]
        for file in self.weights:
            file.write_text("weights")
        self.python, self.kiosk = folder / "bin/python", folder / "bin/kiosk"
        self.python.parent.mkdir()
        self.python.write_text(PIP)
        self.kiosk.write_text('#!/bin/bash\necho "$*" >>"$0.calls"\n')
        for program in (self.python, self.kiosk):
            program.chmod(0o755)
        (folder / "tmp").mkdir()
        self.is_ |= {"PIP": "", "TMPDIR": str(folder / "tmp")}

    def pack(self, commands: str) -> list[str]:
        source = f"source {ROOT}/systemd/package.sh\nVENV={self.folder}\nHERE={self.checkout}\n"
        return self.do(f"{source}{PACKING}{commands}")

    def left(self) -> list[str]:
        """What lies in the folder of the packages, and in that of temporary files."""
        folders = (self.checkout / "out", self.folder / "tmp")
        return sorted(f.name for folder in folders if folder.exists() for f in folder.iterdir())


@pytest.fixture
def packing(tmp_path: Path) -> Packing:
    return Packing(tmp_path)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def field(name: str) -> list[str]:
    """What a field of the control file lists, without bounds."""
    text = (DEBIAN / "control").read_text("utf-8")
    (found,) = re.findall(rf"^{name}:((?:.*\n)(?: .*\n)*)", text, re.MULTILINE)
    return [entry.split()[0] for entry in found.split(",") if entry.strip()]


def pythons() -> set[str]:
    return {f"3.{file.stem[-2:]}" for file in (ROOT / "requirements").glob("pi-cp3*.txt")}


def test_a_package_holds_whatever_a_release_is_made_of_and_the_weights(packing: Packing) -> None:
    packing.pack("SOURCE_DATE_EPOCH=0; lay_out $HERE/../laid arm64 1; pack | tar -t >$HERE/../list")
    laid = packing.folder / "laid/mirror"
    packed = {name for name in (packing.folder / "list").read_text().split() if name[-1] != "/"}
    assert {"kiosk/app.py", "setup.sh", "systemd/trial"} <= packed
    found = {str(file.relative_to(laid)) for file in laid.rglob("*") if file.is_file()}
    assert packed <= found
    assert {name for name in found - packed if not name.startswith("wheels/")} == {
        f"models/{file.name}" for file in packing.weights
    }


@pytest.mark.parametrize(("arch", "machine"), [("amd64", "x86_64"), ("arm64", "aarch64")])
def test_a_package_has_wheels_by_hash_for_every_python_that_is_pinned(
    packing: Packing, arch: str, machine: str
) -> None:
    packing.pack(f"SOURCE_DATE_EPOCH=0; lay_out $HERE/../laid {arch} 1")
    calls = (packing.folder / "bin/python.calls").read_text().splitlines()
    asked = {call.partition("--python-version ")[2].split()[0]: call for call in calls}
    assert set(asked) == pythons()
    for python, call in asked.items():
        assert {"--require-hashes", "--only-binary=:all:", "--no-deps"} <= set(call.split())
        # what sends is inside, for the day when a database is named
        assert call.endswith(f"/requirements/outbox-cp{python.replace('.', '')}.txt")
        assert set(re.findall(r"manylinux_2_\d+_(\w+)", call)) == {machine}


def test_what_the_package_is_for_are_the_pythons_that_are_pinned() -> None:
    preinst = (DEBIAN / "gym-mirror.preinst").read_text("utf-8")
    (accepted,) = re.findall(r"^ +(3\.\d+.*)\) ;;$", preinst, re.MULTILINE)
    assert set(accepted.split(" | ")) == pythons()
    minors = sorted(int(python[2:]) for python in pythons())
    control = (DEBIAN / "control").read_text("utf-8")
    assert f"python3 (>= 3.{minors[0]}~)" in control
    assert f"python3 (<< 3.{minors[-1] + 1}~)" in control


def test_the_package_asks_for_what_the_installer_installs(machine: Machine) -> None:
    asked = {"python3-picamera2", "python3-lgpio", "libttspico-utils"}
    machine.is_["OFFERED"] = " ".join(asked)
    calls = machine.do("install_system_packages")
    installed = {name for line in calls for name in line.removeprefix("packages:").split()}
    # apt has to find the package's own dependencies on any Debian
    assert field("Depends")[1:] == sorted(field("Depends")[1:])
    assert installed - asked <= {*field("Depends"), "espeak-ng"}
    assert set(field("Recommends")) == asked | {"espeak-ng"}
    assert asked.isdisjoint(field("Depends"))


def test_every_unit_is_packed_and_what_removes_the_mirror_needs_no_other_file(
    packing: Packing,
) -> None:
    packing.pack("SOURCE_DATE_EPOCH=0; lay_out $HERE/../laid amd64 1")
    laid = packing.folder / "laid"
    packed = re.findall(
        r"^mirror/(\S+) lib/systemd", (laid / "debian/gym-mirror.install").read_text(), re.MULTILINE
    )
    units = {unit.name for pattern in packed for unit in (laid / "mirror").glob(pattern)}
    known = packing.do('printf "%s\\n" "${UNITS[@]}" "${MOUNTS[@]}"')
    assert units == set(known)
    removes = (laid / "debian/gym-mirror.postrm").read_text()
    assert "\nremove_mirror() {\n" in removes
    assert "#RELEASE#" not in removes
    assert not re.search(r"^ *(\.|source) ", removes, re.MULTILINE)


def test_packages_are_made_for_one_architecture_or_for_both(packing: Packing) -> None:
    packing.pack("make_packages arm64")
    assert packing.left() == ["gym-mirror_1.2.0_arm64.deb"]
    packing.pack("make_packages")
    assert packing.left() == ["gym-mirror_1.2.0_amd64.deb", "gym-mirror_1.2.0_arm64.deb"]
    (line,) = packing.pack("make_packages armhf")
    assert line == "fail: there are packages for amd64 and for arm64"


@pytest.mark.parametrize("lacks", ["wheel", "model", "mask"])
def test_what_cannot_be_had_makes_no_package_and_leaves_nothing(
    packing: Packing, lacks: str
) -> None:
    if lacks == "wheel":
        packing.is_["PIP"] = "No matching distribution found for av"
    elif lacks == "model":
        packing.kiosk.write_text("#!/bin/bash\necho tried; echo kiosk: no model; exit 2\n")
    else:
        packing.weights[1].unlink()
        packing.kiosk.write_text("#!/bin/bash\necho selfie_segmentation.tflite: no answer\n")
    said = packing.pack("make_packages amd64")
    assert [line for line in said if line.startswith("fail: ")] == said[-1:]
    assert {"wheel": "found for av", "model": "no model", "mask": "no answer"}[lacks] in said[-1]
    assert packing.left() == []


def test_a_checkout_that_git_does_not_read_makes_no_package(packing: Packing) -> None:
    """It would be numbered as older than one that it does read."""
    (packing.checkout / ".git").mkdir()
    (line,) = packing.pack("package_version")
    assert line.startswith("fail: no package: git does not read this checkout")
    packing.pack("make_packages")
    assert packing.left() == []


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="not a Debian")
def test_each_commit_makes_a_newer_package_and_so_does_the_next_release(packing: Packing) -> None:
    git = """git() {
    case $3 in rev-list) echo $N ;; rev-parse) echo 0a1b2c3 ;; status) echo $D ;; esac
}
date() { echo 20260102030405; }
"""
    ordered = []
    for version, commits, changed in (
        *(("1.2.0rc1", 9, ""), ("1.2.0", 9, ""), ("1.2.0", 9, "M"), ("1.2.0", 10, "")),
        ("1.2.1", 11, ""),
    ):
        (packing.checkout / "pyproject.toml").write_text(f'version = "{version}"\n')
        ordered += packing.pack(f"{git}N={commits} D={changed}; package_version")
    assert ordered[1] == "1.2.0+git9.0a1b2c3"
    for older, newer in itertools.pairwise(ordered):
        compared = ["dpkg", "--compare-versions", older, "lt", newer]
        assert subprocess.run(compared, check=False).returncode == 0, (older, newer)


def test_the_package_takes_over_what_a_checkout_has_installed(machine: Machine) -> None:
    first = machine.install("1")
    units = machine.has("/etc/systemd/system")
    machine.check_out("2")
    (machine.checkout / "wheels").mkdir()
    machine.do(f'{INSTALL}prepare_release; start_release "$release"')
    in_use = machine.has("/opt/gym-mirror/current").resolve()
    assert in_use != first
    # the package's own units are read, and the mirror still starts with the system
    assert list(units.glob("gym-mirror*.service")) == []
    assert not machine.has("/etc/udev/rules.d/90-gym-mirror.rules").is_symlink()
    assert not machine.has("/etc/sysusers.d/gym-mirror.conf").is_symlink()
    wanted = units / "multi-user.target.wants/gym-mirror.service"
    assert wanted.readlink() == Path("/usr/lib/systemd/system/gym-mirror.service")


@pytest.mark.parametrize(
    ("command", "remedy"),
    [
        ("install", "sudo apt install ./gym-mirror_*.deb"),
        ("uninstall", "sudo apt remove gym-mirror"),
    ],
)
def test_a_checkout_leaves_alone_what_apt_has_installed(
    machine: Machine, command: str, remedy: str
) -> None:
    machine.is_["INSTALLED"] = "gym-mirror"
    said = machine.do(f"require_root() {{ :; }}; {command}_mirror")
    assert said == [f"fail: the Debian package gym-mirror is installed; run: {remedy}"]


def test_a_package_that_went_back_is_no_failure_of_dpkg(machine: Machine) -> None:
    """It would be tried again with whatever is installed next."""
    home = machine.has("/opt/gym-mirror")
    home.mkdir(parents=True)
    (home / "rolled-back").write_text("0123456789ab failed")
    (home / "trial").write_text("0123456789ab 0")
    ends = 'sleep() { rm "$HOME_DIR/trial"; }; await_trial'
    assert machine.do(ends)[-1].startswith("fail: the new release did not come up")
    (home / "trial").write_text("0123456789ab 0")
    said = machine.do(f"packaged() {{ :; }}; {ends}; echo goes on")
    assert said[-2].startswith("report: the new release did not come up: 0123456789ab failed")
    assert said[-1] == "goes on"
