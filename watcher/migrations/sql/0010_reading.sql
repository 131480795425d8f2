-- -------------------------------------------------------------------------------------------------
-- watcher_readingsettings: how the platform is read
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_5933e() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_5933e
    BEFORE TRUNCATE ON watcher_readingsettings
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_5933e();
COMMENT ON TRIGGER pgtrigger_no_truncate_5933e ON watcher_readingsettings
    IS 'd7a435ee357cb9b66071dc1320f5f288472190fc';

-- Inserted rows become events in watcher_readingsettingsevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_e923f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "watcher_readingsettingsevent" (
        "charges_disabled", "every_minutes", "id", "most_vanished_percent", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "standstill_minutes"
    )
    SELECT
        new_values."charges_disabled", new_values."every_minutes", new_values."id",
        new_values."most_vanished_percent",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."standstill_minutes"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_e923f
    AFTER INSERT ON watcher_readingsettings
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_e923f();
COMMENT ON TRIGGER pgtrigger_insert_insert_e923f ON watcher_readingsettings
    IS '9008cbb078b32150dfa7a02c3e91c2568ca99599';

-- A changed row becomes an event in watcher_readingsettingsevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_22db8() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "watcher_readingsettingsevent" (
        "charges_disabled", "every_minutes", "id", "most_vanished_percent", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "standstill_minutes"
    )
    VALUES (
        NEW."charges_disabled", NEW."every_minutes", NEW."id", NEW."most_vanished_percent",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."standstill_minutes"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_22db8
    AFTER UPDATE ON watcher_readingsettings
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_22db8();
COMMENT ON TRIGGER pgtrigger_update_update_22db8 ON watcher_readingsettings
    IS '18e478197e0a2bd95d23d70f37d3b4c61f1b2ea6';

-- Deleted rows become events in watcher_readingsettingsevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_6ea64() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "watcher_readingsettingsevent" (
        "charges_disabled", "every_minutes", "id", "most_vanished_percent", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "standstill_minutes"
    )
    SELECT
        old_values."charges_disabled", old_values."every_minutes", old_values."id",
        old_values."most_vanished_percent",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."standstill_minutes"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_6ea64
    AFTER DELETE ON watcher_readingsettings
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_6ea64();
COMMENT ON TRIGGER pgtrigger_delete_delete_6ea64 ON watcher_readingsettings
    IS '1c582188d2e69273e2c285f5e3e2f86ce87a571d';

-- -------------------------------------------------------------------------------------------------
-- watcher_readingsettingsevent: events of watcher_readingsettings
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_95dc2() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_95dc2
    BEFORE TRUNCATE ON watcher_readingsettingsevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_95dc2();
COMMENT ON TRIGGER pgtrigger_no_truncate_95dc2 ON watcher_readingsettingsevent
    IS '923363c4005e4cc937c25a1cf68d24b9a6063cb0';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_d69ac() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_d69ac
    BEFORE UPDATE OR DELETE ON watcher_readingsettingsevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_d69ac();
COMMENT ON TRIGGER pgtrigger_append_only_d69ac ON watcher_readingsettingsevent
    IS '142ed04ecbeaccdcfd0a98e8c41dd3687899aa15';
