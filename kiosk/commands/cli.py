"""The command line: its parser, and exit codes.

A command's module is imported when it runs: `kiosk history` starts without the model's runtime, the
screen and the film decoder, in half the time.
"""

import codecs
import contextlib
import errno
import importlib
import io
import json
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from kiosk.errors import KioskError, one_line
from kiosk.exercises.catalogue import catalogue
from kiosk.settings import load
from kiosk.system.files import (
    OUTBOX,
    SERVICE_FOLDERS,
    cache_folder,
    history_folder,
    return_to_owner,
)

BAD_INPUT = 2
OUTPUT_FAILS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What a write to an output raises, without a file's name; all else is written by name."""
_MOST_DIGITS = 1000  # Python refuses to read more than 4300


ESCAPE = "kiosk.escape"
"""What an output's encoding lacks is written as JSON escapes it, so that JSON stays JSON."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code, 2 for input that cannot be used."""
    _prepare_outputs()
    try:
        return _run(argv)
    except KioskError as error:
        _complain(str(error))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # whoever read our output has gone
        _discard(sys.stdout)
        return 0
    except OSError as error:
        if error.filename is None and error.errno in OUTPUT_FAILS:
            _discard(sys.stdout)
            _complain(f"the output cannot be written ({error.strerror}); send it elsewhere")
        else:
            place = f"{os.fsdecode(error.filename)}: " if error.filename else ""
            _complain(f"{place}{error.strerror or error}")
    except UnicodeEncodeError as error:
        # a file's name that the system's encoding lacks
        _complain(f"this locale cannot write a name ({error}); set LANG=C.UTF-8")
    return BAD_INPUT


def _run(argv: Sequence[str] | None) -> int:
    try:
        arguments = _parser().parse_args(argv)
        try:
            code: int = importlib.import_module(arguments.module).run(arguments)
        finally:
            _return_to_owners(arguments)
        return code
    finally:
        sys.stdout.flush()  # here, where an output that fails can still be answered


def _prepare_outputs() -> None:
    """Makes both outputs bear every text, and keeps the numbers of closed ones from other files.

    A program that is started with an output closed would get its number for the first file that it
    opens, and libraries would write their complaints into the history.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115 - open to the end
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=ESCAPE)


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


codecs.register_error(ESCAPE, _escape)


def _complain(message: str) -> None:
    """Prints one line, where there is anybody to read it."""
    try:
        print(f"kiosk: {one_line(message)}", file=sys.stderr, flush=True)
    except OSError:
        _discard(sys.stderr)


def _discard(stream: TextIO) -> None:
    """Sends what the stream still holds nowhere: Python would complain again while closing it."""
    with contextlib.suppress(io.UnsupportedOperation):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _return_to_owners(arguments: Namespace) -> None:
    """Leaves nothing that the service could not write where root ran a command in its folders."""
    if os.geteuid() != 0:
        return
    folders = {*SERVICE_FOLDERS, cache_folder(), SERVICE_FOLDERS[0].with_name(OUTBOX)}
    if named := getattr(arguments, "folder", None):
        folders.add(Path(named))
    with contextlib.suppress(KioskError):
        settings = load(getattr(arguments, "settings", None))
        folders.add(history_folder(settings.history.folder))
    for folder in filter(None, folders):
        return_to_owner(folder)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="kiosk", description="The gym mirror.")
    commands = parser.add_subparsers(required=True, metavar="command")
    known = ", ".join(catalogue())

    def add(name: str, module: str, text: str) -> ArgumentParser:
        sub = commands.add_parser(name, help=text)
        sub.set_defaults(module=f"kiosk.commands.{module}")
        return sub

    sub = add("replay", "replay", "count the reps of a film or a pose trace")
    sub.add_argument("source", help="a video file, or a pose trace (.npz)")
    sub.add_argument("--exercise", required=True, metavar="ID", help=known)
    sub.add_argument("--json", type=Path, metavar="FILE", help="write all that was found")
    sub.add_argument("--realtime", action="store_true", help="at the speed of life")
    sub.add_argument("--save-trace", type=Path, metavar="FILE", help="keep the raw poses as .npz")
    sub.add_argument("--model", default="auto", help="one of kiosk models --list")
    sub.add_argument("--no-back-line", action="store_true", help="leave the back's contour out")
    sub.add_argument("--explain", action="store_true", help="tell every number of every check")
    sub.add_argument(
        "--rotate",
        type=int,
        choices=[0, 90, 180, 270],
        help="degrees clockwise to turn a film; default: camera.rotate of the settings",
    )

    sub = add("run", "run", "the mirror itself, on a camera or a film")
    sub.add_argument(
        "--source", help="pi, usb:0, a path below /dev, or a video file; default: the settings'"
    )
    sub.add_argument("--exercise", metavar="ID", help=known)
    sub.add_argument("--windowed", action="store_true", help="a window, not the whole screen")
    sub.add_argument("--model", help="one of kiosk models --list; default: the settings'")

    sub = add("demo", "demo.show", "the whole kiosk on a packaged recording")
    sub.add_argument("--out", type=Path, default=Path("out/demo"), metavar="DIR")

    sub = add("history", "history_command", "the sets so far")
    form = sub.add_mutually_exclusive_group()
    for flag, text in (
        ("--json", "sets with all their reps"),
        ("--csv", "a line a rep"),
        ("--strong", "a line a set, in the columns that Strong and Hevy import"),
        ("--accuracy", "counted against corrected reps"),
        ("--erase", "remove every set for good"),
    ):
        form.add_argument(flag, action="store_true", help=text)
    form.add_argument("--backup", type=Path, metavar="FILE", help="write a copy of every set")
    form.add_argument("--restore", type=Path, metavar="FILE", help="go back to a backup")
    sub.add_argument("--lifter", metavar="N", help="only the place N; 0: those who chose none")
    sub.add_argument("--yes", action="store_true", help="erase without asking")
    sub.add_argument("--limit", type=_positive, help="newest sets to tell (50; --strong: all)")
    sub.add_argument("--folder", help="of the history; default: the settings'")

    _add_outgoing(add)
    _add_gym(add("gym", "gym_init", "the database of many mirrors, on a computer of its own"))

    # for whoever sets a mirror up or changes it
    add("checks", "checks_command", "what is checked, and by which limit")

    sub = add("doctor", "doctor.examine", "what works here, and what to do where it does not")
    sub.add_argument(
        "--install",
        dest="module",
        action="store_const",
        const="kiosk.commands.doctor.acceptance",
        help="accept a new unit: try every part",
    )

    sub = add("screens", "screens", "pictures of every screen in every state")
    sub.add_argument("--out", type=Path, required=True, metavar="DIR")
    sub.add_argument("--small", action="store_true", help="an eighth of the size, for the tests")

    sub = add("bench", "bench.whole", "how fast the mirror is on this machine")
    sub.add_argument("part", nargs="?", choices=["screen"], help="only what drawing costs")
    sub.add_argument("--json", action="store_true", help="one flat object, for programs")
    sub.add_argument("--model", default="auto", help="one of kiosk models --list")
    sub.add_argument("--threads", type=_positive, help="of the model; default: one core is left")
    sub.add_argument("--rotate", type=int, choices=[0, 90, 180, 270], default=0)

    sub = add("models", "models", "obtain the model files")
    sub.add_argument("--variant", help="one of kiosk models --list; default: the best to be had")
    sub.add_argument("--list", action="store_true", help="what there is, and what is here")

    for name in (
        *("replay", "run", "history", "outbox", "home", "stick", "checks", "doctor", "screens"),
    ):
        commands.choices[name].add_argument(
            "--settings", type=Path, metavar="FILE", help="kiosk.toml"
        )
    return parser


def _add_gym(parser: ArgumentParser) -> None:
    """Adds the commands on the database of many mirrors."""
    commands = parser.add_subparsers(required=True, metavar="what")

    def add(name: str, text: str) -> ArgumentParser:
        sub = commands.add_parser(name, help=text)
        sub.set_defaults(module=f"kiosk.commands.gym_{name}")
        sub.add_argument("url", metavar="URL", help="postgresql://USER@HOST/DATABASE")
        return sub

    add("init", "make its tables, or bring them up to date")
    sub = add("report", "a page for coaches, with a chart per question")
    sub.add_argument("--out", type=Path, required=True, metavar="FILE.html")
    sub.add_argument("--week", metavar="2026-W48", help="default: the newest with a set")
    sub.add_argument("--gym", metavar="NAME", help="only its mirrors; default: all")
    sub.add_argument("--settings", type=Path, metavar="FILE", help="kiosk.toml: for its language")
    sub = add("simulate", "fill it with made-up sets of many mirrors, and time that")
    sub.add_argument("--mirrors", type=_positive, default=10, help="how many (10)")
    sub.add_argument("--days", type=_positive, default=7, help="up to yesterday (7)")
    sub.add_argument("--sets-a-day", type=_positive, default=30, help="of each mirror (30)")
    sub.add_argument("--seed", type=_positive, default=1, help="another one makes up others (1)")


def _add_outgoing(add: Callable[[str, str, str], ArgumentParser]) -> None:
    """Adds the commands of the units beside the mirror's, which take data out."""
    sub = add("outbox", "outbox_command", "send the sets to the owner's database")
    sub.add_argument(
        "what",
        choices=["run", "status", "test", "configured"],
        help="send until stopped; how it goes; try the target; is there one (exit code)",
    )
    sub.add_argument("--json", action="store_true", help="status for programs")
    sub = add("home", "home_command", "tell Home Assistant how the mirror is")
    sub.add_argument("what", choices=["run", "check"], help="send for good, or try the broker once")
    sub = add("stick", "stick_command", "copy today's sets to a USB stick")
    sub.add_argument("what", choices=["copy", "enabled", "release"], help="steps of the service")
    sub.add_argument("path", nargs="?", type=Path, help="where the stick is mounted")


def _positive(text: str) -> int:
    if not (text.isdecimal() and len(text) < _MOST_DIGITS and int(text) >= 1):
        raise ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return min(int(text), sys.maxsize)  # SQLite takes no larger one
