-- Changes of the earlier time zones of organizations are recorded.

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_b1ac3() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_b1ac3
    BEFORE TRUNCATE ON organizations_earliertimezone
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_b1ac3();
COMMENT ON TRIGGER pgtrigger_no_truncate_b1ac3 ON organizations_earliertimezone
    IS '69e5cf0fba447fbd0d9be0504e5e3be4fa0ef5bc';

-- Inserted rows become events; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_c91c4() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_earliertimezoneevent" (
        "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "time_zone", "valid_from"
    )
    SELECT
        new_values."id", new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."time_zone", new_values."valid_from"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_c91c4
    AFTER INSERT ON organizations_earliertimezone
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_c91c4();
COMMENT ON TRIGGER pgtrigger_insert_insert_c91c4 ON organizations_earliertimezone
    IS 'ae0a0eb28c981361f8e28fea52560ae620348e64';

-- A changed row becomes an event, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_221ff() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_earliertimezoneevent" (
        "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "time_zone", "valid_from"
    )
    VALUES (
        NEW."id", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."time_zone", NEW."valid_from"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_221ff
    AFTER UPDATE ON organizations_earliertimezone
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_221ff();
COMMENT ON TRIGGER pgtrigger_update_update_221ff ON organizations_earliertimezone
    IS '4ecd94bcf6545ae53e149e04a75e566c1f4341dd';

-- Deleted rows become events, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_6f921() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_earliertimezoneevent" (
        "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "time_zone", "valid_from"
    )
    SELECT
        old_values."id", old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."time_zone", old_values."valid_from"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_6f921
    AFTER DELETE ON organizations_earliertimezone
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_6f921();
COMMENT ON TRIGGER pgtrigger_delete_delete_6f921 ON organizations_earliertimezone
    IS '1f1cb418ae5f97986ffcca7545b35e7439da55d2';

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_0ac3f() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_0ac3f
    BEFORE TRUNCATE ON organizations_earliertimezoneevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_0ac3f();
COMMENT ON TRIGGER pgtrigger_no_truncate_0ac3f ON organizations_earliertimezoneevent
    IS '2ca79a51571c121ac2d12f85fb6e3efe568df0df';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_484bd() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_484bd
    BEFORE UPDATE OR DELETE ON organizations_earliertimezoneevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_484bd();
COMMENT ON TRIGGER pgtrigger_append_only_484bd ON organizations_earliertimezoneevent
    IS 'ae3fdb67d2424dd3aedad67cab6034b9c526f028';
