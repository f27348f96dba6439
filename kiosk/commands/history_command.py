"""`kiosk history`: prints the sets so far, backs them up, restores or erases them."""

import sys
from argparse import Namespace
from contextlib import closing
from pathlib import Path

from kiosk.errors import BadInputError
from kiosk.history.backup import backup, restore
from kiosk.history.export import format_csv, format_json, format_table
from kiosk.history.reader import Reader
from kiosk.history.store import Store
from kiosk.settings import load
from kiosk.system.files import history_folder
from kiosk.ui.words.words import Words, load_exercises

ERASE = "erase"
"""What a person types to erase the history, so that no key pressed by mistake does it."""


def run(arguments: Namespace) -> int:
    """Prints the newest sets as a table, JSON or CSV; or copies, replaces or erases them all."""
    settings = load(arguments.settings)
    folder = Path(arguments.folder) if arguments.folder else history_folder(settings.history.folder)
    if arguments.folder and not folder.is_dir():
        raise BadInputError(f"{folder}: no such folder; name the one that holds the history")
    if arguments.yes and not arguments.erase:
        raise BadInputError("--yes: there is nothing to agree to; it goes with --erase")
    if arguments.erase:
        return _erase(folder, asked=not arguments.yes)
    reader = Reader(folder)
    if arguments.backup:
        sets = backup(reader.path, arguments.backup)
        print(f"{arguments.backup}: {_count(sets)} backed up")
        return 0
    if arguments.restore:
        sets = restore(arguments.restore, reader.path)
        print(f"{reader.path}: {_count(sets)} restored from {arguments.restore}")
        return 0
    newest = reader.recent(arguments.limit)
    if arguments.json or arguments.csv:
        form = format_json if arguments.json else format_csv
        print(form((stored, reader.reps_of(stored.id)) for stored in newest), end="")
    elif newest:
        exercises = load_exercises(settings.coach.exercises)
        print(format_table(newest, Words.load(settings.screen.language, exercises).name_of))
    else:
        print("no sets yet")
    return 0


def _erase(folder: Path, *, asked: bool) -> int:
    path = Reader(folder).path
    if not folder.is_dir():
        print("no sets yet")
        return 0
    if asked and not sys.stdin.isatty():
        raise BadInputError(f"{path}: not erased, for nobody can be asked here; add --yes")
    question = f"This removes every set in {path} for good. Type {ERASE} to go on: "
    if asked and _answer(question) != ERASE:
        print("nothing is erased")
        return 1
    with closing(Store(folder)) as store:
        store.erase()
    print(f"{path}: every set is erased")
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
