"""Checks that the parts of an installation go together, and are those that were pinned.

`python -m kiosk.commands.installed pi|pc PINS`, PINS a file of requirements/. In one process, as in
the mirror: what clashes, clashes here. It opens no device.
"""

import ctypes
import importlib
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from kiosk.commands.doctor.finding import State
from kiosk.commands.doctor.model_checks import check_model, check_runtime
from kiosk.settings import Settings

EVERYWHERE = ("numpy", "av", "pygame", "gpiozero", "kiosk.app.mirror")
ON_A_PI = ("lgpio", "libcamera", "picamera2")
DRIVER = "KMSDRM"
"""How SDL calls drawing without a desktop."""


def faults(kind: str) -> list[str]:
    """Finds what does not go together, a line each.

    Args:
        kind: "pi" for a Raspberry Pi, "pc" for any other machine.
    """
    with tempfile.TemporaryDirectory() as folder:
        # lgpio leaves a FIFO in the working folder when it is imported
        os.environ["LG_WD"] = folder
        missing = list(_missing(EVERYWHERE + (ON_A_PI if kind == "pi" else ())))
    # what follows asks the parts themselves
    return missing or list(_clashes())


def unpinned(pins: Path) -> Iterator[str]:
    """Finds the packages that are not there in the version that is pinned, a line each."""
    for name, pinned in re.findall(r"^([\w.-]+)==(\S+)", pins.read_text("utf-8"), re.MULTILINE):
        try:
            found = version(name)
        except PackageNotFoundError:
            found = "missing"
        if found != pinned:
            yield f"{name} is {found}; {pins.name} pins {pinned}"


def _missing(names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001 - a part built for another numpy raises anything
            yield f"{name} does not load ({type(error).__name__}: {error})"


def _clashes() -> Iterator[str]:
    numpy, pygame = sys.modules["numpy"], sys.modules["pygame"]
    if sys.prefix != sys.base_prefix and Path(str(numpy.__file__)).is_relative_to(sys.prefix):
        yield f"numpy is pip's {numpy.__version__}; what apt installed was compiled against apt's"
    if not getattr(pygame, "IS_CE", False):
        yield f"{pygame.__file__} is pygame and not pygame-ce; remove it"
    elif DRIVER not in (known := video_drivers()):
        yield f"SDL cannot draw without a desktop: of {DRIVER} it knows nothing, only {known}"
    for name, check in (("model", check_model), ("runtime", check_runtime)):
        finding = replace(check(Settings()), name=name)
        if finding.state is not State.OK:
            yield str(finding)


def video_drivers() -> list[str]:
    """Lists the drivers that SDL was built with; pygame knows only the one in use."""
    importlib.import_module("pygame.display")  # which loads SDL
    maps = Path("/proc/self/maps").read_text("utf-8").splitlines()
    sdl = ctypes.CDLL(next(line.split()[-1] for line in maps if "libSDL2-2" in line))
    sdl.SDL_GetVideoDriver.restype = ctypes.c_char_p
    return [sdl.SDL_GetVideoDriver(n).decode() for n in range(sdl.SDL_GetNumVideoDrivers())]


if __name__ == "__main__":
    found = [*unpinned(Path(sys.argv[2])), *faults(sys.argv[1])]
    sys.stderr.writelines(f"setup: {fault}\n" for fault in found)
    sys.exit(bool(found))
