-- The triggers of imports of usage, as the model declares them; see 0001_triggers.sql.

-- -------------------------------------------------------------------------------------------------
-- usage_usageimport: imports of usage, which can be undone
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_35ab3() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_35ab3
    BEFORE TRUNCATE ON usage_usageimport
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_35ab3();
COMMENT ON TRIGGER pgtrigger_no_truncate_35ab3 ON usage_usageimport
    IS '48b9f337bdc59b24406a6d0ea1a2d3f03ddeb916';

-- Inserted rows become events in usage_usageimportevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_6faba() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "usage_usageimportevent" (
        "camera_events_after", "camera_events_until", "cameras_created", "events_after",
        "events_until", "file_name", "id", "imported_at", "imported_by_id", "intervals_added",
        "intervals_changed", "intervals_removed", "lines", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "replaced_from", "replaced_until", "sha256", "undone_at",
        "undone_by_id"
    )
    SELECT
        new_values."camera_events_after", new_values."camera_events_until",
        new_values."cameras_created", new_values."events_after", new_values."events_until",
        new_values."file_name", new_values."id", new_values."imported_at",
        new_values."imported_by_id", new_values."intervals_added", new_values."intervals_changed",
        new_values."intervals_removed", new_values."lines",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."replaced_from", new_values."replaced_until",
        new_values."sha256", new_values."undone_at", new_values."undone_by_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_6faba
    AFTER INSERT ON usage_usageimport
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_6faba();
COMMENT ON TRIGGER pgtrigger_insert_insert_6faba ON usage_usageimport
    IS 'd26899c8b3f7a3a08435e4d5d15944e0cf3b343c';

-- A changed row becomes an event in usage_usageimportevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_5da97() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "usage_usageimportevent" (
        "camera_events_after", "camera_events_until", "cameras_created", "events_after",
        "events_until", "file_name", "id", "imported_at", "imported_by_id", "intervals_added",
        "intervals_changed", "intervals_removed", "lines", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "replaced_from", "replaced_until", "sha256", "undone_at",
        "undone_by_id"
    )
    VALUES (
        NEW."camera_events_after", NEW."camera_events_until", NEW."cameras_created",
        NEW."events_after", NEW."events_until", NEW."file_name", NEW."id", NEW."imported_at",
        NEW."imported_by_id", NEW."intervals_added", NEW."intervals_changed",
        NEW."intervals_removed", NEW."lines",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."replaced_from", NEW."replaced_until", NEW."sha256",
        NEW."undone_at", NEW."undone_by_id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_5da97
    AFTER UPDATE ON usage_usageimport
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_5da97();
COMMENT ON TRIGGER pgtrigger_update_update_5da97 ON usage_usageimport
    IS 'ffc6b00df016345ec8c29174d93e7d225a293bfb';

-- Deleted rows become events in usage_usageimportevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_8f88e() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "usage_usageimportevent" (
        "camera_events_after", "camera_events_until", "cameras_created", "events_after",
        "events_until", "file_name", "id", "imported_at", "imported_by_id", "intervals_added",
        "intervals_changed", "intervals_removed", "lines", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "replaced_from", "replaced_until", "sha256", "undone_at",
        "undone_by_id"
    )
    SELECT
        old_values."camera_events_after", old_values."camera_events_until",
        old_values."cameras_created", old_values."events_after", old_values."events_until",
        old_values."file_name", old_values."id", old_values."imported_at",
        old_values."imported_by_id", old_values."intervals_added", old_values."intervals_changed",
        old_values."intervals_removed", old_values."lines",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."replaced_from", old_values."replaced_until",
        old_values."sha256", old_values."undone_at", old_values."undone_by_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_8f88e
    AFTER DELETE ON usage_usageimport
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_8f88e();
COMMENT ON TRIGGER pgtrigger_delete_delete_8f88e ON usage_usageimport
    IS 'c4b23ab604c4d13ed286e7cdf05817f44ce97aae';

-- -------------------------------------------------------------------------------------------------
-- usage_usageimportevent: events of usage_usageimport
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_e3068() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_e3068
    BEFORE TRUNCATE ON usage_usageimportevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_e3068();
COMMENT ON TRIGGER pgtrigger_no_truncate_e3068 ON usage_usageimportevent
    IS '9e946e228c14451a6df55345dee7291e9fd4b23a';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_cada6() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_cada6
    BEFORE UPDATE OR DELETE ON usage_usageimportevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_cada6();
COMMENT ON TRIGGER pgtrigger_append_only_cada6 ON usage_usageimportevent
    IS 'b344705acf0b14c210a105675c64be287e3f9977';
