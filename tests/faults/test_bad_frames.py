"""A frame, a pose or a step that cannot be used is left out: no set ends, and it is logged once."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from doubles import ScriptedEstimator, blank_frame
from kiosk.app import perception
from kiosk.body.pose import Keypoint, Pose
from kiosk.coaching.snapshot import Stage
from kiosk.vision.camera.frame import Frame
from kiosk.vision.pose.source import MOST_FAILED
from mirror_harness import (
    FPS,
    WORDS,
    MirrorHarness,
    counted,
    in_stage,
    over,
    reading,
    turns,
    warned,
)
from people import changed

ODD = range(60, 200, 35)
"""Numbers of frames that are odd: while standing, and in the middle of reps."""


class Odd(ScriptedEstimator):
    """Spoils what it sees in some frames, or fails on them."""

    def __init__(self, script: list[Pose], spoil: Callable[[Pose], Pose]) -> None:
        super().__init__(script)
        self._spoil = spoil

    def estimate(self, frame: Frame) -> Pose:
        pose = super().estimate(frame)
        return self._spoil(pose) if round(frame.time_s * FPS) in ODD else pose


def failing(pose: Pose) -> Pose:
    raise RuntimeError("node 31 (CONV_2D) failed\nto invoke")


SPOILT: dict[str, Callable[[Pose], Pose]] = {
    "one NaN": lambda pose: changed(pose, (Keypoint.LEFT_HIP, 0), math.nan),
    "all NaN": lambda pose: changed(pose, np.s_[:], math.nan),
    "infinity": lambda pose: changed(pose, (Keypoint.NOSE, 1), math.inf),
    "far off": lambda pose: changed(pose, (Keypoint.LEFT_KNEE, 0), 1e30),
    "no score": lambda pose: changed(pose, (Keypoint.LEFT_KNEE, 2), 300.0),
    "an exception": failing,
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_pose_that_is_none_costs_its_frame(
    harness: MirrorHarness, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    harness.load(lambda *_: (Odd(harness.poses, SPOILT[how]), "odd"))
    with harness.mirror() as mirror:
        turns(mirror, over(mirror))
    assert harness.stored() == [("hip_hinge", 4, "walked_off")]
    (line,) = warned(caplog)
    assert "the frame is left out" in line
    assert "\n" not in line


def test_a_model_that_fails_frame_after_frame_is_a_page_until_it_works(
    harness: MirrorHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(perception, "FAILED_S", (0.0, 0.0))
    from_s, to_s = 10.0, 12.0

    class Out(ScriptedEstimator):
        def estimate(self, frame: Frame) -> Pose:
            if from_s < frame.time_s < to_s:
                raise RuntimeError("node 31 failed")
            return super().estimate(frame)

    harness.load(lambda *_: (Out(harness.poses), "out"))
    with harness.mirror() as mirror:
        turns(mirror, counted(2))
        scene = turns(mirror, lambda scene: scene.vision_fault)
        assert scene.vision_fault == "failing"
        assert WORDS("notice.failing") in reading(mirror)
        assert scene.judged.stage is Stage.SUMMARY  # the set is not covered by it
        turns(mirror, lambda scene: not scene.vision_fault)
        turns(mirror, over(mirror))
    assert harness.stored()[0] == ("hip_hinge", 2, "interrupted")
    assert (to_s - from_s) * FPS > MOST_FAILED


JUMPS: dict[str, Callable[[int, float], float]] = {
    "back once": lambda n, t: t - 5.0 if n in ODD else t,
    "far ahead once": lambda n, t: t + 1e6 if n in ODD else t,
    "NaN once": lambda n, t: math.nan if n in ODD else t,
    "still": lambda n, t: t - 1 / FPS if n in ODD else t,
    "an hour ahead for good": lambda n, t: t + 3600.0 if n > ODD[2] else t,
    "an hour back for good": lambda n, t: t - 3600.0 if n > ODD[2] else t,
}


@pytest.mark.parametrize("how", JUMPS)
def test_a_time_that_jumps_costs_its_frame(
    harness: MirrorHarness, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    jumped = {JUMPS[how](round(f.time_s * FPS), f.time_s): f.time_s for f in harness.film()}

    class Seen(ScriptedEstimator):
        def estimate(self, frame: Frame) -> Pose:
            # the picture is what it was, whatever its time; the time is the mirror's
            true_s = numbers[id(frame.rgbx)]
            pose = super().estimate(replace(frame, time_s=true_s))
            return Pose(frame.time_s, pose.marks, pose.size)

    frames = [
        replace(f, time_s=JUMPS[how](round(f.time_s * FPS), f.time_s)) for f in harness.film()
    ]
    numbers = {id(f.rgbx): n / FPS for n, f in enumerate(frames)}
    harness.load(lambda *_: (Seen(harness.poses), "seen"))
    with harness.mirror(lambda: harness.camera(frames)) as mirror:
        turns(mirror, over(mirror))
    assert jumped
    assert harness.stored() == [("hip_hinge", 4, "walked_off")]
    (line,) = warned(caplog)
    assert "out of time" in line


def test_a_frame_of_another_size_costs_itself(
    harness: MirrorHarness, caplog: pytest.LogCaptureFixture
) -> None:
    frames = [
        blank_frame(f.time_s, (32, 24)) if round(f.time_s * FPS) in ODD else f
        for f in harness.film()
    ]
    with harness.mirror(lambda: harness.camera(frames)) as mirror:
        turns(mirror, over(mirror))
    assert harness.stored() == [("hip_hinge", 4, "walked_off")]
    (line,) = warned(caplog)
    assert "a frame of 32x24, not 64x48" in line


def test_a_camera_that_changes_its_size_for_good_begins_a_new_set(harness: MirrorHarness) -> None:
    frames = [blank_frame(f.time_s, (32, 24)) if f.time_s > 10.0 else f for f in harness.film()]
    with harness.mirror(lambda: harness.camera(frames)) as mirror:
        turns(mirror, counted(2))
        turns(mirror, in_stage(Stage.SUMMARY))
        turns(mirror, over(mirror))
    assert harness.stored()[0] == ("hip_hinge", 2, "walked_off")


def test_a_step_that_fails_anywhere_is_left_out(
    harness: MirrorHarness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    steps = 0
    step = harness.lockstep.pipeline.step

    def stumble(it: object) -> bool:
        nonlocal steps
        steps += 1
        goes_on: bool = step(it)
        if steps == ODD[1]:
            raise ZeroDivisionError("somewhere")
        return goes_on

    monkeypatch.setattr(harness.lockstep.pipeline, "step", stumble)
    with harness.mirror() as mirror:
        turns(mirror, over(mirror))
    assert harness.stored() == [("hip_hinge", 4, "walked_off")]
    assert warned(caplog) == ["a step of perception is left out"]
