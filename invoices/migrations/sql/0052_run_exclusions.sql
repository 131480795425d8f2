-- Audit of exclusions from invoice runs. A function returns at once if pgtrigger.ignore() names its
-- trigger.

-- -------------------------------------------------------------------------------------------------
-- invoices_runexclusion: exclusions from invoice runs
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_4b3a8() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_4b3a8
    BEFORE TRUNCATE ON invoices_runexclusion
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_4b3a8();
COMMENT ON TRIGGER pgtrigger_no_truncate_4b3a8 ON invoices_runexclusion
    IS '6edbf0d86fb4d12378812fd95ee0ff7f12489b4b';

-- Inserted rows become events in invoices_runexclusionevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_d1f45() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_runexclusionevent" (
        "id", "month", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        new_values."id", new_values."month", new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_d1f45
    AFTER INSERT ON invoices_runexclusion
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_d1f45();
COMMENT ON TRIGGER pgtrigger_insert_insert_d1f45 ON invoices_runexclusion
    IS 'e6ee92100027481b582870db101171be039184a9';

-- A changed row becomes an event in invoices_runexclusionevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_10c85() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "invoices_runexclusionevent" (
        "id", "month", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    VALUES (
        NEW."id", NEW."month", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_10c85
    AFTER UPDATE ON invoices_runexclusion
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_10c85();
COMMENT ON TRIGGER pgtrigger_update_update_10c85 ON invoices_runexclusion
    IS '08369d9c69a5c4883ac2c8d1b69dbd76da9397a6';

-- Deleted rows become events in invoices_runexclusionevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_e3e69() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_runexclusionevent" (
        "id", "month", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        old_values."id", old_values."month", old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_e3e69
    AFTER DELETE ON invoices_runexclusion
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_e3e69();
COMMENT ON TRIGGER pgtrigger_delete_delete_e3e69 ON invoices_runexclusion
    IS '5f6a95bd759bc01238e48c2386903a361b6f2554';

-- -------------------------------------------------------------------------------------------------
-- invoices_runexclusionevent: events of invoices_runexclusion
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_9ef89() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_9ef89
    BEFORE TRUNCATE ON invoices_runexclusionevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_9ef89();
COMMENT ON TRIGGER pgtrigger_no_truncate_9ef89 ON invoices_runexclusionevent
    IS '0b8442c684ed4b5fda9655bb83e1723cfc3a5932';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_60913() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_60913
    BEFORE UPDATE OR DELETE ON invoices_runexclusionevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_60913();
COMMENT ON TRIGGER pgtrigger_append_only_60913 ON invoices_runexclusionevent
    IS '71d22c025f9a5a460b5020e71f3ebd4a6da78498';
