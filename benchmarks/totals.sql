-- One row for each tariff, and one for the total, whose tariff is null.
SELECT tariff_id, count(DISTINCT camera_id) AS cameras, count(*) AS charges,
    count(*) - count(price) AS unpriced, sum(used - trial) AS billable,
    sum(trial) AS trial,
    coalesce(sum(div(2 * price * (used - trial) + length, 2 * length)), 0) AS minor
FROM counted
GROUP BY GROUPING SETS ((tariff_id), ())
ORDER BY tariff_id
