-- Audit of scheduled runs. A function returns at once if pgtrigger.ignore() names its trigger.

-- -------------------------------------------------------------------------------------------------
-- invoices_runschedule: scheduled runs
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_34286() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_34286
    BEFORE TRUNCATE ON invoices_runschedule
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_34286();
COMMENT ON TRIGGER pgtrigger_no_truncate_34286 ON invoices_runschedule
    IS 'd0a8dc34e0bf69af4bcfd86be82408675864b2cc';

-- Inserted rows become events in invoices_runscheduleevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_25389() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_runscheduleevent" (
        "action", "at", "day", "id", "is_paused", "next_on", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id"
    )
    SELECT
        new_values."action", new_values."at", new_values."day", new_values."id",
        new_values."is_paused", new_values."next_on",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_25389
    AFTER INSERT ON invoices_runschedule
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_25389();
COMMENT ON TRIGGER pgtrigger_insert_insert_25389 ON invoices_runschedule
    IS 'f18ef1d7f68ed32560ecf16ec0b69b92956b7376';

-- A changed row becomes an event in invoices_runscheduleevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_4a3cd() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "invoices_runscheduleevent" (
        "action", "at", "day", "id", "is_paused", "next_on", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id"
    )
    VALUES (
        NEW."action", NEW."at", NEW."day", NEW."id", NEW."is_paused", NEW."next_on",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_4a3cd
    AFTER UPDATE ON invoices_runschedule
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_4a3cd();
COMMENT ON TRIGGER pgtrigger_update_update_4a3cd ON invoices_runschedule
    IS '9515f8469236dbb03163f37d7617e01a38bbc638';

-- Deleted rows become events in invoices_runscheduleevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_bd03c() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_runscheduleevent" (
        "action", "at", "day", "id", "is_paused", "next_on", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id"
    )
    SELECT
        old_values."action", old_values."at", old_values."day", old_values."id",
        old_values."is_paused", old_values."next_on",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_bd03c
    AFTER DELETE ON invoices_runschedule
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_bd03c();
COMMENT ON TRIGGER pgtrigger_delete_delete_bd03c ON invoices_runschedule
    IS '45d2be5dd062b620cf8a7da11c8f532504d47bd0';

-- -------------------------------------------------------------------------------------------------
-- invoices_runscheduleevent: events of invoices_runschedule
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_108b5() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_108b5
    BEFORE TRUNCATE ON invoices_runscheduleevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_108b5();
COMMENT ON TRIGGER pgtrigger_no_truncate_108b5 ON invoices_runscheduleevent
    IS '416d25df6a9ea2d013f1b015537c87bdd1ce6f0e';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_3d621() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_3d621
    BEFORE UPDATE OR DELETE ON invoices_runscheduleevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_3d621();
COMMENT ON TRIGGER pgtrigger_append_only_3d621 ON invoices_runscheduleevent
    IS 'd6dad385d09d0c053a562d934f16e7179dd2fc78';
