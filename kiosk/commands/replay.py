"""Replays a film or a trace through the coach, and writes down what it found."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from kiosk.app.pipeline import Pipeline
from kiosk.body.pose import Pose
from kiosk.coaching.coach import Coach
from kiosk.coaching.record import CheckResult, Ended, Rep, SetRecord
from kiosk.exercises.exercise import Exercise
from kiosk.vision.back.back_worker import BackWorker
from kiosk.vision.pose.source import PoseSource

SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What a replay found.

    Attributes:
        sets: closed sets, each with at least one counted rep.
        partial_reps: movements that did not count, in sets and outside.
        frames: poses taken.
        duration_s: from the first pose to the last.
        pose_ms_p50, other_ms_p50, decode_ms_p50: medians a frame of the model, of the loop's own
            work, and of reading the picture; they alone differ from run to run.
    """

    sets: tuple[SetRecord, ...]
    partial_reps: int
    frames: int
    duration_s: float
    pose_ms_p50: float
    other_ms_p50: float
    decode_ms_p50: float


def replay(
    poses: PoseSource,
    exercise: Exercise,
    on_pose: Callable[[Pose], None] | None = None,
    watch: BackWorker | None = None,
) -> Replay:
    """Runs a whole source through pose and coach, as fast as the source gives poses.

    Args:
        poses: the source, read to its end.
        exercise: what to replay it as.
        on_pose: called with every raw pose.
        watch: looks at the back; None leaves its checks unanswered.
    """
    sets: dict[int, SetRecord] = {}
    times_s: list[float] = []
    spent_s: list[tuple[float, float, float]] = []

    def keep(record: SetRecord) -> None:
        sets[record.serial] = record

    def seen(pose: Pose) -> None:
        times_s.append(pose.time_s)
        if on_pose is not None:
            on_pose(pose)

    coach = Coach(exercise)
    perception = Pipeline(poses, coach, keep, seen, watch)
    while perception.step():
        spent_s.append((poses.invoke_s, perception.other_s, poses.capture_s))
    perception.finish(Ended.SOURCE_ENDED)
    pose_ms, other_ms, decode_ms = (
        round(1000 * median(column), 3)
        for column in zip(*spent_s or [(0.0, 0.0, 0.0)], strict=True)
    )
    return Replay(
        sets=tuple(record for record in sets.values() if record.ended is not None),
        partial_reps=coach.partial_reps,
        frames=len(times_s),
        duration_s=times_s[-1] - times_s[0] if times_s else 0.0,
        pose_ms_p50=pose_ms,
        other_ms_p50=other_ms,
        decode_ms_p50=decode_ms,
    )


def as_document(found: Replay, *, source: str, exercise: str, model: str) -> dict[str, Any]:
    """The replay as JSON carries it. All but its last key, `timing`, is the same in every run."""
    return {
        "schema": SCHEMA,
        "source": source,
        "exercise": exercise,
        "model": model,
        "duration_s": round(found.duration_s, 3),
        "frames": found.frames,
        "sets": [
            {
                "started_s": round(record.started_s, 3),
                "ended_s": None if record.ended_s is None else round(record.ended_s, 3),
                "ended": None if record.ended is None else record.ended.value,
                "reps": [_rep(rep) for rep in record.reps],
            }
            for record in found.sets
        ],
        "partial_reps": found.partial_reps,
        "timing": {
            "pose_ms_p50": found.pose_ms_p50,
            "other_ms_p50": found.other_ms_p50,
            "decode_ms_p50": found.decode_ms_p50,
        },
    }


def _rep(rep: Rep) -> dict[str, Any]:
    document: dict[str, Any] = {
        "number": rep.number,
        "start_s": round(rep.start_s, 3),
        "bottom_s": round(rep.bottom_s, 3),
        "end_s": round(rep.end_s, 3),
        "counted": rep.counted,
        "score": rep.score,
        "pattern": rep.pattern,
        "tempo": _rounded(asdict(rep.tempo).items()),
        "measures": _rounded(asdict(rep.measures).items()),
        "checks": {name: _check(result) for name, result in rep.checks.items()},
    }
    if rep.partial_reason is not None:
        document["partial_reason"] = rep.partial_reason
    return document


def _check(result: CheckResult) -> dict[str, Any]:
    known = {key: value for key, value in asdict(result).items() if value is not None}
    return _rounded((known | {"verdict": result.verdict.value}).items())


def _rounded(items: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {k: round(v, 3) if isinstance(v, float) else v for k, v in items}
