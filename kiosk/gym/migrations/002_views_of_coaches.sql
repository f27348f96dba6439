-- for mirrors: 1
-- Every view has the week among what it groups by, so that a week in a query excludes partitions; and
-- sums up mirror by mirror (LATERAL), so that a gym reads its own mirrors by an index and nothing else.

CREATE VIEW gym.usage AS
SELECT
    m.gym, m.id AS mirror, m.name, s.week,
    extract(isodow FROM s.hour_at)::integer AS weekday,
    extract(hour FROM s.hour_at)::integer AS hour,
    s.sets, s.reps, s.minutes
FROM gym.mirrors AS m
CROSS JOIN LATERAL (
    SELECT week,
        date_trunc('hour', (started_at AT TIME ZONE 'UTC') + utc_offset_min * interval '1 minute')
            AS hour_at,
        count(*)::integer AS sets,
        sum(reps)::integer AS reps,
        (sum(duration_s) / 60)::real AS minutes
    FROM gym.sets
    WHERE mirror = m.id
    GROUP BY 1, 2
) AS s;
COMMENT ON VIEW gym.usage IS 'When which mirror is used: a row per mirror, week, day and hour with a set.';
COMMENT ON COLUMN gym.usage.gym IS 'The gym that the mirror stands in.';
COMMENT ON COLUMN gym.usage.mirror IS 'The mirror''s id.';
COMMENT ON COLUMN gym.usage.name IS 'The mirror''s name.';
COMMENT ON COLUMN gym.usage.week IS 'Monday of the week.';
COMMENT ON COLUMN gym.usage.weekday IS '1 is Monday, 7 is Sunday.';
COMMENT ON COLUMN gym.usage.hour IS 'Hour in which a set began, 0 to 23, where the mirror stands.';
COMMENT ON COLUMN gym.usage.sets IS 'Sets that began in this hour.';
COMMENT ON COLUMN gym.usage.reps IS 'Their counted reps.';
COMMENT ON COLUMN gym.usage.minutes IS 'How long they took.';

CREATE VIEW gym.faults AS
SELECT
    m.gym, s.exercise, s.check_id, s.week,
    sum(s.judged)::integer AS judged,
    sum(s.faulty)::integer AS faulty,
    sum(s.faulty)::real / nullif(sum(s.judged), 0) AS share
FROM gym.mirrors AS m
JOIN gym.check_sums AS s ON s.mirror = m.id
GROUP BY m.gym, s.exercise, s.check_id, s.week;
COMMENT ON VIEW gym.faults IS 'How common each fault is in each exercise, week by week.';
COMMENT ON COLUMN gym.faults.gym IS 'The gym that the mirrors stand in.';
COMMENT ON COLUMN gym.faults.exercise IS 'Id of the exercise.';
COMMENT ON COLUMN gym.faults.check_id IS 'Id of the check that finds the fault.';
COMMENT ON COLUMN gym.faults.week IS 'Monday of the week.';
COMMENT ON COLUMN gym.faults.judged IS 'Counted reps of which the check could judge this.';
COMMENT ON COLUMN gym.faults.faulty IS 'Of these, the reps with the fault.';
COMMENT ON COLUMN gym.faults.share IS 'Faulty of the judged ones, 0 to 1.';

CREATE VIEW gym.fading AS
SELECT
    gym, exercise, check_id, judged_before, judged_now, share_before, share_now,
    CASE
        WHEN judged_before = 0 OR judged_now = 0 THEN NULL
        -- two shares differ by more than chance does in 19 of 20 cases
        WHEN abs(share_now - share_before) <= 1.96 * sqrt(
            overall * (1 - overall) * (1.0 / judged_now + 1.0 / judged_before)
        ) THEN 'unclear'
        WHEN share_now < share_before THEN 'fades'
        ELSE 'grows'
    END AS trend
FROM (
    SELECT *,
        faulty_before::real / nullif(judged_before, 0) AS share_before,
        faulty_now::real / nullif(judged_now, 0) AS share_now,
        (faulty_before + faulty_now)::double precision
            / nullif(judged_before + judged_now, 0) AS overall
    FROM (
        SELECT gym, exercise, check_id,
            coalesce(sum(judged) FILTER (WHERE NOT recent), 0)::integer AS judged_before,
            coalesce(sum(judged) FILTER (WHERE recent), 0)::integer AS judged_now,
            coalesce(sum(faulty) FILTER (WHERE NOT recent), 0)::integer AS faulty_before,
            coalesce(sum(faulty) FILTER (WHERE recent), 0)::integer AS faulty_now
        FROM (
            SELECT *, week > current_date - 28 AS recent
            FROM gym.faults
            WHERE week > current_date - 56 AND week <= current_date
        ) AS weeks
        GROUP BY gym, exercise, check_id
    ) AS sums
) AS shares;
COMMENT ON VIEW gym.fading IS 'Whether each fault fades: the last four weeks against the four before.';
COMMENT ON COLUMN gym.fading.gym IS 'The gym that the mirrors stand in.';
COMMENT ON COLUMN gym.fading.exercise IS 'Id of the exercise.';
COMMENT ON COLUMN gym.fading.check_id IS 'Id of the check that finds the fault.';
COMMENT ON COLUMN gym.fading.judged_before IS 'Reps of which the check could judge this in the four weeks before.';
COMMENT ON COLUMN gym.fading.judged_now IS 'The same, in the weeks that began in the last 28 days.';
COMMENT ON COLUMN gym.fading.share_before IS 'Part of them with the fault, 0 to 1; null without any.';
COMMENT ON COLUMN gym.fading.share_now IS 'The same, in the last four weeks.';
COMMENT ON COLUMN gym.fading.trend IS
    'fades or grows where that is more than chance, as if reps were independent; else unclear; null without reps on either side.';

CREATE VIEW gym.lifters AS
SELECT m.gym, m.id AS mirror, m.name, s.*
FROM gym.mirrors AS m
CROSS JOIN LATERAL (
    SELECT lifter, exercise, week,
        count(*)::integer AS sets,
        sum(coalesce(corrected, reps))::integer AS reps,
        max(load_kg) AS heaviest_kg,
        sum(load_kg * coalesce(corrected, reps))::real AS volume_kg,
        sum(clean + faulty)::integer AS judged,
        sum(clean)::real / nullif(sum(clean + faulty), 0) AS clean_share
    FROM gym.sets
    WHERE mirror = m.id AND lifter > 0
    GROUP BY lifter, exercise, week
) AS s;
COMMENT ON VIEW gym.lifters IS 'What each lifter, a place 1 to 8 of a mirror, has done, week by week.';
COMMENT ON COLUMN gym.lifters.gym IS 'The gym that the mirror stands in.';
COMMENT ON COLUMN gym.lifters.mirror IS 'The mirror''s id.';
COMMENT ON COLUMN gym.lifters.name IS 'The mirror''s name.';
COMMENT ON COLUMN gym.lifters.lifter IS 'Place 1 to 8 of this mirror; who that is, no database knows.';
COMMENT ON COLUMN gym.lifters.exercise IS 'Id of the exercise.';
COMMENT ON COLUMN gym.lifters.week IS 'Monday of the week.';
COMMENT ON COLUMN gym.lifters.sets IS 'Sets.';
COMMENT ON COLUMN gym.lifters.reps IS 'Reps, as corrected where they were.';
COMMENT ON COLUMN gym.lifters.heaviest_kg IS 'Heaviest load that was entered; null without one.';
COMMENT ON COLUMN gym.lifters.volume_kg IS 'Load times reps, over the sets with a load.';
COMMENT ON COLUMN gym.lifters.judged IS 'Reps that are clean or faulty.';
COMMENT ON COLUMN gym.lifters.clean_share IS 'Clean of the judged reps, 0 to 1; null without any.';

CREATE VIEW gym.conditions AS
SELECT
    gym, id AS mirror, name, app_version, last_seen, last_set_at,
    days_without_sets, state, faults, since, temperature_c,
    array_remove(ARRAY[
        CASE WHEN last_seen < now() - interval '1 day' THEN 'silent' END,
        CASE WHEN days_without_sets >= 3 THEN 'no_sets' END,
        CASE WHEN state = 'stopped' THEN 'stopped' END,
        CASE WHEN faults && '{camera,frozen}' THEN 'camera_lost' END,
        -- a Raspberry Pi slows down from 80 degrees on
        CASE WHEN temperature_c >= 80 THEN 'hot' END,
        CASE WHEN cardinality(faults) > 0 THEN 'faults' END
    ], NULL) AS reasons
FROM (
    SELECT m.*, h.state, coalesce(h.faults, '{}') AS faults, h.since, h.temperature_c,
        floor(extract(epoch FROM now() - coalesce(m.last_set_at, m.first_seen)) / 86400)::integer
            AS days_without_sets
    FROM gym.mirrors AS m
    LEFT JOIN LATERAL (
        SELECT * FROM gym.health WHERE mirror = m.id ORDER BY since DESC LIMIT 1
    ) AS h ON true
) AS known;
COMMENT ON VIEW gym.conditions IS 'How each mirror is now; one with a reason is unwell.';
COMMENT ON COLUMN gym.conditions.gym IS 'The gym that the mirror stands in.';
COMMENT ON COLUMN gym.conditions.mirror IS 'The mirror''s id.';
COMMENT ON COLUMN gym.conditions.name IS 'The mirror''s name.';
COMMENT ON COLUMN gym.conditions.app_version IS 'Version of its software.';
COMMENT ON COLUMN gym.conditions.last_seen IS 'When it last sent something.';
COMMENT ON COLUMN gym.conditions.last_set_at IS 'When its newest set began; null without one.';
COMMENT ON COLUMN gym.conditions.days_without_sets IS 'Whole days since then, or since it is known.';
COMMENT ON COLUMN gym.conditions.state IS 'What it did when it was last told, as in health; null if it never was.';
COMMENT ON COLUMN gym.conditions.faults IS 'Ids of what is wrong.';
COMMENT ON COLUMN gym.conditions.since IS 'Since when it has these faults, or none.';
COMMENT ON COLUMN gym.conditions.temperature_c IS 'Its processor''s temperature when it last told, in degrees Celsius.';
COMMENT ON COLUMN gym.conditions.reasons IS
    'Why it is unwell: silent (nothing sent for a day), no_sets (for three days), stopped (it does not run), camera_lost, hot (80 degrees), faults; empty if it is well.';

CREATE VIEW gym.accuracy AS
SELECT m.gym, m.id AS mirror, m.name, s.*
FROM gym.mirrors AS m
CROSS JOIN LATERAL (
    SELECT exercise, week,
        count(*)::integer AS sets,
        count(*) FILTER (WHERE corrected <> reps)::integer AS corrected,
        sum(reps)::integer AS counted_reps,
        coalesce(sum(reps - corrected) FILTER (WHERE corrected < reps), 0)::integer AS over,
        coalesce(sum(corrected - reps) FILTER (WHERE corrected > reps), 0)::integer AS under,
        (1 - count(*) FILTER (WHERE corrected <> reps) / count(*)::real)::real AS share_right
    FROM gym.sets
    WHERE mirror = m.id AND (reps > 0 OR corrected > 0)
    GROUP BY exercise, week
) AS s;
COMMENT ON VIEW gym.accuracy IS 'How accurate the counts are, as far as lifters have corrected them.';
COMMENT ON COLUMN gym.accuracy.gym IS 'The gym that the mirror stands in.';
COMMENT ON COLUMN gym.accuracy.mirror IS 'The mirror''s id.';
COMMENT ON COLUMN gym.accuracy.name IS 'The mirror''s name.';
COMMENT ON COLUMN gym.accuracy.exercise IS 'Id of the exercise.';
COMMENT ON COLUMN gym.accuracy.week IS 'Monday of the week.';
COMMENT ON COLUMN gym.accuracy.sets IS 'Sets with a counted rep or a correction.';
COMMENT ON COLUMN gym.accuracy.corrected IS 'Sets of which the lifter said another number.';
COMMENT ON COLUMN gym.accuracy.counted_reps IS 'Counted reps of all these sets.';
COMMENT ON COLUMN gym.accuracy.over IS 'Reps that were counted too many.';
COMMENT ON COLUMN gym.accuracy.under IS 'Reps that were counted too few.';
COMMENT ON COLUMN gym.accuracy.share_right IS
    'Part of the sets that nobody corrected, 0 to 1: no more of them are right.';

GRANT SELECT ON
    gym.usage, gym.faults, gym.fading, gym.lifters, gym.conditions, gym.accuracy, gym.version
TO coach;
