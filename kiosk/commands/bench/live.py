"""The whole mirror in a process of its own: how soon it judges, how late it counts, its memory.

`measure_live` runs this file, so that start and memory are the mirror's and not the benchmark's.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from kiosk.app import mirror as app
from kiosk.commands.bench.stopwatch import Stopwatch
from kiosk.commands.demo import WALK_UP
from kiosk.errors import BadInputError
from kiosk.settings import (
    HistorySettings,
    PanelSettings,
    PoseSettings,
    ScreenSettings,
    Settings,
    SoundSettings,
)
from kiosk.system.health import read_health
from kiosk.vision.camera.film import Film
from kiosk.vision.camera.frame import Frame
from kiosk.vision.camera.pace import Paced

PLAYS_S = 14.0
"""Of the recording, at the speed of life: somebody walks up, stands still and hinges twice."""


def measure_live(model: str, threads: int, plays_s: float = PLAYS_S) -> dict[str, float | None]:
    """Starts the mirror on the packaged recording, off-screen, and asks it at its end.

    Args:
        model: a variant's name, or auto.
        threads: of the model; 0 for all cores but one.
        plays_s: of the recording.

    Returns:
        `start_import_s`, `start_settings_s`, `start_model_s`, `start_display_s` and
        `start_first_frame_s`, which together are `start_s`: from the start of the process until the
        first judged frame is on the screen. `count_delay_ms`: from a picture in hand until what was
        made of it is on the screen, less the model's time. `rss_mb`, `poses_per_s` and
        `pictures_per_s`.

    Raises:
        BadInputError: the mirror does not run here; the message is its own.
    """
    asked = json.dumps([time.monotonic(), model, threads, plays_s])
    # every word of it is ours
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "kiosk.commands.bench.live", asked],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"SDL_VIDEODRIVER": "dummy"},
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["without a word"]
        raise BadInputError(f"the mirror did not run ({said[-1]}); run 'kiosk doctor'")
    figures: dict[str, float | None] = json.loads(done.stdout.splitlines()[-1])
    return figures


@dataclass(slots=True)
class _Seen:
    """What was noted while the mirror ran.

    Attributes:
        in_hand_s: when each picture was there, by its time in the film.
        first_s: when the first judged frame was on the screen.
        late_ms: from a picture in hand to its end on the screen, less the model.
        drawn: pictures drawn.
        lasted_s: how long it ran after the first judged frame.
        rss_mb: at the end.
    """

    in_hand_s: dict[float, float] = field(default_factory=dict)
    first_s: float | None = None
    late_ms: list[float] = field(default_factory=list)
    drawn: int = 0
    lasted_s: float = 0.0
    rss_mb: int | None = None


def _main(asked: str) -> None:
    imported_s = time.monotonic()
    began_s, model, threads, plays_s = json.loads(asked)
    watch = Stopwatch()
    watch.on(app, "load_estimator", "model")
    watch.on(app, "Display", "display")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            pose=PoseSettings(model=model, threads=threads),
            screen=ScreenSettings(fullscreen=False),
            panel=PanelSettings(kind="keyboard"),
            sound=SoundSettings(enabled=False),
            history=HistorySettings(folder=folder),
        )
        set_s = time.monotonic()
        seen = _run(settings, watch, plays_s)
    model_s, display_s = (watch.newest_ms(name) / 1000 for name in ("model", "display"))
    first_s = seen.first_s or time.monotonic()
    figures = {
        "start_import_s": imported_s - began_s,
        "start_settings_s": set_s - imported_s,
        "start_model_s": model_s,
        "start_display_s": display_s,
        "start_first_frame_s": first_s - set_s - model_s - display_s,
        "start_s": first_s - began_s,
        "count_delay_ms": median(seen.late_ms) if seen.late_ms else None,
        "rss_mb": seen.rss_mb,
        "poses_per_s": len(seen.late_ms) / seen.lasted_s,
        "pictures_per_s": seen.drawn / seen.lasted_s,
    }
    print(json.dumps(figures))


def _run(settings: Settings, watch: Stopwatch, plays_s: float) -> _Seen:
    seen = _Seen()
    with app.Mirror(settings, lambda: _Noted(seen.in_hand_s), patient=False) as kiosk:
        perception: Any = kiosk._perception  # noqa: SLF001 - a frame's own time of the model
        watch.on(kiosk._pacer, "wait", "wait")  # noqa: SLF001 - it is no part of the picture
        shown_s = -1.0
        while (scene := kiosk.turn()) is not None and not kiosk.ended:
            now_s = time.monotonic()
            done_s = now_s - watch.newest_ms("wait") / 1000
            snapshot = scene.snapshot
            if snapshot is None:
                continue
            seen.drawn += 1
            seen.first_s = seen.first_s or done_s
            if snapshot.time_s > shown_s:
                shown_s = snapshot.time_s
                late_s = done_s - seen.in_hand_s[shown_s] - perception.poses.invoke_s
                seen.late_ms.append(1000 * late_s)
            seen.lasted_s = now_s - seen.first_s
            if seen.lasted_s > plays_s:
                break
        seen.rss_mb = read_health(Path(settings.history.folder)).rss_mb
    return seen


class _Noted(Paced):
    """The recording at the speed of life, with a note of when each picture was in hand."""

    def __init__(self, in_hand_s: dict[float, float]) -> None:
        super().__init__(Film(WALK_UP))
        self._in_hand_s = in_hand_s

    def read(self) -> Frame | None:
        frame = super().read()
        if frame is not None:
            self._in_hand_s[frame.time_s] = time.monotonic()
        return frame


if __name__ == "__main__":
    _main(sys.argv[1])
