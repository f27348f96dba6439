"""Measures reps and checks on labelled clips, and prints a page of the figures.

    .venv/bin/python tests/platform/evidence.py FOLDER... --out docs/evidence.md

Each FOLDER, or label file, holds labelled clips as `tests/labelled.py` describes them. After a
colon comes the folder of its pose traces, if they lie elsewhere (`FOLDER:TRACES`). A clip is
replayed from its trace, or else from its film; with --films, from its film, if no folder of traces
was named. Only films measure the back and the hands; traces are a hundred times faster.
"""

import argparse
import sys
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tqdm import tqdm

from evidence_page import Evidence
from kiosk.coaching.record import Rep
from kiosk.commands.replay import replay
from kiosk.errors import KioskError
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.vision.back.back_observer import open_back_observer
from kiosk.vision.back.back_worker import BackWorker
from kiosk.vision.camera.film import Film
from kiosk.vision.load.load_observer import LoadObserver
from kiosk.vision.pose.movenet import load_estimator
from kiosk.vision.pose.source import SeenPoses, TracedPoses
from kiosk.vision.pose.trace import read_trace
from labelled import NO_REP, Clip, read_clips, unique

BEGIN, END = "<!-- evidence -->\n", "<!-- end of evidence -->"
"""Between these the README repeats the page's limits."""


def counted(clip: Clip, exercise_id: str) -> list[Rep]:
    """Replays a clip and returns the reps that count."""
    exercise = exercise_by_id(exercise_id)
    if not clip.film:
        found = replay(TracedPoses(read_trace(clip.source)), exercise)
    else:
        estimator, _ = load_estimator()
        with closing(SeenPoses(Film(str(clip.source)), lambda: estimator)) as poses:
            back = BackWorker(open_back_observer())
            found = replay(poses, exercise, back=back, load=LoadObserver())
    return [rep for record in found.sets for rep in record.counted]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("places", nargs="+", metavar="FOLDER[:TRACES]")
    parser.add_argument("--films", action="store_true", help="replay films where there are any")
    parser.add_argument("--out", type=Path, help="write the page here; default: print it")
    parser.add_argument("--readme", type=Path, help="also repeat the limits in this file")
    arguments = parser.parse_args()
    evidence = Evidence()
    try:
        places = (read_clips(place, films=arguments.films) for place in arguments.places)
        clips = unique(clip for place in places for clip in place)
        for clip in tqdm(clips, unit="clip", disable=not sys.stderr.isatty()):
            for exercise in NO_REP if clip.no_rep else (clip.exercise,):
                evidence.add(clip, exercise, counted(clip, exercise))
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
    if arguments.readme:
        before, _, rest = arguments.readme.read_text("utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        text = f"{before}{BEGIN}{evidence.in_short()}\n{END}{after}"
        arguments.readme.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
