-- The triggers of this app, as its models declare them, each with its function. The comment on a
-- trigger is pgtrigger's hash of the declaration.

-- -------------------------------------------------------------------------------------------------
-- reminders_arrangement: arrangements about reminders
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_001ba() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_001ba
    BEFORE TRUNCATE ON reminders_arrangement
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_001ba();
COMMENT ON TRIGGER pgtrigger_no_truncate_001ba ON reminders_arrangement
    IS '07c2d4d040a625d7fd8ff54a28fa90d55b5a4a12';

-- Inserted rows become events in reminders_arrangementevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_c581f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "reminders_arrangementevent" (
        "charges_fees", "charges_interest", "extra_days", "first_on", "id", "is_pause", "last_on",
        "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason"
    )
    SELECT
        new_values."charges_fees", new_values."charges_interest", new_values."extra_days",
        new_values."first_on", new_values."id", new_values."is_pause", new_values."last_on",
        new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."reason"
    FROM ( SELECT new_values.* FROM new_values ) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_c581f
    AFTER INSERT ON reminders_arrangement
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_c581f();
COMMENT ON TRIGGER pgtrigger_insert_insert_c581f ON reminders_arrangement
    IS 'e75b4abdc84e35274b1a3832f55e2026bb269001';

-- A changed row becomes an event in reminders_arrangementevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_cac92() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "reminders_arrangementevent" (
        "charges_fees", "charges_interest", "extra_days", "first_on", "id", "is_pause", "last_on",
        "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason"
    )
    VALUES (
        NEW."charges_fees", NEW."charges_interest", NEW."extra_days", NEW."first_on", NEW."id",
        NEW."is_pause", NEW."last_on", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."reason"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_cac92
    AFTER UPDATE ON reminders_arrangement
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_cac92();
COMMENT ON TRIGGER pgtrigger_update_update_cac92 ON reminders_arrangement
    IS '19fb2e26292b4dbb9cdaa198161bd8fec9b31782';

-- Deleted rows become events in reminders_arrangementevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_a1aea() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "reminders_arrangementevent" (
        "charges_fees", "charges_interest", "extra_days", "first_on", "id", "is_pause", "last_on",
        "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason"
    )
    SELECT
        old_values."charges_fees", old_values."charges_interest", old_values."extra_days",
        old_values."first_on", old_values."id", old_values."is_pause", old_values."last_on",
        old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."reason"
    FROM ( SELECT old_values.* FROM old_values ) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_a1aea
    AFTER DELETE ON reminders_arrangement
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_a1aea();
COMMENT ON TRIGGER pgtrigger_delete_delete_a1aea ON reminders_arrangement
    IS 'd0644e84681a978d6cc23614f19d32d44d6aa48d';

-- -------------------------------------------------------------------------------------------------
-- reminders_arrangementevent: arrangement events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_ad404() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_ad404
    BEFORE TRUNCATE ON reminders_arrangementevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_ad404();
COMMENT ON TRIGGER pgtrigger_no_truncate_ad404 ON reminders_arrangementevent
    IS '0a8a86f6b8b5cff133461f476aa959e2a0479feb';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_314b2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_314b2
    BEFORE UPDATE OR DELETE ON reminders_arrangementevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_314b2();
COMMENT ON TRIGGER pgtrigger_append_only_314b2 ON reminders_arrangementevent
    IS 'ee66520d26c1ec521b8977a4f4f9979bc006ebc5';

-- -------------------------------------------------------------------------------------------------
-- reminders_level: reminder levels
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_62eeb() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_62eeb
    BEFORE TRUNCATE ON reminders_level
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_62eeb();
COMMENT ON TRIGGER pgtrigger_no_truncate_62eeb ON reminders_level
    IS 'db164e38676da6c0975e19536343a3e7f6ad7325';

-- Inserted rows become events in reminders_levelevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_e7f58() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "reminders_levelevent" (
        "days", "days_to_pay", "id", "is_active", "name", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "rate"
    )
    SELECT
        new_values."days", new_values."days_to_pay", new_values."id", new_values."is_active",
        new_values."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."rate"
    FROM ( SELECT new_values.* FROM new_values ) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_e7f58
    AFTER INSERT ON reminders_level
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_e7f58();
COMMENT ON TRIGGER pgtrigger_insert_insert_e7f58 ON reminders_level
    IS '0b146954646fb516c3afd8129ab6f3d4f0d0f37b';

-- A changed row becomes an event in reminders_levelevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_fc92e() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "reminders_levelevent" (
        "days", "days_to_pay", "id", "is_active", "name", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "rate"
    )
    VALUES (
        NEW."days", NEW."days_to_pay", NEW."id", NEW."is_active", NEW."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."rate"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_fc92e
    AFTER UPDATE ON reminders_level
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_fc92e();
COMMENT ON TRIGGER pgtrigger_update_update_fc92e ON reminders_level
    IS '61349a8a159939ce85c420f425b2de39c75fcd66';

-- Deleted rows become events in reminders_levelevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_0fdbf() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "reminders_levelevent" (
        "days", "days_to_pay", "id", "is_active", "name", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "rate"
    )
    SELECT
        old_values."days", old_values."days_to_pay", old_values."id", old_values."is_active",
        old_values."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."rate"
    FROM ( SELECT old_values.* FROM old_values ) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_0fdbf
    AFTER DELETE ON reminders_level
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_0fdbf();
COMMENT ON TRIGGER pgtrigger_delete_delete_0fdbf ON reminders_level
    IS 'f766afde5f278f2bf48fbc72a2747da5fce55879';

-- -------------------------------------------------------------------------------------------------
-- reminders_levelevent: level events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_5a707() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_5a707
    BEFORE TRUNCATE ON reminders_levelevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_5a707();
COMMENT ON TRIGGER pgtrigger_no_truncate_5a707 ON reminders_levelevent
    IS 'c77ac8802e3b652dca808f6f136af2e4fc3c9f6b';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_dac42() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_dac42
    BEFORE UPDATE OR DELETE ON reminders_levelevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_dac42();
COMMENT ON TRIGGER pgtrigger_append_only_dac42 ON reminders_levelevent
    IS '3e5c26318bc68cb3a82776964b71ae9f1a9a85b3';

-- -------------------------------------------------------------------------------------------------
-- reminders_levelfee: reminder fees
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_a0e8e() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_a0e8e
    BEFORE TRUNCATE ON reminders_levelfee
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_a0e8e();
COMMENT ON TRIGGER pgtrigger_no_truncate_a0e8e ON reminders_levelfee
    IS 'd3cfbac7f7c101cc18bab4dd6effa084336a2f8d';

-- Inserted rows become events in reminders_levelfeeevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_454e6() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "reminders_levelfeeevent" (
        "amount", "currency", "id", "level_id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id"
    )
    SELECT
        new_values."amount", new_values."currency", new_values."id", new_values."level_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id"
    FROM ( SELECT new_values.* FROM new_values ) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_454e6
    AFTER INSERT ON reminders_levelfee
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_454e6();
COMMENT ON TRIGGER pgtrigger_insert_insert_454e6 ON reminders_levelfee
    IS '922b475999055ea31d25249e12289cd61a52868b';

-- A changed row becomes an event in reminders_levelfeeevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_45a7f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "reminders_levelfeeevent" (
        "amount", "currency", "id", "level_id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id"
    )
    VALUES (
        NEW."amount", NEW."currency", NEW."id", NEW."level_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_45a7f
    AFTER UPDATE ON reminders_levelfee
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_45a7f();
COMMENT ON TRIGGER pgtrigger_update_update_45a7f ON reminders_levelfee
    IS '5266e2fdffb282fe9adf5e41eb93029705b20b73';

-- Deleted rows become events in reminders_levelfeeevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_3d46a() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "reminders_levelfeeevent" (
        "amount", "currency", "id", "level_id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id"
    )
    SELECT
        old_values."amount", old_values."currency", old_values."id", old_values."level_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id"
    FROM ( SELECT old_values.* FROM old_values ) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_3d46a
    AFTER DELETE ON reminders_levelfee
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_3d46a();
COMMENT ON TRIGGER pgtrigger_delete_delete_3d46a ON reminders_levelfee
    IS '3766d2a29b7f5182dfd6a0dc9a739d3e8f8a41c0';

-- -------------------------------------------------------------------------------------------------
-- reminders_levelfeeevent: level fee events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_c7316() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_c7316
    BEFORE TRUNCATE ON reminders_levelfeeevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_c7316();
COMMENT ON TRIGGER pgtrigger_no_truncate_c7316 ON reminders_levelfeeevent
    IS '5d0d050a6a23b6771f9b93b3ec409671bc95c572';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_08fe0() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_08fe0
    BEFORE UPDATE OR DELETE ON reminders_levelfeeevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_08fe0();
COMMENT ON TRIGGER pgtrigger_append_only_08fe0 ON reminders_levelfeeevent
    IS 'e7c477654f4b5f003294fb3362148483f9458bcc';

-- -------------------------------------------------------------------------------------------------
-- reminders_leveltext: texts of reminders
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_e0d2b() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_e0d2b
    BEFORE TRUNCATE ON reminders_leveltext
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_e0d2b();
COMMENT ON TRIGGER pgtrigger_no_truncate_e0d2b ON reminders_leveltext
    IS '3f046c755fdeb7aff3016b1fae0595289b708bb8';

-- Inserted rows become events in reminders_leveltextevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_9d62a() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "reminders_leveltextevent" (
        "id", "introduction", "language", "level_id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "subject"
    )
    SELECT
        new_values."id", new_values."introduction", new_values."language", new_values."level_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."subject"
    FROM ( SELECT new_values.* FROM new_values ) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_9d62a
    AFTER INSERT ON reminders_leveltext
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_9d62a();
COMMENT ON TRIGGER pgtrigger_insert_insert_9d62a ON reminders_leveltext
    IS '37d454c1be79d36c1abe82e22cc521c014586d42';

-- A changed row becomes an event in reminders_leveltextevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_e8562() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "reminders_leveltextevent" (
        "id", "introduction", "language", "level_id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "subject"
    )
    VALUES (
        NEW."id", NEW."introduction", NEW."language", NEW."level_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."subject"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_e8562
    AFTER UPDATE ON reminders_leveltext
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_e8562();
COMMENT ON TRIGGER pgtrigger_update_update_e8562 ON reminders_leveltext
    IS 'ccd191f0925751c33c8bb997e32a900c80c1f199';

-- Deleted rows become events in reminders_leveltextevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_666cd() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "reminders_leveltextevent" (
        "id", "introduction", "language", "level_id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "subject"
    )
    SELECT
        old_values."id", old_values."introduction", old_values."language", old_values."level_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."subject"
    FROM ( SELECT old_values.* FROM old_values ) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_666cd
    AFTER DELETE ON reminders_leveltext
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_666cd();
COMMENT ON TRIGGER pgtrigger_delete_delete_666cd ON reminders_leveltext
    IS 'b84da14d5c2e84014b8807ab33902ca2f835f0ed';

-- -------------------------------------------------------------------------------------------------
-- reminders_leveltextevent: level text events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_6ad87() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_6ad87
    BEFORE TRUNCATE ON reminders_leveltextevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_6ad87();
COMMENT ON TRIGGER pgtrigger_no_truncate_6ad87 ON reminders_leveltextevent
    IS '88fc841a1b8b5aa8728e9efe2c05ad4467082a8d';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_123bd() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_123bd
    BEFORE UPDATE OR DELETE ON reminders_leveltextevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_123bd();
COMMENT ON TRIGGER pgtrigger_append_only_123bd ON reminders_leveltextevent
    IS 'ee9a5fd1ea236a16c3f543f930e75109e8409fea';

-- -------------------------------------------------------------------------------------------------
-- reminders_paymentpromise: promises to pay
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_13eb8() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_13eb8
    BEFORE TRUNCATE ON reminders_paymentpromise
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_13eb8();
COMMENT ON TRIGGER pgtrigger_no_truncate_13eb8 ON reminders_paymentpromise
    IS 'c331cdf922734bd3ced6098eb785ba307dbdbc52';

-- Inserted rows become events in reminders_paymentpromiseevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_8955d() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "reminders_paymentpromiseevent" (
        "amount", "currency", "first_on", "id", "last_on", "note", "organization_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        new_values."amount", new_values."currency", new_values."first_on", new_values."id",
        new_values."last_on", new_values."note", new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id"
    FROM ( SELECT new_values.* FROM new_values ) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_8955d
    AFTER INSERT ON reminders_paymentpromise
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_8955d();
COMMENT ON TRIGGER pgtrigger_insert_insert_8955d ON reminders_paymentpromise
    IS '947880a16d34ae1780e070efd2abe2651294e11c';

-- A changed row becomes an event in reminders_paymentpromiseevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_54017() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "reminders_paymentpromiseevent" (
        "amount", "currency", "first_on", "id", "last_on", "note", "organization_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    VALUES (
        NEW."amount", NEW."currency", NEW."first_on", NEW."id", NEW."last_on", NEW."note",
        NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_54017
    AFTER UPDATE ON reminders_paymentpromise
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_54017();
COMMENT ON TRIGGER pgtrigger_update_update_54017 ON reminders_paymentpromise
    IS '2d2d45d757e4afd300b837603cf57f36fb02bcf9';

-- Deleted rows become events in reminders_paymentpromiseevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_9e156() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "reminders_paymentpromiseevent" (
        "amount", "currency", "first_on", "id", "last_on", "note", "organization_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        old_values."amount", old_values."currency", old_values."first_on", old_values."id",
        old_values."last_on", old_values."note", old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id"
    FROM ( SELECT old_values.* FROM old_values ) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_9e156
    AFTER DELETE ON reminders_paymentpromise
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_9e156();
COMMENT ON TRIGGER pgtrigger_delete_delete_9e156 ON reminders_paymentpromise
    IS 'da6dc7980e81e2c0431b2220764c43cbbde64ee7';

-- -------------------------------------------------------------------------------------------------
-- reminders_paymentpromiseevent: payment promise events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_d9822() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_d9822
    BEFORE TRUNCATE ON reminders_paymentpromiseevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_d9822();
COMMENT ON TRIGGER pgtrigger_no_truncate_d9822 ON reminders_paymentpromiseevent
    IS 'f999e6bd87cf1bdf6489245e8fbbf1d7451fd430';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_2ff86() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_2ff86
    BEFORE UPDATE OR DELETE ON reminders_paymentpromiseevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_2ff86();
COMMENT ON TRIGGER pgtrigger_append_only_2ff86 ON reminders_paymentpromiseevent
    IS 'beb8d13bd8ffc4f4795dd81f217eb43ac4e2e1f9';

-- -------------------------------------------------------------------------------------------------
-- reminders_reminder: reminders
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_c3553() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_c3553
    BEFORE TRUNCATE ON reminders_reminder
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_c3553();
COMMENT ON TRIGGER pgtrigger_no_truncate_c3553 ON reminders_reminder
    IS '5e3081d697a93677ca1b227a3dec1aec2f855f23';

-- Inserted rows become events in reminders_reminderevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_3d2e2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "reminders_reminderevent" (
        "as_of", "currency", "decided_at", "decided_by_id", "due_on", "fee", "fee_charge_id",
        "follow_up", "follow_up_reason", "id", "interest", "introduction", "is_last", "language",
        "level_id", "organization_id", "owner_id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "proposed_at", "reason", "state", "subject", "total"
    )
    SELECT
        new_values."as_of", new_values."currency", new_values."decided_at",
        new_values."decided_by_id", new_values."due_on", new_values."fee",
        new_values."fee_charge_id", new_values."follow_up", new_values."follow_up_reason",
        new_values."id", new_values."interest", new_values."introduction", new_values."is_last",
        new_values."language", new_values."level_id", new_values."organization_id",
        new_values."owner_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."proposed_at", new_values."reason",
        new_values."state", new_values."subject", new_values."total"
    FROM ( SELECT new_values.* FROM new_values ) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_3d2e2
    AFTER INSERT ON reminders_reminder
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_3d2e2();
COMMENT ON TRIGGER pgtrigger_insert_insert_3d2e2 ON reminders_reminder
    IS 'f27004bc2dc3da47976fbc650df5b3b1246dddb2';

-- A changed row becomes an event in reminders_reminderevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_c3ab0() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "reminders_reminderevent" (
        "as_of", "currency", "decided_at", "decided_by_id", "due_on", "fee", "fee_charge_id",
        "follow_up", "follow_up_reason", "id", "interest", "introduction", "is_last", "language",
        "level_id", "organization_id", "owner_id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "proposed_at", "reason", "state", "subject", "total"
    )
    VALUES (
        NEW."as_of", NEW."currency", NEW."decided_at", NEW."decided_by_id", NEW."due_on", NEW."fee",
        NEW."fee_charge_id", NEW."follow_up", NEW."follow_up_reason", NEW."id", NEW."interest",
        NEW."introduction", NEW."is_last", NEW."language", NEW."level_id", NEW."organization_id",
        NEW."owner_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."proposed_at", NEW."reason", NEW."state", NEW."subject",
        NEW."total"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_c3ab0
    AFTER UPDATE ON reminders_reminder
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_c3ab0();
COMMENT ON TRIGGER pgtrigger_update_update_c3ab0 ON reminders_reminder
    IS 'cafd902fc073541fd2c0397ea99faa246c9ba69f';

-- Deleted rows become events in reminders_reminderevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_fe464() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "reminders_reminderevent" (
        "as_of", "currency", "decided_at", "decided_by_id", "due_on", "fee", "fee_charge_id",
        "follow_up", "follow_up_reason", "id", "interest", "introduction", "is_last", "language",
        "level_id", "organization_id", "owner_id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "proposed_at", "reason", "state", "subject", "total"
    )
    SELECT
        old_values."as_of", old_values."currency", old_values."decided_at",
        old_values."decided_by_id", old_values."due_on", old_values."fee",
        old_values."fee_charge_id", old_values."follow_up", old_values."follow_up_reason",
        old_values."id", old_values."interest", old_values."introduction", old_values."is_last",
        old_values."language", old_values."level_id", old_values."organization_id",
        old_values."owner_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."proposed_at", old_values."reason",
        old_values."state", old_values."subject", old_values."total"
    FROM ( SELECT old_values.* FROM old_values ) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_fe464
    AFTER DELETE ON reminders_reminder
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_fe464();
COMMENT ON TRIGGER pgtrigger_delete_delete_fe464 ON reminders_reminder
    IS '19ef9fc2079d9110329847ae01ed413cbaa2c122';

-- Reminders that were sent or skipped cannot be deleted.
CREATE FUNCTION pgtrigger_decided_stay_6add6() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_decided_stay_6add6
    BEFORE DELETE ON reminders_reminder
    FOR EACH ROW
    WHEN (OLD.state IN ('sent', 'skipped'))
    EXECUTE FUNCTION pgtrigger_decided_stay_6add6();
COMMENT ON TRIGGER pgtrigger_decided_stay_6add6 ON reminders_reminder
    IS '7e4c14e179103f7a3a823e5c20d7a85530991347';

-- What was sent or skipped does not change; what follows it does.
CREATE FUNCTION pgtrigger_sent_stays_83bc8() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF (
        NEW.organization_id, NEW.owner_id, NEW.currency, NEW.level_id, NEW.is_last,
        NEW.state, NEW.as_of, NEW.total, NEW.fee, NEW.interest, NEW.due_on,
        NEW.language, NEW.subject, NEW.introduction, NEW.decided_at,
        NEW.decided_by_id, NEW.reason
    ) IS DISTINCT FROM (
        OLD.organization_id, OLD.owner_id, OLD.currency, OLD.level_id, OLD.is_last,
        OLD.state, OLD.as_of, OLD.total, OLD.fee, OLD.interest, OLD.due_on,
        OLD.language, OLD.subject, OLD.introduction, OLD.decided_at,
        OLD.decided_by_id, OLD.reason
    ) THEN
        RAISE EXCEPTION 'reminder % is decided', OLD.id;
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER pgtrigger_sent_stays_83bc8
    BEFORE UPDATE ON reminders_reminder
    FOR EACH ROW
    WHEN (OLD.state IN ('sent', 'skipped'))
    EXECUTE FUNCTION pgtrigger_sent_stays_83bc8();
COMMENT ON TRIGGER pgtrigger_sent_stays_83bc8 ON reminders_reminder
    IS '098b3b7541fbbf7e95c58b69bfc9d55d701f5b27';

-- -------------------------------------------------------------------------------------------------
-- reminders_reminderevent: reminder events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_56cec() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_56cec
    BEFORE TRUNCATE ON reminders_reminderevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_56cec();
COMMENT ON TRIGGER pgtrigger_no_truncate_56cec ON reminders_reminderevent
    IS '81a0ed5dd4cf9b6ca4405b056029c2f549debe81';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_f6b82() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_f6b82
    BEFORE UPDATE OR DELETE ON reminders_reminderevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_f6b82();
COMMENT ON TRIGGER pgtrigger_append_only_f6b82 ON reminders_reminderevent
    IS '67c06c48290c80195a599ddc481a1aa5d03ab237';

-- -------------------------------------------------------------------------------------------------
-- reminders_reminderitem: invoices of reminders
-- -------------------------------------------------------------------------------------------------

-- The invoices of such reminders stay, too.
CREATE FUNCTION pgtrigger_decided_stay_9da8c() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF EXISTS (
        SELECT FROM reminders_reminder
        WHERE id = OLD.reminder_id AND state IN ('sent', 'skipped')
    ) THEN
        RAISE EXCEPTION 'reminder % is decided', OLD.reminder_id;
    END IF;
    RETURN OLD;
END;
$$;
CREATE TRIGGER pgtrigger_decided_stay_9da8c
    BEFORE DELETE ON reminders_reminderitem
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_decided_stay_9da8c();
COMMENT ON TRIGGER pgtrigger_decided_stay_9da8c ON reminders_reminderitem
    IS 'cbda2334b212643c66a194642b89d3b3473dfe91';

-- -------------------------------------------------------------------------------------------------
-- reminders_remindersettings: reminder settings
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_fe1ca() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_fe1ca
    BEFORE TRUNCATE ON reminders_remindersettings
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_fe1ca();
COMMENT ON TRIGGER pgtrigger_no_truncate_fe1ca ON reminders_remindersettings
    IS 'a16179264f590f146c34bb90b3f2813db2300d8e';

-- Inserted rows become events in reminders_remindersettingsevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_007af() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "reminders_remindersettingsevent" (
        "id", "is_automatic", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        new_values."id", new_values."is_automatic",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id"
    FROM ( SELECT new_values.* FROM new_values ) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_007af
    AFTER INSERT ON reminders_remindersettings
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_007af();
COMMENT ON TRIGGER pgtrigger_insert_insert_007af ON reminders_remindersettings
    IS 'eaccdb0fbce40b6fa6bc30ef0bc3a3947cd7627e';

-- A changed row becomes an event in reminders_remindersettingsevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_11478() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "reminders_remindersettingsevent" (
        "id", "is_automatic", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    VALUES (
        NEW."id", NEW."is_automatic",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_11478
    AFTER UPDATE ON reminders_remindersettings
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_11478();
COMMENT ON TRIGGER pgtrigger_update_update_11478 ON reminders_remindersettings
    IS '2b0a5df80dc4a56c64139245809c32a01aef0585';

-- Deleted rows become events in reminders_remindersettingsevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_f2787() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "reminders_remindersettingsevent" (
        "id", "is_automatic", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        old_values."id", old_values."is_automatic",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id"
    FROM ( SELECT old_values.* FROM old_values ) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_f2787
    AFTER DELETE ON reminders_remindersettings
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_f2787();
COMMENT ON TRIGGER pgtrigger_delete_delete_f2787 ON reminders_remindersettings
    IS '334f334856a552550896baca108cf27db2649179';

-- -------------------------------------------------------------------------------------------------
-- reminders_remindersettingsevent: reminder settings events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_fe37f() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_fe37f
    BEFORE TRUNCATE ON reminders_remindersettingsevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_fe37f();
COMMENT ON TRIGGER pgtrigger_no_truncate_fe37f ON reminders_remindersettingsevent
    IS '79229fc9beb8bb7ab23d0afb9ed25ddfdcd84c19';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_3005a() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_3005a
    BEFORE UPDATE OR DELETE ON reminders_remindersettingsevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_3005a();
COMMENT ON TRIGGER pgtrigger_append_only_3005a ON reminders_remindersettingsevent
    IS '640473a5d3d31bb9604bb442e3a51d4db1d9222f';

-- -------------------------------------------------------------------------------------------------
-- reminders_smallamount: least amounts of reminders
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_fdb9f() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_fdb9f
    BEFORE TRUNCATE ON reminders_smallamount
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_fdb9f();
COMMENT ON TRIGGER pgtrigger_no_truncate_fdb9f ON reminders_smallamount
    IS 'ac776d635c3e11d5c744ed3caca5dd4b5da31821';

-- Inserted rows become events in reminders_smallamountevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_57590() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "reminders_smallamountevent" (
        "amount", "currency", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        new_values."amount", new_values."currency", new_values."id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id"
    FROM ( SELECT new_values.* FROM new_values ) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_57590
    AFTER INSERT ON reminders_smallamount
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_57590();
COMMENT ON TRIGGER pgtrigger_insert_insert_57590 ON reminders_smallamount
    IS '68e7c64777e187851403ea20a762ad0b978e98b4';

-- A changed row becomes an event in reminders_smallamountevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_a237c() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "reminders_smallamountevent" (
        "amount", "currency", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    VALUES (
        NEW."amount", NEW."currency", NEW."id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_a237c
    AFTER UPDATE ON reminders_smallamount
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_a237c();
COMMENT ON TRIGGER pgtrigger_update_update_a237c ON reminders_smallamount
    IS 'b40515f9becf42e4bd1193f1d86b6999a204c141';

-- Deleted rows become events in reminders_smallamountevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_ce61b() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "reminders_smallamountevent" (
        "amount", "currency", "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        old_values."amount", old_values."currency", old_values."id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id"
    FROM ( SELECT old_values.* FROM old_values ) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_ce61b
    AFTER DELETE ON reminders_smallamount
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_ce61b();
COMMENT ON TRIGGER pgtrigger_delete_delete_ce61b ON reminders_smallamount
    IS 'ff440883b4afc9eedc5b3f18f93fe99b8db20d51';

-- -------------------------------------------------------------------------------------------------
-- reminders_smallamountevent: small amount events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_c9427() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_c9427
    BEFORE TRUNCATE ON reminders_smallamountevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_c9427();
COMMENT ON TRIGGER pgtrigger_no_truncate_c9427 ON reminders_smallamountevent
    IS '828abcf5ed457378f28f55b5fff75c1513a1c9fc';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_5e1a0() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_5e1a0
    BEFORE UPDATE OR DELETE ON reminders_smallamountevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_5e1a0();
COMMENT ON TRIGGER pgtrigger_append_only_5e1a0 ON reminders_smallamountevent
    IS '81dae71a84408d52fb28fba6147516cc528c7c82';
