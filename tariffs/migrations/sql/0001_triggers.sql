-- The triggers of this app, as its models declare them, each with its function. The comment on a
-- trigger is pgtrigger's hash of the declaration, by which `manage.py pgtrigger ls` tells whether
-- the trigger is that of the model. A function returns at once if pgtrigger.ignore() names its
-- trigger.

-- -------------------------------------------------------------------------------------------------
-- tariffs_tariff: tariff plans
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_ee3e9() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_ee3e9
    BEFORE TRUNCATE ON tariffs_tariff
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_ee3e9();
COMMENT ON TRIGGER pgtrigger_no_truncate_ee3e9 ON tariffs_tariff
    IS 'f238782343a2c87ed96c07d98384453033f16aca';

-- Inserted rows become events in tariffs_tariffevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_9e26c() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "tariffs_tariffevent" (
        "currency", "dvr_depth_days", "dvr_space_gb", "has_anpr", "id", "is_archived", "is_default",
        "name", "note", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "proration"
    )
    SELECT
        new_values."currency", new_values."dvr_depth_days", new_values."dvr_space_gb",
        new_values."has_anpr", new_values."id", new_values."is_archived", new_values."is_default",
        new_values."name", new_values."note",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."proration"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_9e26c
    AFTER INSERT ON tariffs_tariff
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_9e26c();
COMMENT ON TRIGGER pgtrigger_insert_insert_9e26c ON tariffs_tariff
    IS '62ae969ef162acf9db8b8d3ebf7b26e68039164b';

-- A changed row becomes an event in tariffs_tariffevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_d716d() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "tariffs_tariffevent" (
        "currency", "dvr_depth_days", "dvr_space_gb", "has_anpr", "id", "is_archived", "is_default",
        "name", "note", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "proration"
    )
    VALUES (
        NEW."currency", NEW."dvr_depth_days", NEW."dvr_space_gb", NEW."has_anpr", NEW."id",
        NEW."is_archived", NEW."is_default", NEW."name", NEW."note",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."proration"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_d716d
    AFTER UPDATE ON tariffs_tariff
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_d716d();
COMMENT ON TRIGGER pgtrigger_update_update_d716d ON tariffs_tariff
    IS '0c2cf83c1dfc64fba95029c54ccad52ecffba8ae';

-- Deleted rows become events in tariffs_tariffevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_a9a96() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "tariffs_tariffevent" (
        "currency", "dvr_depth_days", "dvr_space_gb", "has_anpr", "id", "is_archived", "is_default",
        "name", "note", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "proration"
    )
    SELECT
        old_values."currency", old_values."dvr_depth_days", old_values."dvr_space_gb",
        old_values."has_anpr", old_values."id", old_values."is_archived", old_values."is_default",
        old_values."name", old_values."note",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."proration"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_a9a96
    AFTER DELETE ON tariffs_tariff
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_a9a96();
COMMENT ON TRIGGER pgtrigger_delete_delete_a9a96 ON tariffs_tariff
    IS '3b6cf98c7569a5b794807926f1234c6682cf135f';

-- -------------------------------------------------------------------------------------------------
-- tariffs_tariffevent: events of tariffs_tariff
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_51578() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_51578
    BEFORE TRUNCATE ON tariffs_tariffevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_51578();
COMMENT ON TRIGGER pgtrigger_no_truncate_51578 ON tariffs_tariffevent
    IS 'f6b9b9fe6bbfe612812a5612f4c364f637d63b7e';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_e0e43() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_e0e43
    BEFORE UPDATE OR DELETE ON tariffs_tariffevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_e0e43();
COMMENT ON TRIGGER pgtrigger_append_only_e0e43 ON tariffs_tariffevent
    IS 'c6f2c5e3e7625b48c24330447c49761897cedf5c';

-- -------------------------------------------------------------------------------------------------
-- tariffs_tariffprice: prices of tariff plans, by date
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_65053() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_65053
    BEFORE TRUNCATE ON tariffs_tariffprice
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_65053();
COMMENT ON TRIGGER pgtrigger_no_truncate_65053 ON tariffs_tariffprice
    IS 'e15faa965cc2057ec0d33e5e3ce6ae2d401e579a';

-- Inserted rows become events in tariffs_tariffpriceevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_10bec() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "tariffs_tariffpriceevent" (
        "amount", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tariff_id",
        "valid_from"
    )
    SELECT
        new_values."amount", new_values."id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."tariff_id", new_values."valid_from"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_10bec
    AFTER INSERT ON tariffs_tariffprice
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_10bec();
COMMENT ON TRIGGER pgtrigger_insert_insert_10bec ON tariffs_tariffprice
    IS 'bae4d1750f061e02a5feb02879b70c7b33b5df4b';

-- A changed row becomes an event in tariffs_tariffpriceevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_1a9e5() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "tariffs_tariffpriceevent" (
        "amount", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tariff_id",
        "valid_from"
    )
    VALUES (
        NEW."amount", NEW."id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."tariff_id", NEW."valid_from"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_1a9e5
    AFTER UPDATE ON tariffs_tariffprice
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_1a9e5();
COMMENT ON TRIGGER pgtrigger_update_update_1a9e5 ON tariffs_tariffprice
    IS '1ee0fdf971f54d02fb5bdc20277a0bbfa09e385e';

-- Deleted rows become events in tariffs_tariffpriceevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_67103() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "tariffs_tariffpriceevent" (
        "amount", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "tariff_id",
        "valid_from"
    )
    SELECT
        old_values."amount", old_values."id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."tariff_id", old_values."valid_from"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_67103
    AFTER DELETE ON tariffs_tariffprice
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_67103();
COMMENT ON TRIGGER pgtrigger_delete_delete_67103 ON tariffs_tariffprice
    IS 'b082315de58babe63a1b531381b67af43e01a8c7';

-- -------------------------------------------------------------------------------------------------
-- tariffs_tariffpriceevent: events of tariffs_tariffprice
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_e76da() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_e76da
    BEFORE TRUNCATE ON tariffs_tariffpriceevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_e76da();
COMMENT ON TRIGGER pgtrigger_no_truncate_e76da ON tariffs_tariffpriceevent
    IS 'f99d2810d502527df09dd91504d00d0fa7b8106f';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_f1d22() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_f1d22
    BEFORE UPDATE OR DELETE ON tariffs_tariffpriceevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_f1d22();
COMMENT ON TRIGGER pgtrigger_append_only_f1d22 ON tariffs_tariffpriceevent
    IS 'b5a5d15f180c64fed4c1112f0132d290cbf9ae30';
