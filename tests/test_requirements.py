"""The pinned packages: all that is asked for, within its bounds, by hash; and their licences."""

import re
import runpy
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from importlib.metadata import PackageNotFoundError, distribution, distributions, version

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from kiosk.vision.models.manifest import load_manifest
from paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
NOTICE = (ROOT / "NOTICE").read_text("utf-8")
FILES = {
    f"{use}-cp{python.replace('.', '')}": (use, python, machine)
    for use, machine in (
        *(("pi", "aarch64"), ("outbox", "aarch64")),
        *(("run", "x86_64"), ("test", "x86_64")),
    )
    for python in ("3.11", "3.13")
}
OURS = "gym-mirror-kiosk"
# assembled, so that this file is none of those that name one
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("crates", "io"),
        ("golang", "org"),
        ("rubygems", "org"),
        ("anaconda", "org"),
        ("debian", "org"),
        ("archive", "raspberrypi"),
        ("piwheels", "org"),
    )
]
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def pins(name: str) -> dict[str, str]:
    """Version of each package that a file pins."""
    text = (ROOT / f"requirements/{name}.txt").read_text("utf-8")
    entries = text.replace("\\\n", " ").splitlines()
    found = {}
    for entry in entries:
        if entry.strip() and not entry.lstrip().startswith("#"):
            package, _, rest = entry.partition("==")
            assert re.fullmatch(r"[a-z0-9-]+", package), entry  # no address, no option, no range
            number, *hashes = rest.split()
            assert hashes, entry
            assert all(HASH.fullmatch(one) for one in hashes), entry
            found[package] = number
    return found


def asked_for(use: str, python: str, machine: str) -> list[Requirement]:
    """What pyproject.toml asks for on such a machine, with what the kiosk is built with."""
    project = PROJECT["project"]
    wanted = [*project["dependencies"], *PROJECT["build-system"]["requires"]]
    wanted += project["optional-dependencies"].get(use, [])
    place = {"python_version": python, "platform_machine": machine, "sys_platform": "linux"}
    found = [Requirement(text) for text in wanted]
    return [one for one in found if one.marker is None or one.marker.evaluate(place)]


@pytest.mark.parametrize("name", FILES)
def test_every_dependency_is_pinned_within_its_bounds(name: str) -> None:
    pinned = pins(name)
    for wanted in asked_for(*FILES[name]):
        package = canonicalize_name(wanted.name)
        if package == "numpy" and name.startswith(("pi-", "outbox-")):
            continue
        assert package in pinned, f"{package}: run requirements/compile.sh"
        assert wanted.specifier.contains(pinned[package]), f"{wanted} and {pinned[package]}"


@pytest.mark.parametrize("python", ["cp311", "cp313"])
def test_a_mirror_with_an_outbox_has_the_driver_besides(python: str) -> None:
    plain, sends = pins(f"pi-{python}"), pins(f"outbox-{python}")
    assert plain.items() <= sends.items()
    assert not any("psycopg" in name for name in plain)
    assert {"psycopg", "psycopg-binary"} <= set(sends)


@pytest.mark.parametrize("name", ["pi-cp311", "pi-cp313", "outbox-cp311", "outbox-cp313"])
def test_a_pi_keeps_the_numpy_of_its_system(name: str) -> None:
    assert "numpy" not in pins(name)


@pytest.mark.parametrize("python", ["cp311", "cp313"])
def test_what_a_pi_runs_is_what_the_tests_run(python: str) -> None:
    tested = pins(f"test-{python}")
    # ml-dtypes goes with numpy, which is an older one on a Pi
    differ = {
        name: (number, tested[name])
        for name, number in pins(f"pi-{python}").items()
        if number != tested[name] and name != "ml-dtypes"
    }
    assert differ == {}


@pytest.mark.parametrize("python", ["cp311", "cp313"])
def test_what_a_demo_runs_is_what_the_tests_run(python: str) -> None:
    assert pins(f"run-{python}").items() <= pins(f"test-{python}").items()


def test_what_is_installed_is_what_is_pinned() -> None:
    """Nothing else is either: a plugin of pytest would change what the tests do."""
    python = f"cp{sys.version_info.major}{sys.version_info.minor}"
    # apt's packages of an environment that sees the system's are not asked for
    places = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    found = {canonicalize_name(one.name): one.version for one in distributions(path=places)}
    installed = {name: number for name, number in found.items() if name not in {"pip", OURS}}
    assert installed == pins(f"test-{python}"), "rm -r .venv; ./setup.sh test"


def test_no_script_names_a_registry() -> None:
    """The clients know theirs: whoever has another one sets it up once, for all of them."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git checkout")
    ask = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(ask, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    texts = (".sh", ".py", ".toml", ".txt", ".service", ".conf", ".cfg", ".yaml", ".yml", "")
    named = []
    for name in filter(None, listed.split("\0")):
        file = ROOT / name
        # NOTICE and the licences say where each package is at home, which nobody fetches from
        # there, and the Debian package's is in a format whose name is an address
        papers = {"NOTICE", "LICENSE", "systemd/debian/copyright"}
        if file.suffix in texts and name not in papers and file.is_file():
            text = file.read_text("utf-8").lower()
            named += [f"{name}: {host}" for host in REGISTRIES if host in text]
    assert named == []


def test_the_files_are_those_that_the_script_writes() -> None:
    written = {file.stem for file in (ROOT / "requirements").glob("*.txt")}
    script = (ROOT / "requirements/compile.sh").read_text("utf-8")
    assert written == set(FILES)
    assert set(re.findall(r"^pin (\S+)\.txt", script, re.MULTILINE)) == written


def test_the_notice_names_every_package_and_every_model_with_its_licence() -> None:
    licensed = dict(re.findall(r"^(\S+) +(\S.*?)  ", NOTICE, re.MULTILINE))
    packages = {package for name in FILES for package in pins(name)}
    manifest = load_manifest()
    models = {m.file: m.licence for m in (*manifest.models.values(), *manifest.masks.values())}
    missing = sorted((packages | set(models)) - set(licensed))
    assert missing == [], "run .venv/bin/python requirements/notice.py"
    assert {file: licensed[file] for file in models} == models


def test_no_package_has_changed_its_licence_since_the_notice_was_written() -> None:
    script = runpy.run_path(str(ROOT / "requirements/notice.py"))
    tested: dict[str, set[str]] = {}
    for name in FILES:
        for package, pinned in pins(name).items():
            tested.setdefault(package, set()).add(pinned)
    installed = [package for package in tested if _version(package) in tested[package]]
    assert installed
    for package in installed:
        licence = script["licence_of"](package)
        assert re.search(rf"^{package} +{re.escape(licence)}  ", NOTICE, re.MULTILINE), package


def test_the_notice_says_what_the_gpl_inside_a_wheel_means() -> None:
    script = runpy.run_path(str(ROOT / "requirements/notice.py"))
    carried = set(script["carried_by"](distribution("av")))
    gpl = {name for name in carried if script["CARRIED"][name].startswith("GPL")}
    encoders = {"x264", "x265"}
    if gpl:
        # another one would have to be written about
        assert gpl == encoders
        assert re.search(r"^GPL inside av's wheel$", NOTICE, re.MULTILINE)
        assert all(name in NOTICE.partition("GPL inside av's wheel")[2] for name in encoders)
    else:
        assert "GPL inside av's wheel" not in NOTICE


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:  # pinned for another Python
        return None
