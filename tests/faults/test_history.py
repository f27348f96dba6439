"""A disk that is full, read-only or absent, a damaged file: every counted rep is kept."""

import sqlite3
import threading

import pytest

from kiosk.coaching.snapshot import Stage
from kiosk.ui.screen.scene import Scene
from mirror_harness import WORDS, MirrorHarness, counted, in_stage, over, reading, turns, warned

TOLD = WORDS("notice.history")


class Disk:
    """Refuses what SQLite writes of a set, as long as it is bad."""

    def __init__(self, code: int) -> None:
        self.bad = threading.Event()
        self.code = code

    def connect(self, *of: object, **how: object) -> sqlite3.Connection:
        disk = self

        class Connection(sqlite3.Connection):
            def execute(self, sql: str, *of: object) -> sqlite3.Cursor:
                if disk.bad.is_set() and "INSERT" in sql:
                    error = sqlite3.OperationalError("no")
                    error.sqlite_errorcode = disk.code
                    raise error
                return super().execute(sql, *of)

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
        assert scene.notices == (WORDS("notice.history_new"),)
        assert WORDS("notice.history_new") in reading(mirror)
        turns(mirror, counted(1))
    assert harness.stored() == [("hip_hinge", 1, "interrupted")]
    (kept,) = harness.folder.glob("*.damaged-*")
    assert kept.read_bytes() == b"not a database" * 500
    (line,) = warned(caplog)
    assert kept.name in line
