"""What the installer reports of parts that do not go together."""

import importlib
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import pygame
import pytest

from kiosk.commands import installed
from kiosk.commands.installed import faults, unpinned
from paths import ROOT


@pytest.fixture(autouse=True)
def _any_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests run on pip's numpy; see the one test of it."""
    monkeypatch.setattr(sys, "base_prefix", sys.prefix)
    monkeypatch.setenv("LG_WD", "")


def test_what_the_tests_run_on_goes_together() -> None:
    assert faults("pc") == []


def test_the_installer_gets_an_exit_code() -> None:
    python = f"cp{sys.version_info.major}{sys.version_info.minor}"
    pins = ROOT / f"requirements/run-{python}.txt"
    ask = [sys.executable, "-m", "kiosk.commands.installed", "pi", pins]
    done = subprocess.run(ask, capture_output=True, check=False, text=True)
    assert done.returncode == 1
    assert "setup: picamera2 does not load" in done.stderr


def test_a_package_that_is_not_the_pinned_one_is_told(tmp_path: Path) -> None:
    pins = tmp_path / "pi-cp311.txt"
    pins.write_text(
        f"msgspec=={version('msgspec')} \\\n    --hash=sha256:0\n"
        "av==0.1 \\\n    --hash=sha256:0\nno-such-thing==1.0\n"
    )
    assert list(unpinned(pins)) == [
        f"av is {version('av')}; pi-cp311.txt pins 0.1",
        "no-such-thing is missing; pi-cp311.txt pins 1.0",
    ]


def test_a_part_that_does_not_load_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    load = importlib.import_module

    def fail(name: str) -> ModuleType:
        if name == "av":
            raise ValueError("numpy.dtype size changed")
        return load(name)

    monkeypatch.setattr(importlib, "import_module", fail)
    assert faults("pc") == ["av does not load (ValueError: numpy.dtype size changed)"]


def test_a_numpy_from_pip_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    (line,) = faults("pc")
    assert line.startswith("numpy is pip's")


def test_the_other_pygame_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pygame, "IS_CE", False)
    (line,) = faults("pc")
    assert "not pygame-ce" in line


def test_an_sdl_that_needs_a_desktop_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "video_drivers", lambda: ["x11", "dummy"])
    (line,) = faults("pc")
    assert "['x11', 'dummy']" in line
