"""`kiosk checks`: prints every check of every exercise with its limit, as in docs/checks.md."""

from argparse import Namespace

from kiosk.exercises.checks_page import format_checks_page
from kiosk.settings import load
from kiosk.ui.words.words import load_exercises


def run(arguments: Namespace) -> int:
    """Prints the page."""
    exercises = load_exercises(load(arguments.settings).coach.exercises)
    print(format_checks_page(exercises.values()), end="")
    return 0
