"""Where the history and the cache are kept, and files that are there whole or not at all."""

import os
from pathlib import Path

import pytest

from kiosk.errors import SettingsError
from kiosk.system.files import (
    cache_folder,
    history_folder,
    nearest_existing,
    return_to_owner,
    write_whole,
)


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


def test_the_nearest_folder_that_is_there_is_found(tmp_path: Path) -> None:
    assert nearest_existing(tmp_path) == tmp_path
    assert nearest_existing(tmp_path / "a" / "b") == tmp_path


def test_the_new_file_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    path.write_bytes(b"old")
    with write_whole(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_error_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, error: BaseException
) -> None:
    path = tmp_path / "figures.json"
    path.write_bytes(b"old")
    with pytest.raises(type(error)), write_whole(path) as file:  # noqa: PT012 - the block is tested
        file.write(b"half")
        raise error
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), write_whole(tmp_path / "gone" / "figures.json"):
        pass


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files of another user")


@as_root
def test_what_root_makes_in_a_users_folder_becomes_the_users(tmp_path: Path) -> None:
    folder, other = tmp_path / "users", tmp_path / "roots"
    for place in (folder / "speech", other):
        place.mkdir(parents=True)
    os.chown(folder, 1234, 1235)
    (folder / "speech/a.wav").touch()
    (folder / "history.sqlite3").touch()
    (other / "shadow").touch()
    (folder / "planted").hardlink_to(other / "shadow")
    (folder / "link").symlink_to(other / "shadow")
    return_to_owner(folder)
    for name in ("speech", "speech/a.wav", "history.sqlite3", "link"):
        found = (folder / name).lstat()
        assert (found.st_uid, found.st_gid) == (1234, 1235), name
    # a name that the user gave to a file of root's gives them no right to it
    assert (other / "shadow").stat().st_uid == 0
    return_to_owner(tmp_path / "gone")


def test_who_is_not_root_gives_nothing_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(os, "chown", None)
    (tmp_path / "history.sqlite3").touch()
    return_to_owner(tmp_path)
