-- The triggers of planned changes, as the model declares them; see 0001_triggers.sql.

-- -------------------------------------------------------------------------------------------------
-- usage_plannedchange: planned changes
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_a787b() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_a787b
    BEFORE TRUNCATE ON usage_plannedchange
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_a787b();
COMMENT ON TRIGGER pgtrigger_no_truncate_a787b ON usage_plannedchange
    IS '9130d707b223585a085d6653d7aad014b58e78ca';

-- Inserted rows become events in usage_plannedchangeevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_43c4f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "usage_plannedchangeevent" (
        "asked_at", "asked_by_id", "at", "camera_id", "done_at", "id", "kind", "name",
        "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason",
        "state", "tariff_id", "title", "use_id", "withdrawn_by_id"
    )
    SELECT
        new_values."asked_at", new_values."asked_by_id", new_values."at", new_values."camera_id",
        new_values."done_at", new_values."id", new_values."kind", new_values."name",
        new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."reason", new_values."state",
        new_values."tariff_id", new_values."title", new_values."use_id",
        new_values."withdrawn_by_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_43c4f
    AFTER INSERT ON usage_plannedchange
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_43c4f();
COMMENT ON TRIGGER pgtrigger_insert_insert_43c4f ON usage_plannedchange
    IS 'b1f3bd8ba93d4819b70442b1a46bccbb9d0bbf2c';

-- A changed row becomes an event in usage_plannedchangeevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_13a72() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "usage_plannedchangeevent" (
        "asked_at", "asked_by_id", "at", "camera_id", "done_at", "id", "kind", "name",
        "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason",
        "state", "tariff_id", "title", "use_id", "withdrawn_by_id"
    )
    VALUES (
        NEW."asked_at", NEW."asked_by_id", NEW."at", NEW."camera_id", NEW."done_at", NEW."id",
        NEW."kind", NEW."name", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."reason", NEW."state", NEW."tariff_id", NEW."title",
        NEW."use_id", NEW."withdrawn_by_id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_13a72
    AFTER UPDATE ON usage_plannedchange
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_13a72();
COMMENT ON TRIGGER pgtrigger_update_update_13a72 ON usage_plannedchange
    IS 'cd16192ada3af065d73f53523eb6f1a600501af7';

-- Deleted rows become events in usage_plannedchangeevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_6ae9b() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "usage_plannedchangeevent" (
        "asked_at", "asked_by_id", "at", "camera_id", "done_at", "id", "kind", "name",
        "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason",
        "state", "tariff_id", "title", "use_id", "withdrawn_by_id"
    )
    SELECT
        old_values."asked_at", old_values."asked_by_id", old_values."at", old_values."camera_id",
        old_values."done_at", old_values."id", old_values."kind", old_values."name",
        old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."reason", old_values."state",
        old_values."tariff_id", old_values."title", old_values."use_id",
        old_values."withdrawn_by_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_6ae9b
    AFTER DELETE ON usage_plannedchange
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_6ae9b();
COMMENT ON TRIGGER pgtrigger_delete_delete_6ae9b ON usage_plannedchange
    IS 'b581ff2f8714713b5542e312c87f523710c4eef7';

-- -------------------------------------------------------------------------------------------------
-- usage_plannedchangeevent: events of usage_plannedchange
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_10ac6() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_10ac6
    BEFORE TRUNCATE ON usage_plannedchangeevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_10ac6();
COMMENT ON TRIGGER pgtrigger_no_truncate_10ac6 ON usage_plannedchangeevent
    IS '0c53c33369bf7609fde14fe0d7b718398e8afed3';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_6de0d() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_6de0d
    BEFORE UPDATE OR DELETE ON usage_plannedchangeevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_6de0d();
COMMENT ON TRIGGER pgtrigger_append_only_6de0d ON usage_plannedchangeevent
    IS '0a4c5b1f9a281db4d35339a124f7cf83c2328327';

