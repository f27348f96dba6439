"""The history as an older mirror left it is kept before it is changed, and leads back."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from history.records import MORNING, closed, record, rep

from kiosk.errors import HistoryError
from kiosk.history import schema
from kiosk.history.backup import restore
from kiosk.history.history_files import aside_files
from kiosk.history.reader import Reader
from kiosk.history.schema import MIGRATIONS, migrate, version_of
from kiosk.history.store import Store

NEWEST = len(MIGRATIONS)


def older(path: Path, version: int, sets: int = 3) -> None:
    """A file of an earlier version, with sets."""
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        migrate(old, MIGRATIONS[:version])
        old.execute("PRAGMA journal_mode = WAL")
        for serial in range(sets):
            old.execute(
                "INSERT INTO sets (run, serial, exercise, started_at, utc_offset_min, day,"
                " started_s) VALUES ('run', ?, 'deadlift', 0, 60, '2026-01-01', 0)",
                (serial,),
            )


@pytest.mark.parametrize("version", range(1, NEWEST))
def test_a_migration_keeps_a_copy_of_the_older_version_and_no_other(
    tmp_path: Path, version: int
) -> None:
    path = tmp_path / "history.sqlite3"
    (tmp_path / "history.before-v2.sqlite3").write_text("of an earlier upgrade")
    older(path, version)
    Store(tmp_path).close()
    (copy,) = aside_files(path)
    assert copy.name == f"history.before-v{NEWEST}.sqlite3"
    with closing(sqlite3.connect(copy)) as connection:
        assert version_of(connection) == version
        assert connection.execute("SELECT count(*) FROM sets").fetchone() == (3,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert len(Reader(tmp_path).recent(9)) == 3
    Store(tmp_path).close()
    assert aside_files(path) == [copy]


def test_an_older_mirror_goes_on_with_the_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "history.sqlite3"
    Store(tmp_path).close()
    path.unlink()
    older(path, NEWEST - 1)
    Store(tmp_path).close()
    (copy,) = aside_files(path)
    for place in ("schema", "connection", "copies"):
        monkeypatch.setattr(f"kiosk.history.{place}.MIGRATIONS", MIGRATIONS[:-1])
    with pytest.raises(HistoryError, match="newer kiosk"):
        Store(tmp_path)
    path.unlink()
    copy.rename(path)
    with closing(Store(tmp_path)) as store:
        assert store.notice is None
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM sets").fetchone() == (3,)


def test_without_room_for_the_copy_nothing_is_migrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "history.sqlite3"
    older(path, 1)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("kiosk.history.copies.os.fsync", full)
        with pytest.raises(HistoryError, match="No space left on device"):
            Store(tmp_path)
    assert path.read_bytes() == before
    assert {one.name for one in tmp_path.iterdir()} == {"history.sqlite3"}
    Store(tmp_path).close()
    assert len(Reader(tmp_path).recent(9)) == 3


def test_a_migration_that_is_cut_off_leaves_the_older_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "history.sqlite3"
    older(path, 1)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        broken = [*MIGRATIONS, "CREATE TABLE more (x); SELECT no_such_function()"]
        with pytest.raises(sqlite3.OperationalError, match="no_such_function"):
            schema.migrate(connection, broken)
    with closing(sqlite3.connect(path)) as connection:
        assert version_of(connection) == 1
        assert schema.schema_fault(connection) is None


def test_a_backup_of_an_older_version_is_restored_as_one_of_this(tmp_path: Path) -> None:
    backup = tmp_path / "elsewhere" / "copy.sqlite3"
    older(backup, 1)
    before = backup.read_bytes()
    with closing(Store(tmp_path / "live")) as store:
        store.save(closed(record(1, rep(1))), MORNING)
        assert restore(backup, store.path) == 3
    assert [one.ended for one in Reader(tmp_path / "live").recent(9)] == ["interrupted"] * 3
    assert backup.read_bytes() == before


def test_a_backup_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "new")) as store:
        store.save(closed(record(1, rep(1))), MORNING)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
        migrate(connection, [*MIGRATIONS, "CREATE TABLE more (x)"])
    told = pytest.raises(HistoryError, match="written by a newer kiosk")
    with closing(Store(tmp_path / "live")) as live, told:
        restore(store.path, live.path)
