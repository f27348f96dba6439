"""One fixed scene for every screen in every state: for pictures, for tests, for a look at a change.

The people in it are made up from joint angles.
"""

import math
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import numpy as np

from kiosk.coaching.record import Ended, Measures, Rep, SetRecord, Tempo
from kiosk.coaching.snapshot import FramingStep, RepPhase, Snapshot, Stage
from kiosk.history.stored import StoredSet
from kiosk.panel.button import Button
from kiosk.pose.pose import Keypoint, Pose
from kiosk.screen.scene import Hold, Page, Scene

_TODAY = date(2026, 11, 23)
_NOON = datetime(2026, 11, 23, 18, 5, tzinfo=timezone(timedelta(hours=1)))
_STEPS = ("whole_body", "distance", "side_on", "still")


def samples() -> dict[str, Scene]:
    """Every scene by the name that its picture bears."""
    return {
        "starting": Scene(now_s=0.9),
        "fault": Scene(now_s=0.9, notices=("No camera. Check its cable.",)),
        "waiting": _scene(_snapshot(Stage.WAITING)),
        "waiting-long-name": _scene(
            _snapshot(Stage.WAITING, exercise="romanian_deadlift"), now_s=3.0
        ),
        "waiting-pressed": replace(
            _scene(_snapshot(Stage.WAITING, exercise="kettlebell_swing")),
            pressed=(Hold(Button.EXERCISE, 0.0),),
        ),
        "framing-far": _scene(_framing(0, lean_deg=0, share=1.25)),
        "framing-turn": _scene(_framing(2, lean_deg=0)),
        "framing-done": _scene(_framing(4, lean_deg=0)),
        "ready-still": _scene(_snapshot(Stage.READY, pose=person(), stillness=0.62)),
        "ready-go": _scene(_snapshot(Stage.READY, pose=person(), stillness=1.0)),
        "set-first": _scene(_set(0, lean_deg=20, knee_deg=8, depth=0.3)),
        "set-down": _scene(_set(3, lean_deg=52, knee_deg=18, depth=0.74)),
        "set-deep": _scene(_set(7, lean_deg=78, knee_deg=20, depth=1.08, phase=RepPhase.BOTTOM)),
        "set-partial": _scene(
            _set(12, lean_deg=0, knee_deg=0, depth=0.02, phase=RepPhase.TOP, partial="too_shallow")
        ),
        "set-hundred": _scene(
            _set(128, lean_deg=35, knee_deg=12, depth=0.5, phase=RepPhase.CONCENTRIC)
        ),
        "set-fault": replace(
            _scene(_set(5, lean_deg=35, knee_deg=12, depth=0.5)),
            notices=("The camera is gone. Your reps are safe.",),
        ),
        "summary": _scene(_summary(12, 0)),
        "summary-partials": _scene(_summary(8, 3, scored=True)),
        "summary-long": _scene(_summary(40, 1)),
        "summary-empty": _scene(_summary(0, 0)),
        "history": replace(
            _scene(_snapshot(Stage.WAITING)),
            page=Page.HISTORY,
            history=_stored(23),
            today=_TODAY,
            pressed=(Hold(Button.HISTORY, 0.6),),
        ),
        "history-old": replace(
            _scene(_snapshot(Stage.WAITING)),
            page=Page.HISTORY,
            history=_stored(23),
            history_page=1,
            today=_TODAY + timedelta(days=9),
        ),
        "history-empty": replace(_scene(_snapshot(Stage.WAITING)), page=Page.HISTORY, today=_TODAY),
    }


def person(
    lean_deg: float = 0.0, knee_deg: float = 0.0, share: float = 0.72, *, front: bool = False
) -> Pose:
    """A made-up person in a picture of 640x480, seen from their right side.

    Args:
        lean_deg: trunk from the vertical, forward.
        knee_deg: bend of the knee, the shin staying upright.
        share: standing height in picture heights.
        front: facing the camera instead.
    """
    tall = 480 * share
    ankle = np.array([320.0, 480 * 0.93 if share < 1 else 520.0])
    knee = ankle + tall * 0.24 * _up(0)
    hip = knee + tall * 0.25 * _up(-knee_deg - 0.14 * lean_deg)
    shoulder = hip + tall * 0.30 * _up(lean_deg)
    head = shoulder + tall * 0.13 * _up(0.8 * lean_deg + 4)
    elbow = shoulder + tall * 0.17 * _up(180 + 6)
    wrist = elbow + tall * 0.15 * _up(180 - 10)
    chain = {
        Keypoint.LEFT_SHOULDER: shoulder,
        Keypoint.LEFT_ELBOW: elbow,
        Keypoint.LEFT_WRIST: wrist,
        Keypoint.LEFT_HIP: hip,
        Keypoint.LEFT_KNEE: knee,
        Keypoint.LEFT_ANKLE: ankle,
    }
    keypoints = np.zeros((17, 3))
    keypoints[:5, :2] = head + np.array([[9, 2], [6, -3], [4, -3], [-2, -1], [-4, -1]]) * tall / 350
    keypoints[:5, 2] = 0.8
    half = tall * 0.10 if front else tall * 0.006
    for joint, at in chain.items():
        spread = half * (0.6 if joint >= Keypoint.LEFT_HIP else 1.0)
        keypoints[joint] = [at[0] + spread, at[1], 0.6]
        keypoints[joint + 1] = [at[0] - spread, at[1], 0.85]
    keypoints[keypoints[:, 1] > 480, 2] = 0.05
    return Pose(10.0, keypoints, (640, 480))


def _up(angle_deg: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Unit vector so many degrees forward of straight up; y points down."""
    angle = math.radians(angle_deg)
    return np.array([math.sin(angle), -math.cos(angle)])


def _scene(snapshot: Snapshot, now_s: float = 1.0) -> Scene:
    return Scene(now_s=now_s, snapshot=snapshot)


def _snapshot(
    stage: Stage, *, exercise: str = "hip_hinge", pose: Pose | None = None, stillness: float = 0.0
) -> Snapshot:
    return Snapshot(time_s=10.0, stage=stage, exercise=exercise, pose=pose, stillness=stillness)


def _framing(met: int, *, lean_deg: float, share: float = 0.72) -> Snapshot:
    return Snapshot(
        time_s=10.0,
        stage=Stage.FRAMING,
        exercise="hip_hinge",
        pose=person(lean_deg, share=share, front=met < 3),
        framing=tuple(FramingStep(name, number < met) for number, name in enumerate(_STEPS)),
    )


def _set(
    count: int,
    *,
    lean_deg: float,
    knee_deg: float,
    depth: float,
    phase: RepPhase = RepPhase.ECCENTRIC,
    partial: str | None = None,
) -> Snapshot:
    reps = [_rep(number) for number in range(1, count + 1)]
    if partial is not None:
        reps.append(_rep(count, partial))
    return Snapshot(
        time_s=reps[-1].end_s + 0.4 if reps else 10.0,
        stage=Stage.SET,
        exercise="hip_hinge",
        pose=person(lean_deg, knee_deg),
        phase=phase,
        depth=depth,
        count=count,
        partials=int(partial is not None),
        last=reps[-1] if reps else None,
        current=SetRecord(serial=1, exercise="hip_hinge", started_s=0.0, reps=tuple(reps)),
    )


def _summary(counted: int, partials: int, *, scored: bool = False) -> Snapshot:
    reps = [_rep(number, scored=scored) for number in range(1, counted + 1)]
    for number in range(partials):
        reps.insert(2 + 3 * number, _rep(2 + 3 * number, "too_shallow"))
    return Snapshot(
        time_s=60.0,
        stage=Stage.SUMMARY,
        exercise="hip_hinge",
        count=counted,
        partials=partials,
        current=SetRecord(
            serial=1,
            exercise="hip_hinge",
            started_s=2.0,
            reps=tuple(reps),
            ended_s=58.0,
            ended=Ended.WALKED_OFF,
        ),
    )


def _rep(number: int, partial: str | None = None, *, scored: bool = False) -> Rep:
    start_s = 4.0 * number
    depth = 0.45 if partial else 0.98 + 0.09 * math.sin(1.7 * number)
    return Rep(
        number=number,
        start_s=start_s,
        bottom_s=start_s + 1.8,
        end_s=start_s + 3.4,
        counted=partial is None,
        partial_reason=partial,
        tempo=Tempo(eccentric_s=1.8 + 0.1 * math.sin(number), pause_s=0.3, concentric_s=1.3),
        measures=Measures(depth=depth),
        score=90 + number % 7 if scored and partial is None else None,
    )


def _stored(sets: int) -> tuple[StoredSet, ...]:
    exercises = ("hip_hinge", "romanian_deadlift", "kettlebell_swing", "good_morning", "squat")
    return tuple(
        StoredSet(
            id=sets - number,
            exercise=exercises[number % 5],
            started_at=_NOON - timedelta(minutes=4 * number, hours=18 * (number // 3)),
            duration_s=None if number == 0 else 41.0 + 9 * number,
            ended=None if number == 0 else "walked_off",
            reps=12 - number % 5,
            partials=number % 3,
            trunk_lean_deg=72.0,
            tempo_s=(1.8, 0.3, 1.3),
            score=None,
        )
        for number in range(sets)
    )
