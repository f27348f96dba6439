import pytest

from kiosk.words.words import Words


@pytest.fixture(scope="session")
def words() -> Words:
    return Words.load("en")


@pytest.fixture(autouse=True)
def _nothing_on_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
