-- An invoice opens an item. A credit note credits the invoice that it cancels, or that it corrects:
-- its correction is stored before it. Once per statement, because a run stores invoices by the
-- hundred. Credit notes are few; they are not joined, because PostgreSQL would keep the plan of a
-- connection's first statement.
CREATE OR REPLACE FUNCTION pgtrigger_opens_or_cancels_a193a() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    note record;
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO invoices_openitem (
        invoice_id, organization_id, currency, due_on, outstanding, credited,
        is_cancelled
    )
    SELECT id, organization_id, currency, due_on, total, 0, false
    FROM added WHERE kind = 'invoice';
    FOR note IN SELECT * FROM added WHERE kind <> 'invoice' ORDER BY id LOOP
        UPDATE invoices_openitem
        SET is_cancelled = note.cancels_id IS NOT NULL,
            outstanding = outstanding - note.total,
            credited = credited + note.total
        WHERE NOT is_cancelled AND invoice_id = coalesce(
            note.cancels_id,
            (
                SELECT corrects_id FROM invoices_correction
                WHERE document_id = note.id AND stands_alone
            )
        );
        IF NOT FOUND THEN
            RAISE EXCEPTION 'credit note % is for no invoice in force', note.number;
        END IF;
    END LOOP;
    RETURN NULL;
END;
$$;
DROP TRIGGER pgtrigger_opens_or_cancels_a193a ON invoices_invoice;
CREATE TRIGGER pgtrigger_opens_or_cancels_a193a
    AFTER INSERT ON invoices_invoice
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_opens_or_cancels_a193a();
COMMENT ON TRIGGER pgtrigger_opens_or_cancels_a193a ON invoices_invoice
    IS '9ff93b233593b381e5b34b730b5641ac7483a524';
