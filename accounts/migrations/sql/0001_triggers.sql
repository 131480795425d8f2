-- The triggers of this app, as its models declare them, each with its function. The comment on a
-- trigger is pgtrigger's hash of the declaration, by which `manage.py pgtrigger ls` tells whether
-- the trigger is that of the model. A function returns at once if pgtrigger.ignore() names its
-- trigger.

-- -------------------------------------------------------------------------------------------------
-- accounts_user: people who can sign in; events leave out password, last login and language
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_37fec() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_37fec
    BEFORE TRUNCATE ON accounts_user
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_37fec();
COMMENT ON TRIGGER pgtrigger_no_truncate_37fec ON accounts_user
    IS '6874dafdbfca0f0fdd44af6326d4a61eb4458a36';

-- Inserted rows become events in accounts_userevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_3867c() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "accounts_userevent" (
        "date_joined", "email", "id", "is_active", "name", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "role"
    )
    SELECT
        new_values."date_joined", new_values."email", new_values."id", new_values."is_active",
        new_values."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."role"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_3867c
    AFTER INSERT ON accounts_user
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_3867c();
COMMENT ON TRIGGER pgtrigger_insert_insert_3867c ON accounts_user
    IS '59520e3657d836afd0abbc636dc1b575491e2eaf';

-- A changed row becomes an event in accounts_userevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_0e890() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "accounts_userevent" (
        "date_joined", "email", "id", "is_active", "name", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "role"
    )
    VALUES (
        NEW."date_joined", NEW."email", NEW."id", NEW."is_active", NEW."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."role"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_0e890
    AFTER UPDATE ON accounts_user
    FOR EACH ROW WHEN (
        OLD."date_joined" IS DISTINCT FROM (NEW."date_joined")
        OR OLD."email" IS DISTINCT FROM (NEW."email")
        OR OLD."id" IS DISTINCT FROM (NEW."id")
        OR OLD."is_active" IS DISTINCT FROM (NEW."is_active")
        OR OLD."name" IS DISTINCT FROM (NEW."name")
        OR OLD."role" IS DISTINCT FROM (NEW."role")
    )
    EXECUTE FUNCTION pgtrigger_update_update_0e890();
COMMENT ON TRIGGER pgtrigger_update_update_0e890 ON accounts_user
    IS 'e9880eeee67cc6b82c2e8def631c92ffc4f0a5de';

-- Deleted rows become events in accounts_userevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_19f14() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "accounts_userevent" (
        "date_joined", "email", "id", "is_active", "name", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "role"
    )
    SELECT
        old_values."date_joined", old_values."email", old_values."id", old_values."is_active",
        old_values."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."role"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_19f14
    AFTER DELETE ON accounts_user
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_19f14();
COMMENT ON TRIGGER pgtrigger_delete_delete_19f14 ON accounts_user
    IS 'd58cfbf2a8b56289978bb3114e9c424121767dcb';

-- -------------------------------------------------------------------------------------------------
-- accounts_userevent: events of accounts_user
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_bcf41() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_bcf41
    BEFORE TRUNCATE ON accounts_userevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_bcf41();
COMMENT ON TRIGGER pgtrigger_no_truncate_bcf41 ON accounts_userevent
    IS 'f2dcbe6644a3f52e219bd02ace3aafeef0539af3';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_45b21() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_45b21
    BEFORE UPDATE OR DELETE ON accounts_userevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_45b21();
COMMENT ON TRIGGER pgtrigger_append_only_45b21 ON accounts_userevent
    IS '9e9498e73f6fbdf2642fb33fa14189f1ad2382c8';
