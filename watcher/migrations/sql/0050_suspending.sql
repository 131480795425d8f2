-- -------------------------------------------------------------------------------------------------
-- watcher_suspensionsettings: how organizations are suspended
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_b0ca5() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_b0ca5
    BEFORE TRUNCATE ON watcher_suspensionsettings
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_b0ca5();
COMMENT ON TRIGGER pgtrigger_no_truncate_b0ca5 ON watcher_suspensionsettings
    IS '4131ff5c37492d4771514a9bd3fea67dc8a52c22';

-- Inserted rows become events in watcher_suspensionsettingsevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_45bdc() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "watcher_suspensionsettingsevent" (
        "blocks_users", "disables_cameras", "id", "limits_cameras", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        new_values."blocks_users", new_values."disables_cameras", new_values."id",
        new_values."limits_cameras",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_45bdc
    AFTER INSERT ON watcher_suspensionsettings
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_45bdc();
COMMENT ON TRIGGER pgtrigger_insert_insert_45bdc ON watcher_suspensionsettings
    IS 'e53a90b16735e3036e366fb115a9246e7c462e3f';

-- A changed row becomes an event in watcher_suspensionsettingsevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_ee91f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "watcher_suspensionsettingsevent" (
        "blocks_users", "disables_cameras", "id", "limits_cameras", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    VALUES (
        NEW."blocks_users", NEW."disables_cameras", NEW."id", NEW."limits_cameras",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_ee91f
    AFTER UPDATE ON watcher_suspensionsettings
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_ee91f();
COMMENT ON TRIGGER pgtrigger_update_update_ee91f ON watcher_suspensionsettings
    IS '5ae0e76d272a6d2c92ffd23b5a99b6201c75ddae';

-- Deleted rows become events in watcher_suspensionsettingsevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_7b649() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "watcher_suspensionsettingsevent" (
        "blocks_users", "disables_cameras", "id", "limits_cameras", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        old_values."blocks_users", old_values."disables_cameras", old_values."id",
        old_values."limits_cameras",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_7b649
    AFTER DELETE ON watcher_suspensionsettings
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_7b649();
COMMENT ON TRIGGER pgtrigger_delete_delete_7b649 ON watcher_suspensionsettings
    IS 'be3a3a3dfd6d95b655c4b8e63703ef48f0f2b20f';

-- -------------------------------------------------------------------------------------------------
-- watcher_suspensionsettingsevent: events of watcher_suspensionsettings
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_d58dc() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_d58dc
    BEFORE TRUNCATE ON watcher_suspensionsettingsevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_d58dc();
COMMENT ON TRIGGER pgtrigger_no_truncate_d58dc ON watcher_suspensionsettingsevent
    IS 'cea0b1812e3f5859bd69d2df529d3a895ff03cc9';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_4004d() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_4004d
    BEFORE UPDATE OR DELETE ON watcher_suspensionsettingsevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_4004d();
COMMENT ON TRIGGER pgtrigger_append_only_4004d ON watcher_suspensionsettingsevent
    IS '7092df4ca7e3dc100e9e973cc0be72246b384d39';
