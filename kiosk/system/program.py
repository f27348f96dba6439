"""Runs another program to its end, or ends it with all that it started if it takes too long."""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from kiosk.errors import KioskError

_ASK_S = 0.1  # how soon a stop is noticed
_KILLED_S = 1.0
"""A killed program is gone at once, unless it waits in a driver that never answers."""


class ProgramError(KioskError, OSError):
    """A program that cannot be started, takes too long, or ends with an exit code."""


def run_program(
    command: Sequence[str],
    timeout_s: float,
    *,
    given: str = "",
    folder: Path | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> str:
    """Runs a command without a shell, and returns what it wrote. Not for a thread that has to draw.

    What goes in and comes out passes through nameless files.

    Args:
        command: the program, by its path or by its name on $PATH, and its arguments.
        timeout_s: seconds that it may take.
        given: what it reads from its standard input.
        folder: of the nameless files. None takes the system's own, and does without where that
            cannot be written: then nothing is given to the program, and nothing kept of its words.
        stopping: asked again and again; True ends it.

    Raises:
        ProgramError: with the name of the program and the last line that it wrote.
        OSError: the folder cannot be written.
    """
    name = Path(command[0]).name
    # files and no pipes: a pipe stays open for as long as any of its children lives
    with _nameless(folder) as read, _nameless(folder) as written:
        read.write(given.encode())
        read.seek(0)
        try:
            running = subprocess.Popen(  # noqa: S603 - no shell; the owner names the program
                command, stdin=read, stdout=written, stderr=written, start_new_session=True
            )
        except (OSError, ValueError) as error:  # ValueError: a NUL in an argument
            reason = getattr(error, "strerror", None) or str(error)
            raise ProgramError(f"{name} failed ({reason})") from error
        give_up_s = time.monotonic() + timeout_s
        while running.poll() is None:
            if stopping() or time.monotonic() >= give_up_s:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(running.pid, signal.SIGKILL)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    running.wait(_KILLED_S)
                raise ProgramError(f"{name} failed (it gave nothing for {timeout_s:g} s)")
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.wait(_ASK_S)
        written.seek(0)
        output = written.read().decode("utf-8", "replace")
    if running.returncode != 0:
        lines = output.strip().splitlines() or [f"exit code {running.returncode}"]
        raise ProgramError(f"{name} failed ({lines[-1]})")
    return output


def _nameless(folder: Path | None) -> IO[bytes]:
    try:
        return tempfile.TemporaryFile(dir=folder)
    except OSError:
        if folder is not None:
            raise
        return Path(os.devnull).open("r+b")
