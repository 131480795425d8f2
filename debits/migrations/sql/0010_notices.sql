-- The audit of the settings records the notice, too; laid out as in 0001_triggers.sql.

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
        "bic", "creditor_id", "iban", "id", "lead_days", "notice_days", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme"
    )
    SELECT
        new_values."bic", new_values."creditor_id", new_values."iban", new_values."id",
        new_values."lead_days", new_values."notice_days",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."scheme"
    FROM ( SELECT new_values.* FROM new_values ) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_insert_insert_f036d ON debits_debitsettings
    IS '6e4de7001ff32b2ae2be03a5fb7a9bde60437d7a';

-- A changed row becomes an event in debits_debitsettingsevent, as it is after the change.
CREATE OR REPLACE FUNCTION pgtrigger_update_update_150c0() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "debits_debitsettingsevent" (
        "bic", "creditor_id", "iban", "id", "lead_days", "notice_days", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme"
    )
    VALUES (
        NEW."bic", NEW."creditor_id", NEW."iban", NEW."id", NEW."lead_days", NEW."notice_days",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."scheme"
    );
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_update_update_150c0 ON debits_debitsettings
    IS '68b792988fff033bf10285fbd718f72946911275';

-- Deleted rows become events in debits_debitsettingsevent, as they were; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_delete_delete_9e6f5() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "debits_debitsettingsevent" (
        "bic", "creditor_id", "iban", "id", "lead_days", "notice_days", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme"
    )
    SELECT
        old_values."bic", old_values."creditor_id", old_values."iban", old_values."id",
        old_values."lead_days", old_values."notice_days",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."scheme"
    FROM ( SELECT old_values.* FROM old_values ) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_delete_delete_9e6f5 ON debits_debitsettings
    IS 'c64f78e50a2773c5ddef6c5137dca4a740d84ba3';
