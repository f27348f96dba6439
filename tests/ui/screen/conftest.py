import pytest


@pytest.fixture(autouse=True)
def _nothing_on_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
