"""Files of every version become files of this one, wholly or not at all."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from history.records import MORNING, record, rep

from kiosk.errors import HistoryError
from kiosk.history.connection import open_for_writing
from kiosk.history.reader import Reader
from kiosk.history.rows import REP_COLUMNS, SUMS, row_of, row_of_set
from kiosk.history.schema import (
    MIGRATIONS,
    empty_history,
    migrate,
    refuse_newer,
    schema_fault,
    version_of,
)
from kiosk.history.store import Store
from kiosk.training.facts import Facts
from paths import HISTORIES

RELEASED = ("d419f0b9f5021b1a", "1b93aa6aeac4206c", "e499b55039886fbb", "74bee4a972662792")
"""Hashes of the scripts that files of the mirrors in use have run; only ever appended to."""
STORED = sorted((HISTORIES / "versions").glob("*.sqlite3"))
TABLES = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A file of this version with a set in it."""
    store = Store(tmp_path)
    store.save(record(1, rep(1)), MORNING)
    store.close()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
        yield connection


def columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def test_the_columns_are_those_that_rows_name() -> None:
    with closing(empty_history()) as connection:
        row = row_of(rep(1))
        assert set(columns(connection, "reps")) == {"id", "set_id", "position", *row}
        assert tuple(row)[: len(REP_COLUMNS)] == REP_COLUMNS
        begun = row_of_set(record(), "run", MORNING)
        assert set(columns(connection, "sets")) == {"id", "version", *begun, *SUMS}


def test_scripts_that_files_have_run_never_change() -> None:
    hashes = [hashlib.sha256(script.encode()).hexdigest()[:16] for script in MIGRATIONS]
    assert tuple(hashes[: len(RELEASED)]) == RELEASED


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_file_of_every_version_keeps_its_sets_and_knows_nothing_more(
    tmp_path: Path, path: Path
) -> None:
    shutil.copy(path, tmp_path / "history.sqlite3")
    with closing(Store(tmp_path)) as store:
        assert store.notice is None
    reader = Reader(tmp_path)
    found = reader.recent(9)
    assert [(one.exercise, one.reps, one.partials, one.clean, one.faulty) for one in found] == [
        ("hip_hinge", 2, 0, 2, 0),
        ("deadlift", 1, 0, 1, 0),
        ("hip_hinge", 3, 1, 2, 1),
    ]
    assert [len(reader.reps_of(one.id)) for one in found] == [2, 1, 4]
    known = path.stem in {"v5", "v6"}
    assert {one.facts for one in found} == {Facts(lifter=2, load_kg=40.0) if known else Facts()}
    lifter = found[0].facts.lifter
    overview = reader.overview(date(2026, 11, 24), "hip_hinge", lifter)
    assert (overview.total_sets, overview.trend[-1].reps) == (3, 5)
    assert overview.trend[-1].heaviest_kg == (40.0 if known else None)
    assert (len(reader.plans()), len(reader.tags())) == ((1, 1) if known else (0, 0))
    assert reader.tag_salt() is not None


def test_there_is_a_file_of_every_version() -> None:
    assert [path.stem for path in STORED] == [f"v{n + 1}" for n in range(len(MIGRATIONS))]


@pytest.mark.parametrize("version", range(len(MIGRATIONS)))
def test_every_version_arrives_at_the_same_tables(version: int) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as old:
        migrate(old, MIGRATIONS[:version])
        assert version_of(old) == version
        migrate(old)
        with closing(empty_history()) as new:
            assert version_of(old) == version_of(new) == len(MIGRATIONS)
            assert old.execute(TABLES).fetchall() == new.execute(TABLES).fetchall()


def test_a_reader_sees_no_new_file_half_made() -> None:
    """A reader who came between two steps met an older version."""
    connection, executed = sqlite3.connect(":memory:", isolation_level=None), list[str]()
    connection.set_trace_callback(executed.append)
    migrate(connection)
    assert len(MIGRATIONS) > 1
    assert sum("COMMIT" in statement for statement in executed) == 1
    connection.close()


def test_an_older_file_is_brought_up_to_date_step_by_step(file: sqlite3.Connection) -> None:
    steps = (
        *MIGRATIONS,
        "ALTER TABLE sets ADD COLUMN mood REAL; UPDATE sets SET mood = 20.0",
        "UPDATE sets SET mood = mood + 1",
    )
    migrate(file, steps)
    migrate(file, steps)
    assert version_of(file) == len(steps)
    assert file.execute("SELECT mood, reps FROM sets").fetchall() == [(21.0, 1)]


def test_a_step_that_fails_is_undone(file: sqlite3.Connection, tmp_path: Path) -> None:
    steps = (*MIGRATIONS, "ALTER TABLE sets ADD COLUMN mood REAL; UPDATE nowhere SET x = 1")
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrate(file, steps)
    file.close()
    again, notice = open_for_writing(tmp_path / "history.sqlite3")
    with closing(again):
        assert notice is None
        assert version_of(again) == len(MIGRATIONS)
        assert "mood" not in columns(again, "sets")


OLD_REPS = (
    # counted, score, verdicts of a file before grades, then its grade and score
    (1, 100, {"knee_dominance": "ok", "no_lockout": "ok", "stance": "not_assessed"}, "clean", 100),
    (1, 100, {"knee_dominance": "ok", "no_lockout": "not_assessed"}, "partly", 100),
    (1, 100, {"knee_dominance": "not_assessed", "tempo": "ok"}, "partly", None),
    (1, 70, {"knee_dominance": "fault", "no_lockout": "not_assessed"}, "faulty", 70),
    (1, 90, {"knee_dominance": "not_assessed", "tempo": "fault"}, "faulty", None),
    (1, None, {"knee_dominance": "not_assessed"}, "unjudged", None),
    # an exercise of the owner's without any of the packaged main checks
    (1, 100, {"stance": "ok", "tempo": "ok"}, "clean", 100),
    (1, 100, {"stance": "ok", "tempo": "not_assessed"}, "partly", 100),
    (0, None, {}, None, None),
)


def test_old_reps_get_the_grade_that_their_checks_allow() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as old:
        migrate(old, MIGRATIONS[:3])
        old.execute(
            "INSERT INTO sets (id, run, serial, exercise, started_at, utc_offset_min, day,"
            " started_s, reps, clean, faulty, score)"
            " VALUES (1, 'run', 1, 'hip_hinge', 0, 0, '2026-11-23', 0, 8, 5, 2, 94)"
        )
        for position, (counted, score, verdicts, *_) in enumerate(OLD_REPS):
            checks = {check: {"verdict": verdict} for check, verdict in verdicts.items()}
            add_rep(old, position, counted, score, json.dumps(checks), list(verdicts.values()))
        old.execute("INSERT INTO days VALUES ('2026-11-23', 'hip_hinge', 1, 8, 5, 7, 0, 0)")
        migrate(old)
        found = old.execute("SELECT grade, score FROM reps ORDER BY position").fetchall()
        assert found == [tuple(rep[3:]) for rep in OLD_REPS]
        assert old.execute("SELECT reps, clean, faulty, score FROM sets").fetchall() == [
            (8, 2, 2, pytest.approx((100 + 100 + 70 + 100 + 100) / 5))
        ]
        # in 3 of the 5 reps with a score; all others in 2 at most
        assert old.execute("SELECT rests_on FROM sets").fetchone() == ("knee_dominance",)
        assert old.execute("SELECT clean, judged FROM days").fetchall() == [(2, 4)]


def test_a_damaged_rep_does_not_keep_a_file_from_being_brought_up_to_date() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as old:
        migrate(old, MIGRATIONS[:3])
        old.execute(
            "INSERT INTO sets (id, run, serial, exercise, started_at, utc_offset_min, day,"
            " started_s) VALUES (1, 'run', 1, 'hip_hinge', 0, 0, '2026-11-23', 0)"
        )
        add_rep(old, 0, 1, 100, '{"knee_dominance": {', ["ok"])
        migrate(old)
        assert old.execute("SELECT grade, score FROM reps").fetchall() == [("partly", 100)]


def add_rep(
    old: sqlite3.Connection,
    position: int,
    counted: int,
    score: int | None,
    checks: str,
    verdicts: list[str],
) -> None:
    """Adds a rep to the first set of a file of the third version."""
    assessed = len(verdicts) - verdicts.count("not_assessed")
    old.execute(
        "INSERT INTO reps (set_id, position, number, counted, start_s, bottom_s, end_s,"
        " eccentric_s, pause_s, concentric_s, score, checks, assessed, faults)"
        " VALUES (1, ?, 1, ?, 0, 1, 2, 1, 0, 1, ?, ?, ?, ?)",
        (position, counted, score, checks, assessed, verdicts.count("fault")),
    )


def test_only_a_newer_version_is_refused() -> None:
    with closing(empty_history()) as connection:
        for version in range(len(MIGRATIONS) + 1):
            connection.execute(f"PRAGMA user_version = {version}")
            refuse_newer(connection, Path("h"))
        newer = [*MIGRATIONS, "UPDATE sets SET rests_on = rests_on"]
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        migrate(connection, newer)
        known = len(MIGRATIONS)
        told = rf"h: written by a newer kiosk \(schema {known + 1}, .* up to {known}\)"
        with pytest.raises(HistoryError, match=told):
            refuse_newer(connection, Path("h"))


def test_a_version_with_one_wrong_bit_is_no_newer_one() -> None:
    with closing(empty_history()) as connection:
        for bit in range(32):
            version = len(MIGRATIONS) ^ 1 << bit
            connection.execute(f"PRAGMA user_version = {version - (version >> 31 << 32)}")
            refuse_newer(connection, Path("h"))
            assert schema_fault(connection) or version < len(MIGRATIONS)


@pytest.mark.parametrize(
    ("exercise", "name"), [("deadlift", "hips_shoot_up"), ("hip_hinge", "hips_late")]
)
def test_a_check_of_two_meanings_gets_two_names(exercise: str, name: str) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as old:
        migrate(old, MIGRATIONS[:2])
        old.execute(
            "INSERT INTO sets (run, serial, exercise, started_at, utc_offset_min, day, started_s)"
            " VALUES ('run', 1, ?, 0, 0, '2026-01-01', 0)",
            (exercise,),
        )
        old.execute(
            "INSERT INTO reps (set_id, position, number, counted, start_s, bottom_s, end_s,"
            " eccentric_s, pause_s, concentric_s, checks, assessed, faults)"
            """ VALUES (1, 0, 1, 1, 0, 1, 2, 1, 0, 1, '{"hips_first":{"verdict":"ok"}}', 1, 0)"""
        )
        migrate(old)
        (checks,) = old.execute("SELECT checks FROM reps").fetchone()
        assert checks == f'{{"{name}":{{"verdict":"ok"}}}}'
