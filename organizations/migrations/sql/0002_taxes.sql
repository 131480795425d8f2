-- The triggers of taxes and their rates, as their models declare them.

-- -------------------------------------------------------------------------------------------------
-- organizations_tax: taxes
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_67675() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_67675
    BEFORE TRUNCATE ON organizations_tax
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_67675();
COMMENT ON TRIGGER pgtrigger_no_truncate_67675 ON organizations_tax
    IS '3411d95f4a8171cccc0522581b7f7258588e441f';

-- Inserted rows become events in organizations_taxevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_32a83() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_taxevent" (
        "category", "exemption_code", "exemption_text", "id", "is_default", "name", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        new_values."category", new_values."exemption_code", new_values."exemption_text",
        new_values."id", new_values."is_default", new_values."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_32a83
    AFTER INSERT ON organizations_tax
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_32a83();
COMMENT ON TRIGGER pgtrigger_insert_insert_32a83 ON organizations_tax
    IS 'cc9fa6176b51686c9cd0a9eeef7f31250d47d5c3';

-- A changed row becomes an event in organizations_taxevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_9a327() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_taxevent" (
        "category", "exemption_code", "exemption_text", "id", "is_default", "name", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    VALUES (
        NEW."category", NEW."exemption_code", NEW."exemption_text", NEW."id", NEW."is_default",
        NEW."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_9a327
    AFTER UPDATE ON organizations_tax
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_9a327();
COMMENT ON TRIGGER pgtrigger_update_update_9a327 ON organizations_tax
    IS 'f33cc8ae353c2fe88c635273e2063cc4ffe2fd00';

-- Deleted rows become events in organizations_taxevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_39a15() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_taxevent" (
        "category", "exemption_code", "exemption_text", "id", "is_default", "name", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        old_values."category", old_values."exemption_code", old_values."exemption_text",
        old_values."id", old_values."is_default", old_values."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_39a15
    AFTER DELETE ON organizations_tax
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_39a15();
COMMENT ON TRIGGER pgtrigger_delete_delete_39a15 ON organizations_tax
    IS '067e639a96bba1c9c4c6a1eb019fafcd16e7de5f';

-- The category never changes: issued rates, and the rule that only the standard category has
-- rates, rely on it.
CREATE FUNCTION pgtrigger_category_stays_f1569() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_category_stays_f1569
    BEFORE UPDATE ON organizations_tax
    FOR EACH ROW
    WHEN (OLD."category" IS DISTINCT FROM (NEW."category"))
    EXECUTE FUNCTION pgtrigger_category_stays_f1569();
COMMENT ON TRIGGER pgtrigger_category_stays_f1569 ON organizations_tax
    IS 'bd7c3b9178f38b181140060bf3f8d3fdd2e271d9';

-- -------------------------------------------------------------------------------------------------
-- organizations_taxevent: events of organizations_tax
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_70b37() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_70b37
    BEFORE TRUNCATE ON organizations_taxevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_70b37();
COMMENT ON TRIGGER pgtrigger_no_truncate_70b37 ON organizations_taxevent
    IS '1ddaaea707ec6d81088734bb8afe674a896cabc9';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_ac8b6() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_ac8b6
    BEFORE UPDATE OR DELETE ON organizations_taxevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_ac8b6();
COMMENT ON TRIGGER pgtrigger_append_only_ac8b6 ON organizations_taxevent
    IS '5a3db3312d85a4bc8a23ef2677763aa1afe24bb4';

-- -------------------------------------------------------------------------------------------------
-- organizations_taxpercent: rates of taxes by date
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_f798e() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_f798e
    BEFORE TRUNCATE ON organizations_taxpercent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_f798e();
COMMENT ON TRIGGER pgtrigger_no_truncate_f798e ON organizations_taxpercent
    IS '005454a0bceefd115ed9139c3c1da43e60c50197';

-- Inserted rows become events in organizations_taxpercentevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_64915() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_taxpercentevent" (
        "id", "percent", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tax_id",
        "valid_from"
    )
    SELECT
        new_values."id", new_values."percent",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."tax_id", new_values."valid_from"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_64915
    AFTER INSERT ON organizations_taxpercent
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_64915();
COMMENT ON TRIGGER pgtrigger_insert_insert_64915 ON organizations_taxpercent
    IS '808e8ef6cccea6526796610d86925afa49882531';

-- A changed row becomes an event in organizations_taxpercentevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_e04f8() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_taxpercentevent" (
        "id", "percent", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tax_id",
        "valid_from"
    )
    VALUES (
        NEW."id", NEW."percent",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."tax_id", NEW."valid_from"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_e04f8
    AFTER UPDATE ON organizations_taxpercent
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_e04f8();
COMMENT ON TRIGGER pgtrigger_update_update_e04f8 ON organizations_taxpercent
    IS '8c30933c15774176e021998e36c9dda41bb88211';

-- Deleted rows become events in organizations_taxpercentevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_fc313() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_taxpercentevent" (
        "id", "percent", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tax_id",
        "valid_from"
    )
    SELECT
        old_values."id", old_values."percent",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."tax_id", old_values."valid_from"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_fc313
    AFTER DELETE ON organizations_taxpercent
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_fc313();
COMMENT ON TRIGGER pgtrigger_delete_delete_fc313 ON organizations_taxpercent
    IS '74b46e5007ed486ac5dfca8e29e69e446246160c';

-- Only a tax of the standard category has rates.
CREATE FUNCTION pgtrigger_of_standard_tax_44cf3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF EXISTS (
        SELECT FROM organizations_tax WHERE id = NEW.tax_id AND category <> 'S'
    ) THEN
        RAISE EXCEPTION 'only a tax of the standard category has rates';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER pgtrigger_of_standard_tax_44cf3
    BEFORE INSERT OR UPDATE ON organizations_taxpercent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_of_standard_tax_44cf3();
COMMENT ON TRIGGER pgtrigger_of_standard_tax_44cf3 ON organizations_taxpercent
    IS '58d917843be378176d107d514f85416a3a8b58ae';

-- -------------------------------------------------------------------------------------------------
-- organizations_taxpercentevent: events of organizations_taxpercent
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_c5f28() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_c5f28
    BEFORE TRUNCATE ON organizations_taxpercentevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_c5f28();
COMMENT ON TRIGGER pgtrigger_no_truncate_c5f28 ON organizations_taxpercentevent
    IS '92b9b2d5521925dabc2c3a76f072581d603ce0ab';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_f0a0d() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_f0a0d
    BEFORE UPDATE OR DELETE ON organizations_taxpercentevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_f0a0d();
COMMENT ON TRIGGER pgtrigger_append_only_f0a0d ON organizations_taxpercentevent
    IS '5f3cdd9ef8d4af6b671b5644ea18d549073a39ff';
