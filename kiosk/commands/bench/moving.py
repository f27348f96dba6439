"""Screens in motion, as a user sees them: what a drawing benchmark draws."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from kiosk.body.pose import Pose
from kiosk.coaching.snapshot import Snapshot
from kiosk.coaching.stroke import Moment, moment
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.exercises.stick_figure import as_pose, skeleton
from kiosk.ui.screen.gallery.scenes import samples
from kiosk.ui.screen.scene import Scene

POSES_PER_S = 15
"""Poses come at this rate while pictures are drawn at the display's."""


def moving(pictures: int, per_s: float) -> Mapping[str, Iterator[Scene]]:
    """For each kind of screen, its scenes over so many pictures.

    Args:
        pictures: how many.
        per_s: pictures a second.
    """
    found = samples()
    movers: dict[str, Callable[[Scene, float], Scene]] = {
        "waiting": _pass,
        "framing-turn": _sway,
        "ready-still": _gather,
        "set-deep": _lift,
        "set-cue": _lift,
        "summary-fade": _pass,
        "history": _pass,
        "history-trend": _pass,
        "learn-muscles": _pass,
        "learn-mistake-knee_dominance": _pass,
        "operator": _pass,
    }
    return {name: _scenes(found[name], move, pictures, per_s) for name, move in movers.items()}


def _scenes(
    scene: Scene, move: Callable[[Scene, float], Scene], pictures: int, per_s: float
) -> Iterator[Scene]:
    for number in range(pictures):
        time_s = number / per_s
        yield replace(move(scene, time_s), now_s=scene.now_s + time_s)


def _pass(scene: Scene, _: float) -> Scene:
    """Time passes; whatever moves does so by the clock."""
    return scene


def _sway(scene: Scene, time_s: float) -> Scene:
    return _with(scene, pose=_pose(_rep(scene, time_s * 0.5), time_s))


def _gather(scene: Scene, time_s: float) -> Scene:
    return replace(_sway(scene, 0.0), snapshot=replace(_told(scene), stillness=time_s / 2 % 1.0))


def _lift(scene: Scene, time_s: float) -> Scene:
    """Rep after rep, each with its count, and the scene's cue after every second one."""
    told = _told(scene)
    seen_s = int(time_s * POSES_PER_S) / POSES_PER_S
    now = _rep(scene, seen_s)
    stroke = exercise_by_id(told.exercise).form.stroke
    reps = int(seen_s / stroke.whole_s)
    start_s = told.time_s + (reps - reps % 2) * stroke.whole_s
    cue = None if told.cue is None else replace(told.cue, time_s=start_s)
    return _with(
        scene,
        pose=_pose(now, seen_s),
        time_s=told.time_s + seen_s,
        phase=now.phase,
        phase_s=now.share,
        depth=now.lean_deg / stroke.lean_deg,
        hip_share=0.85 - 0.1 * now.share,
        count=told.count + reps,
        cue=cue if reps % 2 == 0 else None,
    )


def _rep(scene: Scene, time_s: float) -> Moment:
    return moment(exercise_by_id(_told(scene).exercise).form.stroke, time_s)


def _pose(now: Moment, time_s: float) -> Pose:
    return as_pose(skeleton(now.lean_deg, now.knee_deg), time_s)


def _with(scene: Scene, **changed: object) -> Scene:
    return replace(scene, snapshot=replace(_told(scene), **changed))  # type: ignore[arg-type]  # a snapshot's own fields


def _told(scene: Scene) -> Snapshot:
    assert scene.snapshot is not None
    return scene.snapshot
