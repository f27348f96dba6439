"""What setup.sh installs for `demo` and `test`, with stand-ins for Python and pip."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from paths import ROOT

# Stands in for every Python: copies itself as a virtual environment, writes down how pip and
# pytest were called, and says that it is the version that VERSION names.
PYTHON = """#!/bin/bash
case "$*" in
    *version_info*3,\\ 11*) exit 0 ;;
    *"cp%d%d"*) echo "${VERSION:-cp311}" ;;
    -VV | --version) echo "Python $VERSION" ;;
    "-m venv --clear "*) rm -rf -- "$4"; mkdir -p -- "$4/bin"
        cp -- "$STAND_IN" "$4/bin/python"; echo "venv" >>"$CALLS" ;;
    *" index versions "*) exit "${REGISTRY:-0}" ;;
    "-m pip "*) echo "${*:2}" >>"$CALLS"; exit "${PIP:-0}" ;;
    "-m pytest "*) echo "${*:2}" >>"$CALLS"; exit "${PYTEST:-0}" ;;
esac
"""


class Checkout:
    """A checkout without a .venv, on a machine whose Pythons are stand-ins."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkout"
        for name in ("requirements", "systemd"):
            shutil.copytree(ROOT / name, self.folder / name)
        for name in ("setup.sh", "pyproject.toml"):
            shutil.copy(ROOT / name, self.folder / name)
        wheels = self.folder / "tests/platform/aarch64_wheels.sh"
        wheels.parent.mkdir(parents=True)
        wheels.write_text('#!/bin/bash\necho wheels >>"$CALLS"; exit "${WHEELS:-0}"\n')
        wheels.chmod(0o755)
        self._calls = folder / "calls"
        self._stand_in = folder / "python"
        self._stand_in.write_text(PYTHON)
        self._stand_in.chmod(0o755)

    def do(self, command: str, **environment: str) -> tuple[list[str], str, int]:
        """Runs one of setup.sh's functions; what was called, what was said, and its exit code."""
        script = (self.folder / "setup.sh").read_text("utf-8").replace('main "$@"\n', command)
        (self.folder / "function.sh").write_text(script)
        self._calls.write_text("")
        done = subprocess.run(
            ["bash", self.folder / "function.sh"],
            cwd=self.folder,
            env={
                "PATH": "/usr/bin:/bin",
                "PYTHON": str(self._stand_in),
                "STAND_IN": str(self._stand_in),
                "CALLS": str(self._calls),
                **environment,
            },
            capture_output=True,
            check=False,
            text=True,
        )
        return self._calls.read_text().splitlines(), done.stderr, done.returncode


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.mark.parametrize("use", ["run", "test"])
def test_only_what_is_pinned_by_hash_is_installed(checkout: Checkout, use: str) -> None:
    (made, packages, ours), _, code = checkout.do(f"set_up {use}")
    assert (made, code) == ("venv", 0)
    assert "--require-hashes" in packages.split()
    assert "--only-binary=:all:" in packages.split()
    assert packages.endswith(f"--requirement {checkout.folder}/requirements/{use}-cp311.txt")
    # it would fetch what the kiosk needs and is built with, whatever that is today
    assert {"--no-deps", "--no-build-isolation"} <= set(ours.split())
    assert ours.endswith(f"--editable {checkout.folder}")


def test_what_is_there_is_not_installed_again(checkout: Checkout) -> None:
    checkout.do("set_up test")
    assert checkout.do("set_up test") == ([], "", 0)
    assert checkout.do("set_up run") == ([], "", 0)


def test_what_is_called_meanwhile_is_called_whether_pip_works_or_not(checkout: Checkout) -> None:
    voice = 'voice() { echo voice >>"$CALLS"; }; '
    for _ in range(2):  # the second time pip has nothing to do
        calls, _, code = checkout.do(f"{voice}set_up run voice")
        assert (calls.count("voice"), code) == (1, 0)


def test_the_package_lists_of_debian_are_fetched_once(checkout: Checkout) -> None:
    apt = 'as_root() { echo "$*" >>"$CALLS"; }; apt-get() { :; }; '
    calls, _, code = checkout.do(f"{apt}install_packages python3; (install_packages espeak-ng)")
    assert code == 0
    assert [call.split()[-1] for call in calls] == ["update", "python3", "espeak-ng"]


def test_the_tests_are_added_to_what_a_demo_has(checkout: Checkout) -> None:
    checkout.do("set_up run")
    (packages, _), _, _ = checkout.do("set_up test")
    assert packages.endswith("test-cp311.txt")


@pytest.mark.parametrize("changed", ["requirements/test-cp311.txt", "pyproject.toml"])
def test_other_pins_make_another_environment(checkout: Checkout, changed: str) -> None:
    """Else a package that is pinned no more would stay."""
    checkout.do("set_up test")
    with (checkout.folder / changed).open("a") as file:
        file.write("# another release\n")
    calls, _, _ = checkout.do("set_up test")
    assert calls[0] == "venv"
    assert len(calls) == 3


def test_an_installation_that_failed_is_tried_again(checkout: Checkout) -> None:
    _, said, code = checkout.do("set_up test", PIP="1")
    assert code == 1
    assert "pip failed" in said
    calls, _, code = checkout.do("set_up test")
    assert (calls[0], len(calls), code) == ("venv", 3, 0)


def test_a_python_without_pins_is_refused_by_name(checkout: Checkout) -> None:
    calls, said, code = checkout.do("set_up run", VERSION="cp312")
    assert (calls, code) == ([], 1)
    assert "name a Python 3.11 or 3.13 in PYTHON" in said
    (line,) = said.splitlines()
    assert "no packages pinned" in line


def test_the_wheels_of_a_pi_are_asked_for_once_for_the_same_pins(checkout: Checkout) -> None:
    checkout.do("set_up test")
    assert checkout.do("check_wheels")[0] == ["wheels"]
    assert checkout.do("check_wheels")[0] == []
    with (checkout.folder / "requirements/pi-cp313.txt").open("a") as file:
        file.write("# another release\n")
    _, said, code = checkout.do("check_wheels", WHEELS="1")
    assert (code, "a Pi lacks a wheel" in said) == (1, True)
    assert checkout.do("check_wheels")[0] == ["wheels"]


def test_without_a_registry_the_wheels_are_asked_for_next_time(checkout: Checkout) -> None:
    checkout.do("set_up test")
    calls, said, code = checkout.do("check_wheels", REGISTRY="1")
    assert (calls, code) == ([], 0)
    assert "no Python registry answers" in said
    assert checkout.do("check_wheels")[0] == ["wheels"]


@pytest.mark.parametrize(
    ("pytest_code", "code", "said"), [("0", 0, ""), ("1", 1, ""), ("5", 1, "no test ran")]
)
def test_tests_that_did_not_run_are_no_success(
    checkout: Checkout, pytest_code: str, code: int, said: str
) -> None:
    checkout.do("set_up test")
    (call,), told, found = checkout.do("run_tests", PYTEST=pytest_code)
    assert found == code
    assert said in told
    assert bool(said) == bool(told)
    # a process that dies is not made again: pytest would do so twenty times, and run no test
    processes = len(os.sched_getaffinity(0)) + 1  # as nproc counts
    assert call == f"pytest --numprocesses {processes} --max-worker-restart 0"
