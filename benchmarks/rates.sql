-- A third implementation of docs/pricing.md: an organization's period, and its tariffs' rates.
WITH asked AS (
    SELECT id AS organization_id, time_zone AS zone, %(first)s::date AS first, %(last)s::date + 1 AS until,
        %(as_of)s::bigint AS as_of, trial_first_on, trial_last_on + 1 AS trial_until
    FROM organizations_organization WHERE id = %(organization)s
),
-- Every date that matters, with its first instant: midnight by the offset in force before it. That
-- is the first midnight if it occurs twice, and the clock change if midnight is skipped.
date_begins AS (
    SELECT day, extract(epoch FROM CASE
            WHEN earlier AT TIME ZONE zone = day::timestamp THEN least(earlier, midnight)
            ELSE midnight
        END)::bigint AS at
    FROM asked,
        LATERAL (
            SELECT generate_series(
                date_trunc('month', first::timestamp), until + interval '1 month', interval '1 day'
            )::date AS day
            UNION SELECT trial_first_on WHERE trial_first_on IS NOT NULL
            UNION SELECT trial_until WHERE trial_until IS NOT NULL
        ) AS days,
        LATERAL (SELECT day::timestamp AT TIME ZONE zone AS midnight) AS midnights,
        LATERAL (
            SELECT day::timestamp AT TIME ZONE 'UTC' - (
                (midnight - interval '3 hours') AT TIME ZONE zone
                - (midnight - interval '3 hours') AT TIME ZONE 'UTC'
            ) AS earlier
        ) AS befores
),
-- The period as instants; the month in which it starts; the first instants of its dates, by which
-- dates are counted from the month's first, number 1; and the trial.
period AS (
    SELECT asked.*, reads.at AS reads_at, begins.at AS starts_at, least(ends.at, as_of) AS ends_at,
        (SELECT array_agg(at ORDER BY day) FROM date_begins WHERE day BETWEEN reads.day AND until)
            AS dates,
        coalesce(trial_begins.at, 0) AS trial_starts_at,
        coalesce(trial_ends.at, 0) AS trial_ends_at,
        coalesce(trial_first_on - reads.day + 1, 0) AS trial_starts_on,
        coalesce(trial_until - reads.day + 1, 0) AS trial_ends_on
    FROM asked
    JOIN date_begins AS reads ON reads.day = date_trunc('month', first::timestamp)
    JOIN date_begins AS begins ON begins.day = first
    JOIN date_begins AS ends ON ends.day = until
    LEFT JOIN date_begins AS trial_begins ON trial_begins.day = trial_first_on
    LEFT JOIN date_begins AS trial_ends ON trial_ends.day = trial_until
),
cuts AS (
    SELECT tariff.id AS tariff_id, first AS day FROM tariffs_tariff AS tariff, asked
    UNION
    SELECT tariff.id, day FROM tariffs_tariff AS tariff, asked, date_begins
    WHERE extract(day FROM day) = 1 AND day < until
        AND day >= date_trunc('month', first::timestamp)
    UNION
    SELECT tariff_id, valid_from FROM (
        SELECT tariff_id, valid_from, amount,
            lag(amount) OVER (PARTITION BY tariff_id ORDER BY valid_from) AS amount_before
        FROM tariffs_tariffprice
    ) AS version, asked
    WHERE amount IS DISTINCT FROM amount_before
        AND valid_from > date_trunc('month', first::timestamp) AND valid_from < until
),
-- The spans of each tariff in which neither month nor price changes. A price is a whole number of ten
-- thousandths; an amount is doubled and divided by twice the month, to round half up.
rate AS (
    SELECT period.organization_id, cut.tariff_id, tariff.proration AS unit,
        begins.at AS starts_at, least(ends.at, period.ends_at) AS ends_at, month.day AS month,
        price.amount AS monthly, (%(digits)s::jsonb ->> tariff.currency)::int AS digits,
        CASE tariff.proration
            WHEN 'second' THEN next_month.at - month.at
            ELSE next_month.day - month.day
        END * 10000::numeric AS length,
        price.amount * 10000 * 10::numeric ^ (%(digits)s::jsonb ->> tariff.currency)::int AS price
    FROM (
        SELECT *, lead(day, 1, until) OVER (PARTITION BY tariff_id ORDER BY day) AS next_day
        FROM cuts, asked
    ) AS cut
    JOIN tariffs_tariff AS tariff ON tariff.id = cut.tariff_id
    JOIN date_begins AS begins ON begins.day = cut.day
    JOIN date_begins AS ends ON ends.day = cut.next_day
    JOIN date_begins AS month ON month.day = date_trunc('month', cut.day::timestamp)
    JOIN date_begins AS next_month
        ON next_month.day = date_trunc('month', cut.day::timestamp) + interval '1 month'
    CROSS JOIN period
    LEFT JOIN LATERAL (
        SELECT amount FROM tariffs_tariffprice AS version
        WHERE version.tariff_id = cut.tariff_id AND version.valid_from <= cut.day
        ORDER BY valid_from DESC LIMIT 1
    ) AS price ON true
)
