-- Corrections of invoices, what is to be corrected with the next invoice, and credit notes that
-- credit a part. A function returns at once if pgtrigger.ignore() names its trigger.

-- -------------------------------------------------------------------------------------------------
-- invoices_correction: what a document charges more or less than an invoice did
-- -------------------------------------------------------------------------------------------------

-- Rows can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_frozen_edd16() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_frozen_edd16
    BEFORE UPDATE OR DELETE ON invoices_correction
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_frozen_edd16();
COMMENT ON TRIGGER pgtrigger_frozen_edd16 ON invoices_correction
    IS '4811a56327f6f710b9c051219e6cdc12e3959248';

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_8a697() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_8a697
    BEFORE TRUNCATE ON invoices_correction
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_8a697();
COMMENT ON TRIGGER pgtrigger_no_truncate_8a697 ON invoices_correction
    IS '08dddd4769e8ac96898b54c15627115771843072';

-- -------------------------------------------------------------------------------------------------
-- invoices_deferredcorrection: the invoices whose difference goes onto the next invoice
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_cda41() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_cda41
    BEFORE TRUNCATE ON invoices_deferredcorrection
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_cda41();
COMMENT ON TRIGGER pgtrigger_no_truncate_cda41 ON invoices_deferredcorrection
    IS '260f3c9534df927ec8c4ee916b38f808d59fc66a';

-- Inserted rows become events in invoices_deferredcorrectionevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_99a98() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_deferredcorrectionevent" (
        "asked_at", "asked_by_id", "id", "invoice_id", "organization_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        new_values."asked_at", new_values."asked_by_id", new_values."id",
        new_values."invoice_id", new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''),
        NULL)::JSONB, NOW(), 'insert', new_values."id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_99a98
    AFTER INSERT ON invoices_deferredcorrection
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_99a98();
COMMENT ON TRIGGER pgtrigger_insert_insert_99a98 ON invoices_deferredcorrection
    IS 'fe2fc4b593041793606130a24effeebb6b83b2ba';

-- A changed row becomes an event in invoices_deferredcorrectionevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_506dd() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "invoices_deferredcorrectionevent" (
        "asked_at", "asked_by_id", "id", "invoice_id", "organization_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    VALUES (
        NEW."asked_at", NEW."asked_by_id", NEW."id", NEW."invoice_id",
        NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata',
        TRUE), ''), NULL)::JSONB, NOW(), 'update', NEW."id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_506dd
    AFTER UPDATE ON invoices_deferredcorrection
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_506dd();
COMMENT ON TRIGGER pgtrigger_update_update_506dd ON invoices_deferredcorrection
    IS 'b4b388bca87c13bc41bed2da40f6bd9be6fd000e';

-- Deleted rows become events in invoices_deferredcorrectionevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_21997() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_deferredcorrectionevent" (
        "asked_at", "asked_by_id", "id", "invoice_id", "organization_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        old_values."asked_at", old_values."asked_by_id", old_values."id",
        old_values."invoice_id", old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''),
        NULL)::JSONB, NOW(), 'delete', old_values."id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_21997
    AFTER DELETE ON invoices_deferredcorrection
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_21997();
COMMENT ON TRIGGER pgtrigger_delete_delete_21997 ON invoices_deferredcorrection
    IS 'e650fad2ee4ffc05f8f11a2739399738f4d93fc3';

-- -------------------------------------------------------------------------------------------------
-- invoices_deferredcorrectionevent: events of invoices_deferredcorrection
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_7884f() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_7884f
    BEFORE TRUNCATE ON invoices_deferredcorrectionevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_7884f();
COMMENT ON TRIGGER pgtrigger_no_truncate_7884f ON invoices_deferredcorrectionevent
    IS 'd80a57fd78adfca39c939e11847d5185a715afc6';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_cc0eb() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_cc0eb
    BEFORE UPDATE OR DELETE ON invoices_deferredcorrectionevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_cc0eb();
COMMENT ON TRIGGER pgtrigger_append_only_cc0eb ON invoices_deferredcorrectionevent
    IS '21bb0bf85534e741d22a928f7c426abc00b02131';

-- -------------------------------------------------------------------------------------------------
-- invoices_invoice: a credit note can also credit a part
-- -------------------------------------------------------------------------------------------------

-- An invoice opens an item. A credit note credits the invoice that it cancels, or that it corrects:
-- its correction is stored before it.
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
COMMENT ON TRIGGER pgtrigger_opens_or_cancels_a193a ON invoices_invoice
    IS 'cf9df3c8c28e3c906ab198638495e17151bf0672';

-- So far, a credit note has always cancelled. Only triggers may write the table, so this suspends
-- them.
ALTER TABLE invoices_openitem DISABLE TRIGGER USER;
UPDATE invoices_openitem AS item SET credited = credit_note.total
FROM invoices_invoice AS credit_note
WHERE credit_note.cancels_id = item.invoice_id;
ALTER TABLE invoices_openitem ENABLE TRIGGER USER;
