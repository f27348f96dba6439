"""The demo as a user runs it, with its real film and model, but not at the speed of life."""

import threading
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np
import pygame
import pytest
from history.records import MORNING, closed, record, rep

from doubles import Lockstep, ScriptedEstimator
from kiosk.app import parts as parts_module
from kiosk.coaching.snapshot import Snapshot, Stage
from kiosk.commands.cli import main
from kiosk.commands.demo import show as show_module
from kiosk.commands.demo.show import Album, show
from kiosk.errors import SourceError
from kiosk.history.reader import Reader
from kiosk.history.store import Store
from kiosk.ui.screen.display import Pacer
from kiosk.ui.screen.scene import Page, Scene
from kiosk.vision.camera import live

STAGES = ("waiting", "framing", "ready", "set", "summary", "history")
FPS = 15


@pytest.fixture
def lockstep(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lockstep]:
    """The clock of a demo that shows one frame a turn, as fast as it can."""
    lockstep = Lockstep(FPS)
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr(parts_module, "Pipeline", lockstep.pipeline)
    monkeypatch.setattr(parts_module, "HistoryThread", lockstep.history)
    monkeypatch.setattr(live, "FRAME_S", 60.0)
    monkeypatch.setattr(show_module, "Paced", lockstep.camera)
    monkeypatch.setattr(Pacer, "wait", lambda *_, **__: None)
    before = set(threading.enumerate())
    yield lockstep
    assert set(threading.enumerate()) <= before


def pixels(picture: Path) -> np.ndarray:
    return pygame.surfarray.array3d(pygame.image.load(str(picture)))


def test_the_demo_shows_every_screen_and_stores_its_set(
    tmp_path: Path,
    lockstep: Lockstep,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(show_module, "show", partial(show, clock=lockstep))
    assert main(["demo", "--out", str(tmp_path)]) == 0
    output = capsys.readouterr().out
    reader = Reader(tmp_path / "history")
    (stored,) = reader.recent(9)
    assert (stored.exercise, stored.reps, stored.partials) == ("hip_hinge", 5, 1)
    assert stored.ended == "walked_off"
    assert "hip_hinge: 5 reps, 1 partial (walked off)" in output
    assert str(reader.path) in output
    pictures = [tmp_path / f"{number}-{name}.png" for number, name in enumerate(STAGES, 1)]
    assert sorted(tmp_path.glob("*.png")) == pictures
    assert all(str(picture) in output for picture in pictures)
    shown = [pixels(picture) for picture in pictures]
    assert all(picture.max() > 150 for picture in shown)
    assert all(not np.array_equal(one, two) for one, two in combinations(shown, 2))


def test_a_demo_without_a_set_fails_whatever_an_earlier_one_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(Store(tmp_path / "history")) as store:
        store.save(closed(record(1, rep(1))), MORNING)
    monkeypatch.setattr(show_module, "show", lambda folder, report: [])
    assert main(["demo", "--out", str(tmp_path)]) == 1
    out, err = capsys.readouterr()
    assert "reps" not in out
    assert "kiosk doctor" in err


def test_a_damaged_history_of_an_earlier_demo_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "history"
    folder.mkdir()
    (folder / "history.sqlite3").write_bytes(b"what is this" * 500)

    def show_a_set(_: Path, __: object) -> list[Path]:
        with closing(Store(folder)) as store:
            store.save(closed(record(1, rep(1))), MORNING)
        return []

    monkeypatch.setattr(show_module, "show", show_a_set)
    assert main(["demo", "--out", str(tmp_path)]) == 0
    assert "1 reps" in capsys.readouterr().out


def test_a_film_that_is_gone_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"gone\.mp4"):
        show(tmp_path / "out", print, tmp_path / "gone.mp4")
    assert not (tmp_path / "out").exists()


def test_whoever_leaves_the_demo_gets_what_was_shown_so_far(
    tmp_path: Path, lockstep: Lockstep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        parts_module, "load_estimator", lambda *_: (ScriptedEstimator([]), "scripted")
    )

    def leave_after_two_seconds() -> float:
        now_s = lockstep()
        if now_s > 2.0:
            pygame.event.post(pygame.event.Event(pygame.QUIT))
        return now_s

    reports: list[str] = []
    pictures = show(tmp_path, reports.append, clock=leave_after_two_seconds)
    assert [picture.name for picture in pictures] == ["1-waiting.png"]
    assert reports == ["playing walk_up.mp4, 40 s, to the kiosk off-screen"]


def scene(now_s: float, stage: Stage | None, count: int = 0, page: Page = Page.COACH) -> Scene:
    snapshot = stage and Snapshot(time_s=now_s, stage=stage, exercise="hip_hinge", count=count)
    return Scene(now_s=now_s, snapshot=snapshot, page=page)


def test_a_screen_is_photographed_once_when_it_has_come_to_rest() -> None:
    saved: list[Path] = []
    album = Album(Path("out"), saved.append)
    for now_s, stage, count, taken in (
        (100.0, None, 0, 0),
        (100.7, None, 0, 0),
        (100.9, None, 0, 1),
        (109.0, None, 0, 1),
        (110.0, Stage.READY, 0, 1),
        (110.5, Stage.SET, 1, 1),  # ready was too short for a picture
        (111.4, Stage.SET, 1, 2),
        (112.0, Stage.SET, 2, 2),
        (112.9, Stage.SET, 2, 3),
        (113.0, Stage.SUMMARY, 2, 3),
        (113.9, Stage.SUMMARY, 2, 4),
    ):
        album.update(scene(now_s, stage, count))
        assert len(saved) == taken
    for now_s in (120.0, 121.0):
        album.update(scene(now_s, Stage.SUMMARY, 2, Page.HISTORY))
    names = ["1-starting.png", "2-set.png", "3-summary.png", "4-history.png"]
    assert [picture.name for picture in album.pictures] == names
    assert [picture.name for picture in saved] == [*names[:2], *names[1:]]
