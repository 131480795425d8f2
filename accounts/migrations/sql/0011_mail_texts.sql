-- The triggers of the texts of mails.

-- -------------------------------------------------------------------------------------------------
-- accounts_mailtext: texts of emails
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_304aa() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_304aa
    BEFORE TRUNCATE ON accounts_mailtext
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_304aa();
COMMENT ON TRIGGER pgtrigger_no_truncate_304aa ON accounts_mailtext
    IS 'faddd35069df8e009db3e77a8ae1354fb7f49d74';

-- Inserted rows become events in accounts_mailtextevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_ef714() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "accounts_mailtextevent" (
        "id", "introduction", "kind", "language", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "subject"
    )
    SELECT
        new_values."id", new_values."introduction", new_values."kind", new_values."language",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."subject"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_ef714
    AFTER INSERT ON accounts_mailtext
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_ef714();
COMMENT ON TRIGGER pgtrigger_insert_insert_ef714 ON accounts_mailtext
    IS '4f7342e2db19cd5a50527e39363c8ce986f98297';

-- A changed row becomes an event in accounts_mailtextevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_f1929() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "accounts_mailtextevent" (
        "id", "introduction", "kind", "language", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "subject"
    )
    VALUES (
        NEW."id", NEW."introduction", NEW."kind", NEW."language",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."subject"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_f1929
    AFTER UPDATE ON accounts_mailtext
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_f1929();
COMMENT ON TRIGGER pgtrigger_update_update_f1929 ON accounts_mailtext
    IS '1501df5b83ecb1e41f5ad0bb8c0bce3afd45a635';

-- Deleted rows become events in accounts_mailtextevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_74fa9() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "accounts_mailtextevent" (
        "id", "introduction", "kind", "language", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "subject"
    )
    SELECT
        old_values."id", old_values."introduction", old_values."kind", old_values."language",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."subject"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_74fa9
    AFTER DELETE ON accounts_mailtext
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_74fa9();
COMMENT ON TRIGGER pgtrigger_delete_delete_74fa9 ON accounts_mailtext
    IS 'e57e5a6089557199dac5d62d79139c11bfad371f';

-- -------------------------------------------------------------------------------------------------
-- accounts_mailtextevent: events of accounts_mailtext
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_1980c() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_1980c
    BEFORE TRUNCATE ON accounts_mailtextevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_1980c();
COMMENT ON TRIGGER pgtrigger_no_truncate_1980c ON accounts_mailtextevent
    IS '75a62d5b5d4411d28563e39b838ad9f2e5a5b24e';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_b4a8d() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_b4a8d
    BEFORE UPDATE OR DELETE ON accounts_mailtextevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_b4a8d();
COMMENT ON TRIGGER pgtrigger_append_only_b4a8d ON accounts_mailtextevent
    IS '64fd18552f823ce0ddff894669a0b685b6178236';
