-- One-off charges that an invoice of their own states. A function that belongs to a trigger of pgtrigger
-- returns at once if pgtrigger.ignore() names its trigger.

-- -------------------------------------------------------------------------------------------------
-- invoices_invoicedcharge: the one-off charges of invoices for nothing else
-- -------------------------------------------------------------------------------------------------

-- Rows can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_frozen_1a43b() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_frozen_1a43b
    BEFORE UPDATE OR DELETE ON invoices_invoicedcharge
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_frozen_1a43b();
COMMENT ON TRIGGER pgtrigger_frozen_1a43b ON invoices_invoicedcharge
    IS 'f3b07d8ee3e86b13b32bada50994a30befa38140';

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_d44b6() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_d44b6
    BEFORE TRUNCATE ON invoices_invoicedcharge
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_d44b6();
COMMENT ON TRIGGER pgtrigger_no_truncate_d44b6 ON invoices_invoicedcharge
    IS '4404e1464ed89aceba5dbcbcac9cc2549aa0564b';

-- Whether an invoice for one-off charges only states a charge and is not cancelled.
CREATE FUNCTION invoices_is_invoiced_apart(charge bigint) RETURNS boolean LANGUAGE sql STABLE
RETURN EXISTS (
    SELECT FROM invoices_invoicedcharge AS stated
    JOIN invoices_openitem AS item ON item.invoice_id = stated.invoice_id
    WHERE stated.charge_id = charge AND NOT item.is_cancelled
);
