-- The functions that 0010_notices.sql changes, as they were.

-- -------------------------------------------------------------------------------------------------
-- debits_debitsettings: settings of direct debit
-- -------------------------------------------------------------------------------------------------

-- Inserted rows become events in debits_debitsettingsevent; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_insert_insert_f036d() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "debits_debitsettingsevent" (
        "bic", "creditor_id", "iban", "id", "lead_days", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "scheme"
    )
    SELECT
        new_values."bic", new_values."creditor_id", new_values."iban", new_values."id",
        new_values."lead_days", COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE),
        ''), NULL)::JSONB, NOW(), 'insert', new_values."id", new_values."scheme"
    FROM ( SELECT new_values.* FROM new_values ) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_insert_insert_f036d ON debits_debitsettings
    IS 'b9ee57c0643765cfc2e809de5004471c657e8ab2';

-- A changed row becomes an event in debits_debitsettingsevent, as it is after the change.
CREATE OR REPLACE FUNCTION pgtrigger_update_update_150c0() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "debits_debitsettingsevent" (
        "bic", "creditor_id", "iban", "id", "lead_days", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "scheme"
    )
    VALUES (
        NEW."bic", NEW."creditor_id", NEW."iban", NEW."id", NEW."lead_days",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."scheme"
    );
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_update_update_150c0 ON debits_debitsettings
    IS '8d9cd1341f2455558a162cac5881179e8136e1e8';

-- Deleted rows become events in debits_debitsettingsevent, as they were; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_delete_delete_9e6f5() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "debits_debitsettingsevent" (
        "bic", "creditor_id", "iban", "id", "lead_days", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "scheme"
    )
    SELECT
        old_values."bic", old_values."creditor_id", old_values."iban", old_values."id",
        old_values."lead_days", COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE),
        ''), NULL)::JSONB, NOW(), 'delete', old_values."id", old_values."scheme"
    FROM ( SELECT old_values.* FROM old_values ) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_delete_delete_9e6f5 ON debits_debitsettings
    IS 'c21c3e285134a442464484cb858b1a5e44618fb2';
