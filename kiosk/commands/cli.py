"""The command line: its parser, and exit codes.

A command's module is imported when it runs: `kiosk history` starts without the model's runtime, the
screen and the film decoder, in half the time.
"""

import importlib
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from pathlib import Path

from kiosk.errors import KioskError
from kiosk.exercises.catalogue import catalogue

BAD_INPUT = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code, 2 for input that cannot be used."""
    try:
        arguments = _parser().parse_args(argv)
        code: int = importlib.import_module(arguments.module).run(arguments)
        sys.stdout.flush()  # here, where a reader that has gone can still be answered
    except KioskError as error:
        print(f"kiosk: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # whoever read our output has gone; python would complain again while closing it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


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
    sub.add_argument("--model", default="auto", help="variant of models/manifest.toml")
    sub.add_argument("--no-back-line", action="store_true", help="leave the back's contour out")
    sub.add_argument("--explain", action="store_true", help="tell every number of every check")

    sub = add("run", "run", "the mirror itself, on a camera or a film")
    sub.add_argument("--source", help="pi, usb:0, or a video file; default: the settings'")
    sub.add_argument("--exercise", metavar="ID", help=known)
    sub.add_argument("--windowed", action="store_true", help="a window, not the whole screen")
    sub.add_argument("--model", help="variant of models/manifest.toml; default: the settings'")

    sub = add("demo", "demo.show", "the whole kiosk on a packaged recording")
    sub.add_argument("--out", type=Path, default=Path("out/demo"), metavar="DIR")

    sub = add("history", "history_command", "the sets so far")
    form = sub.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="sets with all their reps")
    form.add_argument("--csv", action="store_true", help="a line a rep")
    form.add_argument("--erase", action="store_true", help="remove every set for good")
    sub.add_argument("--yes", action="store_true", help="erase without asking")
    sub.add_argument("--limit", type=_positive, default=50, help="newest sets to tell (50)")
    sub.add_argument("--folder", help="of the history; default: the settings'")

    # for whoever sets a mirror up or changes it
    add("checks", "checks_command", "what is checked, and by which limit")

    sub = add("doctor", "doctor", "what works here, and what to do where it does not")
    sub.add_argument(
        "--install",
        dest="module",
        action="store_const",
        const="kiosk.commands.acceptance",
        help="accept a new unit: try every part",
    )

    sub = add("screens", "screens", "pictures of every screen in every state")
    sub.add_argument("--out", type=Path, required=True, metavar="DIR")
    sub.add_argument("--small", action="store_true", help="an eighth of the size, for the tests")

    sub = add("bench", "bench.whole", "how fast the mirror is on this machine")
    sub.add_argument("part", nargs="?", choices=["screen"], help="only what drawing costs")
    sub.add_argument("--json", action="store_true", help="one flat object, for programs")
    sub.add_argument("--model", default="auto", help="variant of models/manifest.toml")
    sub.add_argument("--threads", type=_positive, help="of the model; default: one core is left")
    sub.add_argument("--rotate", type=int, choices=[0, 90, 180, 270], default=0)

    sub = add("models", "models", "obtain the model files")
    sub.add_argument("--variant", help="of models/manifest.toml; default: the best to be had")
    sub.add_argument("--list", action="store_true", help="what there is, and what is here")

    for name in ("replay", "run", "history", "checks", "doctor", "screens"):
        commands.choices[name].add_argument(
            "--settings", type=Path, metavar="FILE", help="kiosk.toml"
        )
    return parser


def _positive(text: str) -> int:
    if not (text.isdecimal() and int(text) >= 1):
        raise ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return int(text)
