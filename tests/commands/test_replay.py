"""The replay contract: which keys, and the same bytes in every run."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from doubles import FakeCamera
from kiosk.body.pose import Pose
from kiosk.coaching.record import Ended, SetRecord, Verdict
from kiosk.commands.demo.show import WALK_UP
from kiosk.commands.replay import Replay, as_document, replay
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.vision.camera.film import Film
from kiosk.vision.camera.frame import Frame
from kiosk.vision.pose.movenet import load_estimator
from kiosk.vision.pose.source import SeenPoses, TracedPoses
from kiosk.vision.pose.trace import Trace, read_trace, write_trace
from paths import TRACES
from people import Beat, hinges, nobody, shifted

HINGE = exercise_by_id("hip_hinge")
TRUTH = json.loads(WALK_UP.with_suffix(".json").read_text("utf-8"))


def traced(poses: list[Pose]) -> TracedPoses:
    times = np.array([pose.time_s for pose in poses])
    return TracedPoses(Trace(times, np.array([pose.keypoints for pose in poses]), poses[0].size))


def document(found: Replay) -> dict[str, Any]:
    return as_document(found, source="set.npz", exercise=HINGE.id, model="trace")


def walk() -> Iterator[tuple[str, Any]]:
    """Every key and value of a real set's document, with lists as if they were one item."""

    def into(prefix: str, value: object) -> Iterator[tuple[str, Any]]:
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from into(f"{prefix}.{key}", inner)
        elif isinstance(value, list):
            for inner in value:
                yield from into(f"{prefix}[]", inner)
        else:
            yield prefix, value

    trace = TRACES / "kbt_deadlift_pvc_side.npz"
    yield from into("", document(replay(TracedPoses(read_trace(trace)), HINGE)))


def test_the_document_is_that_of_the_contract() -> None:
    poses = hinges(3, Beat(1.2, 0.3, 1.2, 0.5), depths=(1, 0.35, 1))
    written = document(replay(traced(poses), HINGE))
    assert list(written) == [
        "schema",
        "source",
        "exercise",
        "model",
        "duration_s",
        "frames",
        "sets",
        "partial_reps",
        "suggested",
        "unseen",
        "timing",
    ]
    assert written["schema"] == 1
    assert (written["source"], written["exercise"], written["model"]) == (
        "set.npz",
        "hip_hinge",
        "trace",
    )
    assert written["frames"] == len(poses)
    assert written["duration_s"] == pytest.approx(poses[-1].time_s, abs=1e-3)
    assert written["partial_reps"] == 1
    assert {"pose_ms_p50", "other_ms_p50"} <= set(written["timing"])
    ((record),) = written["sets"]
    assert {"started_s", "ended_s", "reps"} <= set(record)
    assert [rep["counted"] for rep in record["reps"]] == [True, False, True]
    assert [rep["number"] for rep in record["reps"]] == [1, 1, 2]
    for rep in record["reps"]:
        assert {"start_s", "bottom_s", "end_s", "grade", "score", "measures"} <= set(rep)
        assert {"trunk_lean_deg", "hip_flexion_deg", "knee_flexion_deg", "hip_share"} <= set(
            rep["measures"]
        )
        assert ("partial_reason" in rep) == (not rep["counted"])
        assert rep["start_s"] < rep["bottom_s"] < rep["end_s"]
        for check in rep["checks"].values():
            assert check["verdict"] in {verdict.value for verdict in Verdict}
            assert "reason" in check or check["verdict"] != Verdict.NOT_ASSESSED.value
    assert record["started_s"] == record["reps"][0]["start_s"]
    assert record["ended_s"] == record["reps"][-1]["end_s"]


def test_numbers_are_finite_and_have_three_decimals() -> None:
    json.dumps(dict(walk()), allow_nan=False)
    for key, value in walk():
        if isinstance(value, float):
            assert round(value, 3) == value, key


def test_two_runs_differ_in_their_timing_alone() -> None:
    def text() -> str:
        found = replay(TracedPoses(read_trace(TRACES / "kbt_deadlift_pvc_side.npz")), HINGE)
        written = document(found)
        assert list(written)[-1] == "timing"
        written.pop("timing")
        return json.dumps(written)

    assert text() == text()


def test_sets_end_with_the_source_or_before_it() -> None:
    first = hinges(2)
    away = shifted([nobody(n / 15) for n in range(40)], first[-1].time_s + 0.1)
    second = shifted(hinges(3), away[-1].time_s + 0.1)
    found = replay(traced([*first, *away, *second]), HINGE)
    assert [record.ended for record in found.sets] == [Ended.WALKED_OFF, Ended.SOURCE_ENDED]
    assert [len(record.counted) for record in found.sets] == [2, 3]


def test_a_source_without_a_set_or_a_pose_has_none() -> None:
    empty = replay(traced([nobody(n / 15) for n in range(60)]), HINGE)
    assert (empty.sets, empty.partial_reps, empty.frames) == ((), 0, 60)
    estimator, _ = load_estimator()
    nothing = replay(SeenPoses(FakeCamera([]), lambda: estimator), HINGE)
    assert (nothing.sets, nothing.frames, nothing.duration_s) == ((), 0, 0.0)
    assert document(nothing)["timing"]["pose_ms_p50"] == 0


def test_half_reps_alone_are_no_set_and_are_told() -> None:
    found = replay(traced(hinges(2, depths=(0.35, 0.35))), HINGE)
    assert found.sets == ()
    assert found.partial_reps == 2


class Cut:
    """The packaged recording from its standing to the end of its first rep."""

    def __init__(self) -> None:
        self._film = Film(WALK_UP)
        self.name = self._film.name

    def read(self) -> Frame | None:
        first = TRUTH["reps"][0]
        while (frame := self._film.read()) is not None and frame.time_s < first["start_s"] - 1:
            pass
        return frame if frame is not None and frame.time_s < first["end_s"] + 0.5 else None

    def close(self) -> None:
        self._film.close()


def as_figures(record: SetRecord) -> list[float | None]:
    return [
        figure
        for rep in record.reps
        for figure in (rep.start_s, rep.bottom_s, rep.end_s, rep.measures.trunk_lean_deg)
    ]


def test_a_saved_trace_replays_as_the_film_did(tmp_path: Path) -> None:
    kept: list[Pose] = []
    estimator, _ = load_estimator()
    poses = SeenPoses(Cut(), lambda: estimator)
    seen = replay(poses, HINGE, kept.append)
    poses.close()
    assert seen.timing["pose_ms_p50"] > 0

    path = tmp_path / "cut.npz"
    write_trace(path, kept)
    again = replay(TracedPoses(read_trace(path)), HINGE)
    (film,), (trace,) = seen.sets, again.sets
    assert len(film.counted) == 1
    assert as_figures(trace) == pytest.approx(as_figures(film), abs=0.05)
    assert (again.frames, again.duration_s) == (seen.frames, pytest.approx(seen.duration_s))
    assert film.reps[0].bottom_s == pytest.approx(TRUTH["reps"][0]["bottom_s"], abs=0.2)
