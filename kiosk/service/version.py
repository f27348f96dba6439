"""Which kiosk this is."""

import importlib.metadata
import shutil
import subprocess
from functools import cache
from pathlib import Path

_CHECKOUT = Path(__file__).parents[2]
_TIMEOUT_S = 5.0


@cache
def running_version() -> str:
    """The package's version and, in a checkout, the commit: "0.1.0 (487a3e3)".

    Asked once, of the kiosk that was started: an update shows with the next start.
    """
    commit = commit_of(_CHECKOUT)
    version = importlib.metadata.version("gym-mirror-kiosk")
    return f"{version} ({commit})" if commit else version


def commit_of(checkout: Path) -> str | None:
    """The short name of the commit that is checked out; None without git or outside a checkout."""
    git = shutil.which("git")
    if git is None:
        return None
    # the folder is named, or git would find a checkout around this one; and its owner does not
    # matter to somebody who only asks for a name
    command = [git, "-c", "safe.directory=*", f"--git-dir={checkout / '.git'}"]
    try:
        # no shell, and nothing in it comes from outside
        done = subprocess.run(  # noqa: S603
            [*command, "rev-parse", "--short", "HEAD"],
            check=False,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
