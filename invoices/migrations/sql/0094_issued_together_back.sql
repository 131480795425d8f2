DROP TRIGGER invoices_recheck_issued ON invoices_invoicedperiod;
DROP TRIGGER invoices_uninvoiced_issued ON invoices_invoicedperiod;

-- A new invoice can include usage that none did. Mostly there is no such usage, and nothing to do.
CREATE OR REPLACE FUNCTION invoices_recheck_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH included AS (
        DELETE FROM invoices_lateusage
        WHERE organization_id = NEW.organization_id AND month < NEW.period_until
            AND month + interval '1 month' > NEW.period_from
        RETURNING month
    )
    INSERT INTO invoices_recheck (organization_id, from_on, until_on)
    SELECT DISTINCT NEW.organization_id, month, (month + interval '1 month')::date FROM included;
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_recheck_issued
    AFTER INSERT ON invoices_invoicedperiod
    FOR EACH ROW
    EXECUTE FUNCTION invoices_recheck_issued();

-- Of a month that an invoice includes only in part, the rest is counted again by the job.
CREATE OR REPLACE FUNCTION invoices_uninvoiced_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM invoices_uninvoicedmonth
    WHERE organization_id = NEW.organization_id AND currency_number = NEW.currency_number
        AND month >= NEW.period_from AND month + interval '1 month' <= NEW.period_until;
    INSERT INTO invoices_recheck (organization_id, from_on, until_on)
    SELECT DISTINCT organization_id, month, (month + interval '1 month')::date
    FROM invoices_uninvoicedmonth
    WHERE organization_id = NEW.organization_id AND currency_number = NEW.currency_number
        AND month < NEW.period_until AND month + interval '1 month' > NEW.period_from;
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_uninvoiced_issued
    AFTER INSERT ON invoices_invoicedperiod
    FOR EACH ROW
    EXECUTE FUNCTION invoices_uninvoiced_issued();
