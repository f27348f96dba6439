"""Records what every trace and film replays to, so that two states of the code can be compared.

    .venv/bin/python tests/platform/record_replays.py OUT PLACE...

Each PLACE is a folder of pose traces (.npz) or a film. Every trace is replayed as every exercise,
a film as the exercise named after a colon (`FILM.mp4:squat`). One JSON file for each goes to
OUT, without the timing. Run it before and after a change that must not change behaviour, then:

    diff -rq BEFORE AFTER
"""

import argparse
import contextlib
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from kiosk.commands.cli import main as kiosk
from kiosk.exercises.catalogue import catalogue


def sources(places: list[str]) -> Iterator[tuple[Path, str]]:
    """Every trace or film, and the exercise to replay it as."""
    for place in places:
        path, _, exercise = place.partition(":")
        if exercise:
            yield Path(path), exercise
        else:
            for trace in sorted(Path(path).glob("*.npz")):
                yield from ((trace, known) for known in catalogue())


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("places", nargs="+", metavar="PLACE")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    count = 0
    for path, exercise in sources(arguments.places):
        kept = arguments.out / f"{path.parent.name}_{path.stem}_{exercise}.json"
        with contextlib.redirect_stdout(io.StringIO()):
            asked = ["replay", str(path), "--exercise", exercise, "--json", str(kept)]
            if kiosk([*asked, "--model", "lightning_f16"]) != 0:
                return 1
        found = json.loads(kept.read_text("utf-8"))
        found.pop("timing")
        kept.write_text(json.dumps(found, indent=1), "utf-8")
        count += 1
    print(f"{count} replays in {arguments.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
