-- The triggers of terms, as the models declare them; see 0001_triggers.sql.

-- -------------------------------------------------------------------------------------------------
-- organizations_suspension: suspensions
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_f2c5f() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_f2c5f
    BEFORE TRUNCATE ON organizations_suspension
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_f2c5f();
COMMENT ON TRIGGER pgtrigger_no_truncate_f2c5f ON organizations_suspension
    IS 'f725c4841892afe22057667dffea037aa8ef194c';

-- Inserted rows become events in organizations_suspensionevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_b317e() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_suspensionevent" (
        "first_on", "id", "is_charged", "last_on", "organization_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "reason"
    )
    SELECT
        new_values."first_on", new_values."id", new_values."is_charged", new_values."last_on",
        new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."reason"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_b317e
    AFTER INSERT ON organizations_suspension
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_b317e();
COMMENT ON TRIGGER pgtrigger_insert_insert_b317e ON organizations_suspension
    IS '70cdbdadfb79ee3893841f8b8e8519adc2d42a3b';

-- A changed row becomes an event in organizations_suspensionevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_2eb79() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_suspensionevent" (
        "first_on", "id", "is_charged", "last_on", "organization_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "reason"
    )
    VALUES (
        NEW."first_on", NEW."id", NEW."is_charged", NEW."last_on", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."reason"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_2eb79
    AFTER UPDATE ON organizations_suspension
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_2eb79();
COMMENT ON TRIGGER pgtrigger_update_update_2eb79 ON organizations_suspension
    IS 'c6156d3af350c561d7b411ce062a31830719f06d';

-- Deleted rows become events in organizations_suspensionevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_70add() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_suspensionevent" (
        "first_on", "id", "is_charged", "last_on", "organization_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "reason"
    )
    SELECT
        old_values."first_on", old_values."id", old_values."is_charged", old_values."last_on",
        old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."reason"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_70add
    AFTER DELETE ON organizations_suspension
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_70add();
COMMENT ON TRIGGER pgtrigger_delete_delete_70add ON organizations_suspension
    IS 'cc0dd768e1e0ce370645cb7d61907907a4c344d5';

-- -------------------------------------------------------------------------------------------------
-- organizations_suspensionevent: events of organizations_suspension
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_e0de8() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_e0de8
    BEFORE TRUNCATE ON organizations_suspensionevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_e0de8();
COMMENT ON TRIGGER pgtrigger_no_truncate_e0de8 ON organizations_suspensionevent
    IS '2bf325a886c14189b40cf6d9c8b7cab354b6d59d';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_0b2c6() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_0b2c6
    BEFORE UPDATE OR DELETE ON organizations_suspensionevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_0b2c6();
COMMENT ON TRIGGER pgtrigger_append_only_0b2c6 ON organizations_suspensionevent
    IS 'f4e3611e827a3c0714318333a1e4d8163c75bceb';

-- -------------------------------------------------------------------------------------------------
-- organizations_individualprice: individual prices
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_b6bde() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_b6bde
    BEFORE TRUNCATE ON organizations_individualprice
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_b6bde();
COMMENT ON TRIGGER pgtrigger_no_truncate_b6bde ON organizations_individualprice
    IS '1a2b1a7ba4d54bfd1eba4eab7610f43536b9adcb';

-- Inserted rows become events in organizations_individualpriceevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_d4463() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_individualpriceevent" (
        "amount", "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "tariff_id", "valid_from"
    )
    SELECT
        new_values."amount", new_values."id", new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."tariff_id", new_values."valid_from"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_d4463
    AFTER INSERT ON organizations_individualprice
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_d4463();
COMMENT ON TRIGGER pgtrigger_insert_insert_d4463 ON organizations_individualprice
    IS 'f2cdd23ff891fc7ddd47791c88d41b91f1bfa53e';

-- A changed row becomes an event in organizations_individualpriceevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_b3cfc() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_individualpriceevent" (
        "amount", "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "tariff_id", "valid_from"
    )
    VALUES (
        NEW."amount", NEW."id", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."tariff_id", NEW."valid_from"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_b3cfc
    AFTER UPDATE ON organizations_individualprice
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_b3cfc();
COMMENT ON TRIGGER pgtrigger_update_update_b3cfc ON organizations_individualprice
    IS '9db95612aa954884ddaf8b0d1d684d9a72926f42';

-- Deleted rows become events in organizations_individualpriceevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_1ada4() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_individualpriceevent" (
        "amount", "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "tariff_id", "valid_from"
    )
    SELECT
        old_values."amount", old_values."id", old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."tariff_id", old_values."valid_from"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_1ada4
    AFTER DELETE ON organizations_individualprice
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_1ada4();
COMMENT ON TRIGGER pgtrigger_delete_delete_1ada4 ON organizations_individualprice
    IS 'cb155dec2d85bc5429609b1e638ca9873113bce2';

-- -------------------------------------------------------------------------------------------------
-- organizations_individualpriceevent: events of organizations_individualprice
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_ac579() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_ac579
    BEFORE TRUNCATE ON organizations_individualpriceevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_ac579();
COMMENT ON TRIGGER pgtrigger_no_truncate_ac579 ON organizations_individualpriceevent
    IS 'cb03ae15a64d44ec5c950b2f896d70df9fc552a6';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_c4b59() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_c4b59
    BEFORE UPDATE OR DELETE ON organizations_individualpriceevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_c4b59();
COMMENT ON TRIGGER pgtrigger_append_only_c4b59 ON organizations_individualpriceevent
    IS '1554bd86d8f9115f72fa8e57b7e9f3d9acecb268';

-- -------------------------------------------------------------------------------------------------
-- organizations_discount: discounts
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_ac4dc() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_ac4dc
    BEFORE TRUNCATE ON organizations_discount
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_ac4dc();
COMMENT ON TRIGGER pgtrigger_no_truncate_ac4dc ON organizations_discount
    IS '5a106f3874e4c13634e4e251efda383403d3a941';

-- Inserted rows become events in organizations_discountevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_e6e24() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_discountevent" (
        "first_on", "id", "last_on", "organization_id", "percent", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "tariff_id"
    )
    SELECT
        new_values."first_on", new_values."id", new_values."last_on", new_values."organization_id",
        new_values."percent",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."tariff_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_e6e24
    AFTER INSERT ON organizations_discount
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_e6e24();
COMMENT ON TRIGGER pgtrigger_insert_insert_e6e24 ON organizations_discount
    IS '711a1469bf4c21fe2ea7abaec7f4e50ddfc4eb6f';

-- A changed row becomes an event in organizations_discountevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_02b88() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_discountevent" (
        "first_on", "id", "last_on", "organization_id", "percent", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "tariff_id"
    )
    VALUES (
        NEW."first_on", NEW."id", NEW."last_on", NEW."organization_id", NEW."percent",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."tariff_id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_02b88
    AFTER UPDATE ON organizations_discount
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_02b88();
COMMENT ON TRIGGER pgtrigger_update_update_02b88 ON organizations_discount
    IS '35c334f9228742bd79165fa6112e4fb3173cb5f9';

-- Deleted rows become events in organizations_discountevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_f6275() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_discountevent" (
        "first_on", "id", "last_on", "organization_id", "percent", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "tariff_id"
    )
    SELECT
        old_values."first_on", old_values."id", old_values."last_on", old_values."organization_id",
        old_values."percent",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."tariff_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_f6275
    AFTER DELETE ON organizations_discount
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_f6275();
COMMENT ON TRIGGER pgtrigger_delete_delete_f6275 ON organizations_discount
    IS 'ef3cc84e9af6d7c1e104280a1699c7666b064ebb';

-- -------------------------------------------------------------------------------------------------
-- organizations_discountevent: events of organizations_discount
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_75b8f() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_75b8f
    BEFORE TRUNCATE ON organizations_discountevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_75b8f();
COMMENT ON TRIGGER pgtrigger_no_truncate_75b8f ON organizations_discountevent
    IS '69efb7866b4ddd72bc00a9dfb4d37acd18e830d4';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_47dcf() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_47dcf
    BEFORE UPDATE OR DELETE ON organizations_discountevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_47dcf();
COMMENT ON TRIGGER pgtrigger_append_only_47dcf ON organizations_discountevent
    IS 'c816aaa90f3201af32d2a602aa873f29144cd4c0';

-- -------------------------------------------------------------------------------------------------
-- organizations_discountexemption: exemptions from discounts
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_50a79() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_50a79
    BEFORE TRUNCATE ON organizations_discountexemption
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_50a79();
COMMENT ON TRIGGER pgtrigger_no_truncate_50a79 ON organizations_discountexemption
    IS '41ab9dd72298215c3d906fcbfb9950f834ac2f2d';

-- Inserted rows become events in organizations_discountexemptionevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_d3250() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_discountexemptionevent" (
        "first_on", "id", "last_on", "organization_id", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "tariff_id"
    )
    SELECT
        new_values."first_on", new_values."id", new_values."last_on", new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."tariff_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_d3250
    AFTER INSERT ON organizations_discountexemption
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_d3250();
COMMENT ON TRIGGER pgtrigger_insert_insert_d3250 ON organizations_discountexemption
    IS '8dbe41473e5188e620dafc3b363c618182f5278a';

-- A changed row becomes an event in organizations_discountexemptionevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_e0ced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_discountexemptionevent" (
        "first_on", "id", "last_on", "organization_id", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "tariff_id"
    )
    VALUES (
        NEW."first_on", NEW."id", NEW."last_on", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."tariff_id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_e0ced
    AFTER UPDATE ON organizations_discountexemption
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_e0ced();
COMMENT ON TRIGGER pgtrigger_update_update_e0ced ON organizations_discountexemption
    IS 'c6bdbe468507bf42ecfb5545003c43bcbdcddd14';

-- Deleted rows become events in organizations_discountexemptionevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_6bf93() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_discountexemptionevent" (
        "first_on", "id", "last_on", "organization_id", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "tariff_id"
    )
    SELECT
        old_values."first_on", old_values."id", old_values."last_on", old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."tariff_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_6bf93
    AFTER DELETE ON organizations_discountexemption
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_6bf93();
COMMENT ON TRIGGER pgtrigger_delete_delete_6bf93 ON organizations_discountexemption
    IS 'f747cb151306e53ff0d7f1da3e8fe27b89c179c6';

-- -------------------------------------------------------------------------------------------------
-- organizations_discountexemptionevent: events of organizations_discountexemption
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_92914() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_92914
    BEFORE TRUNCATE ON organizations_discountexemptionevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_92914();
COMMENT ON TRIGGER pgtrigger_no_truncate_92914 ON organizations_discountexemptionevent
    IS '3d34baf106586ddb34ccf23f2b393d8c2c976967';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_2a6f8() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_2a6f8
    BEFORE UPDATE OR DELETE ON organizations_discountexemptionevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_2a6f8();
COMMENT ON TRIGGER pgtrigger_append_only_2a6f8 ON organizations_discountexemptionevent
    IS '19ab6ec6c0c00b5ae5a9e88a91211a2382ea4c46';

-- -------------------------------------------------------------------------------------------------
-- organizations_fee: fees
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_d7533() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_d7533
    BEFORE TRUNCATE ON organizations_fee
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_d7533();
COMMENT ON TRIGGER pgtrigger_no_truncate_d7533 ON organizations_fee
    IS 'cd094a9115cf59234bf87d66e28a1ef8b3351bcf';

-- Inserted rows become events in organizations_feeevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_22f16() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_feeevent" (
        "amount", "currency", "first_on", "id", "in_trial", "last_on", "name", "organization_id",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        new_values."amount", new_values."currency", new_values."first_on", new_values."id",
        new_values."in_trial", new_values."last_on", new_values."name",
        new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_22f16
    AFTER INSERT ON organizations_fee
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_22f16();
COMMENT ON TRIGGER pgtrigger_insert_insert_22f16 ON organizations_fee
    IS 'd8d536cb1e3e67b82b2f58f384136ddfb8101e83';

-- A changed row becomes an event in organizations_feeevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_38f62() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_feeevent" (
        "amount", "currency", "first_on", "id", "in_trial", "last_on", "name", "organization_id",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    VALUES (
        NEW."amount", NEW."currency", NEW."first_on", NEW."id", NEW."in_trial", NEW."last_on",
        NEW."name", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_38f62
    AFTER UPDATE ON organizations_fee
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_38f62();
COMMENT ON TRIGGER pgtrigger_update_update_38f62 ON organizations_fee
    IS '5148f53f8c3de0c8a0bad2cd0137f52325398866';

-- Deleted rows become events in organizations_feeevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_c284f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_feeevent" (
        "amount", "currency", "first_on", "id", "in_trial", "last_on", "name", "organization_id",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        old_values."amount", old_values."currency", old_values."first_on", old_values."id",
        old_values."in_trial", old_values."last_on", old_values."name",
        old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_c284f
    AFTER DELETE ON organizations_fee
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_c284f();
COMMENT ON TRIGGER pgtrigger_delete_delete_c284f ON organizations_fee
    IS '6dd481d05758e5676bdcbd0b7e8663e083339795';

-- -------------------------------------------------------------------------------------------------
-- organizations_feeevent: events of organizations_fee
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_d58b7() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_d58b7
    BEFORE TRUNCATE ON organizations_feeevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_d58b7();
COMMENT ON TRIGGER pgtrigger_no_truncate_d58b7 ON organizations_feeevent
    IS 'da4e525947e01f3ee420c8b423233e7c8498e259';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_d3d14() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_d3d14
    BEFORE UPDATE OR DELETE ON organizations_feeevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_d3d14();
COMMENT ON TRIGGER pgtrigger_append_only_d3d14 ON organizations_feeevent
    IS '8f234e84033763c496493dde04b1fc00f6996ff1';

-- -------------------------------------------------------------------------------------------------
-- organizations_oneoffcharge: one-off charges
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_26c43() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_26c43
    BEFORE TRUNCATE ON organizations_oneoffcharge
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_26c43();
COMMENT ON TRIGGER pgtrigger_no_truncate_26c43 ON organizations_oneoffcharge
    IS '605a31608c45d35c45836064ccdf72a3ec0a8c2e';

-- Inserted rows become events in organizations_oneoffchargeevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_fd128() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_oneoffchargeevent" (
        "amount", "currency", "day", "id", "organization_id", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "quantity", "reason", "text"
    )
    SELECT
        new_values."amount", new_values."currency", new_values."day", new_values."id",
        new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."quantity", new_values."reason",
        new_values."text"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_fd128
    AFTER INSERT ON organizations_oneoffcharge
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_fd128();
COMMENT ON TRIGGER pgtrigger_insert_insert_fd128 ON organizations_oneoffcharge
    IS 'eb08329328f3d8bee605a173da744ce2e268cab9';

-- A changed row becomes an event in organizations_oneoffchargeevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_73e9c() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_oneoffchargeevent" (
        "amount", "currency", "day", "id", "organization_id", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "quantity", "reason", "text"
    )
    VALUES (
        NEW."amount", NEW."currency", NEW."day", NEW."id", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."quantity", NEW."reason", NEW."text"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_73e9c
    AFTER UPDATE ON organizations_oneoffcharge
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_73e9c();
COMMENT ON TRIGGER pgtrigger_update_update_73e9c ON organizations_oneoffcharge
    IS '9574ab8ae95bd5d9b08febefc9a7032c8a9b108c';

-- Deleted rows become events in organizations_oneoffchargeevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_809f1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_oneoffchargeevent" (
        "amount", "currency", "day", "id", "organization_id", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "quantity", "reason", "text"
    )
    SELECT
        old_values."amount", old_values."currency", old_values."day", old_values."id",
        old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."quantity", old_values."reason",
        old_values."text"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_809f1
    AFTER DELETE ON organizations_oneoffcharge
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_809f1();
COMMENT ON TRIGGER pgtrigger_delete_delete_809f1 ON organizations_oneoffcharge
    IS '6f45d24dc53d3dc3835f4584eeb011e07c9b54ac';

-- -------------------------------------------------------------------------------------------------
-- organizations_oneoffchargeevent: events of organizations_oneoffcharge
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_7c1d5() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_7c1d5
    BEFORE TRUNCATE ON organizations_oneoffchargeevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_7c1d5();
COMMENT ON TRIGGER pgtrigger_no_truncate_7c1d5 ON organizations_oneoffchargeevent
    IS 'c22f3d7d27a4633b9b5cac19432db30f2aed90bd';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_ce7e4() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_ce7e4
    BEFORE UPDATE OR DELETE ON organizations_oneoffchargeevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_ce7e4();
COMMENT ON TRIGGER pgtrigger_append_only_ce7e4 ON organizations_oneoffchargeevent
    IS 'abe1accbb4c5a0f6d78d5287a683c483a78fc829';

-- -------------------------------------------------------------------------------------------------
-- organizations_minimum: minimums
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_7bc4f() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_7bc4f
    BEFORE TRUNCATE ON organizations_minimum
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_7bc4f();
COMMENT ON TRIGGER pgtrigger_no_truncate_7bc4f ON organizations_minimum
    IS '9560551ef243b24ea6bdc340b108cb0a2707624d';

-- Inserted rows become events in organizations_minimumevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_47059() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_minimumevent" (
        "amount", "currency", "first_on", "id", "last_on", "organization_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        new_values."amount", new_values."currency", new_values."first_on", new_values."id",
        new_values."last_on", new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_47059
    AFTER INSERT ON organizations_minimum
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_47059();
COMMENT ON TRIGGER pgtrigger_insert_insert_47059 ON organizations_minimum
    IS 'ac5438239129bc2eb7207faaf5bc149093680429';

-- A changed row becomes an event in organizations_minimumevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_49441() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_minimumevent" (
        "amount", "currency", "first_on", "id", "last_on", "organization_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    VALUES (
        NEW."amount", NEW."currency", NEW."first_on", NEW."id", NEW."last_on",
        NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_49441
    AFTER UPDATE ON organizations_minimum
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_49441();
COMMENT ON TRIGGER pgtrigger_update_update_49441 ON organizations_minimum
    IS 'dad9f204527f1993349c1b1cedef8ffbd906c1ac';

-- Deleted rows become events in organizations_minimumevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_ca663() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_minimumevent" (
        "amount", "currency", "first_on", "id", "last_on", "organization_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        old_values."amount", old_values."currency", old_values."first_on", old_values."id",
        old_values."last_on", old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_ca663
    AFTER DELETE ON organizations_minimum
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_ca663();
COMMENT ON TRIGGER pgtrigger_delete_delete_ca663 ON organizations_minimum
    IS '105145835bf2faadeb8802b7e12784e15401a4b9';

-- -------------------------------------------------------------------------------------------------
-- organizations_minimumevent: events of organizations_minimum
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_77ed7() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_77ed7
    BEFORE TRUNCATE ON organizations_minimumevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_77ed7();
COMMENT ON TRIGGER pgtrigger_no_truncate_77ed7 ON organizations_minimumevent
    IS '87aab15549ebc11170ec9f64f6d91249e8d1ff6e';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_f69e0() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_f69e0
    BEFORE UPDATE OR DELETE ON organizations_minimumevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_f69e0();
COMMENT ON TRIGGER pgtrigger_append_only_f69e0 ON organizations_minimumevent
    IS 'f0a4c97170320387fc95adedf81ff865ec9fb0ab';
