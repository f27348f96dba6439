"""Measures what drawing costs the processor: every kind of screen in motion, picture by picture."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import median, quantiles

from kiosk.body.pose import Pose
from kiosk.coaching.snapshot import Snapshot, Stage
from kiosk.coaching.stroke import moment
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.exercises.stick_figure import as_pose, skeleton
from kiosk.settings import ScreenSettings
from kiosk.ui.screen.display import Display
from kiosk.ui.screen.gallery.scenes import kept_samples, one_of_each_screen
from kiosk.ui.screen.scene import Scene
from kiosk.ui.words.words import Words

PICTURES = 300
SIZE = (1080, 1920)
BUDGET_MS = 4.0
"""Processor time for a picture at 1080 by 1920: an eighth of a frame at 30 a second."""
POSES_PER_S = 15
"""Poses come at this rate while pictures are drawn at the display's."""


def measure_screens(
    words: Words, pictures: int = PICTURES, size: tuple[int, int] = SIZE, rotate: int = 0
) -> dict[str, list[float]]:
    """Draws every screen in motion, from changes to the panel's memory.

    Args:
        words: every text.
        pictures: of each screen.
        size: width and height in pixels.
        rotate: degrees by which the panel is mounted.

    Returns:
        Milliseconds of processor time for each picture of each screen.
    """
    width, height = size
    settings = ScreenSettings(width=width, height=height, fullscreen=False, rotate=rotate)  # type: ignore[arg-type]  # checked by the command line
    with Display(settings, words, on_screen=False) as display:

        def cost_ms(scene: Scene) -> float:
            began = time.thread_time()
            display.show(scene)
            return 1000 * (time.thread_time() - began)

        screens = moving(words, pictures, settings.fps)
        return {name: list(map(cost_ms, scenes)) for name, scenes in screens.items()}


def format_screens(costs: Mapping[str, Sequence[float]]) -> str:
    """The figures as a table, worst screen last. In a first picture all is new."""
    p95s = {name: quantiles(took[1:], n=20)[-1] for name, took in costs.items()}
    lines = [f"{'ms of processor time':32}{'median':>8}{'p95':>8}{'most':>8}{'first':>8}"]
    for name, p95 in sorted(p95s.items(), key=lambda item: item[1]):
        first, *rest = costs[name]
        lines.append(f"{name:32}{median(rest):8.2f}{p95:8.2f}{max(rest):8.2f}{first:8.2f}")
    over = ", ".join(name for name, p95 in p95s.items() if p95 > BUDGET_MS)
    limit = f"{BUDGET_MS:g} ms at the 95th percentile"
    return "\n".join([*lines, f"over {limit}: {over}" if over else f"every screen within {limit}"])


def moving(words: Words, pictures: int, per_s: float) -> Mapping[str, Iterator[Scene]]:
    """The scenes of each kind of screen over so many pictures, as a user sees them."""
    screens = one_of_each_screen(kept_samples(words))
    return {name: _scenes(scene, pictures, per_s) for name, scene in screens.items()}


def _scenes(scene: Scene, pictures: int, per_s: float) -> Iterator[Scene]:
    """The scene as time passes."""
    for time_s in (number / per_s for number in range(pictures)):
        moved = replace(scene, now_s=scene.now_s + time_s)
        snapshot = scene.snapshot
        if snapshot is not None and snapshot.stage in _MOVES:
            changed = _MOVES[snapshot.stage](snapshot, time_s)
            moved = replace(moved, snapshot=replace(snapshot, **changed))  # type: ignore[arg-type]  # its own fields
        yield moved


def _turning(snapshot: Snapshot, time_s: float) -> dict[str, object]:
    return {"pose": _lifter(snapshot, time_s * 0.5, time_s)}


def _settling(snapshot: Snapshot, time_s: float) -> dict[str, object]:
    return {"pose": _lifter(snapshot, 0.0, 0.0), "stillness": time_s / 2 % 1.0}


def _lifting(snapshot: Snapshot, time_s: float) -> dict[str, object]:
    """Rep after rep, each with its count, and the scene's cue after every second one."""
    seen_s = int(time_s * POSES_PER_S) / POSES_PER_S
    stroke = exercise_by_id(snapshot.exercise).appearance.stroke
    now, reps = moment(stroke, seen_s), int(seen_s / stroke.whole_s)
    cue_s = snapshot.time_s + (reps - reps % 2) * stroke.whole_s
    cue = snapshot.cue if reps % 2 == 0 else None
    return {
        "pose": _lifter(snapshot, seen_s, seen_s),
        "time_s": snapshot.time_s + seen_s,
        "phase": now.phase,
        "phase_s": now.share,
        "depth": now.lean_deg / stroke.lean_deg,
        "hip_share": 0.85 - 0.1 * now.share,
        "count": snapshot.count + reps,
        "cue": cue and replace(cue, time_s=cue_s),
    }


def _lifter(snapshot: Snapshot, stroke_s: float, time_s: float) -> Pose:
    """Somebody who does the snapshot's exercise, so many seconds into it."""
    now = moment(exercise_by_id(snapshot.exercise).appearance.stroke, stroke_s)
    return as_pose(skeleton(now.lean_deg, now.knee_deg), time_s)


_MOVES: Mapping[Stage, Callable[[Snapshot, float], dict[str, object]]] = {
    Stage.FRAMING: _turning,
    Stage.READY: _settling,
    Stage.SET: _lifting,
}
"""What has changed in a snapshot after some seconds; what else moves does so by the clock."""
