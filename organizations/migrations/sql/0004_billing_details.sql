-- The triggers of billing details, as their model declares them.

-- -------------------------------------------------------------------------------------------------
-- organizations_billingdetails: versions of billing details
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_8a2ed() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_8a2ed
    BEFORE TRUNCATE ON organizations_billingdetails
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_8a2ed();
COMMENT ON TRIGGER pgtrigger_no_truncate_8a2ed ON organizations_billingdetails
    IS 'be36e8dc04b4c830e884efec7a49030dbbd656f2';

-- Inserted rows become events in organizations_billingdetailsevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_cff95() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_billingdetailsevent" (
        "city", "country", "id", "name", "organization_id", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "postal_code", "street", "tax_id", "tax_number", "valid_from"
    )
    SELECT
        new_values."city", new_values."country", new_values."id", new_values."name",
        new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."postal_code", new_values."street",
        new_values."tax_id", new_values."tax_number", new_values."valid_from"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_cff95
    AFTER INSERT ON organizations_billingdetails
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_cff95();
COMMENT ON TRIGGER pgtrigger_insert_insert_cff95 ON organizations_billingdetails
    IS 'e3d2e978d5108c8a53dcffe11a211a566d4018c4';

-- A changed row becomes an event in organizations_billingdetailsevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_82c5e() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_billingdetailsevent" (
        "city", "country", "id", "name", "organization_id", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "postal_code", "street", "tax_id", "tax_number", "valid_from"
    )
    VALUES (
        NEW."city", NEW."country", NEW."id", NEW."name", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."postal_code", NEW."street", NEW."tax_id", NEW."tax_number",
        NEW."valid_from"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_82c5e
    AFTER UPDATE ON organizations_billingdetails
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_82c5e();
COMMENT ON TRIGGER pgtrigger_update_update_82c5e ON organizations_billingdetails
    IS '24b0c50e5cd6f81cb5c7f9de09e0549a71f337aa';

-- Deleted rows become events in organizations_billingdetailsevent, as they were.
CREATE FUNCTION pgtrigger_delete_delete_1436d() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_billingdetailsevent" (
        "city", "country", "id", "name", "organization_id", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "postal_code", "street", "tax_id", "tax_number", "valid_from"
    )
    SELECT
        old_values."city", old_values."country", old_values."id", old_values."name",
        old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."postal_code", old_values."street",
        old_values."tax_id", old_values."tax_number", old_values."valid_from"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_1436d
    AFTER DELETE ON organizations_billingdetails
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_1436d();
COMMENT ON TRIGGER pgtrigger_delete_delete_1436d ON organizations_billingdetails
    IS '7310502c22ca05731c29a3b3331f240840a5d326';

-- -------------------------------------------------------------------------------------------------
-- organizations_billingdetailsevent: events of organizations_billingdetails
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_884bf() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_884bf
    BEFORE TRUNCATE ON organizations_billingdetailsevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_884bf();
COMMENT ON TRIGGER pgtrigger_no_truncate_884bf ON organizations_billingdetailsevent
    IS '10c89927486ba769ae9d4b0fb86477ca4bc46927';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_05e7b() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_05e7b
    BEFORE UPDATE OR DELETE ON organizations_billingdetailsevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_05e7b();
COMMENT ON TRIGGER pgtrigger_append_only_05e7b ON organizations_billingdetailsevent
    IS '6a42086f078bb1468da140ba3d63ed2e8263e45d';
