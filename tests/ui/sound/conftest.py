from pathlib import Path

import pytest
from ui.sound.fake_engine import FakeEngine

from kiosk.ui.words.words import Words


@pytest.fixture(autouse=True)
def _no_sound_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    engine = FakeEngine(tmp_path / "bin")
    monkeypatch.setenv("PATH", str(engine.folder))
    return engine


@pytest.fixture
def words() -> Words:
    texts = {"shallow": "Reach further back", "tempo": "Slower going down"}
    praise, hint = (
        {"shallow": "Good"},
        {"hidden_feet": "Something hides your feet", "spoken": "Turn"},
    )
    return Words("en", {"cue": texts, "praise": praise, "hint": hint, "set": {"reps": "unsaid"}})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of the speech files; not there yet."""
    return tmp_path / "missing" / "speech"
