"""What a new release's trial reads of the mirror."""

from pathlib import Path

import pytest

from kiosk.system.first_frames import FirstFrames


def test_the_first_frame_and_the_first_judged_one_are_left_as_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNTIME_DIRECTORY", f"{tmp_path}:/run/other")
    found = FirstFrames()
    found.update(frame=False, judged=False)
    assert list(tmp_path.iterdir()) == []
    found.update(frame=True, judged=False)
    assert [path.name for path in tmp_path.iterdir()] == ["frame"]
    found.update(frame=False, judged=True)
    assert {path.name for path in tmp_path.iterdir()} == {"frame", "judged"}


def test_a_folder_that_cannot_be_written_stops_nothing_and_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "later"
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(folder))
    found = FirstFrames()
    found.update(frame=True, judged=True)
    folder.mkdir()
    found.update(frame=True, judged=True)
    assert (folder / "judged").exists()


def test_outside_a_service_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RUNTIME_DIRECTORY", raising=False)
    monkeypatch.chdir(tmp_path)
    FirstFrames().update(frame=True, judged=True)
    assert list(tmp_path.iterdir()) == []
