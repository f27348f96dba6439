"""Does a frame cost more, or the mirror grow, the longer it runs?

Run from the checkout: .venv/bin/python tests/platform/bench_growth.py [REPS] [HOURS]
Feeds 10 000 synthetic reps in sets of twelve to the coach, then an hour of film to the whole
replay: the packaged recording over and over, with times that go on. Tells CPU time a frame and
memory by tenths. Ends with 1 where the last three tenths cost a fifth more than the first three, or
hold 10 MB more.
"""

import gc
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from statistics import median

from kiosk.app.pipeline import Pipeline
from kiosk.body.pose import Pose
from kiosk.coaching.coach import Coach
from kiosk.coaching.stroke import moment
from kiosk.commands.bench.drawing import POSES_PER_S
from kiosk.commands.demo.show import WALK_UP
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.exercises.stick_figure import as_pose, skeleton
from kiosk.system.health import read_health
from kiosk.vision.back.back_observer import open_back_observer
from kiosk.vision.back.back_worker import BackWorker
from kiosk.vision.camera.film import Film
from kiosk.vision.camera.frame import Frame
from kiosk.vision.pose.movenet import load_estimator
from kiosk.vision.pose.source import PoseSource, SeenPoses, TracedPoses

HINGE = exercise_by_id("hip_hinge")
SET, REST_S = 12, 12.0
TENTHS = 10
GAP_S = 3.0
DEARER, LARGER_MB = 1.2, 10.0


def reps(number: int) -> Iterator[Pose]:
    """Stands, lifts twelve times, stands until the set is over, and so on."""
    stroke = HINGE.appearance.stroke
    lifting_s = SET * stroke.whole_s
    turn_s = lifting_s + REST_S
    for frame in range(int(number / SET * turn_s * POSES_PER_S)):
        time_s = frame / POSES_PER_S
        within_s = time_s % turn_s - REST_S
        now = moment(stroke, max(within_s, 0.0))
        yield as_pose(skeleton(now.lean_deg, now.knee_deg), time_s)


class Endless:
    """The recording over and over, for so many seconds of film."""

    name = "endless"

    def __init__(self, lasts_s: float) -> None:
        self._frames = self._all(lasts_s)

    def read(self) -> Frame | None:
        return next(self._frames, None)

    def close(self) -> None:
        self._frames.close()

    def _all(self, lasts_s: float) -> Iterator[Frame]:
        start_s = 0.0
        for _ in count():
            film, last_s = Film(WALK_UP), 0.0
            while (frame := film.read()) is not None:
                last_s = frame.time_s
                if start_s + last_s > lasts_s:
                    film.close()
                    return
                yield replace(frame, time_s=start_s + last_s)
            film.close()
            gc.collect()  # PyAV's objects hold each other, half a megabyte a film
            start_s += last_s + GAP_S


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def told(title: str, poses: PoseSource, frames: int, watch: BackWorker | None) -> bool:
    """Runs it, prints a line a tenth, and says whether it stayed flat."""
    sets = set[int]()
    perception = Pipeline(poses, Coach(HINGE), lambda record: sets.add(record.serial), back=watch)
    say(f"{title}\n{'frames':>10}{'sets':>7}{'CPU us a frame':>16}{'MB':>7}")
    cost, size = [], []
    took: list[float] = []
    for number in count(1):
        began = time.process_time()
        going = perception.step()
        took.append(1e6 * (time.process_time() - began))
        if number % (frames // TENTHS) == 0 or not going:
            memory = read_health(Path()).rss_mb or 0
            if len(took) > frames // TENTHS // 2:
                cost.append(median(took))
                size.append(memory)
                say(f"{number:>10}{len(sets):>7}{median(took):>16.0f}{memory:>7}")
            took.clear()
        if not going:
            break
    first, last = median(cost[:3]), median(cost[-3:])
    flat = last < DEARER * first and median(size[-3:]) - median(size[1:4]) < LARGER_MB
    say(f"last against first: {last / first:.2f}{'' if flat else ', NOT FLAT'}\n")
    return flat


def main() -> int:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    hours = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
    poses = sum(1 for _ in reps(number))
    flat = told(f"{number} reps", _Poses(reps(number)), poses, None)
    lasts_s = 3600 * hours
    estimator, _ = load_estimator(threads=1)
    seen = SeenPoses(Endless(lasts_s), lambda: estimator)
    frames = int(lasts_s * 507 / (33.8 + GAP_S))
    flat &= told(f"{hours:g} h of film", seen, frames, BackWorker(open_back_observer()))
    return 0 if flat else 1


class _Poses(TracedPoses):
    """Poses that nobody keeps."""

    def __init__(self, poses: Iterator[Pose]) -> None:
        self._poses = poses
        self.frame = None
        self.capture_s = self.invoke_s = 0.0


if __name__ == "__main__":
    raise SystemExit(main())
