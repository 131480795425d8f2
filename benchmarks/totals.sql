-- A row for each tariff, and one for all tariffs together, with a null tariff.
SELECT tariff_id, count(DISTINCT camera_id) AS cameras, count(*) AS charges,
    count(*) - count(minor) AS unpriced, sum(billable) AS billable, sum(trial) AS trial,
    coalesce(sum(minor), 0) AS minor
FROM counted
GROUP BY GROUPING SETS ((tariff_id), ())
ORDER BY tariff_id
