-- The triggers of volume steps, as the models declare them; see 0001_triggers.sql.

-- -------------------------------------------------------------------------------------------------
-- tariffs_volumestep: volume steps
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_eb51e() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_eb51e
    BEFORE TRUNCATE ON tariffs_volumestep
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_eb51e();
COMMENT ON TRIGGER pgtrigger_no_truncate_eb51e ON tariffs_volumestep
    IS 'a9d4d4d97eb0e8a363daca323d10e02eace47fad';

-- Inserted rows become events in tariffs_volumestepevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_73fbd() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "tariffs_volumestepevent" (
        "amount", "camera_months", "id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "price_id"
    )
    SELECT
        new_values."amount", new_values."camera_months", new_values."id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."price_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_73fbd
    AFTER INSERT ON tariffs_volumestep
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_73fbd();
COMMENT ON TRIGGER pgtrigger_insert_insert_73fbd ON tariffs_volumestep
    IS 'b335946e353e02db0746bb9651f54f2e63badcae';

-- A changed row becomes an event in tariffs_volumestepevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_6e440() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "tariffs_volumestepevent" (
        "amount", "camera_months", "id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "price_id"
    )
    VALUES (
        NEW."amount", NEW."camera_months", NEW."id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."price_id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_6e440
    AFTER UPDATE ON tariffs_volumestep
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_6e440();
COMMENT ON TRIGGER pgtrigger_update_update_6e440 ON tariffs_volumestep
    IS '32c4c14424c780e0857a6dd478a1500861971c66';

-- Deleted rows become events in tariffs_volumestepevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_187f2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "tariffs_volumestepevent" (
        "amount", "camera_months", "id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "price_id"
    )
    SELECT
        old_values."amount", old_values."camera_months", old_values."id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."price_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_187f2
    AFTER DELETE ON tariffs_volumestep
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_187f2();
COMMENT ON TRIGGER pgtrigger_delete_delete_187f2 ON tariffs_volumestep
    IS 'af87a067c242d49973619b87e51d9c37cb121af0';

-- -------------------------------------------------------------------------------------------------
-- tariffs_volumestepevent: events of tariffs_volumestep
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_5ef86() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_5ef86
    BEFORE TRUNCATE ON tariffs_volumestepevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_5ef86();
COMMENT ON TRIGGER pgtrigger_no_truncate_5ef86 ON tariffs_volumestepevent
    IS '1aa55acabd7f6ba1e02905675ffc173a4341ecb1';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_e00ca() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_e00ca
    BEFORE UPDATE OR DELETE ON tariffs_volumestepevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_e00ca();
COMMENT ON TRIGGER pgtrigger_append_only_e00ca ON tariffs_volumestepevent
    IS '6afc45ced1107de9460378a7083368eb0bed1395';
