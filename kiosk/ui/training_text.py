"""Formats who trains and with which load for the screens."""

from kiosk.training.facts import GUEST
from kiosk.training.lifters import LIFTERS
from kiosk.training.loads import Unit, format_load
from kiosk.ui.words.words import Words


def lifter_text(lifter: int, words: Words) -> str:
    """Formats a place as its animal's name, as in "Fox", or as "Guest"."""
    return words(f"lifter.{'guest' if lifter == GUEST else LIFTERS[lifter - 1].animal}")


def load_text(load_kg: float, unit: Unit, words: Words) -> str:
    """Formats a load as "62.5 kg", in German as "62,5 kg"."""
    return format_load(load_kg, unit, words("number.mark"))
