"""The command line. The only place that prints and that decides exit codes.

A command imports what only it needs: `kiosk history` starts without the model's runtime, the
screen and the film decoder, in half the time.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import os
import signal
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from kiosk.commands.explain import explained
from kiosk.commands.report import rep_table, sets_table
from kiosk.errors import BadInputError, HistoryError, KioskError, ModelError
from kiosk.exercises.catalogue import catalogue, exercise_by_id
from kiosk.exercises.checks_page import document
from kiosk.history.export import as_csv, as_json, as_table
from kiosk.history.reader import Reader
from kiosk.history.store import Store
from kiosk.settings import Settings
from kiosk.settings import load as load_settings
from kiosk.system.folders import history_folder
from kiosk.ui.words.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - it has no other name
    from kiosk.body.pose import Pose
    from kiosk.commands.replay import Replay
    from kiosk.vision.camera.frame import FrameSource
    from kiosk.vision.pose.source import PoseSource

BAD_INPUT = 2
TRACE = "trace"
"""What a replay without a model says in place of one."""
BAR = "{percentage:3.0f}% |{bar}| {n:.0f} of {total_fmt} s"
"""Bears with a film of no stated length, for which tqdm has no total."""
ERASE = "erase"
"""What a person types to erase the history, so that no key pressed by mistake does it."""
FILM_OVER_S = 3.0
"""A film's last screen stays up this long."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code, 2 for input that cannot be used."""
    try:
        arguments = _parser().parse_args(argv)
        code: int = arguments.run(arguments)
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kiosk", description="The gym mirror.")
    commands = parser.add_subparsers(required=True, metavar="command")
    _add_training(commands)
    _add_workshop(commands)
    return parser


def _add_training(commands: _Commands) -> None:
    """The mirror, and what it has seen."""
    known = ", ".join(catalogue())
    sub = commands.add_parser("replay", help="count the reps of a film or a pose trace")
    sub.add_argument("source", help="a video file, or a pose trace (.npz)")
    sub.add_argument("--exercise", required=True, metavar="ID", help=known)
    sub.add_argument("--json", type=Path, metavar="FILE", help="write all that was found")
    sub.add_argument("--realtime", action="store_true", help="at the speed of life")
    sub.add_argument("--save-trace", type=Path, metavar="FILE", help="keep the raw poses as .npz")
    sub.add_argument("--model", default="auto", help="variant of models/manifest.toml")
    sub.add_argument("--no-back-line", action="store_true", help="leave the back's contour out")
    sub.add_argument("--explain", action="store_true", help="tell every number of every check")
    sub.set_defaults(run=_replay)

    sub = commands.add_parser("run", help="the mirror itself, on a camera or a film")
    sub.add_argument("--source", help="pi, usb:0, or a video file; default: the settings'")
    sub.add_argument("--exercise", metavar="ID", help=known)
    sub.add_argument("--windowed", action="store_true", help="a window, not the whole screen")
    sub.add_argument("--model", help="variant of models/manifest.toml; default: the settings'")
    _add_settings(sub)
    sub.set_defaults(run=_run)

    sub = commands.add_parser("demo", help="the whole kiosk on a packaged recording")
    sub.add_argument("--out", type=Path, default=Path("out/demo"), metavar="DIR")
    sub.set_defaults(run=_demo)

    sub = commands.add_parser("history", help="the sets so far")
    form = sub.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="sets with all their reps")
    form.add_argument("--csv", action="store_true", help="a line a rep")
    form.add_argument("--erase", action="store_true", help="remove every set for good")
    sub.add_argument("--yes", action="store_true", help="erase without asking")
    sub.add_argument("--limit", type=_positive, default=50, help="newest sets to tell (50)")
    sub.add_argument("--folder", help="of the history; default: the settings'")
    _add_settings(sub)
    sub.set_defaults(run=_history)


def _add_workshop(commands: _Commands) -> None:
    """For whoever sets a mirror up or changes it."""
    sub = commands.add_parser("checks", help="what is checked, and by which limit")
    sub.set_defaults(run=_checks)

    sub = commands.add_parser("doctor", help="what works here, and what to do where it does not")
    sub.add_argument("--install", action="store_true", help="accept a new unit: try every part")
    _add_settings(sub)
    sub.set_defaults(run=_doctor)

    sub = commands.add_parser("screens", help="pictures of every screen in every state")
    sub.add_argument("--out", type=Path, required=True, metavar="DIR")
    sub.add_argument("--small", action="store_true", help="an eighth of the size")
    _add_settings(sub)
    sub.set_defaults(run=_screens)

    sub = commands.add_parser("bench", help="how fast the mirror is on this machine")
    sub.add_argument("part", nargs="?", choices=["screen"], help="only what drawing costs")
    sub.add_argument("--json", action="store_true", help="one flat object, for programs")
    sub.add_argument("--model", default="auto", help="variant of models/manifest.toml")
    sub.add_argument("--threads", type=_positive, help="of the model; default: one core is left")
    sub.add_argument("--rotate", type=int, choices=[0, 90, 180, 270], default=0)
    sub.set_defaults(run=_bench)

    sub = commands.add_parser("models", help="obtain the model files")
    sub.add_argument("--variant", help="of models/manifest.toml; default: the best to be had")
    sub.add_argument("--list", action="store_true", help="what there is, and what is here")
    sub.set_defaults(run=_models)


def _add_settings(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--settings", type=Path, metavar="FILE", help="kiosk.toml")


def _positive(text: str) -> int:
    if not (text.isdecimal() and int(text) >= 1):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return int(text)


def _run(arguments: argparse.Namespace) -> int:
    from kiosk.app.mirror import Mirror
    from kiosk.app.safe_settings import load_or_default
    from kiosk.vision.camera.factory import is_live, open_source
    from kiosk.vision.camera.pace import Paced

    fault: str | None = None
    if arguments.settings:
        # whoever names a file is there to mend it
        settings = load_settings(arguments.settings)
    else:
        settings, fault = load_or_default()
    settings = _overridden(settings, arguments)
    source, camera = arguments.source or settings.camera.source, settings.camera

    def opener() -> FrameSource:
        found = open_source(source, size=(camera.width, camera.height), fps=camera.fps)
        return found if is_live(source) else Paced(found)

    if not is_live(source):
        opener().close()  # a film that cannot be played is refused before anything starts
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    with Mirror(settings, opener, patient=is_live(source), settings_fault=fault) as kiosk:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: kiosk.stop())
        ended_s: float | None = None
        while not kiosk.stopping and (scene := kiosk.turn()) is not None:
            if kiosk.ended:
                ended_s = scene.now_s if ended_s is None else ended_s
                if scene.now_s - ended_s > FILM_OVER_S:
                    break
    return 0


def _overridden(settings: Settings, arguments: argparse.Namespace) -> Settings:
    """The settings with what was asked for on the command line."""
    if arguments.exercise:
        coach = replace(settings.coach, exercise=arguments.exercise)
        settings = replace(settings, coach=coach)
    if arguments.model:
        settings = replace(settings, pose=replace(settings.pose, model=arguments.model))
    if arguments.windowed:
        settings = replace(settings, screen=replace(settings.screen, fullscreen=False))
    return settings


def _demo(arguments: argparse.Namespace) -> int:
    from kiosk.commands.demo.show import show

    folder = arguments.out
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInputError(
            f"{folder}: cannot be made ({error.strerror}); name another folder with --out"
        ) from error
    reader = Reader(folder / "history")
    before = _newest_id(reader)
    pictures = show(folder, print)
    found = [stored for stored in reader.recent(1) if stored.id != before]
    for stored in found:
        print()
        print(rep_table(stored.exercise, stored.ended, reader.reps_of(stored.id)))
    print("\nscreens:")
    for picture in pictures:
        print(f"  {picture}")
    print(f"history: {reader.path}")
    if not found:
        print("kiosk: the demo counted no set; run `kiosk doctor`", file=sys.stderr)
    return 0 if found else 1


def _newest_id(reader: Reader) -> int | None:
    """None without a set, and for a damaged history, which the kiosk will set aside."""
    try:
        return next((stored.id for stored in reader.recent(1)), None)
    except HistoryError:
        return None


def _history(arguments: argparse.Namespace) -> int:
    settings = load_settings(arguments.settings)
    folder = Path(arguments.folder) if arguments.folder else history_folder(settings.history.folder)
    if arguments.folder and not folder.is_dir():
        raise BadInputError(f"{folder}: no such folder; name the one that holds the history")
    if arguments.yes and not arguments.erase:
        raise BadInputError("--yes: there is nothing to agree to; it goes with --erase")
    if arguments.erase:
        return _erase(folder, asked=not arguments.yes)
    reader = Reader(folder)
    sets = reader.recent(arguments.limit)
    if arguments.json or arguments.csv:
        form = as_json if arguments.json else as_csv
        print(form((stored, reader.reps_of(stored.id)) for stored in sets), end="")
    elif sets:
        words = Words.load(settings.screen.language)
        print(as_table(sets, lambda name: words(f"exercise.{name}.name")))
    else:
        print("no sets yet")
    return 0


def _erase(folder: Path, *, asked: bool) -> int:
    path = Reader(folder).path
    if not folder.is_dir():
        print("no sets yet")
        return 0
    if asked and not sys.stdin.isatty():
        raise BadInputError(f"{path}: not erased, for nobody can be asked here; add --yes")
    question = f"This removes every set in {path} for good. Type {ERASE} to go on: "
    if asked and _answer(question) != ERASE:
        print("nothing is erased")
        return 1
    with closing(Store(folder)) as store:
        store.erase()
    print(f"{path}: every set is erased")
    return 0


def _answer(question: str) -> str:
    """What was typed; nothing where the terminal was closed."""
    try:
        return input(question).strip()
    except EOFError:
        print()
        return ""


def _doctor(arguments: argparse.Namespace) -> int:
    settings = load_settings(arguments.settings)
    if arguments.install:
        from kiosk.commands.acceptance import run
    else:  # which loads no more than it probes
        from kiosk.commands.doctor import run
    return run(settings)


def _models(arguments: argparse.Namespace) -> int:
    from kiosk.vision.models.download import obtain_default, obtain_mask, table

    if arguments.list:
        print(table())
        return 0
    print(obtain_default(print, arguments.variant))
    try:
        print(obtain_mask(print))
    except ModelError as error:
        print(f"{error}\nwithout it the back is judged by the empty room alone")
    return 0


def _screens(arguments: argparse.Namespace) -> int:
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    from kiosk.ui.screen.gallery.album import save_all

    settings = load_settings(arguments.settings)
    words = Words.load(settings.screen.language)
    count = save_all(arguments.out, words, settings.panel.edge, small=arguments.small)
    print(f"{count} pictures in {arguments.out}")
    return 0


def _bench(arguments: argparse.Namespace) -> int:
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    if arguments.part == "screen":
        from kiosk.commands.bench.screen import measure, table

        print(table(measure(Words.load("en"), rotate=arguments.rotate)))
        return 0
    from kiosk.commands.bench.whole import measure_all, text

    def say(line: str) -> None:
        print(line, file=sys.stderr)

    figures = measure_all(arguments.model, arguments.threads or 0, arguments.rotate, say)
    print(json.dumps(figures, indent=1) if arguments.json else text(figures))
    return 0


def _checks(_: argparse.Namespace) -> int:
    print(document(catalogue().values()), end="")
    return 0


def _replay(arguments: argparse.Namespace) -> int:
    from tqdm import tqdm

    from kiosk.commands.replay import as_document, replay
    from kiosk.vision.back.back_worker import InlineBack
    from kiosk.vision.back.observer import open_back_observer
    from kiosk.vision.pose.trace import write_trace

    exercise = exercise_by_id(arguments.exercise)
    for path in (arguments.json, arguments.save_trace):
        if path is not None and path.resolve() == Path(arguments.source).resolve():
            raise BadInputError(f"{path}: is the source itself; name another file to write")
        _writable(path)
    kept: list[Pose] = []
    poses, model, duration_s = _open_poses(arguments)
    watch = None if arguments.no_back_line or model == TRACE else InlineBack(open_back_observer())
    length_s = None if duration_s is None else round(duration_s, 1)
    bar = tqdm(
        total=length_s,
        unit="s",
        disable=not sys.stderr.isatty(),
        bar_format=BAR,
    )

    def seen(pose: Pose) -> None:
        bar.update(max(0.0, min(pose.time_s, length_s or math.inf) - bar.n))
        if arguments.save_trace:
            kept.append(pose)

    with closing(poses), bar:
        found = replay(poses, exercise, seen, watch)
    if arguments.save_trace:
        write_trace(arguments.save_trace, kept)
    if arguments.json:
        told = as_document(found, source=arguments.source, exercise=exercise.id, model=model)
        _write(arguments.json, json.dumps(told, indent=1) + "\n")
    _tell(found, explain=arguments.explain)
    return 0


def _open_poses(arguments: argparse.Namespace) -> tuple[PoseSource, str, float | None]:
    """The source of a replay, the name of its model, and its length in seconds."""
    from kiosk.vision.camera.film import Film
    from kiosk.vision.camera.pace import Paced
    from kiosk.vision.pose.loader import load_estimator
    from kiosk.vision.pose.source import SeenPoses, TracedPoses
    from kiosk.vision.pose.trace import read_trace

    if arguments.source.endswith(".npz"):
        trace = read_trace(arguments.source)
        return TracedPoses(trace), TRACE, float(trace.times[-1])
    film: FrameSource = Film(arguments.source)
    if arguments.realtime:
        film = Paced(film)
    estimator, model = load_estimator(arguments.model)
    return SeenPoses(film, estimator), model, film.duration_s


def _writable(path: Path | None) -> None:
    """Refuses before the work what could not be kept after it."""
    if path is None:
        return
    folder = path.resolve().parent
    if path.is_dir():
        raise BadInputError(f"{path}: this is a folder; name a file in it")
    if not folder.is_dir():
        raise BadInputError(f"{path}: its folder does not exist; make it or name another file")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise BadInputError(f"{path}: this user may not write there; name another file")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInputError(
            f"{path}: cannot be written ({error.strerror}); name another file"
        ) from error


def _tell(found: Replay, *, explain: bool) -> None:
    print(explained(found.sets) if explain and found.sets else sets_table(found.sets))
    share = f" ({found.other_ms_p50 / found.pose_ms_p50:.0%} of it)" if found.pose_ms_p50 else ""
    print(
        f"\n{found.frames} frames, {found.duration_s:.1f} s, {found.partial_reps} partial reps; "
        f"a frame: model {found.pose_ms_p50:.2f} ms, all else {found.other_ms_p50:.2f} ms{share}, "
        f"reading the picture {found.decode_ms_p50:.2f} ms"
    )
