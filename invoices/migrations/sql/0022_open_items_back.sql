-- Once per row.
CREATE OR REPLACE FUNCTION pgtrigger_opens_or_cancels_a193a() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF NEW.kind = 'invoice' THEN
        INSERT INTO invoices_openitem (
            invoice_id, organization_id, currency, due_on, outstanding, credited,
            is_cancelled
        ) VALUES (
            NEW.id, NEW.organization_id, NEW.currency, NEW.due_on, NEW.total, 0,
            false
        );
        RETURN NULL;
    END IF;
    UPDATE invoices_openitem
    SET is_cancelled = NEW.cancels_id IS NOT NULL,
        outstanding = outstanding - NEW.total,
        credited = credited + NEW.total
    WHERE NOT is_cancelled AND invoice_id = coalesce(
        NEW.cancels_id,
        (
            SELECT corrects_id FROM invoices_correction
            WHERE document_id = NEW.id AND stands_alone
        )
    );
    IF FOUND THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'credit note % is for no invoice in force', NEW.number;
END;
$$;
DROP TRIGGER pgtrigger_opens_or_cancels_a193a ON invoices_invoice;
CREATE TRIGGER pgtrigger_opens_or_cancels_a193a
    AFTER INSERT ON invoices_invoice
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_opens_or_cancels_a193a();
COMMENT ON TRIGGER pgtrigger_opens_or_cancels_a193a ON invoices_invoice
    IS 'cf9df3c8c28e3c906ab198638495e17151bf0672';
