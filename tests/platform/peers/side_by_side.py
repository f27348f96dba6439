"""How do the mirror's models compare with MediaPipe Pose, under the same counter?

Run by run.sh, which see: side_by_side.py --peers PYTHON [FILM:EXERCISE:COUNT ...]
Every model has a process of its own. They take turns at the same film, 60 frames of it at a time,
so that a busy machine hits all alike; while one works the others wait. COUNT is the number of reps
that the film shows, or 4-5 where it begins or ends within one. The packaged recording is always the
first.

pose ms    median of one pose, wall time: cutting and resizing, model, and MediaPipe's own tracking
cpu ms     processor time of a whole frame: reading, pose, coach; all threads
frames/s   the same by the clock
MB         the most that the process held
"""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from kiosk.commands.demo.show import WALK_UP
from kiosk.errors import KioskError
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.vision.models.manifest import load_manifest, weights_folder

HERE = Path(__file__).parent
BLOCK = 60
"""Frames before the next model's turn."""

WHICH = (
    "from importlib.util import find_spec; from pathlib import Path; "
    "at = Path(find_spec('mediapipe').origin).parent / 'modules' / 'pose_landmark'; "
    "print(*(n for n in ('lite', 'full', 'heavy') if (at / f'pose_landmark_{n}.tflite').exists()))"
)
"""Tells which pose models are there; asked for another, MediaPipe would fetch it."""


@dataclass(frozen=True, slots=True)
class Task:
    """A film, and how many reps are right."""

    film: Path
    exercise: str
    fewest: int
    most: int


@dataclass(slots=True)
class Contender:
    """A model's process, and what it has shown so far."""

    name: str
    process: subprocess.Popen[str]
    pose_ms: list[float] = field(default_factory=list)
    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_mb: int = 0
    right: int = 0

    def heard(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name}: ended before its time; see above")
        told: dict[str, Any] = json.loads(line)
        return told

    def ask(self, order: object) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return self.heard()

    def go_on(self) -> dict[str, Any]:
        told = self.ask(BLOCK)
        self.pose_ms += told["pose_ms"]
        self.wall_s += told["wall_s"]
        self.cpu_s += told["cpu_s"]
        self.peak_mb = max(self.peak_mb, told["peak_mb"])
        return told


def task(text: str) -> Task:
    try:
        film, exercise, count = text.rsplit(":", 2)
        fewest, _, most = count.partition("-")
        exercise_by_id(exercise)
        found = Task(Path(film).resolve(), exercise, int(fewest), int(most or fewest))
    except (ValueError, KioskError) as error:
        raise argparse.ArgumentTypeError(f"{text}: {error}; write FILM:EXERCISE:COUNT") from error
    if not found.film.is_file():
        raise argparse.ArgumentTypeError(f"{film}: no such film; name a video file")
    return found


def start(python: str, name: str) -> Contender:
    return Contender(
        name,
        subprocess.Popen(
            [python, HERE / "contender.py", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ),
    )


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def show(film: Task, contenders: list[Contender]) -> None:
    """One film to all, in turns; another begins each round."""
    for one in contenders:
        one.ask([str(film.film), film.exercise])
    found: dict[str, str] = {}
    still, turn = list(contenders), 0
    while still:
        turn += 1
        first = turn % len(still)
        for one in still[first:] + still[:first]:
            told = one.go_on()
            if told["over"]:
                right = film.fewest <= told["counted"] <= film.most
                one.right += right
                mark = "" if right else " WRONG"
                found[one.name] = f"{told['counted']} + {told['partial']} partial{mark}"
                still.remove(one)
    span = f"{film.fewest}-{film.most}" if film.most > film.fewest else f"{film.most}"
    cells = " | ".join(found[one.name] for one in contenders)
    say(f"| {film.film.stem} | {film.exercise} | {span} | {cells} |")


def machine() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else 'processor unknown'}, {len(os.sched_getaffinity(0))} cores"


def main() -> None:
    parser = argparse.ArgumentParser(description="The mirror's models beside MediaPipe Pose.")
    parser.add_argument("--peers", required=True, help="the Python that has MediaPipe")
    parser.add_argument("films", nargs="*", type=task, metavar="FILM:EXERCISE:COUNT")
    arguments = parser.parse_args()
    films = [Task(WALK_UP, "hip_hinge", 5, 5), *arguments.films]

    ours = [
        name
        for name, spec in load_manifest().models.items()
        if (weights_folder() / spec.file).exists()
    ]
    if not ours:
        raise SystemExit("no model here; obtain one with .venv/bin/kiosk models")
    theirs = subprocess.check_output([arguments.peers, "-c", WHICH], text=True).split()
    contenders = [start(sys.executable, f"movenet:{name}") for name in ours]
    contenders += [start(arguments.peers, f"mediapipe:{name}") for name in theirs]
    for one in contenders:
        one.heard()

    say(f"{machine()}; load {os.getloadavg()[0]:.1f} at the beginning\n")
    names = " | ".join(one.name for one in contenders)
    say(f"| film | exercise | reps | {names} |\n|{' --- |' * (3 + len(contenders))}")
    for film in films:
        show(film, contenders)
    say("\n| model | pose ms | cpu ms | frames/s | counts right | MB |\n|" + " --- |" * 6)
    for one in contenders:
        frames = len(one.pose_ms)
        say(
            f"| {one.name} | {median(one.pose_ms):.1f} | {1000 * one.cpu_s / frames:.1f} "
            f"| {frames / one.wall_s:.1f} | {one.right} of {len(films)} | {one.peak_mb} |"
        )
    for name in ("lite", "heavy"):
        if name not in theirs:
            say(f"| mediapipe:{name} | not there | | | | |")
    say(f"\nload {os.getloadavg()[0]:.1f} at the end")
    for one in contenders:
        one.process.communicate()


if __name__ == "__main__":
    main()
