-- What invoices leave of credits, and one-off charges of invoiced periods. A function that belongs to a
-- trigger of pgtrigger returns at once if pgtrigger.ignore() names its trigger.

-- -------------------------------------------------------------------------------------------------
-- invoices_carriedcredit: what an invoice leaves of credits
-- -------------------------------------------------------------------------------------------------

-- Rows can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_frozen_c28ea() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_frozen_c28ea
    BEFORE UPDATE OR DELETE ON invoices_carriedcredit
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_frozen_c28ea();
COMMENT ON TRIGGER pgtrigger_frozen_c28ea ON invoices_carriedcredit
    IS '3dd8b87e3cec1c35827eab5a0e357ea168cfb43e';

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_eef59() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF current_setting('billing.may_truncate', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'table % is audited and cannot be truncated', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_no_truncate_eef59
    BEFORE TRUNCATE ON invoices_carriedcredit
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_eef59();
COMMENT ON TRIGGER pgtrigger_no_truncate_eef59 ON invoices_carriedcredit
    IS 'cd816e6cef040882cc0928f8f548415b934f7bd2';

-- -------------------------------------------------------------------------------------------------
-- organizations_oneoffcharge
-- -------------------------------------------------------------------------------------------------

-- A one-off charge belongs to the period that contains its date. Once that is invoiced, the charge can
-- neither be added nor changed nor removed. What is left of a credit stays as long as the invoice that
-- carried it over is in force.
--
-- Issuing locks the organization. FOR SHARE waits for it, and the check then sees its period.
CREATE FUNCTION invoices_refuse_invoiced_charge(charge organizations_oneoffcharge)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    document text;
BEGIN
    PERFORM FROM organizations_organization WHERE id = charge.organization_id FOR SHARE;
    SELECT invoice.number INTO document
    FROM invoices_invoicedperiod AS period
    JOIN invoices_invoice AS invoice ON invoice.id = period.invoice_id
    WHERE period.organization_id = charge.organization_id
        AND period.period_from <= charge.day AND charge.day < period.period_until
        AND invoice.currency = charge.currency;
    IF FOUND THEN
        RAISE EXCEPTION 'the date % is invoiced by %', charge.day, document
            USING ERRCODE = 'check_violation',
                  TABLE = 'organizations_oneoffcharge',
                  CONSTRAINT = 'invoices_one_off_not_invoiced';
    END IF;
END
$$;

CREATE FUNCTION invoices_keep_invoiced_charges() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    document text;
BEGIN
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
CREATE TRIGGER invoices_keep_invoiced_charges
    BEFORE INSERT OR UPDATE OR DELETE ON organizations_oneoffcharge
    FOR EACH ROW
    EXECUTE FUNCTION invoices_keep_invoiced_charges();
