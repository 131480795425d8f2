-- Changes of the settings of reading are recorded without the DVR depth that means no archive.

-- Inserted rows become events in watcher_readingsettingsevent; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_insert_insert_e923f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "watcher_readingsettingsevent" (
        "charges_disabled", "every_minutes", "id", "most_vanished_percent", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "standstill_minutes"
    )
    SELECT
        new_values."charges_disabled", new_values."every_minutes", new_values."id",
        new_values."most_vanished_percent",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."standstill_minutes"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_insert_insert_e923f ON watcher_readingsettings
    IS '9008cbb078b32150dfa7a02c3e91c2568ca99599';

-- A changed row becomes an event in watcher_readingsettingsevent, as it is after the change.
CREATE OR REPLACE FUNCTION pgtrigger_update_update_22db8() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "watcher_readingsettingsevent" (
        "charges_disabled", "every_minutes", "id", "most_vanished_percent", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "standstill_minutes"
    )
    VALUES (
        NEW."charges_disabled", NEW."every_minutes", NEW."id", NEW."most_vanished_percent",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."standstill_minutes"
    );
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_update_update_22db8 ON watcher_readingsettings
    IS '18e478197e0a2bd95d23d70f37d3b4c61f1b2ea6';

-- Deleted rows become events in watcher_readingsettingsevent, as they were; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_delete_delete_6ea64() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "watcher_readingsettingsevent" (
        "charges_disabled", "every_minutes", "id", "most_vanished_percent", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "standstill_minutes"
    )
    SELECT
        old_values."charges_disabled", old_values."every_minutes", old_values."id",
        old_values."most_vanished_percent",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."standstill_minutes"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_delete_delete_6ea64 ON watcher_readingsettings
    IS '1c582188d2e69273e2c285f5e3e2f86ce87a571d';
