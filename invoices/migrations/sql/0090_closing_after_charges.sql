-- An organization cannot be closed before a one-off charge that no invoice states: it would never be billed.

CREATE FUNCTION invoices_refuse_closing_before_charges() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    charge date;
BEGIN
    SELECT day INTO charge
    FROM organizations_oneoffcharge AS later
    WHERE organization_id = NEW.id AND day > NEW.closed_on AND quantity > 0
        AND NOT is_invoiced_apart AND NOT EXISTS (
            SELECT FROM invoices_invoicedperiod AS period
            JOIN invoices_invoice AS invoice ON invoice.id = period.invoice_id
            WHERE period.organization_id = NEW.id AND invoice.currency = later.currency
                AND period.period_from <= later.day AND later.day < period.period_until
        )
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a one-off charge of % is not invoiced yet', charge
            USING ERRCODE = 'check_violation',
                  TABLE = 'organizations_organization',
                  CONSTRAINT = 'invoices_closed_after_charges';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER invoices_refuse_closing_before_charges
    BEFORE UPDATE OF closed_on ON organizations_organization
    FOR EACH ROW
    WHEN (NEW.closed_on IS DISTINCT FROM OLD.closed_on AND NEW.closed_on IS NOT NULL)
    EXECUTE FUNCTION invoices_refuse_closing_before_charges();
