-- The triggers of this app, as its models declare them, each with its function. The comment on a
-- trigger is pgtrigger's hash of the declaration, by which `manage.py pgtrigger ls` tells whether
-- the trigger is that of the model. A function returns at once if pgtrigger.ignore() names its
-- trigger.

-- -------------------------------------------------------------------------------------------------
-- organizations_organization: subscribers' organizations
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_07e3c() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_07e3c
    BEFORE TRUNCATE ON organizations_organization
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_07e3c();
COMMENT ON TRIGGER pgtrigger_no_truncate_07e3c ON organizations_organization
    IS '873a803617c102d94554bec62384b3f1c879f93e';

-- Inserted rows become events in organizations_organizationevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_5a753() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_organizationevent" (
        "billing_city", "billing_country", "billing_email", "billing_name", "billing_postal_code",
        "billing_street", "billing_tax_id", "contract_number", "contract_signed_on", "id",
        "invoice_language", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "tax_category", "tax_rate", "time_zone", "title", "trial_first_on", "trial_last_on",
        "watcher_id"
    )
    SELECT
        new_values."billing_city", new_values."billing_country", new_values."billing_email",
        new_values."billing_name", new_values."billing_postal_code", new_values."billing_street",
        new_values."billing_tax_id", new_values."contract_number", new_values."contract_signed_on",
        new_values."id", new_values."invoice_language", new_values."owner_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."tax_category", new_values."tax_rate",
        new_values."time_zone", new_values."title", new_values."trial_first_on",
        new_values."trial_last_on", new_values."watcher_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_5a753
    AFTER INSERT ON organizations_organization
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_5a753();
COMMENT ON TRIGGER pgtrigger_insert_insert_5a753 ON organizations_organization
    IS '8172e92c5de9d0717789e39bcfb7aa19c5716151';

-- A changed row becomes an event in organizations_organizationevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_73a92() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_organizationevent" (
        "billing_city", "billing_country", "billing_email", "billing_name", "billing_postal_code",
        "billing_street", "billing_tax_id", "contract_number", "contract_signed_on", "id",
        "invoice_language", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "tax_category", "tax_rate", "time_zone", "title", "trial_first_on", "trial_last_on",
        "watcher_id"
    )
    VALUES (
        NEW."billing_city", NEW."billing_country", NEW."billing_email", NEW."billing_name",
        NEW."billing_postal_code", NEW."billing_street", NEW."billing_tax_id",
        NEW."contract_number", NEW."contract_signed_on", NEW."id", NEW."invoice_language",
        NEW."owner_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."tax_category", NEW."tax_rate", NEW."time_zone", NEW."title",
        NEW."trial_first_on", NEW."trial_last_on", NEW."watcher_id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_73a92
    AFTER UPDATE ON organizations_organization
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_73a92();
COMMENT ON TRIGGER pgtrigger_update_update_73a92 ON organizations_organization
    IS '9225e9c115340577aa273f65fba9107f36ad34b1';

-- Deleted rows become events in organizations_organizationevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_84ac6() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_organizationevent" (
        "billing_city", "billing_country", "billing_email", "billing_name", "billing_postal_code",
        "billing_street", "billing_tax_id", "contract_number", "contract_signed_on", "id",
        "invoice_language", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "tax_category", "tax_rate", "time_zone", "title", "trial_first_on", "trial_last_on",
        "watcher_id"
    )
    SELECT
        old_values."billing_city", old_values."billing_country", old_values."billing_email",
        old_values."billing_name", old_values."billing_postal_code", old_values."billing_street",
        old_values."billing_tax_id", old_values."contract_number", old_values."contract_signed_on",
        old_values."id", old_values."invoice_language", old_values."owner_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."tax_category", old_values."tax_rate",
        old_values."time_zone", old_values."title", old_values."trial_first_on",
        old_values."trial_last_on", old_values."watcher_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_84ac6
    AFTER DELETE ON organizations_organization
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_84ac6();
COMMENT ON TRIGGER pgtrigger_delete_delete_84ac6 ON organizations_organization
    IS '67c1d1f132f037b9d46dbc12a3fae5c81f0499f2';

-- -------------------------------------------------------------------------------------------------
-- organizations_organizationevent: events of organizations_organization
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_5cce9() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_5cce9
    BEFORE TRUNCATE ON organizations_organizationevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_5cce9();
COMMENT ON TRIGGER pgtrigger_no_truncate_5cce9 ON organizations_organizationevent
    IS 'e05edc2012f130f25688723aef4721d0a472432b';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_88049() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_88049
    BEFORE UPDATE OR DELETE ON organizations_organizationevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_88049();
COMMENT ON TRIGGER pgtrigger_append_only_88049 ON organizations_organizationevent
    IS 'b57d657ff616d824ae4a63d9d1c32f035699505a';

-- -------------------------------------------------------------------------------------------------
-- organizations_organization_tariffs: which tariff plans an organization may use
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_f7456() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_f7456
    BEFORE TRUNCATE ON organizations_organization_tariffs
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_f7456();
COMMENT ON TRIGGER pgtrigger_no_truncate_f7456 ON organizations_organization_tariffs
    IS '3327d9d557284f6fe65e1fd604cc3086193aded5';

-- Inserted rows become events in organizations_availabilityevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_96548() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_availabilityevent" (
        "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "tariff_id"
    )
    SELECT
        new_values."id", new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."tariff_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_96548
    AFTER INSERT ON organizations_organization_tariffs
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_96548();
COMMENT ON TRIGGER pgtrigger_insert_insert_96548 ON organizations_organization_tariffs
    IS '1abc23501468e0fb31817486a4d660acf9a24cb0';

-- A changed row becomes an event in organizations_availabilityevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_3e65a() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_availabilityevent" (
        "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "tariff_id"
    )
    VALUES (
        NEW."id", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."tariff_id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_3e65a
    AFTER UPDATE ON organizations_organization_tariffs
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_3e65a();
COMMENT ON TRIGGER pgtrigger_update_update_3e65a ON organizations_organization_tariffs
    IS '3f6b90baaaf2ab2efce4573d37056cb16d919a4f';

-- Deleted rows become events in organizations_availabilityevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_b084c() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_availabilityevent" (
        "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "tariff_id"
    )
    SELECT
        old_values."id", old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."tariff_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_b084c
    AFTER DELETE ON organizations_organization_tariffs
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_b084c();
COMMENT ON TRIGGER pgtrigger_delete_delete_b084c ON organizations_organization_tariffs
    IS '8804a97127d98ef7d986b644a985de38c953456f';

-- -------------------------------------------------------------------------------------------------
-- organizations_availabilityevent: events of organizations_organization_tariffs
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_98762() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_98762
    BEFORE TRUNCATE ON organizations_availabilityevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_98762();
COMMENT ON TRIGGER pgtrigger_no_truncate_98762 ON organizations_availabilityevent
    IS '182f7e55d740bf2337efff1603c58358badab926';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_f80d1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_f80d1
    BEFORE UPDATE OR DELETE ON organizations_availabilityevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_f80d1();
COMMENT ON TRIGGER pgtrigger_append_only_f80d1 ON organizations_availabilityevent
    IS '346c3cf82ec702ba99552fea368d5df9ca7fd495';
