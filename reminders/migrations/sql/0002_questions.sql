-- The triggers of questions and messages, as their models declare them, each with its function.

-- -------------------------------------------------------------------------------------------------
-- reminders_question: questions about invoices
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_e80ba() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_e80ba
    BEFORE TRUNCATE ON reminders_question
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_e80ba();
COMMENT ON TRIGGER pgtrigger_no_truncate_e80ba ON reminders_question
    IS 'fea567b1e1ef37e5d5c659d720704e3c91a497e4';

-- Inserted rows become events in reminders_questionevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_2ef65() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "reminders_questionevent" (
        "amount", "asked_at", "asked_by_id", "id", "invoice_id", "line_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "state"
    )
    SELECT
        new_values."amount", new_values."asked_at", new_values."asked_by_id", new_values."id",
        new_values."invoice_id", new_values."line_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."state"
    FROM ( SELECT new_values.* FROM new_values ) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_2ef65
    AFTER INSERT ON reminders_question
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_2ef65();
COMMENT ON TRIGGER pgtrigger_insert_insert_2ef65 ON reminders_question
    IS '4ec49a90aa53ddbd79824e7ff2024508b1917ce3';

-- A changed row becomes an event in reminders_questionevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_a03b9() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "reminders_questionevent" (
        "amount", "asked_at", "asked_by_id", "id", "invoice_id", "line_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "state"
    )
    VALUES (
        NEW."amount", NEW."asked_at", NEW."asked_by_id", NEW."id", NEW."invoice_id", NEW."line_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."state"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_a03b9
    AFTER UPDATE ON reminders_question
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_a03b9();
COMMENT ON TRIGGER pgtrigger_update_update_a03b9 ON reminders_question
    IS '37106f8da3d34b694cdb79d32bd41fd6b9c682be';

-- Deleted rows become events in reminders_questionevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_13c3a() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "reminders_questionevent" (
        "amount", "asked_at", "asked_by_id", "id", "invoice_id", "line_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "state"
    )
    SELECT
        old_values."amount", old_values."asked_at", old_values."asked_by_id", old_values."id",
        old_values."invoice_id", old_values."line_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."state"
    FROM ( SELECT old_values.* FROM old_values ) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_13c3a
    AFTER DELETE ON reminders_question
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_13c3a();
COMMENT ON TRIGGER pgtrigger_delete_delete_13c3a ON reminders_question
    IS 'c4eb6c82f3feb18e540ca5f5b2d422731e1690f1';

-- The line is one of the invoice.
CREATE FUNCTION pgtrigger_line_of_the_invoice_2433d() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF EXISTS (
        SELECT FROM invoices_invoiceline
        WHERE id = NEW.line_id AND invoice_id = NEW.invoice_id
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'line % is of another document', NEW.line_id;
END;
$$;
CREATE TRIGGER pgtrigger_line_of_the_invoice_2433d
    BEFORE INSERT OR UPDATE ON reminders_question
    FOR EACH ROW
    WHEN (NEW.line_id IS NOT NULL)
    EXECUTE FUNCTION pgtrigger_line_of_the_invoice_2433d();
COMMENT ON TRIGGER pgtrigger_line_of_the_invoice_2433d ON reminders_question
    IS '38fe59e53f3c5068ea4288fc69e0590b55064712';

-- -------------------------------------------------------------------------------------------------
-- reminders_questionevent: question events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_dc9c0() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_dc9c0
    BEFORE TRUNCATE ON reminders_questionevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_dc9c0();
COMMENT ON TRIGGER pgtrigger_no_truncate_dc9c0 ON reminders_questionevent
    IS '9e0ae0fcc15f34a236430c29fe52bed842f99fe7';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_ed4aa() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_ed4aa
    BEFORE UPDATE OR DELETE ON reminders_questionevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_ed4aa();
COMMENT ON TRIGGER pgtrigger_append_only_ed4aa ON reminders_questionevent
    IS 'f7bd9acbea39206027c5880e3fc7ef9b45842ec0';

-- -------------------------------------------------------------------------------------------------
-- reminders_questionmessage: messages about invoices
-- -------------------------------------------------------------------------------------------------

-- What was written cannot be changed or deleted.
CREATE FUNCTION pgtrigger_frozen_4e336() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_frozen_4e336
    BEFORE UPDATE OR DELETE ON reminders_questionmessage
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_frozen_4e336();
COMMENT ON TRIGGER pgtrigger_frozen_4e336 ON reminders_questionmessage
    IS '644fb71b73bbfef33a1be000fe404749eaa967ad';

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_61cbc() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_61cbc
    BEFORE TRUNCATE ON reminders_questionmessage
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_61cbc();
COMMENT ON TRIGGER pgtrigger_no_truncate_61cbc ON reminders_questionmessage
    IS 'cd2bc581c114abc367a74b5e4126a60f0b58bbc2';
