-- A one-off charge that an invoice of its own states is marked, so that statements leave it out. It can be
-- neither changed nor removed while that invoice is in force, and the mark says nothing else.

CREATE OR REPLACE FUNCTION invoices_keep_invoiced_charges() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    document text;
BEGIN
    IF NEW.is_invoiced_apart IS DISTINCT FROM coalesce(OLD.is_invoiced_apart, false)
        AND NEW.is_invoiced_apart <> invoices_is_invoiced_apart(NEW.id)
    THEN
        RAISE EXCEPTION 'only invoices mark the charge % as invoiced', NEW.id
            USING ERRCODE = 'check_violation',
                  TABLE = 'organizations_oneoffcharge',
                  CONSTRAINT = 'invoices_mark_charges';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        -- What an invoice does not state can change.
        IF (OLD.organization_id, OLD.text, OLD.day, OLD.quantity, OLD.amount, OLD.currency)
            IS NOT DISTINCT FROM
            (NEW.organization_id, NEW.text, NEW.day, NEW.quantity, NEW.amount, NEW.currency)
        THEN
            RETURN NEW;
        END IF;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        IF OLD.is_invoiced_apart THEN
            RAISE EXCEPTION 'the charge % has an invoice of its own', OLD.id
                USING ERRCODE = 'check_violation',
                      TABLE = 'organizations_oneoffcharge',
                      CONSTRAINT = 'invoices_one_off_not_invoiced';
        END IF;
        PERFORM invoices_refuse_invoiced_charge(OLD);
        SELECT invoice.number INTO document
        FROM invoices_carriedcredit AS carried
        JOIN invoices_invoicedperiod AS period ON period.invoice_id = carried.invoice_id
        JOIN invoices_invoice AS invoice ON invoice.id = carried.invoice_id
        WHERE carried.charge_id = OLD.id;
        IF FOUND THEN
            RAISE EXCEPTION 'the credit % is what % has left of another', OLD.id, document
                USING ERRCODE = 'check_violation',
                      TABLE = 'organizations_oneoffcharge',
                      CONSTRAINT = 'invoices_carried_credit_stays';
        END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    PERFORM invoices_refuse_invoiced_charge(NEW);
    RETURN NEW;
END
$$;
