"""The whole mirror in a process of its own: start, delay, memory, and what an empty room costs.

`measure_live` and `measure_idle` run this file, so that the figures are the mirror's and not the
benchmark's.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from itertools import cycle
from pathlib import Path
from statistics import median

import numpy as np

from kiosk.app import parts as parts_module
from kiosk.app import set_up_runner
from kiosk.app.mirror import Mirror
from kiosk.app.parts import Factories, MirrorOptions
from kiosk.commands.bench.stopwatch import Stopwatch
from kiosk.commands.demo.show import WALK_UP, demo_settings
from kiosk.errors import BadInputError
from kiosk.system.health import resident_bytes
from kiosk.ui.screen.display import Pacer
from kiosk.ui.screen.toolkit.motion import DIM_FROM_S, DIM_S
from kiosk.vision.camera.film import Film
from kiosk.vision.camera.frame import Frame, FrameSource
from kiosk.vision.camera.live import LiveSource
from kiosk.vision.camera.pace import Paced
from kiosk.vision.pose.idle import QUIET_S

Figures = dict[str, float | None]

IDLE_S = 8.0
"""Of an empty room, once the model rests."""
NOISE = 3.0
"""Of 255: standard deviation of a small camera's noise in a lit room."""
CAMERA_FPS = 30
PLAYS_S = 14.0
"""Of the recording, at its own speed: somebody walks up, stands still and hinges twice."""


def measure_live(model: str, threads: int, plays_s: float = PLAYS_S) -> Figures:
    """Starts the mirror on the packaged recording, off-screen, and measures for `plays_s` of it.

    Returns:
        `start_import_s`, `start_settings_s`, `start_model_s`, `start_display_s` and
        `start_first_frame_s`, which together are `start_s`: from the start of the process until the
        first judged frame is on the screen. `count_delay_ms`: from a picture in hand until what was
        made of it is on the screen, less the model's time. `rss_mb`, `poses_per_s` and
        `pictures_per_s`.

    Raises:
        BadInputError: the mirror does not run here; the message is its own.
    """
    return _in_a_process("live", model, threads, plays_s)


def measure_idle(model: str, threads: int, lasts_s: float = IDLE_S) -> Figures:
    """Starts the mirror before an empty room, off-screen; measures `lasts_s` of it once it rests.

    The room is the first picture of the packaged recording, at 30 frames a second, with the noise
    of a camera. The main loop's clock then jumps to where the picture is dimmed, and after that to
    where it is black.

    Returns:
        `idle_share` and `asleep_share`: seconds of processor time in a second, of all threads,
        while the picture is dimmed, and while it is black.

    Raises:
        BadInputError: the mirror does not run here; the message is its own.
    """
    return _in_a_process("idle", model, threads, lasts_s)


def _in_a_process(part: str, model: str, threads: int, lasts_s: float) -> Figures:
    asked = json.dumps([part, time.monotonic(), model, threads, lasts_s])
    # every word of it is ours
    command = [sys.executable, "-m", "kiosk.commands.bench.real_time", asked]
    unseen = os.environ | {"SDL_VIDEODRIVER": "dummy"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=unseen)  # noqa: S603
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["without a word"]
        raise BadInputError(f"the mirror did not run ({lines[-1]}); run 'kiosk doctor'")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def _measure_live(began_s: float, model: str, threads: int, plays_s: float) -> Figures:
    imported_s = time.monotonic()
    in_hand_s: dict[float, float] = {}
    late_ms: list[float] = []
    drawn, shown_s, lasted_s, first_s = 0, -1.0, 0.0, None

    def open_camera(
        opener: Callable[[], FrameSource], prepare: Callable[[Frame], None]
    ) -> LiveSource:
        def take(frame: Frame) -> None:
            in_hand_s[frame.time_s] = time.monotonic()
            prepare(frame)

        return LiveSource(opener, prepare=take)

    with tempfile.TemporaryDirectory() as folder, Stopwatch() as watch:
        watch.on(parts_module, "load_estimator", "model")
        watch.on(set_up_runner, "Display", "display")
        watch.on(Pacer, "wait", "wait")
        settings = demo_settings(Path(folder), pose={"model": model, "threads": threads})
        set_s = time.monotonic()
        options = MirrorOptions(reconnects=False, factories=Factories(camera=open_camera))
        with Mirror(settings, lambda: Paced(Film(WALK_UP)), options) as mirror:
            while (scene := mirror.turn()) is not None and not mirror.ended and lasted_s <= plays_s:
                now_s = time.monotonic()
                if (snapshot := scene.snapshot) is None:
                    continue
                done_s = now_s - watch.newest_ms("wait") / 1000  # which is no part of the picture
                drawn, first_s = drawn + 1, first_s or done_s
                if snapshot.time_s > shown_s:
                    shown_s = snapshot.time_s
                    invoke_s = mirror.pipeline.poses.invoke_s
                    late_ms.append(1000 * (done_s - in_hand_s[shown_s] - invoke_s))
                lasted_s = now_s - first_s
            held = resident_bytes()
    model_s, display_s = (watch.newest_ms(name) / 1000 for name in ("model", "display"))
    first_s = first_s or time.monotonic()
    return {
        "start_import_s": imported_s - began_s,
        "start_settings_s": set_s - imported_s,
        "start_model_s": model_s,
        "start_display_s": display_s,
        "start_first_frame_s": first_s - set_s - model_s - display_s,
        "start_s": first_s - began_s,
        "count_delay_ms": median(late_ms) if late_ms else None,
        "rss_mb": None if held is None else round(held / 1e6),
        "poses_per_s": len(late_ms) / lasted_s,
        "pictures_per_s": drawn / lasted_s,
    }


class _EmptyRoom:
    """A camera before a room in which nothing happens; noisy, at 30 frames a second."""

    name = "empty room"

    def __init__(self) -> None:
        with closing(Film(WALK_UP)) as film:
            first = film.read()
        assert first is not None
        rng = np.random.default_rng(0)
        noises = (rng.normal(0, NOISE, first.rgbx.shape) for _ in range(8))
        self._pictures = cycle(
            [np.clip(first.rgbx + noise, 0, 255).astype(np.uint8) for noise in noises]
        )
        self._due_s = time.monotonic()

    def read(self) -> Frame:
        self._due_s += 1 / CAMERA_FPS
        time.sleep(max(0.0, self._due_s - time.monotonic()))
        return Frame(next(self._pictures), time.monotonic())

    def close(self) -> None:
        pass


def _measure_idle(_: float, model: str, threads: int, lasts_s: float) -> Figures:
    ahead_s = 0.0

    def turn_for(mirror: Mirror, seconds: float) -> float:
        began_s, used_s = time.monotonic(), time.process_time()
        while time.monotonic() < began_s + seconds:
            mirror.turn()
        return (time.process_time() - used_s) / (time.monotonic() - began_s)

    with tempfile.TemporaryDirectory() as folder:
        settings = demo_settings(Path(folder), pose={"model": model, "threads": threads})
        clock = lambda: time.monotonic() + ahead_s  # noqa: E731 - it reads what changes below
        options = MirrorOptions(reconnects=False)
        with Mirror(settings, _EmptyRoom, options, clock=clock) as mirror:
            turn_for(mirror, QUIET_S + 2.0)
            found: Figures = {}
            black_s = 60.0 * settings.screen.off_after_min
            for name, since_s in (("idle_share", DIM_FROM_S + DIM_S), ("asleep_share", black_s)):
                ahead_s = since_s
                turn_for(mirror, 1.0)
                found[name] = turn_for(mirror, lasts_s)
            return found


if __name__ == "__main__":
    part, *of = json.loads(sys.argv[1])
    print(json.dumps({"live": _measure_live, "idle": _measure_idle}[part](*of)))
