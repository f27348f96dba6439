"""A disk that is full, read-only or absent, a damaged file: every counted rep is kept."""

import contextlib
import os
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from history.records import MORNING, closed, record, rep

from kiosk.coaching.snapshot import Stage
from kiosk.history.folder_lock import MirrorRunningError
from kiosk.history.reader import Reader
from kiosk.history.store import Store
from kiosk.ui.panel.button import Button, ButtonEvent, Press
from kiosk.ui.screen.scene import Scene
from mirror_harness import (
    FPS,
    WORDS,
    MirrorHarness,
    counted,
    in_stage,
    over,
    reading,
    turns,
    warned,
)
from paths import HISTORIES

TOLD = WORDS("notice.history")


class Disk:
    """Refuses what SQLite writes of a set, as long as it is bad."""

    def __init__(self, code: int) -> None:
        self.bad = threading.Event()
        self.code = code

    def connect(self, *of: object, **how: object) -> sqlite3.Connection:
        def refuse(sql: str) -> None:
            if self.bad.is_set() and "INSERT" in sql:
                error = sqlite3.OperationalError("no")
                error.sqlite_errorcode = self.code
                raise error

        class Connection(sqlite3.Connection):
            def execute(self, sql: str, *of: object) -> sqlite3.Cursor:
                refuse(sql)
                return super().execute(sql, *of)

            def executemany(self, sql: str, *of: object) -> sqlite3.Cursor:
                refuse(sql)
                return super().executemany(sql, *of)

        return sqlite3.connect(*of, factory=Connection, **how)


class Sqlite:
    """`sqlite3` with a disk of the test's below it."""

    def __init__(self, disk: Disk) -> None:
        self.connect = disk.connect

    def __getattr__(self, name: str) -> object:
        return getattr(sqlite3, name)


def says_so(scene: Scene) -> bool:
    return TOLD in scene.notices


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (sqlite3.SQLITE_FULL, "the disk is full"),
        (sqlite3.SQLITE_READONLY, "not mounted read-only"),
        (sqlite3.SQLITE_IOERR, "check the disk"),
    ],
)
def test_a_bad_disk_in_mid_set_costs_no_rep(
    harness: MirrorHarness,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    code: int,
    message: str,
) -> None:
    disk = Disk(code)
    disk.bad.set()
    monkeypatch.setattr("kiosk.history.connection.sqlite3", Sqlite(disk))
    with harness.mirror() as mirror:
        scene = turns(mirror, says_so)
        assert TOLD in reading(mirror)
        assert scene.snapshot is not None
        assert scene.snapshot.count >= 1
        turns(mirror, in_stage(Stage.SUMMARY))  # no rep comes any more that would bring the others
        assert harness.stored() == []
        assert TOLD in reading(mirror)
        disk.bad.clear()
    assert harness.stored() == [("hip_hinge", 4, "walked_off")]
    (line,) = warned(caplog)
    assert message in line


def test_a_disk_that_is_bad_from_the_start_is_told_before_the_first_set(
    harness: MirrorHarness, caplog: pytest.LogCaptureFixture
) -> None:
    harness.folder.parent.mkdir(exist_ok=True)
    harness.folder.write_text("a file where the folder should be")
    with harness.mirror() as mirror:
        scene = turns(mirror, says_so)
        assert scene.snapshot is None or scene.snapshot.count == 0
        turns(mirror, counted(1))
        harness.folder.unlink()
        turns(mirror, over(mirror))
    assert harness.stored() == [("hip_hinge", 4, "walked_off")]
    (line,) = warned(caplog)
    assert "history.folder" in line


def test_a_damaged_history_is_set_aside_and_told(
    harness: MirrorHarness, caplog: pytest.LogCaptureFixture
) -> None:
    harness.folder.mkdir()
    (harness.folder / "history.sqlite3").write_bytes(b"not a database" * 500)
    with harness.mirror() as mirror:
        scene = turns(mirror, lambda scene: scene.notices)
        assert scene.notices == (WORDS("notice.history_set_aside"),)
        assert WORDS("notice.history_set_aside") in reading(mirror)
        turns(mirror, counted(1))
    assert harness.stored() == [("hip_hinge", 1, "interrupted")]
    (kept,) = harness.folder.glob("*.damaged-*")
    assert kept.read_bytes() == b"not a database" * 500
    (line,) = warned(caplog)
    assert kept.name in line


def test_a_damaged_history_is_recovered_and_says_how_much(
    harness: MirrorHarness, caplog: pytest.LogCaptureFixture
) -> None:
    damaged = HISTORIES / "schema-byte-a.sqlite3"
    harness.folder.mkdir()
    shutil.copy(damaged, harness.folder / "history.sqlite3")
    with harness.mirror() as mirror:
        told = WORDS("notice.history_recovered", recovered=30, of=30)
        scene = turns(mirror, lambda scene: told in scene.notices)
        assert told in reading(mirror)
        scene = mirror.turn((ButtonEvent(Button.HISTORY, Press.SHORT),))
        assert scene is not None
        assert scene.history is not None
        turns(mirror, counted(1))
    assert len(harness.stored()) == 31
    assert any("30 of 30 sets recovered" in line for line in warned(caplog))


def test_the_history_button_on_a_set_that_cannot_be_read_ends_nothing(
    harness: MirrorHarness,
) -> None:
    with contextlib.closing(Store(harness.folder)) as store:
        for serial in (1, 2, 3):
            store.save(closed(record(serial, rep(1))), MORNING)
    with contextlib.closing(sqlite3.connect(store.path)) as other:
        other.execute("UPDATE sets SET exercise = CAST(x'ff' AS TEXT) WHERE id = 1")
        other.commit()
    with harness.mirror() as mirror:
        scene = mirror.turn((ButtonEvent(Button.HISTORY, Press.SHORT),))
        assert scene is not None
        told = WORDS("notice.history_recovered", recovered=2, of=3)
        turns(mirror, lambda scene: told in scene.notices)
    assert len(harness.stored()) >= 2


@pytest.mark.parametrize("removed", [True, False])
def test_a_file_replaced_in_mid_set_costs_no_rep_and_is_told_once(
    harness: MirrorHarness, tmp_path: Path, caplog: pytest.LogCaptureFixture, *, removed: bool
) -> None:
    with contextlib.closing(Store(tmp_path / "old")) as old:
        for serial in range(1, 41):
            old.save(closed(record(serial, rep(1))), MORNING)
    path = harness.folder / "history.sqlite3"
    with harness.mirror() as mirror:
        turns(mirror, counted(2))
        turns(mirror, lambda _: harness.stored())
        path.unlink() if removed else path.write_bytes(old.path.read_bytes())
        turns(mirror, in_stage(Stage.SUMMARY))
        scene = turns(mirror, lambda scene: WORDS("notice.replaced") in scene.notices)
        assert scene is not None
    assert harness.stored()[-1] == ("hip_hinge", 4, "walked_off")
    assert len(harness.stored()) == (1 if removed else 41)
    (line,) = warned(caplog)
    assert "opened anew" in line


def test_a_plug_pulled_in_mid_set_costs_no_rep_that_is_a_second_old(
    harness: MirrorHarness, tmp_path: Path
) -> None:
    with harness.mirror() as mirror:
        turns(mirror, counted(2))
        for _ in range(FPS):
            mirror.turn()
        mirror.history.close()  # the disk has had its time, and nothing comes after
        shutil.copytree(harness.folder, tmp_path / "as it was")
    rebooted = Reader(tmp_path / "as it was")
    (one,) = rebooted.recent(9)
    assert (one.reps, one.ended) == (2, None)
    Store(rebooted.path.parent, run="the next one").close()
    (one,) = rebooted.recent(9)
    assert (one.reps, one.ended) == (2, "interrupted")


def test_a_second_mirror_is_refused_and_ends_nobodys_set(harness: MirrorHarness) -> None:
    with harness.mirror() as mirror:
        turns(mirror, counted(1))
        turns(mirror, lambda _: harness.stored())
        with pytest.raises(MirrorRunningError, match=rf"a mirror is running \(pid {os.getpid()}\)"):
            MirrorHarness(harness.folder.parent, harness.monkeypatch).mirror()
        assert harness.stored()[-1][2] is None
