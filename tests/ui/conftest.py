import pytest

from kiosk.ui.words.words import Words


@pytest.fixture(scope="session")
def words() -> Words:
    return Words.load("en")
