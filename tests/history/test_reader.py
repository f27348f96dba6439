"""Looking at history never disturbs it, and stays quick when it is long."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from history.records import MORNING, closed, record, rep

from kiosk.errors import HistoryError
from kiosk.history import reader as reader_module
from kiosk.history.reader import Reader
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
    with pytest.raises(HistoryError, match="checks are damaged"):
        Reader(tmp_path).reps_of(1)


@pytest.mark.parametrize(
    ("question", "values", "plan"),
    [
        ("_RECENT", (20, 0), "SCAN sets"),  # backwards along the primary key, no sorting
        ("_REPS_OF", (7,), "SEARCH reps USING INDEX"),
    ],
)
def test_no_question_sorts_or_searches_the_whole_history(
    tmp_path: Path, question: str, values: tuple[object, ...], plan: str
) -> None:
    Store(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "history.sqlite3")
    rows = connection.execute(
        f"EXPLAIN QUERY PLAN {getattr(reader_module, question)}", values
    ).fetchall()
    connection.close()
    told = "; ".join(row[3] for row in rows)
    assert plan in told
    assert "TEMP B-TREE" not in told
