"""The command line. The only place that prints and that decides exit codes."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tqdm import tqdm

from kiosk.camera.film import Film
from kiosk.camera.frame import FrameSource
from kiosk.camera.pace import Paced
from kiosk.errors import BadInputError, KioskError
from kiosk.exercises.catalogue import catalogue, exercise_by_id
from kiosk.pose.loading import load_estimator
from kiosk.pose.pose import Pose
from kiosk.pose.source import PoseSource, SeenPoses, TracedPoses
from kiosk.pose.trace import read_trace, write_trace
from kiosk.replay import Replay, as_document, replay
from kiosk.report import sets_table

BAD_INPUT = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code, 2 for input that cannot be used."""
    try:
        arguments = _parser().parse_args(argv)
        code: int = arguments.run(arguments)
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
    known = ", ".join(catalogue())

    sub = commands.add_parser("replay", help="count the reps of a film or a pose trace")
    sub.add_argument("source", help="a video file, or a pose trace (.npz)")
    sub.add_argument("--exercise", required=True, metavar="ID", help=known)
    sub.add_argument("--json", type=Path, metavar="FILE", help="write all that was found")
    sub.add_argument("--realtime", action="store_true", help="at the speed of life")
    sub.add_argument("--save-trace", type=Path, metavar="FILE", help="keep the raw poses as .npz")
    sub.add_argument("--model", default="auto", help="variant of models/manifest.toml")
    sub.set_defaults(run=_replay)
    return parser


def _replay(arguments: argparse.Namespace) -> int:
    exercise = exercise_by_id(arguments.exercise)
    for path in (arguments.json, arguments.save_trace):
        _writable(path)
    kept: list[Pose] = []
    poses, model, duration_s = _open_poses(arguments)
    bar = tqdm(
        total=duration_s and round(duration_s, 1),
        unit="s",
        disable=not sys.stderr.isatty(),
        bar_format="{percentage:3.0f}% |{bar}| {n:.0f} of {total:.0f} s",
    )

    def seen(pose: Pose) -> None:
        bar.update(max(0.0, pose.time_s - bar.n))
        if arguments.save_trace:
            kept.append(pose)

    with closing(poses), bar:
        found = replay(poses, exercise, seen)
    if arguments.save_trace:
        write_trace(arguments.save_trace, kept)
    if arguments.json:
        document = as_document(found, source=arguments.source, exercise=exercise.id, model=model)
        _write(arguments.json, json.dumps(document, indent=1) + "\n")
    _tell(found)
    return 0


def _open_poses(arguments: argparse.Namespace) -> tuple[PoseSource, str, float | None]:
    """The source of a replay, the name of its model, and its length in seconds."""
    if arguments.source.endswith(".npz"):
        trace = read_trace(arguments.source)
        return TracedPoses(trace), "trace", float(trace.times[-1])
    film: FrameSource = Film(arguments.source)
    if arguments.realtime:
        film = Paced(film)
    estimator, model = load_estimator(arguments.model)
    return SeenPoses(film, estimator), model, film.duration_s


def _writable(path: Path | None) -> None:
    if path is not None and not path.resolve().parent.is_dir():
        raise BadInputError(f"{path}: its folder does not exist; make it or name another file")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"{path}: cannot be written ({error.strerror})") from error


def _tell(found: Replay) -> None:
    print(sets_table(found.sets))
    share = f" ({found.other_ms_p50 / found.pose_ms_p50:.0%} of it)" if found.pose_ms_p50 else ""
    print(
        f"\n{found.frames} frames, {found.duration_s:.1f} s, {found.partial_reps} partial reps; "
        f"a frame: model {found.pose_ms_p50:.2f} ms, all else {found.other_ms_p50:.2f} ms{share}, "
        f"reading the picture {found.decode_ms_p50:.2f} ms"
    )
