"""The card image's recipe: of the generator's format, and in step with installer and kiosk."""

import configparser
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import image_recipe
from image_recipe import RECIPE, header, packages, partitions, read_yaml, shared_places
from kiosk.settings import PLACES, load
from paths import ROOT

LAYERS = sorted(RECIPE.glob("layer/*.yaml"))
CONFIGS = sorted(RECIPE.glob("config/*.yaml"))
PAGE = (RECIPE / "README.md").read_text("utf-8")
INSTALLER = (ROOT / "systemd/install.sh").read_text("utf-8")
(COMPANION,) = RECIPE.glob("layer/*.d")
OVERLAY = COMPANION / "customize.overlay"
SLOT = OVERLAY / "usr/lib/gym-mirror-image/slot"
UNIT = OVERLAY / "usr/lib/systemd/system/gym-mirror-slot.service"
(HOOK,) = COMPANION.glob("hooks/*")

every_layer = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.stem)


@every_layer
def test_the_header_of_a_layer_is_of_the_generators_schema(layer: Path) -> None:
    fields = header(layer)
    assert fields.keys() >= image_recipe.LAYER_NEEDS
    assert fields["X-Env-Layer-Name"] == layer.stem
    assert re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", fields["X-Env-Layer-Version"])
    known = image_recipe.LAYER_FIELDS | image_recipe.VARIABLE_FIELDS
    attributes: dict[str, set[str]] = {}
    for field in fields.keys() - known:
        name, attribute = re.fullmatch(r"X-Env-Var-(\w+)(?:-(\w+))?", field).groups()
        attributes.setdefault(name, set()).add(attribute or "")
        assert not attribute or attribute in image_recipe.VARIABLE_ATTRIBUTES, field
    assert not attributes or "X-Env-VarPrefix" in fields
    assert all("" in named for named in attributes.values()), "an attribute of no variable"
    for name in attributes:
        assert fields[f"X-Env-Var-{name}-Set"] in image_recipe.POLICIES
        assert fields[f"X-Env-Var-{name}-Valid"] in image_recipe.RULES
    ours = {one.stem for one in LAYERS}
    assert set(fields["X-Env-Layer-Requires"].split(",")) <= ours | image_recipe.BUILT_IN


@every_layer
def test_a_layer_below_its_header_is_of_the_schema(layer: Path) -> None:
    body = read_yaml(layer.read_text("utf-8"))
    assert body.keys() <= {"mmdebstrap"}
    section = body.get("mmdebstrap", {})
    assert section.keys() <= image_recipe.MMDEBSTRAP_KEYS
    for names in section.values():
        assert isinstance(names, list)
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.stem)
def test_a_configuration_names_layers_and_sizes_that_there_are(config: Path) -> None:
    sections = read_yaml(config.read_text("utf-8"))
    assert sections.keys() == {"device", "image", "layer"}
    assert sections["device"].keys() <= {"layer", "hostname"}
    assert sections["image"].keys() <= image_recipe.ROTA_KEYS
    named = {sections["device"]["layer"], sections["image"]["layer"], *sections["layer"].values()}
    assert named <= {one.stem for one in LAYERS} | image_recipe.BUILT_IN
    assert "gym-mirror" in named
    # an SSH server comes with the generator's suites, and is the installer's choice here
    assert not any("openssh" in name or "minbase" in name for name in named)


@pytest.mark.parametrize(
    "text",
    [
        "a: b: c",
        "a:\n    b: c",
        "a:\n  - 'b",
        "a: yes",
        "a: [b",
        "\ta: b",
        "a: b\na: c",
        "a:",
        "- b",
    ],
)
def test_what_another_reader_may_take_otherwise_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        read_yaml(text)


def test_the_packages_are_those_that_the_installer_installs() -> None:
    (always,) = re.findall(r"install_missing (systemd (?:.*\\\n)*.*)$", INSTALLER, re.MULTILINE)
    (on_a_pi,) = re.findall(r"<<'PACKAGES'\n(.*?)^PACKAGES", INSTALLER, re.MULTILINE | re.DOTALL)
    wanted = {*always.replace("\\\n", " ").split(), *re.findall(r"^(\S+)", on_a_pi, re.MULTILINE)}
    wanted |= set(re.findall(r"can_have_package (lib\S+);", INSTALLER))
    assert len(wanted) > 10
    assert wanted <= set(packages())
    # what is more is for the image itself
    used = {"zstd": "--zstd", "android-sdk-libsparse-utils": "simg2img"}
    more = set(packages()) - wanted
    assert more == {"rsync", *used}
    assert all(word in SLOT.read_text("utf-8") for word in used.values())


def test_what_must_outlast_a_system_is_on_the_data_partition() -> None:
    places = shared_places()
    units = "".join(unit.read_text("utf-8") for unit in (ROOT / "systemd").glob("*.service"))
    states = set(re.findall(r"^StateDirectory=(\S+)$", units, re.MULTILINE))
    assert {f"/var/lib/{state}" for state in states} <= set(places)
    assert str(PLACES[-1].parent) in places
    assert ("LoadCredential=" in units) == ("/etc/credstore" in places)
    (trials,) = re.findall(r"^HOME_DIR=(\S+)$", SLOT.read_text("utf-8"), re.MULTILINE)
    assert trials in places
    # the generator's start ends with the fault of the last place that the image does not have
    assert places[-1].startswith("/etc/")
    assert read_version(OVERLAY / "etc/rpi-image-gen/slot-shared.d/gym-mirror.conf") == "1"


def read_version(file: Path) -> str:
    (version,) = re.findall(r"^Version=(\S+)$", file.read_text("utf-8"), re.MULTILINE)
    return version


def test_the_units_wait_for_the_mounts_that_they_use() -> None:
    for unit in sorted((ROOT / "systemd").glob("*.service")):
        text = unit.read_text("utf-8")
        states = re.findall(r"^StateDirectory=(\S+)$", text, re.MULTILINE)
        if not states:
            continue
        drop_in = OVERLAY / f"usr/lib/systemd/system/{unit.name}.d/image.conf"
        (mounts,) = re.findall(
            r"^RequiresMountsFor=(.+)$", drop_in.read_text("utf-8"), re.MULTILINE
        )
        assert (
            {f"/var/lib/{state}" for state in states} <= set(mounts.split()) <= set(shared_places())
        )


def test_the_partitions_fit_the_smallest_card() -> None:
    (card,) = re.findall(r"card of (\d+) GB", CONFIGS[0].read_text("utf-8"))
    (stated,) = re.findall(r"([\d.]+) GiB", CONFIGS[0].read_text("utf-8"))
    total = sum(size for _, size in partitions())
    assert total < 0.9 * int(card) * 1e9
    assert float(stated) == pytest.approx(total / (1 << 30), abs=0.05)
    labels = [label for label, _ in partitions()]
    assert len(set(labels)) == len(labels)


class Build:
    """A root file system as the generator hands it to the hook, with stand-ins for what it runs."""

    def __init__(self, folder: Path) -> None:
        self.root, self.programs = folder / "root", folder / "bin"
        (self.root / "boot/firmware").mkdir(parents=True)
        (self.root / "boot/firmware/config.txt").write_text("arm_boost=1\ndtoverlay=vc4-kms-v3d\n")
        shutil.copytree(OVERLAY, self.root, dirs_exist_ok=True)
        self.package = folder / "gym-mirror.deb"
        self.package.write_text("a package")
        self.programs.mkdir()
        chroot = self.programs / "chroot"
        # what the package does: a release, settings for the wrong machine, the services' folders
        chroot.write_text(
            '#!/bin/bash\nset -eu\necho "${*:2}" >>"$1/called"\n'
            "[[ $2 != systemd-sysusers ]] || exit 0\n"
            'if [[ -e $1/etc/gym-mirror/kiosk.toml ]]; then touch "$1/had-settings"; fi\n'
            '[[ -s "$1/gym-mirror.deb" ]]\n'
            'mkdir -p "$1/opt/gym-mirror/abc" "$1/etc/gym-mirror" "$1/var/lib/gym-mirror" \n'
            f'cp -r {ROOT}/systemd "$1/opt/gym-mirror/abc"\nln -s abc "$1/opt/gym-mirror/current"\n'
            'cp "$1/opt/gym-mirror/abc/systemd/kiosk.pc.toml" "$1/etc/gym-mirror/kiosk.toml"\n'
        )
        chroot.chmod(0o755)

    def run(self, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": f"{self.programs}:{os.environ['PATH']}"}
        environment |= {f"IGconf_mirror_{key}": value for key, value in variables.items()}
        ask = [str(HOOK), str(self.root)]
        return subprocess.run(ask, env=environment, capture_output=True, check=False, text=True)

    def config_lines(self) -> list[str]:
        return (self.root / "boot/firmware/config.txt").read_text().splitlines()


@pytest.fixture
def build(tmp_path: Path) -> Build:
    return Build(tmp_path)


def test_the_image_begins_with_the_first_start_and_holds_nothing_at_shared_places(
    build: Build,
) -> None:
    done = build.run(package=str(build.package))
    assert (done.returncode, done.stderr) == (0, "")
    shared = build.root / "persistent/shared"
    settings = load(shared / "etc/gym-mirror/kiosk.toml")
    assert settings.mirror.set_up
    assert (settings.camera.source, settings.panel.kind) == ("pi", "gpio")
    for place in shared_places():
        inside = build.root / place[1:]
        assert not inside.exists() or not list(inside.iterdir()), place
        assert (shared / place[1:]).is_dir()
        # a folder of the image lends its owner and mode to the shared one at every start
        assert inside.exists() == place.startswith("/etc/"), place
    assert (shared / "etc/credstore").stat().st_mode & 0o777 == 0o700
    assert (build.root / "etc/credstore").stat().st_mode & 0o777 == 0o700
    assert not (build.root / "gym-mirror.deb").exists()
    assert not (build.root / "had-settings").exists()
    # the users have their numbers before the package would give them others
    users = "systemd-sysusers /usr/lib/sysusers.d/gym-mirror-image.conf"
    called = (build.root / "called").read_text().splitlines()
    assert called == [users, "dpkg --install /gym-mirror.deb"]
    (wanted,) = (build.root / "etc/systemd/system/multi-user.target.wants").iterdir()
    assert (build.root / str(wanted.readlink())[1:]).samefile(
        build.root / UNIT.relative_to(OVERLAY)
    )


def test_the_installers_own_settings_and_firmware_lines_are_taken(
    build: Build, tmp_path: Path
) -> None:
    settings, lines = tmp_path / "kiosk.toml", tmp_path / "lines.txt"
    settings.write_text("[camera]\nsource = 'usb:0'\n")
    lines.write_text("dtoverlay=max98357a,no-sdmode\n")
    files = {"package": build.package, "settings": settings, "config_txt": lines}
    done = build.run(**{key: str(value) for key, value in files.items()})
    assert (done.returncode, done.stderr) == (0, "")
    taken = build.root / "persistent/shared/etc/gym-mirror/kiosk.toml"
    assert taken.read_text() == settings.read_text()
    assert (build.root / "had-settings").exists()  # a target there brings the driver for it
    config = build.config_lines()
    assert config[-1] == "dtoverlay=max98357a,no-sdmode"
    for line in ("camera_auto_detect=1", "dtoverlay=vc4-kms-v3d"):
        assert config.count(line) == 1


@pytest.mark.parametrize("missing", ["package", "file", "install"])
def test_a_package_that_cannot_be_installed_ends_the_build(build: Build, missing: str) -> None:
    variables = {"package": str(build.package)}
    if missing == "package":
        variables = {}
    elif missing == "file":
        build.package.unlink()
    else:
        build.package.write_text("")
    assert build.run(**variables).returncode != 0


def test_every_file_is_where_the_generator_looks_for_it() -> None:
    phase = re.match(r"[a-z]+", HOOK.name)[0]
    assert phase in image_recipe.PHASES
    assert os.access(HOOK, os.X_OK)
    assert COMPANION.with_suffix(".yaml") in LAYERS
    assert {one.name for one in COMPANION.iterdir()} == {"hooks", "for", "customize.overlay"}
    (arguments,) = COMPANION.glob("for/linux-base/cmdline.d/*")
    # else a kernel without its root waits for ever, and the firmware never starts the other slot
    assert re.fullmatch(r"panic=[1-9]\d*\n", arguments.read_text("utf-8"))
    # what the hook names in the root is in the overlay, or comes with the package
    for name in re.findall(r"/usr/lib/[\w./-]+", HOOK.read_text("utf-8")):
        assert (OVERLAY / name[1:]).is_file(), name
    for name in re.findall(r"current/(systemd/[\w.]+)", HOOK.read_text("utf-8")):
        assert (ROOT / name).is_file(), name
    for name in re.findall(r"^Exec\w+=/bin/bash (\S+)", UNIT.read_text("utf-8"), re.MULTILINE):
        assert (OVERLAY / name[1:]).is_file(), name


def test_the_users_of_the_services_have_the_same_numbers_in_every_image() -> None:
    told = (OVERLAY / "usr/lib/sysusers.d/gym-mirror-image.conf").read_text("utf-8")
    numbers = dict(re.findall(r"^u (\S+) (\d+) ", told, re.MULTILINE))
    package = (ROOT / "systemd/gym-mirror.sysusers").read_text("utf-8")
    assert numbers.keys() == set(re.findall(r"^u (\S+)", package, re.MULTILINE))
    assert len(set(numbers.values())) == len(numbers)
    assert all(100 <= int(number) <= 999 for number in numbers.values())  # of Debian's system users


def test_a_kernel_that_hangs_is_reset() -> None:
    parser = configparser.ConfigParser()
    parser.optionxform = str
    parser.read(OVERLAY / "etc/systemd/system.conf.d/gym-mirror.conf")
    assert 0 < int(parser["Manager"]["RuntimeWatchdogSec"]) < 16


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze")
def test_systemd_has_no_complaint_about_the_slots_unit(tmp_path: Path) -> None:
    shutil.copy(UNIT, tmp_path)
    # in place of whatever this machine has
    for name in ("gym-mirror.service", "gym-mirror-outbox.service"):
        (tmp_path / name).write_text("[Service]\nExecStart=/bin/true\n")
    ask = ["systemd-analyze", "verify", "--man=no", str(tmp_path / UNIT.name)]
    done = subprocess.run(ask, capture_output=True, check=False, text=True)
    assert done.stderr == ""
    ask = ["systemd-analyze", "security", "--offline=yes", "--threshold=13", str(UNIT)]
    done = subprocess.run(ask, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout[-300:]


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_shellcheck_finds_nothing_in_the_recipes_scripts() -> None:
    ask = ["shellcheck", "--external-sources", "--source-path", str(ROOT), str(HOOK), str(SLOT)]
    done = subprocess.run(ask, cwd=ROOT, capture_output=True, check=False, text=True)
    assert done.stdout == ""


def test_the_page_names_what_there_is() -> None:
    for name in re.findall(r"IGconf_mirror_(\w+)", PAGE):
        assert f"X-Env-Var-{name}" in header(RECIPE / "layer/gym-mirror.yaml"), name
    for name in re.findall(r"IGconf_layer_\w+=([\w-]+)", PAGE):
        assert name in {one.stem for one in LAYERS} | image_recipe.BUILT_IN, name
    for name in re.findall(r"IGconf_device_layer=(\w+)", PAGE):
        assert name in image_recipe.BUILT_IN
    for place in shared_places():
        assert f"`{place}`" in PAGE
    for link in re.findall(r"\]\(([^)#:]+)\)", PAGE):
        assert (RECIPE / link).exists(), link
    assert "has not been built" in PAGE
    (named,) = re.findall(r"-c (\S+\.yaml)", PAGE)
    assert (RECIPE / "config" / named) in CONFIGS
