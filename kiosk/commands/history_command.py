"""`kiosk history`: prints the sets so far, backs them up, restores or erases them."""

import sys
from argparse import Namespace
from contextlib import closing
from pathlib import Path

from kiosk.errors import BadInputError
from kiosk.history.accuracy import Accuracy, format_accuracy
from kiosk.history.backup import backup, restore
from kiosk.history.export import format_csv, format_json, format_strong, format_table
from kiosk.history.reader import Reader
from kiosk.history.rows import StoredSet
from kiosk.history.store import Store
from kiosk.settings import Settings, load
from kiosk.system.files import history_folder
from kiosk.training.facts import GUEST
from kiosk.training.lifters import MOST_PLACES
from kiosk.ui.words.words import Words, load_exercises

LISTED = 50
"""So many of the newest sets are told of, unless --limit says otherwise."""
ERASE = "erase"
"""What a person types to erase the history, so that no key pressed by mistake does it."""


def run(arguments: Namespace) -> int:
    """Prints the newest sets in one of four forms, or how accurate the counts were.

    Or it copies, replaces or erases them all, or erases those of one place.
    """
    settings = load(arguments.settings)
    folder = Path(arguments.folder) if arguments.folder else history_folder(settings.history.folder)
    if arguments.folder and not folder.is_dir():
        raise BadInputError(f"{folder}: no such folder; name the one that holds the history")
    if arguments.yes and not arguments.erase:
        raise BadInputError("--yes: there is nothing to agree to; it goes with --erase")
    lifter = _place(arguments.lifter)
    if lifter is not None and (arguments.backup or arguments.restore):
        raise BadInputError("--lifter: a backup holds every place; leave it out")
    if arguments.erase:
        return _erase(folder, lifter, asked=not arguments.yes)
    reader = Reader(folder)
    if arguments.backup:
        sets = backup(reader.path, arguments.backup)
        print(f"{arguments.backup}: {_count(sets)} backed up")
        return 0
    if arguments.restore:
        sets = restore(arguments.restore, reader.path)
        print(f"{reader.path}: {_count(sets)} restored from {arguments.restore}")
        return 0
    if arguments.accuracy:
        print(format_accuracy(Accuracy.of(reader.counts(lifter))))
        return 0
    limit = arguments.limit or (sys.maxsize if arguments.strong else LISTED)
    newest = reader.recent(limit, lifter=lifter)
    if arguments.json or arguments.csv:
        form = format_json if arguments.json else format_csv
        print(form((stored, reader.reps_of(stored.id)) for stored in newest), end="")
    else:
        print(_lines(newest, settings, strong=arguments.strong))
    return 0


def _lines(newest: list[StoredSet], settings: Settings, *, strong: bool) -> str:
    """Formats one line per set, with the exercises' names."""
    if not (newest or strong):
        return "no sets yet"
    exercises = load_exercises(settings.coach.exercises)
    name_of = Words.load(settings.screen.language, exercises).name_of
    return format_strong(newest, name_of) if strong else format_table(newest, name_of)


def _place(text: str | None) -> int | None:
    """Returns the place that `--lifter` names; None for all."""
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 1 and int(text) <= MOST_PLACES):
        raise BadInputError(
            f"--lifter: {text} is no place; give 1 to {MOST_PLACES}, or {GUEST} for those who "
            "chose none"
        )
    return int(text)


def _erase(folder: Path, lifter: int | None, *, asked: bool) -> int:
    path = Reader(folder).path
    if not folder.is_dir():
        print("no sets yet")
        return 0
    if asked and not sys.stdin.isatty():
        raise BadInputError(f"{path}: not erased, for nobody can be asked here; add --yes")
    what = "every set" if lifter is None else f"every set, plan and tag of place {lifter}"
    question = f"This removes {what} in {path} for good. Type {ERASE} to go on: "
    if asked and _answer(question) != ERASE:
        print("nothing is erased")
        return 1
    with closing(Store(folder)) as store:
        if lifter is None:
            store.erase()
        else:
            store.erase_lifter(lifter)
    print(f"{path}: {what} is erased")
    return 0


def _count(sets: int) -> str:
    return "1 set" if sets == 1 else f"{sets} sets"


def _answer(question: str) -> str:
    """Asks, and returns what was typed; nothing where the terminal was closed."""
    try:
        return input(question).strip()
    except EOFError:
        print()
        return ""
