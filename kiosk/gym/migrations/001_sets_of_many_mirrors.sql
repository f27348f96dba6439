-- for mirrors: 1
-- What a mirror may call. Each is one call a transaction, all of it or nothing.
--
--   gym.schema_version() -> integer
--       the newest migration that changed what mirrors call.
--   gym.put_sets(p_mirror jsonb, p_sets jsonb) -> integer
--       stores sets, or replaces what was stored of them before; returns how many. Harmless if
--       repeated: the id decides. The last call wins, so each mirror has one sender.
--       p_mirror: {"id": uuid, "name": text, "gym": text, "app_version": text}; all but the id may
--           be left out, which keeps what is known.
--       p_sets: [{"id": uuid, ...}], with the columns of the history's `sets` as they are there
--           (other keys are ignored; no id twice), and
--           "rep_rows": [{...}], the set's rows of the history's `reps`, all of them, with `checks`
--           as the object or as the text of the object. Missing or null: none.
--   gym.delete_sets(p_mirror jsonb, p_ids uuid[]) -> integer
--       removes sets of this mirror with their reps, for good; returns how many there were.
--   gym.set_ids_of(p_mirror uuid) -> setof uuid
--       all sets that are stored of a mirror, to compare with a history that was replaced.
--   gym.put_health(p_mirror jsonb, p_health jsonb) -> void
--       p_health: {"state": "waiting", "set", "blind" or "stopped", "faults": [text, ...], "temperature_c": number or null}
--
-- An error of SQLSTATE class 22 or 23 is about the values of a set, whatever the connection: sent
-- alone, the other sets of its batch are stored. Any other error is worth another try.

DO $$
BEGIN
    -- roles belong to the whole server: another database may have made them
    IF to_regrole('mirror') IS NULL THEN
        CREATE ROLE mirror NOLOGIN;
        COMMENT ON ROLE mirror IS 'Gym mirrors: may only hand sets over, and delete their own.';
    END IF;
    IF to_regrole('coach') IS NULL THEN
        CREATE ROLE coach NOLOGIN;
        COMMENT ON ROLE coach IS 'Coaches of gym mirrors: may only read the views.';
    END IF;
END
$$;

CREATE TABLE gym.mirrors (
    id uuid PRIMARY KEY,
    name text NOT NULL DEFAULT '',
    gym text NOT NULL DEFAULT '',
    app_version text NOT NULL DEFAULT '',
    first_seen timestamptz NOT NULL DEFAULT now(),
    last_seen timestamptz NOT NULL DEFAULT now(),
    last_set_at timestamptz
);
COMMENT ON TABLE gym.mirrors IS 'One row per mirror that has ever sent something.';
COMMENT ON COLUMN gym.mirrors.id IS 'Made of the mirror''s machine-id, which it does not tell.';
COMMENT ON COLUMN gym.mirrors.name IS 'What its owner calls it; empty if nobody said.';
COMMENT ON COLUMN gym.mirrors.gym IS 'The gym that it stands in; empty if nobody said.';
COMMENT ON COLUMN gym.mirrors.app_version IS 'Version of the mirror''s software, as last told.';
COMMENT ON COLUMN gym.mirrors.first_seen IS 'When it first sent something, by this server''s clock.';
COMMENT ON COLUMN gym.mirrors.last_seen IS 'When it last sent something, by this server''s clock.';
COMMENT ON COLUMN gym.mirrors.last_set_at IS
    'Start of its newest set; a mirror whose clock runs ahead counts as now. Deleting keeps it.';

CREATE TABLE gym.set_ids (
    id uuid PRIMARY KEY,
    mirror uuid NOT NULL REFERENCES gym.mirrors (id),
    week date NOT NULL
);
CREATE INDEX set_ids_by_mirror ON gym.set_ids (mirror);
COMMENT ON TABLE gym.set_ids IS
    'Makes a set''s id unique over all partitions, which no index of a partitioned table can, and tells its partition.';
COMMENT ON COLUMN gym.set_ids.id IS 'The set: uuid5 of the mirror''s run and the set''s serial in it.';
COMMENT ON COLUMN gym.set_ids.mirror IS 'The mirror that sent it; no other one can change it.';
COMMENT ON COLUMN gym.set_ids.week IS 'Where it lies in sets and reps.';

-- partitioned by the week that coaches ask for, so that a week given to a view excludes partitions;
-- a partition holds the weeks that begin in one month
CREATE TABLE gym.sets (
    id uuid NOT NULL,
    mirror uuid NOT NULL REFERENCES gym.mirrors (id),
    started_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    week date NOT NULL,
    duration_s real,
    utc_offset_min smallint NOT NULL,
    lifter smallint NOT NULL CHECK (lifter BETWEEN 0 AND 8),
    reps smallint NOT NULL CHECK (reps >= 0),
    partials smallint NOT NULL CHECK (partials >= 0),
    clean smallint NOT NULL CHECK (clean >= 0),
    faulty smallint NOT NULL CHECK (faulty >= 0),
    corrected smallint,
    target_reps smallint,
    target_sets smallint,
    set_number smallint,
    load_kg real,
    rest_s real,
    score real,
    depth real,
    trunk_lean_deg real,
    eccentric_s real,
    pause_s real,
    concentric_s real,
    exercise text NOT NULL,
    ended text,
    rests_on text NOT NULL DEFAULT '',
    checks jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (id, week)
) PARTITION BY RANGE (week);
CREATE INDEX sets_by_mirror ON gym.sets (mirror, week);
COMMENT ON TABLE gym.sets IS 'One row per set, with the sums over its reps.';
COMMENT ON COLUMN gym.sets.id IS 'The set: uuid5 of the mirror''s run and the set''s serial in it.';
COMMENT ON COLUMN gym.sets.mirror IS 'The mirror that counted it.';
COMMENT ON COLUMN gym.sets.started_at IS 'Start, by the mirror''s clock.';
COMMENT ON COLUMN gym.sets.received_at IS 'When this row was first stored, by this server''s clock.';
COMMENT ON COLUMN gym.sets.week IS 'Monday of the week of its start, where the mirror stands.';
COMMENT ON COLUMN gym.sets.duration_s IS 'First rep''s start to the set''s end, in seconds; null while open.';
COMMENT ON COLUMN gym.sets.utc_offset_min IS 'Minutes by which the mirror''s clock was ahead of UTC.';
COMMENT ON COLUMN gym.sets.lifter IS 'Place 1 to 8 of this mirror; 0 is whoever chose none.';
COMMENT ON COLUMN gym.sets.reps IS 'Reps that were counted.';
COMMENT ON COLUMN gym.sets.partials IS 'Movements that did not count.';
COMMENT ON COLUMN gym.sets.clean IS 'Counted reps of which every main check was judged, without a fault.';
COMMENT ON COLUMN gym.sets.faulty IS 'Counted reps with a fault.';
COMMENT ON COLUMN gym.sets.corrected IS 'Reps as the lifter counted them, where that differs.';
COMMENT ON COLUMN gym.sets.target_reps IS 'Reps that were planned; null without a plan.';
COMMENT ON COLUMN gym.sets.target_sets IS 'Sets that were planned; null without a plan.';
COMMENT ON COLUMN gym.sets.set_number IS '1, 2, 3 … among this lifter''s sets of the exercise, one after the other.';
COMMENT ON COLUMN gym.sets.load_kg IS 'Load in kg as entered by hand; of dumbbells one of them.';
COMMENT ON COLUMN gym.sets.rest_s IS 'Seconds since the end of the lifter''s set before it.';
COMMENT ON COLUMN gym.sets.score IS 'Mean score of the reps that have one, 0 to 100.';
COMMENT ON COLUMN gym.sets.depth IS 'Mean depth of the counted reps; 1 is the exercise''s full depth.';
COMMENT ON COLUMN gym.sets.trunk_lean_deg IS 'Mean lean of the trunk at the bottom, in degrees.';
COMMENT ON COLUMN gym.sets.eccentric_s IS 'Mean seconds down.';
COMMENT ON COLUMN gym.sets.pause_s IS 'Mean seconds still at the bottom.';
COMMENT ON COLUMN gym.sets.concentric_s IS 'Mean seconds up.';
COMMENT ON COLUMN gym.sets.exercise IS 'Id of the exercise, the name of its file.';
COMMENT ON COLUMN gym.sets.ended IS 'How it ended; null while open.';
COMMENT ON COLUMN gym.sets.rests_on IS 'Checks that the score rests on, with spaces between them.';
COMMENT ON COLUMN gym.sets.checks IS
    'Check id -> [counted reps that were judged, of these with the fault]; without those never judged.';

CREATE TABLE gym.reps (
    set_id uuid NOT NULL,
    week date NOT NULL,
    position smallint NOT NULL,
    number smallint NOT NULL,
    start_s real NOT NULL,
    bottom_s real NOT NULL,
    end_s real NOT NULL,
    eccentric_s real,
    pause_s real,
    concentric_s real,
    trunk_lean_deg real,
    hip_flexion_deg real,
    knee_flexion_deg real,
    shin_angle_deg real,
    hip_travel_legs real,
    knee_travel_legs real,
    hip_share real,
    depth real,
    score smallint,
    counted boolean NOT NULL,
    grade text,
    partial_reason text,
    verdicts jsonb NOT NULL,
    PRIMARY KEY (set_id, week, position),
    FOREIGN KEY (set_id, week) REFERENCES gym.sets (id, week) ON DELETE CASCADE
) PARTITION BY RANGE (week);
COMMENT ON TABLE gym.reps IS 'One row per rep, also of those that did not count.';
COMMENT ON COLUMN gym.reps.set_id IS 'The set that it belongs to.';
COMMENT ON COLUMN gym.reps.week IS 'The set''s week.';
COMMENT ON COLUMN gym.reps.position IS '0, 1, 2 … among the set''s reps and partials.';
COMMENT ON COLUMN gym.reps.number IS 'Which counted rep it is, or follows.';
COMMENT ON COLUMN gym.reps.start_s IS 'Seconds from the set''s start to the rep''s.';
COMMENT ON COLUMN gym.reps.bottom_s IS 'Seconds from the set''s start to the lowest point.';
COMMENT ON COLUMN gym.reps.end_s IS 'Seconds from the set''s start to the rep''s end.';
COMMENT ON COLUMN gym.reps.eccentric_s IS 'Seconds down.';
COMMENT ON COLUMN gym.reps.pause_s IS 'Seconds still at the bottom.';
COMMENT ON COLUMN gym.reps.concentric_s IS 'Seconds up.';
COMMENT ON COLUMN gym.reps.trunk_lean_deg IS 'Lean of the trunk at the bottom, in degrees.';
COMMENT ON COLUMN gym.reps.hip_flexion_deg IS 'Flexion of the hips at the bottom, in degrees.';
COMMENT ON COLUMN gym.reps.knee_flexion_deg IS 'Flexion of the knees at the bottom, in degrees.';
COMMENT ON COLUMN gym.reps.shin_angle_deg IS 'Angle of the shins at the bottom, in degrees.';
COMMENT ON COLUMN gym.reps.hip_travel_legs IS 'Way of the hips, in lengths of the leg.';
COMMENT ON COLUMN gym.reps.knee_travel_legs IS 'Way of the knees, in lengths of the leg.';
COMMENT ON COLUMN gym.reps.hip_share IS 'Part of the movement that the hips made, 0 to 1.';
COMMENT ON COLUMN gym.reps.depth IS 'How deep; 1 is the exercise''s full depth.';
COMMENT ON COLUMN gym.reps.score IS '0 to 100; null where too little was judged.';
COMMENT ON COLUMN gym.reps.counted IS 'Whether it counts as a rep.';
COMMENT ON COLUMN gym.reps.grade IS 'clean, faulty, partly or unjudged; null where it does not count.';
COMMENT ON COLUMN gym.reps.partial_reason IS 'Why it does not count.';
COMMENT ON COLUMN gym.reps.verdicts IS 'Check id -> ok or fault; without the checks that could not be judged.';

CREATE TABLE gym.check_sums (
    mirror uuid NOT NULL REFERENCES gym.mirrors (id),
    week date NOT NULL,
    exercise text NOT NULL,
    check_id text NOT NULL,
    judged integer NOT NULL,
    faulty integer NOT NULL,
    PRIMARY KEY (mirror, week, exercise, check_id)
) PARTITION BY RANGE (week);
COMMENT ON TABLE gym.check_sums IS
    'The sums over the checks of the sets, week by week, so that no query takes each set apart; kept by triggers of sets.';
COMMENT ON COLUMN gym.check_sums.mirror IS 'The mirror.';
COMMENT ON COLUMN gym.check_sums.week IS 'The sets'' week.';
COMMENT ON COLUMN gym.check_sums.exercise IS 'Id of the exercise.';
COMMENT ON COLUMN gym.check_sums.check_id IS 'Id of the check.';
COMMENT ON COLUMN gym.check_sums.judged IS 'Counted reps of which the check could judge this.';
COMMENT ON COLUMN gym.check_sums.faulty IS 'Of these, the reps with the fault.';

CREATE TABLE gym.health (
    mirror uuid NOT NULL REFERENCES gym.mirrors (id),
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    temperature_c real,
    hottest_c real,
    state text NOT NULL,
    faults text[] NOT NULL,
    PRIMARY KEY (mirror, since)
);
COMMENT ON TABLE gym.health IS
    'How a mirror was: one row per time in which it had the same faults, so that a healthy one has one row.';
COMMENT ON COLUMN gym.health.mirror IS 'The mirror.';
COMMENT ON COLUMN gym.health.since IS 'When these faults were first told, by this server''s clock.';
COMMENT ON COLUMN gym.health.until IS 'When they were last told.';
COMMENT ON COLUMN gym.health.temperature_c IS 'Temperature of its processor when it last told, in degrees Celsius.';
COMMENT ON COLUMN gym.health.hottest_c IS 'Highest one that it told in that time.';
COMMENT ON COLUMN gym.health.state IS 'What it did when it was last told: waiting, set, blind (it sees nobody), or stopped (it does not run).';
COMMENT ON COLUMN gym.health.faults IS 'Ids of what was wrong, sorted; empty if nothing.';

CREATE FUNCTION gym.schema_version() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN (SELECT max(for_mirrors) FROM gym.version);
COMMENT ON FUNCTION gym.schema_version() IS 'The newest migration that changed what mirrors call.';

CREATE FUNCTION gym.week_of(started_s double precision, utc_offset_min integer) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN date_trunc('week', to_timestamp(started_s + 60.0 * utc_offset_min) AT TIME ZONE 'UTC')::date;
COMMENT ON FUNCTION gym.week_of(double precision, integer) IS
    'Monday of the week, where the mirror stands, of a moment in seconds since 1970.';

CREATE FUNCTION gym.object_of(checks jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE jsonb_typeof(checks)
    WHEN 'object' THEN checks
    WHEN 'string' THEN (checks #>> '{}')::jsonb
    ELSE '{}'
END;
COMMENT ON FUNCTION gym.object_of(jsonb) IS 'The object that a value is, or that its text describes.';

CREATE FUNCTION gym.ensure_month(p_week date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    begins date := date_trunc('month', p_week)::date;
    ends date := (date_trunc('month', p_week) + interval '1 month')::date;
    tail text := to_char(p_week, 'YYYY_MM');
    bounds text := format('FROM (%L) TO (%L)', begins, ends);
    kind text;
BEGIN
    IF p_week < date '2020-01-01' THEN      -- a clock that was never set; all of it in one place
        tail := 'before_2020';
        bounds := 'FROM (MINVALUE) TO (''2020-01-01'')';
    ELSIF p_week >= date '2100-01-01' THEN
        tail := 'after_2099';
        bounds := 'FROM (''2100-01-01'') TO (MAXVALUE)';
    END IF;
    IF to_regclass('gym.sets_' || tail) IS NOT NULL
        AND to_regclass('gym.reps_' || tail) IS NOT NULL
        AND to_regclass('gym.check_sums_' || tail) IS NOT NULL
    THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(1730000016);   -- one at a time; the others then find it
    FOREACH kind IN ARRAY ARRAY['sets', 'reps', 'check_sums'] LOOP
        -- read from the table: what to_regclass has cached, this lock does not renew; an owner may
        -- have dropped the reps of a month and kept its sets
        IF NOT EXISTS (
            SELECT FROM pg_class
            WHERE relnamespace = 'gym'::regnamespace AND relname = kind || '_' || tail
        ) THEN
            EXECUTE format(
                'CREATE TABLE gym.%I PARTITION OF gym.%I FOR VALUES %s',
                kind || '_' || tail, kind, bounds
            );
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION gym.ensure_month(date) IS
    'Makes the partitions that a week lies in, if they are missing.';

CREATE FUNCTION gym.follow_checks() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- always in the same order, so that two who change the same sums wait and do not block each other
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO gym.check_sums AS kept (mirror, week, exercise, check_id, judged, faulty)
        SELECT mirror, week, exercise, c.key,
            -sum((c.value -> 0)::integer), -sum((c.value -> 1)::integer)
        FROM went CROSS JOIN LATERAL jsonb_each(checks) AS c
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
        ON CONFLICT (mirror, week, exercise, check_id) DO UPDATE SET
            judged = kept.judged + excluded.judged, faulty = kept.faulty + excluded.faulty;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO gym.check_sums AS kept (mirror, week, exercise, check_id, judged, faulty)
        SELECT mirror, week, exercise, c.key,
            sum((c.value -> 0)::integer), sum((c.value -> 1)::integer)
        FROM came CROSS JOIN LATERAL jsonb_each(checks) AS c
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
        ON CONFLICT (mirror, week, exercise, check_id) DO UPDATE SET
            judged = kept.judged + excluded.judged, faulty = kept.faulty + excluded.faulty;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        -- nothing tells that there was a set
        DELETE FROM gym.check_sums AS s
        USING (SELECT DISTINCT mirror, week FROM went) AS changed
        WHERE s.mirror = changed.mirror AND s.week = changed.week AND s.judged = 0;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION gym.follow_checks() IS
    'Keeps check_sums: takes away what sets were, and adds what they are.';
CREATE TRIGGER follow_insert AFTER INSERT ON gym.sets REFERENCING NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION gym.follow_checks();
CREATE TRIGGER follow_update AFTER UPDATE ON gym.sets REFERENCING OLD TABLE AS went NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION gym.follow_checks();
CREATE TRIGGER follow_delete AFTER DELETE ON gym.sets REFERENCING OLD TABLE AS went
    FOR EACH STATEMENT EXECUTE FUNCTION gym.follow_checks();

CREATE FUNCTION gym.meet(p_mirror jsonb) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO gym.mirrors AS m (id, name, gym, app_version)
    VALUES (
        (p_mirror ->> 'id')::uuid,
        coalesce(p_mirror ->> 'name', ''),
        coalesce(p_mirror ->> 'gym', ''),
        coalesce(p_mirror ->> 'app_version', '')
    )
    ON CONFLICT (id) DO UPDATE SET
        name = coalesce(p_mirror ->> 'name', m.name),
        gym = coalesce(p_mirror ->> 'gym', m.gym),
        app_version = coalesce(p_mirror ->> 'app_version', m.app_version),
        last_seen = now()
    RETURNING id;
END;
COMMENT ON FUNCTION gym.meet(jsonb) IS
    'Notes that a mirror has sent something, and holds its row to the end of the transaction: two senders of one mirror take turns.';

CREATE FUNCTION gym.put_sets(p_mirror jsonb, p_sets jsonb) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    its_id uuid;
    stored integer;
BEGIN
    -- before anything is locked: making a partition waits for all who write
    PERFORM gym.ensure_month(week)
    FROM (
        SELECT DISTINCT gym.week_of(s.started_at, s.utc_offset_min) AS week
        FROM jsonb_to_recordset(p_sets) AS s (started_at double precision, utc_offset_min integer)
    ) AS weeks
    ORDER BY week;
    its_id := gym.meet(p_mirror);

    INSERT INTO gym.set_ids (id, mirror, week)
    SELECT s.id, its_id, gym.week_of(s.started_at, s.utc_offset_min)
    FROM jsonb_to_recordset(p_sets)
        AS s (id uuid, started_at double precision, utc_offset_min integer)
    ON CONFLICT (id) DO NOTHING;
    IF EXISTS (
        SELECT FROM jsonb_to_recordset(p_sets) AS s (id uuid)
        JOIN gym.set_ids AS known USING (id)
        WHERE known.mirror <> its_id
    ) THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'a set belongs to another mirror';
    END IF;

    -- the week of the first call is kept, whatever the mirror's clock does later
    WITH incoming AS MATERIALIZED (
        SELECT s.*, known.week, coalesce(counts.checks, '{}') AS checks
        FROM jsonb_to_recordset(p_sets) AS s (
            id uuid, started_at double precision, utc_offset_min smallint, exercise text,
            started_s double precision, ended_s double precision, ended text, lifter smallint,
            reps smallint, partials smallint, clean smallint, faulty smallint, corrected smallint,
            target_reps smallint, target_sets smallint, set_number smallint, load_kg real,
            rest_s real, score real, depth real, trunk_lean_deg real, eccentric_s real,
            pause_s real, concentric_s real, rests_on text, rep_rows jsonb
        )
        JOIN gym.set_ids AS known USING (id)
        CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(key, jsonb_build_array(judged, faults)) AS checks
            FROM (
                SELECT v.key, count(*) AS judged,
                    count(*) FILTER (WHERE v.value ->> 'verdict' = 'fault') AS faults
                FROM jsonb_array_elements(nullif(s.rep_rows, 'null')) AS r
                CROSS JOIN LATERAL jsonb_each(gym.object_of(r -> 'checks')) AS v
                WHERE r ->> 'counted' IN ('1', 'true') AND v.value ->> 'verdict' IN ('ok', 'fault')
                GROUP BY v.key
            ) AS sums
        ) AS counts
    )
    INSERT INTO gym.sets AS old (
        id, mirror, started_at, week, duration_s, utc_offset_min, lifter, reps, partials, clean,
        faulty, corrected, target_reps, target_sets, set_number, load_kg, rest_s, score, depth,
        trunk_lean_deg, eccentric_s, pause_s, concentric_s, exercise, ended, rests_on, checks
    )
    SELECT id, its_id, to_timestamp(started_at), week, ended_s - started_s, utc_offset_min,
        coalesce(lifter, 0), reps, partials, clean, faulty, corrected, target_reps, target_sets,
        set_number, load_kg, rest_s, score, depth, trunk_lean_deg, eccentric_s, pause_s,
        concentric_s, exercise, ended, coalesce(rests_on, ''), checks
    FROM incoming
    ON CONFLICT (id, week) DO UPDATE SET
        duration_s = excluded.duration_s, lifter = excluded.lifter, reps = excluded.reps,
        partials = excluded.partials, clean = excluded.clean, faulty = excluded.faulty,
        corrected = excluded.corrected, target_reps = excluded.target_reps,
        target_sets = excluded.target_sets, set_number = excluded.set_number,
        load_kg = excluded.load_kg, rest_s = excluded.rest_s, score = excluded.score,
        depth = excluded.depth, trunk_lean_deg = excluded.trunk_lean_deg,
        eccentric_s = excluded.eccentric_s, pause_s = excluded.pause_s,
        concentric_s = excluded.concentric_s, exercise = excluded.exercise,
        ended = excluded.ended, rests_on = excluded.rests_on, checks = excluded.checks;
    GET DIAGNOSTICS stored = ROW_COUNT;

    -- a set that was moved to another exercise has other reps in the same places
    DELETE FROM gym.reps AS old
    USING jsonb_to_recordset(p_sets) AS s (id uuid, rep_rows jsonb)
    JOIN gym.set_ids AS known USING (id)
    WHERE old.set_id = s.id AND old.week = known.week
        AND old.position >= jsonb_array_length(coalesce(nullif(s.rep_rows, 'null'), '[]'));
    INSERT INTO gym.reps AS old (
        set_id, week, position, number, start_s, bottom_s, end_s, eccentric_s, pause_s,
        concentric_s, trunk_lean_deg, hip_flexion_deg, knee_flexion_deg, shin_angle_deg,
        hip_travel_legs, knee_travel_legs, hip_share, depth, score, counted, grade,
        partial_reason, verdicts
    )
    SELECT s.id, known.week, r.position, r.number, r.start_s - s.started_s,
        r.bottom_s - s.started_s, r.end_s - s.started_s, r.eccentric_s, r.pause_s, r.concentric_s,
        r.trunk_lean_deg, r.hip_flexion_deg, r.knee_flexion_deg, r.shin_angle_deg,
        r.hip_travel_legs, r.knee_travel_legs, r.hip_share, r.depth, r.score,
        r.counted IN ('1', 'true'), r.grade, r.partial_reason, coalesce(v.verdicts, '{}')
    FROM jsonb_to_recordset(p_sets) AS s (id uuid, started_s double precision, rep_rows jsonb)
    JOIN gym.set_ids AS known USING (id)
    CROSS JOIN LATERAL jsonb_to_recordset(nullif(s.rep_rows, 'null')) AS r (
        position smallint, number smallint, start_s double precision, bottom_s double precision,
        end_s double precision, eccentric_s real, pause_s real, concentric_s real,
        trunk_lean_deg real, hip_flexion_deg real, knee_flexion_deg real, shin_angle_deg real,
        hip_travel_legs real, knee_travel_legs real, hip_share real, depth real, score smallint,
        counted text, grade text, partial_reason text, checks jsonb
    )
    CROSS JOIN LATERAL (
        SELECT jsonb_object_agg(key, value -> 'verdict') AS verdicts
        FROM jsonb_each(gym.object_of(r.checks))
        WHERE value ->> 'verdict' IN ('ok', 'fault')
    ) AS v
    ON CONFLICT (set_id, week, position) DO UPDATE SET
        number = excluded.number, start_s = excluded.start_s, bottom_s = excluded.bottom_s,
        end_s = excluded.end_s, eccentric_s = excluded.eccentric_s, pause_s = excluded.pause_s,
        concentric_s = excluded.concentric_s, trunk_lean_deg = excluded.trunk_lean_deg,
        hip_flexion_deg = excluded.hip_flexion_deg, knee_flexion_deg = excluded.knee_flexion_deg,
        shin_angle_deg = excluded.shin_angle_deg, hip_travel_legs = excluded.hip_travel_legs,
        knee_travel_legs = excluded.knee_travel_legs, hip_share = excluded.hip_share,
        depth = excluded.depth, score = excluded.score, counted = excluded.counted,
        grade = excluded.grade, partial_reason = excluded.partial_reason,
        verdicts = excluded.verdicts
    -- a set that is sent again leaves no dead rows of reps that are as they were
    WHERE (old.start_s, old.end_s, old.score, old.counted, old.grade, old.verdicts)
        IS DISTINCT FROM (excluded.start_s, excluded.end_s, excluded.score, excluded.counted,
            excluded.grade, excluded.verdicts);

    UPDATE gym.mirrors AS m SET last_set_at = greatest(m.last_set_at, newest.at)
    FROM (
        SELECT max(least(to_timestamp(s.started_at), now())) AS at
        FROM jsonb_to_recordset(p_sets) AS s (started_at double precision)
    ) AS newest
    WHERE m.id = its_id AND newest.at > coalesce(m.last_set_at, '-infinity');
    RETURN stored;
END
$$;
COMMENT ON FUNCTION gym.put_sets(jsonb, jsonb) IS
    'Stores sets with their reps, or replaces what was stored of them; returns how many.';

CREATE FUNCTION gym.delete_sets(p_mirror jsonb, p_ids uuid[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    its_id uuid := gym.meet(p_mirror);
    removed integer;
BEGIN
    -- the reps follow; both by their partition
    DELETE FROM gym.sets AS s USING gym.set_ids AS known
    WHERE known.id = ANY (p_ids) AND known.mirror = its_id
        AND s.id = known.id AND s.week = known.week;
    DELETE FROM gym.set_ids WHERE id = ANY (p_ids) AND mirror = its_id;
    GET DIAGNOSTICS removed = ROW_COUNT;
    RETURN removed;
END
$$;
COMMENT ON FUNCTION gym.delete_sets(jsonb, uuid[]) IS
    'Removes sets of this mirror with their reps for good; returns how many there were.';

CREATE FUNCTION gym.set_ids_of(p_mirror uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT id FROM gym.set_ids WHERE mirror = p_mirror;
END;
COMMENT ON FUNCTION gym.set_ids_of(uuid) IS 'All sets that are stored of a mirror.';

CREATE FUNCTION gym.put_health(p_mirror jsonb, p_health jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    its_id uuid := gym.meet(p_mirror);
    told text[] := ARRAY(
        SELECT DISTINCT jsonb_array_elements_text(coalesce(nullif(p_health -> 'faults', 'null'), '[]'))
        ORDER BY 1
    );
    heat real := (p_health ->> 'temperature_c')::real;
BEGIN
    UPDATE gym.health SET
        until = now(), temperature_c = heat, hottest_c = greatest(hottest_c, heat),
        state = coalesce(p_health ->> 'state', state)
    WHERE mirror = its_id AND faults = told
        AND since = (SELECT max(since) FROM gym.health WHERE mirror = its_id);
    IF NOT FOUND THEN
        INSERT INTO gym.health (mirror, since, until, temperature_c, hottest_c, state, faults)
        VALUES (its_id, now(), now(), heat, heat, coalesce(p_health ->> 'state', ''), told)
        ON CONFLICT (mirror, since) DO UPDATE SET   -- twice in one transaction
            temperature_c = excluded.temperature_c, hottest_c = excluded.hottest_c,
            state = excluded.state, faults = excluded.faults;
    END IF;
END
$$;
COMMENT ON FUNCTION gym.put_health(jsonb, jsonb) IS 'Notes how a mirror is.';

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gym FROM PUBLIC;
GRANT USAGE ON SCHEMA gym TO mirror, coach;
GRANT EXECUTE ON FUNCTION
    gym.schema_version(), gym.put_sets(jsonb, jsonb), gym.delete_sets(jsonb, uuid[]),
    gym.set_ids_of(uuid), gym.put_health(jsonb, jsonb)
TO mirror;
GRANT EXECUTE ON FUNCTION gym.schema_version() TO coach;
