"""The history and the cache are kept where the first of several places says."""

from pathlib import Path

import pytest

from kiosk.errors import SettingsError
from kiosk.system.folders import cache_folder, history_folder


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("STATE_DIRECTORY", "XDG_STATE_HOME", "CACHE_DIRECTORY", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


def test_the_history_is_kept_where_the_first_of_four_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert history_folder("") == tmp_path / "home/.local/state/gym-mirror"
    monkeypatch.setenv("XDG_STATE_HOME", "relative/is/ignored")
    assert history_folder("") == tmp_path / "home/.local/state/gym-mirror"
    monkeypatch.setenv("XDG_STATE_HOME", "/xdg")
    assert history_folder("") == Path("/xdg/gym-mirror")
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/gym-mirror:/var/lib/other")
    assert history_folder("") == Path("/var/lib/gym-mirror")
    assert history_folder("~/sets") == tmp_path / "home/sets"


def test_the_cache_is_kept_where_the_first_of_three_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert cache_folder() == tmp_path / "home/.cache/gym-mirror"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/ignored")
    assert cache_folder() == tmp_path / "home/.cache/gym-mirror"
    monkeypatch.setenv("XDG_CACHE_HOME", "/xdg")
    assert cache_folder() == Path("/xdg/gym-mirror")
    monkeypatch.setenv("CACHE_DIRECTORY", "/var/cache/gym-mirror:/var/cache/other")
    assert cache_folder() == Path("/var/cache/gym-mirror")


def test_a_user_without_a_home_has_no_cache_and_must_name_the_history(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nobody() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", staticmethod(nobody))
    assert cache_folder() is None
    with pytest.raises(SettingsError, match="to an absolute path"):
        history_folder("")
