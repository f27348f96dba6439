"""Defines the history's tables and migrates files of earlier versions to this one."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import cache
from pathlib import Path

from kiosk.errors import HistoryError

_MARK = 0x4D720000
_OBJECTS = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema"

# one script per version, only ever appended to: files in the field have run the earlier ones
MIGRATIONS = (
    """
    CREATE TABLE sets (
        -- never handed out twice, and the order of history: the wall clock may jump, this rises
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        run TEXT NOT NULL,             -- one per start of the kiosk
        serial INTEGER NOT NULL,       -- within the run
        exercise TEXT NOT NULL,
        started_at REAL NOT NULL,      -- UTC, seconds since 1970
        utc_offset_min INTEGER NOT NULL,
        day TEXT NOT NULL,             -- local date of the start, YYYY-MM-DD
        started_s REAL NOT NULL,       -- seconds on the source's axis, as in reps
        ended_s REAL,                  -- NULL while open
        ended TEXT,
        -- sums over reps, kept here so that pages and trends read one row per set
        reps INTEGER NOT NULL DEFAULT 0,
        partials INTEGER NOT NULL DEFAULT 0,
        clean INTEGER NOT NULL DEFAULT 0,    -- counted, something assessed, no fault
        faulty INTEGER NOT NULL DEFAULT 0,   -- counted, with a fault
        depth REAL,
        trunk_lean_deg REAL,
        eccentric_s REAL,
        pause_s REAL,
        concentric_s REAL,
        score REAL,
        UNIQUE (run, serial)
    ) STRICT;

    CREATE TABLE reps (
        id INTEGER PRIMARY KEY,
        set_id INTEGER NOT NULL REFERENCES sets (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,     -- 0, 1, 2 … among the set's reps and partials
        number INTEGER NOT NULL,
        counted INTEGER NOT NULL,
        partial_reason TEXT,
        start_s REAL NOT NULL,
        bottom_s REAL NOT NULL,
        end_s REAL NOT NULL,
        eccentric_s REAL NOT NULL,
        pause_s REAL NOT NULL,
        concentric_s REAL NOT NULL,
        trunk_lean_deg REAL,
        hip_flexion_deg REAL,
        knee_flexion_deg REAL,
        shin_angle_deg REAL,
        hip_travel_legs REAL,
        knee_travel_legs REAL,
        hip_share REAL,
        depth REAL,
        score INTEGER,
        checks TEXT NOT NULL,          -- JSON: check id -> result
        assessed INTEGER NOT NULL,     -- checks that gave a verdict
        faults INTEGER NOT NULL,       -- checks that found a fault
        UNIQUE (set_id, position)
    ) STRICT;

    CREATE INDEX sets_by_day ON sets (day);
    CREATE INDEX sets_by_exercise ON sets (exercise, day);
    CREATE INDEX sets_open ON sets (run) WHERE ended IS NULL;
    """,
    """
    -- what makes `depth` a sum again: the counted reps whose depth is known
    ALTER TABLE sets ADD COLUMN depth_reps INTEGER NOT NULL DEFAULT 0;
    UPDATE sets SET depth_reps = (
        SELECT count(depth) FILTER (WHERE counted) FROM reps WHERE set_id = sets.id
    );

    CREATE TABLE days (                -- sums over sets, so that trends read one row per day
        day TEXT NOT NULL,             -- local date of the sets' starts
        exercise TEXT NOT NULL,
        sets INTEGER NOT NULL,
        reps INTEGER NOT NULL,
        clean INTEGER NOT NULL,
        judged INTEGER NOT NULL,       -- clean or faulty
        depth_sum REAL NOT NULL,
        depth_reps INTEGER NOT NULL,
        PRIMARY KEY (day, exercise)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO days
        SELECT day, exercise, count(*), sum(reps), sum(clean), sum(clean + faulty),
            total(depth * depth_reps), sum(depth_reps)
        FROM sets GROUP BY day, exercise;

    DROP INDEX sets_by_day;            -- answered by `days`
    CREATE INDEX sets_best ON sets (exercise, clean, score, reps);
    """,
    """
    -- one name had two meanings: hips that rise first in the deadlift, and hips that go back late
    UPDATE reps SET checks = replace(checks, '"hips_first":', CASE
        (SELECT exercise FROM sets WHERE sets.id = set_id)
        WHEN 'deadlift' THEN '"hips_shoot_up":' ELSE '"hips_late":' END)
    WHERE checks LIKE '%"hips_first":%';
    """,
    """
    ALTER TABLE reps ADD COLUMN grade TEXT;     -- a value of Grade; NULL where it does not count
    ALTER TABLE sets ADD COLUMN rests_on TEXT NOT NULL DEFAULT '';   -- checks behind the score

    -- earlier versions called a rep clean without a fault, whatever was judged, and did not keep
    -- which checks were the main ones: of the three that all packaged exercises choose theirs from,
    -- those that the rep has; in an exercise without any of them, all that it has. A rep whose
    -- checks are damaged stays readable. Measured: .5 ms a set of ten reps, in the writer's thread
    UPDATE reps SET (grade, score) = (
        SELECT
            CASE
                WHEN faults > 0 THEN 'faulty'
                WHEN assessed = 0 THEN 'unjudged'
                WHEN main IS NULL THEN 'partly'
                WHEN instr(iif(main = '[null,null,null]', checks, main), '"not_assessed"')
                    THEN 'partly'
                ELSE 'clean'
            END,
            iif(main LIKE '%not_assessed%' AND main NOT LIKE '%ok%' AND main NOT LIKE '%fault%',
                NULL, score)
        FROM (
            SELECT iif(json_valid(checks), json_extract(
                checks, '$.knee_dominance.verdict', '$.shallow.verdict', '$.no_lockout.verdict'
            ), NULL) AS main
        )
    ) WHERE counted;
    UPDATE sets SET rests_on = coalesce((
        SELECT group_concat(key, ' ') FROM (
            SELECT key
            FROM reps, json_each(CASE WHEN json_valid(checks) THEN checks ELSE '{}' END) AS results
            WHERE set_id = sets.id AND counted AND score IS NOT NULL
                AND json_extract(value, '$.verdict') <> 'not_assessed'
            GROUP BY key
            HAVING 2 * count(*) >= (
                SELECT count(score) FILTER (WHERE counted) FROM reps WHERE set_id = sets.id
            )
            ORDER BY min(results.id)
        )
    ), '');
    UPDATE sets SET (clean, score) = (
        SELECT count(*) FILTER (WHERE grade = 'clean'), avg(score) FILTER (WHERE counted)
        FROM reps WHERE set_id = sets.id
    );
    DELETE FROM days;
    INSERT INTO days
        SELECT day, exercise, count(*), sum(reps), sum(clean), sum(clean + faulty),
            total(depth * depth_reps), sum(depth_reps)
        FROM sets GROUP BY day, exercise;
    """,
    """
    -- what people say of a set: nothing is known of the earlier ones
    ALTER TABLE sets ADD COLUMN lifter INTEGER NOT NULL DEFAULT 0;   -- 0 is whoever chose no place
    ALTER TABLE sets ADD COLUMN load_kg REAL;            -- entered by hand
    ALTER TABLE sets ADD COLUMN corrected INTEGER;       -- reps, where the lifter counted others
    ALTER TABLE sets ADD COLUMN target_reps INTEGER;
    ALTER TABLE sets ADD COLUMN target_sets INTEGER;
    ALTER TABLE sets ADD COLUMN set_number INTEGER;      -- 1, 2, 3 …
    ALTER TABLE sets ADD COLUMN rest_s REAL;             -- before it
    DROP INDEX sets_by_exercise;
    DROP INDEX sets_best;
    CREATE INDEX sets_by_lifter ON sets (lifter);        -- and by id, as each index
    CREATE INDEX sets_by_exercise ON sets (lifter, exercise, day);
    CREATE INDEX sets_best ON sets (lifter, exercise, clean, score, reps);
    CREATE INDEX sets_loaded ON sets (lifter, exercise) WHERE load_kg IS NOT NULL;
    CREATE INDEX sets_records ON sets (lifter, exercise, load_kg, reps, clean, corrected)
        WHERE load_kg IS NOT NULL;

    DROP TABLE days;
    CREATE TABLE days (                -- sums over sets, so that trends read one row per day
        lifter INTEGER NOT NULL,
        day TEXT NOT NULL,             -- local date of the sets' starts
        exercise TEXT NOT NULL,
        sets INTEGER NOT NULL,
        reps INTEGER NOT NULL,
        clean INTEGER NOT NULL,
        judged INTEGER NOT NULL,       -- clean or faulty
        depth_sum REAL NOT NULL,
        depth_reps INTEGER NOT NULL,
        heaviest_kg REAL,              -- of the sets with a rep
        PRIMARY KEY (lifter, day, exercise)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO days
        SELECT lifter, day, exercise, count(*), sum(reps), sum(clean), sum(clean + faulty),
            total(depth * depth_reps), sum(depth_reps), max(load_kg) FILTER (WHERE reps > 0)
        FROM sets GROUP BY lifter, day, exercise;

    -- with row ids and strict rules, which tell their rows from all others in a damaged file
    CREATE TABLE plans (
        lifter INTEGER NOT NULL CHECK (lifter >= 0),
        exercise TEXT NOT NULL,
        reps INTEGER NOT NULL CHECK (reps > 0),
        sets INTEGER NOT NULL CHECK (sets > 0),
        rest_s REAL NOT NULL CHECK (rest_s >= 0),
        PRIMARY KEY (lifter, exercise)
    ) STRICT;
    CREATE TABLE tags (
        digest TEXT PRIMARY KEY NOT NULL
            CHECK (length(digest) >= 32 AND digest NOT GLOB '*[^0-9a-f]*'),
        lifter INTEGER NOT NULL CHECK (lifter > 0)
    ) STRICT;
    CREATE TABLE tag_salt (salt BLOB NOT NULL CHECK (length(salt) = 16)) STRICT;
    INSERT INTO tag_salt VALUES (randomblob(16));        -- each history has its own
    """,
    """
    -- what a program that copies the sets elsewhere has to know: which have changed since, and
    -- whether any have gone
    ALTER TABLE sets ADD COLUMN version INTEGER NOT NULL DEFAULT 0;  -- rises with each change
    UPDATE sets SET version = id;
    CREATE INDEX sets_by_version ON sets (version);
    CREATE TABLE changes (
        file BLOB NOT NULL CHECK (length(file) = 16),    -- this file, and none before or after it
        newest INTEGER NOT NULL,                         -- of the versions
        -- another one after each removal of a set; how many were removed, and which, is not kept
        removal BLOB CHECK (length(removal) = 16)
    ) STRICT;
    INSERT INTO changes SELECT randomblob(16), coalesce(max(id), 0), NULL FROM sets;
    CREATE TRIGGER set_added AFTER INSERT ON sets BEGIN
        UPDATE changes SET newest = newest + 1;
        UPDATE sets SET version = (SELECT newest FROM changes) WHERE id = new.id;
    END;
    CREATE TRIGGER set_changed AFTER UPDATE ON sets WHEN new.version = old.version BEGIN
        UPDATE changes SET newest = newest + 1;
        UPDATE sets SET version = (SELECT newest FROM changes) WHERE id = new.id;
    END;
    CREATE TRIGGER set_removed AFTER DELETE ON sets BEGIN
        UPDATE changes SET removal = randomblob(16);
    END;
    """,
)


def version_of(connection: sqlite3.Connection) -> int:
    """Reads the version of the file's schema; 0 for an empty file."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def refuse_newer(connection: sqlite3.Connection, path: Path) -> None:
    """Raises HistoryError for a file of a newer kiosk, before anything is changed in it.

    A version that is newer by a single bit, over the very schema that this kiosk makes, is a
    damaged one: each kiosk writes its version twice, and only both together make a newer file.
    """
    version, newest = version_of(connection), len(MIGRATIONS)
    if version <= newest:
        return
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    one_bit = ((version & 0xFFFFFFFF) ^ newest).bit_count() == 1
    if mark == _mark(version) or not one_bit or _fits(connection, newest) is not None:
        raise HistoryError(
            f"{path}: written by a newer kiosk (schema {version}, this one knows up to "
            f"{newest}); upgrade the kiosk, or set history.folder to another folder"
        )


def schema_fault(connection: sqlite3.Connection) -> str | None:
    """Says where the schema is not that of the file's version; None where it is.

    What somebody has added by hand, such as an index, is no fault.
    """
    version = version_of(connection)
    if not 0 <= version <= len(MIGRATIONS):
        return f"there is no version {version}"
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if version == 0 and objects:
        return "it has tables and no version"
    return _fits(connection, version)


def migrate(connection: sqlite3.Connection, migrations: Sequence[str] = MIGRATIONS) -> None:
    """Migrates a file to the newest version in one transaction: no reader sees one in between.

    The script at index n leads from version n to n + 1. The connection is in autocommit mode
    (isolation_level None). A step that fails raises `sqlite3.Error`; once the connection is closed,
    the file is as it was.
    """
    scripts = migrations[version_of(connection) :]
    if scripts:
        steps = ";\n".join(scripts)
        newest = len(migrations)
        connection.executescript(
            f"BEGIN IMMEDIATE;\n{steps};\nPRAGMA user_version = {newest};\n"
            f"PRAGMA application_id = {_mark(newest)};\nCOMMIT;"
        )


def empty_history() -> sqlite3.Connection:
    """Creates an empty history in memory, in autocommit mode."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection)
    return connection


@cache
def columns_of(version: int, table: str) -> tuple[str, ...]:
    """Returns the columns of a table in a version of the schema, in their order in a row."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, MIGRATIONS[:version])
        return tuple(row[1] for row in connection.execute(f"PRAGMA table_info({table})"))


def _mark(version: int) -> int:
    """Returns the second place where a file's version stands: two letters, then the version."""
    return _MARK + version & 0x7FFFFFFF


def _fits(connection: sqlite3.Connection, version: int) -> str | None:
    """Names a part of a version's schema that the file does not have."""
    found = set(connection.execute(_OBJECTS))
    missing = _objects_of(version) - found
    return f"its schema is not that of {min(missing)[1]}" if missing else None


@cache
def _objects_of(version: int) -> frozenset[tuple[str, ...]]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, MIGRATIONS[:version])
        return frozenset(connection.execute(_OBJECTS))
