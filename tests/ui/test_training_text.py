"""How screens name who trains, and with which load."""

import pytest

from kiosk.training.facts import GUEST
from kiosk.training.lifters import LIFTERS
from kiosk.ui.training_text import lifter_text, load_text
from kiosk.ui.words.words import Words, languages


@pytest.mark.parametrize("language", languages())
def test_every_place_has_a_name_of_its_own(language: str) -> None:
    words = Words.load(language)
    names = [lifter_text(place, words) for place in (GUEST, *(one.number for one in LIFTERS))]
    assert len(set(names)) == 9


def test_a_load_is_written_as_the_language_writes_numbers() -> None:
    assert load_text(62.5, "kg", Words.load("en")) == "62.5 kg"
    assert load_text(62.5, "kg", Words.load("de")) == "62,5 kg"
    assert lifter_text(1, Words.load("de")) == "Fuchs"
