"""`kiosk checks`: prints every check of every exercise with its limit, as in docs/checks.md."""

from argparse import Namespace

from kiosk.exercises.catalogue import catalogue
from kiosk.exercises.checks_page import document


def run(_: Namespace) -> int:
    """Prints the page."""
    print(document(catalogue().values()), end="")
    return 0
