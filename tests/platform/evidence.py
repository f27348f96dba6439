"""Measures reps and checks on labelled clips, and prints a page of the figures.

    .venv/bin/python tests/platform/evidence.py FOLDER... --out docs/evidence.md

Each FOLDER, or label file, holds labelled clips as `tests/labelled.py` describes them. After a
colon comes the folder of its pose traces, if they lie elsewhere (`FOLDER:TRACES`). A clip is
replayed from its trace, or else from its film; with --films, from its film, if no folder of traces
was named. Only films measure the back and the hands; traces are a hundred times faster.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tqdm import tqdm

from evidence_page import Evidence
from kiosk.commands.replay import Replay, replay
from kiosk.errors import KioskError
from kiosk.exercises.catalogue import catalogue, exercise_by_id
from kiosk.vision.back.back_observer import open_back_observer
from kiosk.vision.back.back_worker import BackWorker
from kiosk.vision.camera.film import Film
from kiosk.vision.load.load_observer import LoadObserver
from kiosk.vision.pose.movenet import load_estimator
from kiosk.vision.pose.source import SeenPoses, TracedPoses
from kiosk.vision.pose.trace import read_trace
from labelled import NO_REP, Clip, read_clips, unique

BEGIN, END = "<!-- evidence -->\n", "<!-- end of evidence -->"
"""Between these docs/limits.md repeats the page's limits."""


def replayed(clip: Clip, exercise_id: str) -> Replay:
    """Replays a clip as an exercise."""
    exercise, others = exercise_by_id(exercise_id), catalogue().values()
    if not clip.film:
        return replay(TracedPoses(read_trace(clip.source)), exercise, others=others)
    estimator, _ = load_estimator()
    with closing(SeenPoses(Film(str(clip.source)), lambda: estimator)) as poses:
        back = BackWorker(open_back_observer())
        return replay(poses, exercise, back=back, load=LoadObserver(), others=others)


def suggested(clip: Clip) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Replays a clip's poses as every other lift; yields it and what was suggested."""
    if clip.trace is None:
        return
    trace = read_trace(clip.trace)
    for exercise in catalogue().values():
        if exercise.kind == "lift" and exercise.id != clip.exercise:
            found = replay(TracedPoses(trace), exercise, others=catalogue().values())
            yield exercise.id, found.suggested


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("places", nargs="+", metavar="FOLDER[:TRACES]")
    parser.add_argument("--films", action="store_true", help="replay films where there are any")
    parser.add_argument("--out", type=Path, help="write the page here; default: print it")
    parser.add_argument("--limits", type=Path, help="also repeat the limits in this file")
    arguments = parser.parse_args()
    evidence = Evidence()
    try:
        places = (read_clips(place, films=arguments.films) for place in arguments.places)
        clips = unique(clip for place in places for clip in place)
        for clip in tqdm(clips, unit="clip", disable=not sys.stderr.isatty()):
            for exercise in NO_REP if clip.no_rep else (clip.exercise,):
                found = replayed(clip, exercise)
                reps = [rep for record in found.sets for rep in record.counted]
                evidence.add(clip, exercise, reps)
                evidence.add_suggestions(clip, exercise, found.suggested)
            for exercise, offers in () if clip.no_rep else suggested(clip):
                evidence.add_suggestions(clip, exercise, offers)
    except KioskError as error:
        print(f"evidence: {error}", file=sys.stderr)
        return 2
    if not clips:
        print("evidence: no labelled clip; see the first lines of tests/labelled.py")
        return 2
    if arguments.out:
        arguments.out.write_text(evidence.page(), "utf-8")
    else:
        print(evidence.page(), end="")
    if arguments.limits:
        before, _, rest = arguments.limits.read_text("utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        text = f"{before}{BEGIN}{evidence.in_short()}\n{END}{after}"
        arguments.limits.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
