-- Of scheduled runs for the same day and time, only the first one that starts does anything. Keep it:
-- the oldest that is not paused, or the oldest. The starts of the others become its own, except on
-- dates on which it was started too.

CREATE TEMPORARY TABLE invoices_schedule_kept ON COMMIT DROP AS
SELECT id, first_value(id) OVER (PARTITION BY day, at ORDER BY is_paused, id) AS kept_id
FROM invoices_runschedule;

DELETE FROM invoices_scheduledstart WHERE id IN (
    SELECT id FROM (
        SELECT start.id, row_number() OVER (
            PARTITION BY kept.kept_id, start.due_on
            ORDER BY start.schedule_id <> kept.kept_id, start.id
        ) AS place
        FROM invoices_scheduledstart AS start
        JOIN invoices_schedule_kept AS kept ON kept.id = start.schedule_id
    ) AS ranked
    WHERE place > 1
);

UPDATE invoices_scheduledstart AS start SET schedule_id = kept.kept_id
FROM invoices_schedule_kept AS kept
WHERE kept.id = start.schedule_id AND kept.id <> kept.kept_id;

DELETE FROM invoices_runschedule AS schedule USING invoices_schedule_kept AS kept
WHERE kept.id = schedule.id AND kept.id <> kept.kept_id;

DROP TABLE invoices_schedule_kept;

-- A table cannot be changed while foreign keys are still to be checked.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
