-- The triggers of new billing addresses, as their models declare them, each with its function.

-- -------------------------------------------------------------------------------------------------
-- organizations_addressrequest: new billing addresses
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_690b9() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_690b9
    BEFORE TRUNCATE ON organizations_addressrequest
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_690b9();
COMMENT ON TRIGGER pgtrigger_no_truncate_690b9 ON organizations_addressrequest
    IS 'ea79a099c616df7efbb8384342d005c8740c2993';

-- Inserted rows become events in organizations_addressrequestevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_00e46() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_addressrequestevent" (
        "asked_at", "asked_by_id", "city", "country", "decided_at", "decided_by_id", "id", "name",
        "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "postal_code", "reason", "state", "street", "tax_number"
    )
    SELECT
        new_values."asked_at", new_values."asked_by_id", new_values."city", new_values."country",
        new_values."decided_at", new_values."decided_by_id", new_values."id", new_values."name",
        new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."postal_code", new_values."reason",
        new_values."state", new_values."street", new_values."tax_number"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_00e46
    AFTER INSERT ON organizations_addressrequest
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_00e46();
COMMENT ON TRIGGER pgtrigger_insert_insert_00e46 ON organizations_addressrequest
    IS '6973d7200130dfff2fc6b0bec45ff87c2bf1856d';

-- A changed row becomes an event in organizations_addressrequestevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_5da73() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_addressrequestevent" (
        "asked_at", "asked_by_id", "city", "country", "decided_at", "decided_by_id", "id", "name",
        "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "postal_code", "reason", "state", "street", "tax_number"
    )
    VALUES (
        NEW."asked_at", NEW."asked_by_id", NEW."city", NEW."country", NEW."decided_at",
        NEW."decided_by_id", NEW."id", NEW."name", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."postal_code", NEW."reason", NEW."state", NEW."street",
        NEW."tax_number"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_5da73
    AFTER UPDATE ON organizations_addressrequest
    FOR EACH ROW
    WHEN (
        OLD.asked_at IS DISTINCT FROM (NEW.asked_at)
        OR OLD.asked_by_id IS DISTINCT FROM (NEW.asked_by_id)
        OR OLD.city IS DISTINCT FROM (NEW.city)
        OR OLD.country IS DISTINCT FROM (NEW.country)
        OR OLD.decided_at IS DISTINCT FROM (NEW.decided_at)
        OR OLD.decided_by_id IS DISTINCT FROM (NEW.decided_by_id)
        OR OLD.id IS DISTINCT FROM (NEW.id)
        OR OLD.name IS DISTINCT FROM (NEW.name)
        OR OLD.organization_id IS DISTINCT FROM (NEW.organization_id)
        OR OLD.postal_code IS DISTINCT FROM (NEW.postal_code)
        OR OLD.reason IS DISTINCT FROM (NEW.reason)
        OR OLD.state IS DISTINCT FROM (NEW.state)
        OR OLD.street IS DISTINCT FROM (NEW.street)
        OR OLD.tax_number IS DISTINCT FROM (NEW.tax_number)
    )
    EXECUTE FUNCTION pgtrigger_update_update_5da73();
COMMENT ON TRIGGER pgtrigger_update_update_5da73 ON organizations_addressrequest
    IS 'd60ca08f929f522f20b1c64c0c0cbafe869e5d08';

-- Deleted rows become events in organizations_addressrequestevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_6e97b() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_addressrequestevent" (
        "asked_at", "asked_by_id", "city", "country", "decided_at", "decided_by_id", "id", "name",
        "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "postal_code", "reason", "state", "street", "tax_number"
    )
    SELECT
        old_values."asked_at", old_values."asked_by_id", old_values."city", old_values."country",
        old_values."decided_at", old_values."decided_by_id", old_values."id", old_values."name",
        old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."postal_code", old_values."reason",
        old_values."state", old_values."street", old_values."tax_number"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_6e97b
    AFTER DELETE ON organizations_addressrequest
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_6e97b();
COMMENT ON TRIGGER pgtrigger_delete_delete_6e97b ON organizations_addressrequest
    IS 'ed3213d0f522d258000b44fa57eae04cd86b3e99';

-- What is decided neither changes nor goes.
CREATE FUNCTION pgtrigger_decided_stay_079c3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_decided_stay_079c3
    BEFORE UPDATE OR DELETE ON organizations_addressrequest
    FOR EACH ROW
    WHEN (OLD.state IN ('approved', 'refused', 'withdrawn'))
    EXECUTE FUNCTION pgtrigger_decided_stay_079c3();
COMMENT ON TRIGGER pgtrigger_decided_stay_079c3 ON organizations_addressrequest
    IS '8fae2b8b6896afb08be573697994010aecd342fc';

-- -------------------------------------------------------------------------------------------------
-- organizations_addressrequestevent: their events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_3278d() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_3278d
    BEFORE TRUNCATE ON organizations_addressrequestevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_3278d();
COMMENT ON TRIGGER pgtrigger_no_truncate_3278d ON organizations_addressrequestevent
    IS '6ab113e6231326e957d243f7ee310d7cdbdaf7f5';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_574e9() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_574e9
    BEFORE UPDATE OR DELETE ON organizations_addressrequestevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_574e9();
COMMENT ON TRIGGER pgtrigger_append_only_574e9 ON organizations_addressrequestevent
    IS 'ae0dea0de7becbe2645812746829812a04b039d7';
