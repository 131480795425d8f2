-- The triggers of contacts, as the models declare them; see 0001_triggers.sql.

-- -------------------------------------------------------------------------------------------------
-- organizations_contact: contacts
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_ede5b() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_ede5b
    BEFORE TRUNCATE ON organizations_contact
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_ede5b();
COMMENT ON TRIGGER pgtrigger_no_truncate_ede5b ON organizations_contact
    IS 'deb8bd3ac399b0311821039a104818048b28af27';

-- Inserted rows become events in organizations_contactevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_0d23e() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_contactevent" (
        "email", "id", "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "receives_invoices", "receives_notices", "receives_reminders", "role",
        "telephone"
    )
    SELECT
        new_values."email", new_values."id", new_values."name", new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."receives_invoices",
        new_values."receives_notices", new_values."receives_reminders", new_values."role",
        new_values."telephone"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_0d23e
    AFTER INSERT ON organizations_contact
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_0d23e();
COMMENT ON TRIGGER pgtrigger_insert_insert_0d23e ON organizations_contact
    IS '3308b5cbc75eb76afcd634bc3e4d1089a60bda33';

-- A changed row becomes an event in organizations_contactevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_7836a() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_contactevent" (
        "email", "id", "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "receives_invoices", "receives_notices", "receives_reminders", "role",
        "telephone"
    )
    VALUES (
        NEW."email", NEW."id", NEW."name", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."receives_invoices", NEW."receives_notices",
        NEW."receives_reminders", NEW."role", NEW."telephone"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_7836a
    AFTER UPDATE ON organizations_contact
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_7836a();
COMMENT ON TRIGGER pgtrigger_update_update_7836a ON organizations_contact
    IS 'a5b18775da2f06ad73b55a4291bceb53756a9826';

-- Deleted rows become events in organizations_contactevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_4e2fb() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_contactevent" (
        "email", "id", "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "receives_invoices", "receives_notices", "receives_reminders", "role",
        "telephone"
    )
    SELECT
        old_values."email", old_values."id", old_values."name", old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."receives_invoices",
        old_values."receives_notices", old_values."receives_reminders", old_values."role",
        old_values."telephone"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_4e2fb
    AFTER DELETE ON organizations_contact
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_4e2fb();
COMMENT ON TRIGGER pgtrigger_delete_delete_4e2fb ON organizations_contact
    IS '0b9a9c5d1fa77652fb1da2ffe0babae4cf17a687';

-- -------------------------------------------------------------------------------------------------
-- organizations_contactevent: events of organizations_contact
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_685aa() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_685aa
    BEFORE TRUNCATE ON organizations_contactevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_685aa();
COMMENT ON TRIGGER pgtrigger_no_truncate_685aa ON organizations_contactevent
    IS 'eaf8b9058e9a99f980aea0686cc301d94eae6331';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_7e4aa() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_7e4aa
    BEFORE UPDATE OR DELETE ON organizations_contactevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_7e4aa();
COMMENT ON TRIGGER pgtrigger_append_only_7e4aa ON organizations_contactevent
    IS '0e9ffbf83703b862f6a8b543148da1b179cea3b0';

