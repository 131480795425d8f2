-- -------------------------------------------------------------------------------------------------
-- watcher_cameralimit: at most so many cameras on the platform
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_85a3b() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_85a3b
    BEFORE TRUNCATE ON watcher_cameralimit
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_85a3b();
COMMENT ON TRIGGER pgtrigger_no_truncate_85a3b ON watcher_cameralimit
    IS '754237e5391ff4008a45ebdf62cb6f42c2bc999f';

-- Inserted rows become events in watcher_cameralimitevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_4bf8d() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "watcher_cameralimitevent" (
        "id", "most_cameras", "organization_id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id"
    )
    SELECT
        new_values."id", new_values."most_cameras", new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_4bf8d
    AFTER INSERT ON watcher_cameralimit
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_4bf8d();
COMMENT ON TRIGGER pgtrigger_insert_insert_4bf8d ON watcher_cameralimit
    IS '34997cce39a5e26978be6e3b683692c1210a3710';

-- A changed row becomes an event in watcher_cameralimitevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_2089b() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "watcher_cameralimitevent" (
        "id", "most_cameras", "organization_id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id"
    )
    VALUES (
        NEW."id", NEW."most_cameras", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_2089b
    AFTER UPDATE ON watcher_cameralimit
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_2089b();
COMMENT ON TRIGGER pgtrigger_update_update_2089b ON watcher_cameralimit
    IS 'cc53de0aff154362656d0980c5d019b158419abe';

-- Deleted rows become events in watcher_cameralimitevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_04b55() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "watcher_cameralimitevent" (
        "id", "most_cameras", "organization_id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id"
    )
    SELECT
        old_values."id", old_values."most_cameras", old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_04b55
    AFTER DELETE ON watcher_cameralimit
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_04b55();
COMMENT ON TRIGGER pgtrigger_delete_delete_04b55 ON watcher_cameralimit
    IS '200a8e6a43d723a9efdf434ad81788098526bcf3';

-- -------------------------------------------------------------------------------------------------
-- watcher_cameralimitevent: events of watcher_cameralimit
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_ff545() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_ff545
    BEFORE TRUNCATE ON watcher_cameralimitevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_ff545();
COMMENT ON TRIGGER pgtrigger_no_truncate_ff545 ON watcher_cameralimitevent
    IS 'e8b40a91e282a3b9d10fd6e471af70f5908edcd2';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_cdc0e() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_cdc0e
    BEFORE UPDATE OR DELETE ON watcher_cameralimitevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_cdc0e();
COMMENT ON TRIGGER pgtrigger_append_only_cdc0e ON watcher_cameralimitevent
    IS 'e6ed341b0a8d8307d48fc49b327ebf705a7d20f2';
