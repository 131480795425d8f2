-- The triggers of partnerships, as the models declare them; see 0001_triggers.sql.

-- -------------------------------------------------------------------------------------------------
-- organizations_partnership: partnerships
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_cbf4d() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_cbf4d
    BEFORE TRUNCATE ON organizations_partnership
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_cbf4d();
COMMENT ON TRIGGER pgtrigger_no_truncate_cbf4d ON organizations_partnership
    IS '0cb1b34b74aae5d21c204bc6e87bad7799b11317';

-- Inserted rows become events in organizations_partnershipevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_7b554() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_partnershipevent" (
        "first_on", "id", "last_on", "organization_id", "partner_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        new_values."first_on", new_values."id", new_values."last_on", new_values."organization_id",
        new_values."partner_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_7b554
    AFTER INSERT ON organizations_partnership
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_7b554();
COMMENT ON TRIGGER pgtrigger_insert_insert_7b554 ON organizations_partnership
    IS 'b544b41fdf5ff6e5c44a20a8c093bdb5059053a3';

-- A changed row becomes an event in organizations_partnershipevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_f2b79() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_partnershipevent" (
        "first_on", "id", "last_on", "organization_id", "partner_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    VALUES (
        NEW."first_on", NEW."id", NEW."last_on", NEW."organization_id", NEW."partner_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_f2b79
    AFTER UPDATE ON organizations_partnership
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_f2b79();
COMMENT ON TRIGGER pgtrigger_update_update_f2b79 ON organizations_partnership
    IS 'abd1bf197a4889f773a45bb73220d73c99e646fe';

-- Deleted rows become events in organizations_partnershipevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_e7fa9() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_partnershipevent" (
        "first_on", "id", "last_on", "organization_id", "partner_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        old_values."first_on", old_values."id", old_values."last_on", old_values."organization_id",
        old_values."partner_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_e7fa9
    AFTER DELETE ON organizations_partnership
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_e7fa9();
COMMENT ON TRIGGER pgtrigger_delete_delete_e7fa9 ON organizations_partnership
    IS '8c619090bb463f3f7f78cc7d4fcf7b0efce8c4e8';

-- A partner has no partner itself. The locks make two partnerships that would form a chain wait for
-- each other.
CREATE FUNCTION pgtrigger_partner_has_no_partner_594ef() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    PERFORM FROM organizations_organization
    WHERE id IN (NEW.organization_id, NEW.partner_id) ORDER BY id
    FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM organizations_partnership
        WHERE organization_id = NEW.partner_id OR partner_id = NEW.organization_id
    ) THEN
        RAISE EXCEPTION 'organization % has a partner or customers of its own',
            NEW.organization_id;
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER pgtrigger_partner_has_no_partner_594ef
    BEFORE INSERT OR UPDATE ON organizations_partnership
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_partner_has_no_partner_594ef();
COMMENT ON TRIGGER pgtrigger_partner_has_no_partner_594ef ON organizations_partnership
    IS '64e3aea37ba550434aaf99a5921255393027b918';

-- -------------------------------------------------------------------------------------------------
-- organizations_partnershipevent: events of organizations_partnership
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_21850() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_21850
    BEFORE TRUNCATE ON organizations_partnershipevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_21850();
COMMENT ON TRIGGER pgtrigger_no_truncate_21850 ON organizations_partnershipevent
    IS '4cfc2918dc6210cacc81aa6fdfe4dfd9b291b54f';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_865f7() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_865f7
    BEFORE UPDATE OR DELETE ON organizations_partnershipevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_865f7();
COMMENT ON TRIGGER pgtrigger_append_only_865f7 ON organizations_partnershipevent
    IS '748622e86ccbcded9f767bb93e96024a7e8be817';
