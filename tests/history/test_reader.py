"""Reading never changes the history, and stays fast when it is long."""

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from history.records import MORNING, closed, record, rep

from kiosk.errors import HistoryError
from kiosk.history.reader import Reader
from kiosk.history.schema import MIGRATIONS, migrate
from kiosk.history.store import Store


def test_no_history_is_an_empty_one(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        reader = Reader(folder)
        assert reader.recent(5) == []
        assert reader.reps_of(1) == []
    assert list(tmp_path.iterdir()) == []


def test_a_set_under_way_is_shown_and_left_open(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(record(1, rep(1)), MORNING)
    reader = Reader(tmp_path)
    assert [stored.ended for stored in reader.recent(5)] == [None]
    store.save(closed(record(1, rep(1), rep(2))), MORNING)
    assert [(stored.ended, stored.reps) for stored in reader.recent(5)] == [("idle", 2)]
    store.close()


def test_reading_leaves_the_log_of_a_killed_writer_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "live")
    store.save(record(1, rep(1)), MORNING)
    shutil.copytree(tmp_path / "live", tmp_path / "killed")
    store.close()
    log = tmp_path / "killed" / "history.sqlite3-wal"
    before = log.read_bytes()
    assert before
    assert [stored.reps for stored in Reader(tmp_path / "killed").recent(5)] == [1]
    assert log.read_bytes() == before


def test_a_set_without_measures_has_none(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(record(1, rep(0, counted=False, score=None)), MORNING)
    store.close()
    (stored,) = Reader(tmp_path).recent(1)
    assert (stored.reps, stored.partials) == (0, 1)
    assert (stored.trunk_lean_deg, stored.tempo_s, stored.score) == (None, None, None)


def test_a_folder_name_may_hold_anything(tmp_path: Path) -> None:
    folder = tmp_path / "100% of #1? sets"
    Store(folder).close()
    assert Reader(folder).recent(1) == []


def test_damage_is_named_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite3").write_bytes(b"no database at all" * 100)
    with pytest.raises(HistoryError, match=r"history\.sqlite3: damaged; restart the kiosk"):
        Reader(tmp_path).recent(1)


def test_checks_that_are_no_longer_json_are_named(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(record(1, rep(1)), MORNING)
    store.close()
    connection = sqlite3.connect(tmp_path / "history.sqlite3")
    connection.execute("UPDATE reps SET checks = '{'")
    connection.commit()
    connection.close()
    with pytest.raises(HistoryError, match=r"history\.sqlite3: damaged \(.*restart the kiosk"):
        Reader(tmp_path).reps_of(1)


@pytest.mark.parametrize(
    ("table", "plan"),
    [
        ("sets", "SCAN sets"),  # backwards along the primary key, no sorting
        ("reps", "SEARCH reps USING INDEX"),
    ],
)
def test_no_query_sorts_or_searches_the_whole_history(
    tmp_path: Path, statements: list[str], table: str, plan: str
) -> None:
    Store(tmp_path).close()
    reader = Reader(tmp_path)
    statements.clear()
    assert reader.recent(20) == reader.reps_of(7) == []
    (sql,) = (sql for sql in statements if f"FROM {table}" in sql)
    with closing(sqlite3.connect(tmp_path / "history.sqlite3")) as connection:
        steps = "; ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}"))
    assert plan in steps
    assert "TEMP B-TREE" not in steps


def test_a_file_of_an_older_version_asks_for_a_start(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, MIGRATIONS[:1])
    before = path.read_bytes()
    with pytest.raises(HistoryError, match="older kiosk; start this kiosk once"):
        Reader(tmp_path).recent(1)
    assert path.read_bytes() == before


def test_a_file_that_the_writer_is_just_creating_is_an_empty_history(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "history.sqlite3").close()
    (tmp_path / "history.sqlite3").touch()
    reader = Reader(tmp_path)
    assert (reader.recent(5), reader.reps_of(1)) == ([], [])
    assert reader.overview(date(2026, 11, 23), "squat").total_sets == 0
    assert (tmp_path / "history.sqlite3").read_bytes() == b""


def test_every_connection_is_closed(tmp_path: Path, connections: list[sqlite3.Connection]) -> None:
    Reader(tmp_path).recent(1)
    Store(tmp_path).close()
    Reader(tmp_path).recent(1)
    assert len(connections) == 3
    for connection in connections:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")
