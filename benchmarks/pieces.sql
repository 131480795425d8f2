-- Clip usage intervals to rates, and count their time in seconds or, if prorated by day, in dates.
piece AS (
    SELECT usage.camera_id, rate.*,
        greatest(usage.started_at, rate.starts_at) AS since,
        least(usage.ended_at, rate.ends_at) AS until
    FROM (
        SELECT organization_id, camera_id, tariff_id,
            extract(epoch FROM started_at)::bigint AS started_at,
            extract(epoch FROM ended_at)::bigint AS ended_at
        FROM usage_usageinterval AS held JOIN period USING (organization_id)
        WHERE held.organization_id = ANY(%(organizations)s)
            AND held.started_at < to_timestamp(ends_at)
            AND (held.ended_at IS NULL OR held.ended_at > to_timestamp(starts_at))
    ) AS usage
    JOIN rate USING (organization_id, tariff_id)
    WHERE usage.started_at < rate.ends_at
        AND (usage.ended_at IS NULL OR usage.ended_at > rate.starts_at)
),
counted AS (
    SELECT piece.*, "to" - "from" AS used,
        greatest(0, least("to", trial_to) - greatest("from", trial_from)) AS trial
    FROM piece JOIN period USING (organization_id), LATERAL (
        SELECT width_bucket(since, dates)::bigint AS "from", width_bucket(piece.until, dates) AS "to",
            trial_starts_on AS trial_from, trial_ends_on AS trial_to
        WHERE by_day
        UNION ALL
        SELECT since, piece.until, trial_starts_at, trial_ends_at WHERE NOT by_day
    ) AS position
    WHERE "to" > "from"
)
