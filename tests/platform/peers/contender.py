"""One model in a process of its own, under the mirror's counter; side_by_side.py gives the orders.

Run as: python contender.py movenet:VARIANT or mediapipe:VARIANT. Each line of standard input is an
order in JSON, [film, exercise] to begin one or a number of frames to go on; each gets a line back.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.app.pipeline import Pipeline
from kiosk.body.follower import Follower
from kiosk.body.pose import Pose
from kiosk.coaching.coach import Coach
from kiosk.coaching.record import Ended, SetRecord
from kiosk.commands.demo.show import WALK_UP
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.vision.camera.film import Film
from kiosk.vision.camera.frame import Frame
from kiosk.vision.pose.crop import CropTracker
from kiosk.vision.pose.source import Estimator, SeenPoses

WARM_UP = 30
"""Frames of the packaged recording that nobody times: libraries load, memory is touched."""

COMPLEXITY = {"lite": 0, "full": 1, "heavy": 2}
"""MediaPipe's names for its pose models, as `mp.solutions.pose` numbers them."""

LANDMARKS = (0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28)
"""Which of MediaPipe's 33 is each of the 17 keypoints; left and right are the person's own."""


class MediaPipe:
    """MediaPipe Pose as an `Estimator`, as its makers ship it: it tracks, and smooths by itself."""

    last_invoke_s = 0.0

    def __init__(self, variant: str) -> None:
        self.crop = CropTracker()  # it keeps its own section, which the mirror cannot hold
        # only this process's environment has it
        from mediapipe.python.solutions.pose import Pose as Solution  # noqa: PLC0415

        self._solution = Solution(model_complexity=COMPLEXITY[variant])

    def anew(self) -> "MediaPipe":
        """Itself, having forgotten all it saw; a second graph beside it would count as memory."""
        self._solution.reset()
        return self

    def prepare(self, frame: Frame) -> None:
        pass

    def estimate(self, frame: Frame) -> Pose:
        height, width = frame.rgbx.shape[:2]
        found = self._solution.process(np.ascontiguousarray(frame.rgbx[..., :3])).pose_landmarks
        keypoints = np.zeros((17, 3))
        if found is not None:
            marks = [found.landmark[index] for index in LANDMARKS]
            keypoints[:] = [(m.x * width, m.y * height, m.visibility) for m in marks]
        return Pose.of(frame.time_s, keypoints, (width, height))

    def estimate_without(self, frame: Frame, hidden: tuple[float, float]) -> Pose:
        raise NotImplementedError("nobody looks aside here")


class Timed(SeenPoses):
    """Times each pose, cutting and resizing included, and looks at no frame twice.

    The second look is the mirror's own; MediaPipe, which tracks, would lose the person by it.
    """

    def __init__(self, film: Film, estimator: Estimator) -> None:
        super().__init__(film, estimator)
        self.took_ms: list[float] = []

    def read(self) -> Pose | None:
        began = time.perf_counter()
        pose = super().read()
        if pose is not None:
            self.took_ms.append(1000 * (time.perf_counter() - began - self.capture_s))
        return pose

    def check_bystander(self, every_s: float | None) -> None:
        pass

    def follow(self, person: Follower) -> None:
        pass


class Showing:
    """One film through model and coach."""

    def __init__(self, film: str | Path, exercise: str, estimator: Estimator) -> None:
        self._poses = Timed(Film(film), estimator)
        self._coach = Coach(exercise_by_id(exercise))
        self._sets: dict[int, SetRecord] = {}
        self._perception = Pipeline(self._poses, self._coach, self._keep)

    def go_on(self, frames: int) -> dict[str, Any]:
        """So many frames more: what they cost, and what was counted so far."""
        self._poses.took_ms.clear()
        wall, cpu = time.perf_counter(), time.process_time()
        going = all(self._perception.step() for _ in range(frames))
        told = {
            "wall_s": time.perf_counter() - wall,
            "cpu_s": time.process_time() - cpu,
            "pose_ms": self._poses.took_ms,
            "over": not going,
        }
        if not going:
            self._perception.finish(Ended.SOURCE_ENDED)
            self._poses.close()
        reps = [rep for record in self._sets.values() for rep in record.reps]
        return told | {
            "counted": sum(rep.counted for rep in reps),
            "partial": self._coach.partial_reps,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }

    def _keep(self, record: SetRecord) -> None:
        self._sets[record.serial] = record


def opener(name: str) -> Callable[[], Estimator]:
    """Gives a fresh estimator for each film, which knows nothing of the one before."""
    family, variant = name.split(":")
    if family == "mediapipe":
        peer = MediaPipe(variant)
        return peer.anew
    # the other environment has no LiteRT
    from kiosk.vision.models.selection import load_interpreter  # noqa: PLC0415
    from kiosk.vision.pose.movenet import MoveNet  # noqa: PLC0415

    interpreter, _ = load_interpreter(variant)
    return lambda: MoveNet(interpreter)


def main() -> None:
    fresh = opener(sys.argv[1])
    showing = Showing(WALK_UP, "hip_hinge", fresh())
    told: dict[str, Any] = showing.go_on(WARM_UP)
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    for line in sys.stdin:
        order = json.loads(line)
        if isinstance(order, int):
            told = showing.go_on(order)
        else:
            showing, told = Showing(*order, fresh()), {}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
