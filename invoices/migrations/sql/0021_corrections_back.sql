DROP FUNCTION
    pgtrigger_frozen_edd16(),
    pgtrigger_no_truncate_8a697(),
    pgtrigger_no_truncate_cda41(),
    pgtrigger_insert_insert_99a98(),
    pgtrigger_update_update_506dd(),
    pgtrigger_delete_delete_21997(),
    pgtrigger_no_truncate_7884f(),
    pgtrigger_append_only_cc0eb()
    CASCADE;

-- A credit note cancels an invoice.
CREATE OR REPLACE FUNCTION pgtrigger_opens_or_cancels_a193a() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF NEW.kind = 'credit_note' THEN
        UPDATE invoices_openitem
        SET is_cancelled = true, outstanding = outstanding - NEW.total
        WHERE invoice_id = NEW.cancels_id;
    ELSE
        INSERT INTO invoices_openitem (
            invoice_id, organization_id, currency, due_on, outstanding, is_cancelled
        ) VALUES (
            NEW.id, NEW.organization_id, NEW.currency, NEW.due_on, NEW.total, false
        );
    END IF;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_opens_or_cancels_a193a ON invoices_invoice
    IS '0d55373c807a877685d9ff9977a91623b0ae14cf';
