"""`kiosk replay`: counts and judges the reps of a film or a pose trace."""

import json
import math
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
from tqdm import tqdm

from kiosk.app.pipeline import Pipeline
from kiosk.body.pose import Pose
from kiosk.coaching.coach import Coach
from kiosk.coaching.record import Ended, Rep, SetRecord
from kiosk.commands.report import format_sets, format_verdicts
from kiosk.errors import BadInputError, one_line, os_errors_as
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.exercises.exercise import Exercise
from kiosk.settings import load
from kiosk.ui.words.words import load_exercises
from kiosk.vision.back.back_observer import open_back_observer
from kiosk.vision.back.back_worker import BackWorker
from kiosk.vision.camera.film import Film
from kiosk.vision.camera.frame import FrameSource
from kiosk.vision.camera.pace import Paced
from kiosk.vision.camera.turned import TurnedSource
from kiosk.vision.load.load_observer import LoadObserver
from kiosk.vision.pose.movenet import load_estimator
from kiosk.vision.pose.source import PoseSource, SeenPoses, TracedPoses
from kiosk.vision.pose.trace import read_trace, write_trace
from kiosk.vision.pose.unseen import UNSEEN

SCHEMA = 1
_REP_KEYS = (
    *("number", "start_s", "bottom_s", "end_s", "counted"),
    *("grade", "score", "pattern", "tempo", "measures"),
)
TRACE = "trace"
"""Stands in place of the model's name in a replay without one."""
BAR = "{percentage:3.0f}% |{bar}| {n:.0f} of {total_fmt} s"
"""Bears with a film of no stated length, for which tqdm has no total."""


def run(arguments: Namespace) -> int:
    """Replays the source, prints its sets, and writes what was asked for."""
    settings = load(arguments.settings)
    exercises = load_exercises(settings.coach.exercises)
    exercise = exercise_by_id(arguments.exercise, exercises)
    for path in (arguments.json, arguments.save_trace):
        if path is not None:
            _check_writable(path, arguments.source)
    kept: list[Pose] = []
    poses, model, duration_s, film = _open_poses(arguments, settings.camera.rotate)
    back = None if arguments.no_back_line or model == TRACE else BackWorker(open_back_observer())
    length_s = None if duration_s is None else round(duration_s, 1)
    bar = tqdm(total=length_s, unit="s", disable=not sys.stderr.isatty(), bar_format=BAR)

    def on_pose(pose: Pose) -> None:
        bar.update(max(0.0, min(pose.time_s, length_s or math.inf) - bar.n))
        if arguments.save_trace:
            kept.append(pose)

    with closing(poses), bar:
        hands = None if model == TRACE else LoadObserver()
        found = replay(poses, exercise, on_pose, back, hands, exercises.values())
    notes = () if film is None else film.notes
    if arguments.save_trace:
        write_trace(arguments.save_trace, kept)
    if arguments.json:
        document = as_document(
            found, source=arguments.source, exercise=exercise.id, model=model, notes=notes
        )
        fault, remedy = f"{arguments.json}: cannot be written", "name another file"
        with os_errors_as(BadInputError, fault, remedy):
            arguments.json.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(
        format_verdicts(found.sets) if arguments.explain and found.sets else format_sets(found.sets)
    )
    for note in notes:
        print(f"\nnote: {one_line(note)}")
    for key in found.unseen:
        print(f"{'not counted' if found.sets else 'nothing counted'} while {UNSEEN[key]}")
    print(f"\n{_format_timing(found)}")
    return 0


def _open_poses(
    arguments: Namespace, rotate: int
) -> tuple[PoseSource, str, float | None, Film | None]:
    """Opens the source of a replay; returns its model's name, its length and its film as well.

    A film is turned by `rotate` degrees where the command line says nothing else.
    """
    if arguments.source.endswith(".npz"):
        trace = read_trace(arguments.source)
        return TracedPoses(trace), TRACE, float(trace.times[-1]), None
    film = Film(arguments.source)
    frames: FrameSource = Paced(film) if arguments.realtime else film
    degrees = rotate if arguments.rotate is None else arguments.rotate
    frames = TurnedSource(frames, degrees) if degrees else frames
    estimator, model = load_estimator(arguments.model)
    return SeenPoses(frames, lambda: estimator), model, film.duration_s, film


def _check_writable(path: Path, source: str) -> None:
    """Refuses, before the work, a path that cannot be written after it."""
    folder = path.resolve().parent
    if path.resolve() == Path(source).resolve():
        raise BadInputError(f"{path}: is the source itself; name another file to write")
    if path.is_dir():
        raise BadInputError(f"{path}: this is a folder; name a file in it")
    if not folder.is_dir():
        raise BadInputError(f"{path}: its folder does not exist; make it or name another file")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise BadInputError(f"{path}: this user may not write there; name another file")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """The result of a replay.

    Attributes:
        sets: closed sets, each with at least one counted rep.
        partial_reps: movements that did not count, in sets and outside.
        unseen: keys of what kept people from being seen or counted, in turn.
        suggested: ids of the exercises that were suggested in place of the chosen one, in turn.
        frames: how many poses there were.
        duration_s: from the first pose to the last.
        timing: medians a frame of the model, of the loop's own work, and of reading the picture,
            in milliseconds; they alone differ from run to run.
    """

    sets: tuple[SetRecord, ...]
    partial_reps: int
    suggested: tuple[str, ...]
    unseen: tuple[str, ...]
    frames: int
    duration_s: float
    timing: dict[str, float]


def _format_timing(found: Replay) -> str:
    pose_ms, other_ms, decode_ms = found.timing.values()
    share = f" ({other_ms / pose_ms:.0%} of it)" if pose_ms else ""
    return (
        f"{found.frames} frames, {found.duration_s:.1f} s, {found.partial_reps} partial reps; "
        f"a frame: model {pose_ms:.2f} ms, all else {other_ms:.2f} ms{share}, "
        f"reading the picture {decode_ms:.2f} ms"
    )


def replay(
    poses: PoseSource,
    exercise: Exercise,
    on_pose: Callable[[Pose], None] | None = None,
    back: BackWorker | None = None,
    load: LoadObserver | None = None,
    others: Iterable[Exercise] = (),
) -> Replay:
    """Runs a source to its end through pose and coach, as fast as it gives poses.

    Every raw pose is handed to `on_pose`. Without a back worker its checks stay unanswered. Of
    `others` those that fit better are suggested, and none is accepted.
    """
    sets: dict[int, SetRecord] = {}
    times_s: list[float] = []
    spent_s: list[tuple[float, float, float]] = []

    def seen(pose: Pose) -> None:
        times_s.append(pose.time_s)
        if on_pose is not None:
            on_pose(pose)

    suggested: list[str] = []
    unseen: dict[str, None] = {}  # in order
    coach = Coach(exercise, others)
    perception = Pipeline(
        poses, coach, lambda one: sets.update({one.serial: one}), seen, back, load
    )
    while perception.step():
        offer = None if perception.snapshot is None else perception.snapshot.suggested
        if offer is not None and suggested[-1:] != [offer]:
            suggested.append(offer)
        if perception.unseen is not None:
            unseen[perception.unseen] = None
        spent_s.append((poses.invoke_s, perception.other_s, poses.capture_s))
    perception.finish(Ended.SOURCE_ENDED)
    medians = (1000 * median(column) for column in zip(*spent_s or [(0.0,) * 3], strict=True))
    return Replay(
        sets=tuple(record for record in sets.values() if record.ended is not None),
        partial_reps=coach.partial_reps,
        suggested=tuple(suggested),
        unseen=tuple(unseen),
        frames=len(times_s),
        duration_s=times_s[-1] - times_s[0] if times_s else 0.0,
        timing=dict(zip(("pose_ms_p50", "other_ms_p50", "decode_ms_p50"), medians, strict=True)),
    )


def as_document(
    found: Replay, *, source: str, exercise: str, model: str, notes: Sequence[str] = ()
) -> dict[str, Any]:
    """Converts a replay to JSON. All but its last key, `timing`, is the same in every run.

    `notes` are what was guessed or left out of the film; most films have none, and no such key.
    """
    document = {
        "schema": SCHEMA,
        # a name of bytes that are no text
        "source": source.encode("utf-8", "backslashreplace").decode(),
        "exercise": exercise,
        "model": model,
        "duration_s": found.duration_s,
        "frames": found.frames,
        "sets": [
            {
                "started_s": record.started_s,
                "ended_s": record.ended_s,
                "ended": record.ended,
                "reps": [_rep(rep) for rep in record.reps],
            }
            for record in found.sets
        ],
        "partial_reps": found.partial_reps,
        "suggested": found.suggested,
        **({"notes": notes} if notes else {}),
        "unseen": found.unseen,
        "timing": found.timing,
    }
    text = msgspec.json.encode(document)
    # three decimals in every number, however deep it lies
    rounded: dict[str, Any] = json.loads(text, parse_float=lambda digits: round(float(digits), 3))
    return rounded


def _rep(rep: Rep) -> dict[str, Any]:
    document = {name: getattr(rep, name) for name in _REP_KEYS}
    document["checks"] = {
        name: {key: value for key, value in asdict(result).items() if value is not None}
        for name, result in rep.checks.items()
    }
    if rep.partial_reason is not None:
        document["partial_reason"] = rep.partial_reason
    return document
