-- Clip usage intervals to rates, from the first instant of the month in which the period starts.
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
            AND (held.ended_at IS NULL OR held.ended_at > to_timestamp(reads_at))
    ) AS usage
    JOIN rate USING (organization_id, tariff_id)
    WHERE usage.started_at < rate.ends_at
        AND (usage.ended_at IS NULL OR usage.ended_at > rate.starts_at)
),
-- Their positions: in seconds, in nights or in dates. A begun date belongs to the first piece that
-- touches it.
placed AS (
    SELECT piece.*, period.starts_at AS shown_from, position.*,
        CASE WHEN unit = 'begun_day' THEN max(CASE WHEN unit = 'begun_day' THEN "to" END) OVER (
            PARTITION BY organization_id, camera_id ORDER BY since
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) END AS counted_to
    FROM piece JOIN period USING (organization_id), LATERAL (
        SELECT width_bucket(since, dates)::bigint AS "from",
            CASE unit
                WHEN 'day' THEN width_bucket(piece.until, dates)
                ELSE width_bucket(piece.until - 1, dates) + 1
            END AS "to",
            trial_starts_on AS trial_from, trial_ends_on AS trial_to
        WHERE unit <> 'second'
        UNION ALL
        SELECT since, piece.until, trial_starts_at, trial_ends_at WHERE unit = 'second'
    ) AS position
),
timed AS (
    SELECT placed.*, "to" - greatest("from", counted_to) AS used,
        greatest(0, least("to", trial_to) - greatest("from", counted_to, trial_from)) AS trial
    FROM placed WHERE "to" > greatest("from", counted_to)
),
-- Amounts: everything so far at the price, less everything before.
summed AS (
    SELECT timed.*, used - trial AS billable, coalesce(sum(used - trial) OVER (
            PARTITION BY organization_id, camera_id, tariff_id, month, monthly ORDER BY since
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0) AS before
    FROM timed
),
counted AS (
    SELECT summed.*, CASE
            WHEN price IS NOT NULL THEN div(2 * price * (before + billable) + length, 2 * length)
                - div(2 * price * before + length, 2 * length)
            WHEN billable = 0 THEN 0
        END AS minor
    FROM summed WHERE since >= shown_from
)
