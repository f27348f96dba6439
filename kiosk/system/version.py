"""Names the running version: the package's, and the commit of a checkout."""

import contextlib
import importlib.metadata
from functools import cache
from pathlib import Path

_CHECKOUT = Path(__file__).parents[2]
_SLOTS = Path("/var/lib/gym-mirror-image")
"""Where the card image keeps the trial of its other slot, as hardware/image has it mounted."""
_LETTERS = 7
"""Of a commit's name, as git shortens it."""


@cache
def running_version() -> str:
    """Returns the package's version and, in a checkout, the commit: "0.1.0 (487a3e3)".

    Asked once, of the kiosk that was started: an update shows with the next start.
    """
    commit = commit_of(_CHECKOUT)
    version = importlib.metadata.version("gym-mirror-kiosk")
    return f"{version} ({commit})" if commit else version


def rolled_back(release: Path = _CHECKOUT, slots: Path = _SLOTS) -> str | None:
    """Says which newer release or system did not come up, so that the one before runs; else None.

    Written by the installed mirror's trial of it, systemd/trial, or by that of the card image.
    """
    if not (release / "complete").exists():  # a checkout, and no release
        return None
    for kind, folder in (("release", release.parent), ("system", slots)):
        with contextlib.suppress(OSError, ValueError):
            name, _, why = _line(folder / "rolled-back").partition(" ")
            return f"the new {kind} {name} {why}; this is the one before"
    return None


def commit_of(checkout: Path) -> str | None:
    """Returns the short name of the commit that is checked out; None outside a checkout.

    Read from git's own files: the mirror starts no program for it.
    """
    try:
        folder = checkout / ".git"
        if folder.is_file():  # a linked work tree names its folder
            folder = checkout / _line(folder).removeprefix("gitdir: ")
        head = _line(folder / "HEAD")
        if head.startswith("ref: "):
            head = _commit(folder, head.removeprefix("ref: "))
    except (OSError, ValueError):
        return None
    return head[:_LETTERS] or None


def _commit(folder: Path, ref: str) -> str:
    """Finds the commit of a branch, which has a file of its own or a line among the packed ones."""
    common = folder / "commondir"
    shared = folder / _line(common) if common.is_file() else folder
    if (shared / ref).is_file():
        return _line(shared / ref)
    for line in (shared / "packed-refs").read_text("utf-8").splitlines():
        commit, _, name = line.partition(" ")
        if name == ref:
            return commit
    return ""


def _line(file: Path) -> str:
    return file.read_text("utf-8").strip()
