-- What invoicing of a month depends on besides its charges is recorded in invoices_recheck for the
-- months that are not invoiced yet, and what an invoice includes is no longer stored as uninvoiced.

-- -------------------------------------------------------------------------------------------------
-- invoices_invoicedperiod
-- -------------------------------------------------------------------------------------------------

-- Of a month that an invoice includes only in part, the rest is counted again by the job.
CREATE FUNCTION invoices_uninvoiced_issued() RETURNS trigger LANGUAGE plpgsql AS $$
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

-- -------------------------------------------------------------------------------------------------
-- organizations_billingdetails
-- -------------------------------------------------------------------------------------------------

CREATE FUNCTION invoices_uninvoiced_details() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO invoices_recheck (organization_id, from_on, until_on)
    SELECT organization_id, min(month), (max(month) + interval '1 month')::date
    FROM invoices_uninvoicedmonth
    WHERE organization_id = coalesce(NEW.organization_id, OLD.organization_id)
    GROUP BY organization_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_uninvoiced_details
    AFTER INSERT OR UPDATE OR DELETE ON organizations_billingdetails
    FOR EACH ROW
    EXECUTE FUNCTION invoices_uninvoiced_details();

-- -------------------------------------------------------------------------------------------------
-- organizations_tax, organizations_taxpercent, invoices_provider
-- -------------------------------------------------------------------------------------------------

-- They change rarely, and may block or release the months of everybody.
CREATE FUNCTION invoices_uninvoiced_of_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO invoices_recheck (organization_id, from_on, until_on)
    SELECT organization_id, min(month), (max(month) + interval '1 month')::date
    FROM invoices_uninvoicedmonth GROUP BY organization_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_uninvoiced_tax
    AFTER UPDATE ON organizations_tax
    FOR EACH STATEMENT
    EXECUTE FUNCTION invoices_uninvoiced_of_all();
CREATE TRIGGER invoices_uninvoiced_percent
    AFTER INSERT OR UPDATE OR DELETE ON organizations_taxpercent
    FOR EACH STATEMENT
    EXECUTE FUNCTION invoices_uninvoiced_of_all();
CREATE TRIGGER invoices_uninvoiced_provider
    AFTER INSERT OR UPDATE ON invoices_provider
    FOR EACH STATEMENT
    EXECUTE FUNCTION invoices_uninvoiced_of_all();
