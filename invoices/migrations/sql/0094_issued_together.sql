-- Invoices are issued many at a time, in one statement, and mostly include nothing that these triggers
-- look for. So each runs once a statement, and changes nothing without a reason: a change of no rows
-- would still run the triggers of the other tables.
--
-- The subqueries with OFFSET 0 look each invoice up by its key, as in 0028_tallies.sql.

DROP TRIGGER invoices_recheck_issued ON invoices_invoicedperiod;
DROP TRIGGER invoices_uninvoiced_issued ON invoices_invoicedperiod;

-- A new invoice can include usage that none did.
CREATE OR REPLACE FUNCTION invoices_recheck_issued() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    included bigint[] := ARRAY(
        SELECT late.id FROM added, LATERAL (
            SELECT id FROM invoices_lateusage
            WHERE organization_id = added.organization_id AND month < added.period_until
                AND month + interval '1 month' > added.period_from
            OFFSET 0
        ) AS late
    );
BEGIN
    IF included = '{}' THEN
        RETURN NULL;
    END IF;
    WITH removed AS (
        DELETE FROM invoices_lateusage WHERE id = ANY (included) RETURNING organization_id, month
    )
    INSERT INTO invoices_recheck (organization_id, from_on, until_on)
    SELECT DISTINCT organization_id, month, (month + interval '1 month')::date FROM removed;
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_recheck_issued
    AFTER INSERT ON invoices_invoicedperiod
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT
    EXECUTE FUNCTION invoices_recheck_issued();

-- Of a month that an invoice includes only in part, the rest is counted again by the job.
CREATE OR REPLACE FUNCTION invoices_uninvoiced_issued() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whole bigint[];
    parts bigint[];
BEGIN
    SELECT array_agg(id) FILTER (WHERE is_whole), array_agg(id) FILTER (WHERE NOT is_whole)
    INTO whole, parts
    FROM added, LATERAL (
        SELECT id, month >= added.period_from
            AND month + interval '1 month' <= added.period_until AS is_whole
        FROM invoices_uninvoicedmonth
        WHERE organization_id = added.organization_id AND currency_number = added.currency_number
            AND month < added.period_until AND month + interval '1 month' > added.period_from
        OFFSET 0
    ) AS included;
    IF whole IS NOT NULL THEN
        DELETE FROM invoices_uninvoicedmonth WHERE id = ANY (whole);
    END IF;
    IF parts IS NOT NULL THEN
        INSERT INTO invoices_recheck (organization_id, from_on, until_on)
        SELECT DISTINCT organization_id, month, (month + interval '1 month')::date
        FROM invoices_uninvoicedmonth WHERE id = ANY (parts);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_uninvoiced_issued
    AFTER INSERT ON invoices_invoicedperiod
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT
    EXECUTE FUNCTION invoices_uninvoiced_issued();
