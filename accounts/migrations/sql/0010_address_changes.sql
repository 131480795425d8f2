-- The triggers of address changes that wait for confirmation.

-- -------------------------------------------------------------------------------------------------
-- accounts_addresschange: address changes
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_bb659() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_bb659
    BEFORE TRUNCATE ON accounts_addresschange
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_bb659();
COMMENT ON TRIGGER pgtrigger_no_truncate_bb659 ON accounts_addresschange
    IS 'fd037e09465dc986bdc387f8fd9c36cc84872b94';

-- Inserted rows become events in accounts_addresschangeevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_c5bde() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "accounts_addresschangeevent" (
        "email", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_at",
        "user_id"
    )
    SELECT
        new_values."email", new_values."id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."requested_at", new_values."user_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_c5bde
    AFTER INSERT ON accounts_addresschange
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_c5bde();
COMMENT ON TRIGGER pgtrigger_insert_insert_c5bde ON accounts_addresschange
    IS 'ca5cdf93629df6f2ba6379dc576485b0b20dfc00';

-- A changed row becomes an event in accounts_addresschangeevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_3086c() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "accounts_addresschangeevent" (
        "email", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_at",
        "user_id"
    )
    VALUES (
        NEW."email", NEW."id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."requested_at", NEW."user_id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_3086c
    AFTER UPDATE ON accounts_addresschange
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_3086c();
COMMENT ON TRIGGER pgtrigger_update_update_3086c ON accounts_addresschange
    IS '9e1649457783deb080e0e60a566f1d90a2b16b78';

-- Deleted rows become events in accounts_addresschangeevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_83615() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "accounts_addresschangeevent" (
        "email", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_at",
        "user_id"
    )
    SELECT
        old_values."email", old_values."id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."requested_at", old_values."user_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_83615
    AFTER DELETE ON accounts_addresschange
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_83615();
COMMENT ON TRIGGER pgtrigger_delete_delete_83615 ON accounts_addresschange
    IS 'bba83c7903ceb3c4797e451d3b81af52731063af';

-- -------------------------------------------------------------------------------------------------
-- accounts_addresschangeevent: events of accounts_addresschange
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_180ad() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_180ad
    BEFORE TRUNCATE ON accounts_addresschangeevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_180ad();
COMMENT ON TRIGGER pgtrigger_no_truncate_180ad ON accounts_addresschangeevent
    IS '42be1035923ced5c8e92d2cdbc1006078aa3e8e4';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_64bdc() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_64bdc
    BEFORE UPDATE OR DELETE ON accounts_addresschangeevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_64bdc();
COMMENT ON TRIGGER pgtrigger_append_only_64bdc ON accounts_addresschangeevent
    IS '75c4508a76033336f6f5326ea602463f49afb99a';

