-- Changes of the connection are recorded with whether owners may open Watcher and get messages.

-- Inserted rows become events in watcher_connectionevent; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_insert_insert_926e9() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "watcher_connectionevent" (
        "address", "admin_base", "api_version", "client_base", "id", "login", "pause_ms",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reads",
        "secret_changed_at", "sends_messages", "sign_in", "signs_on", "suspends", "v2_base",
        "writes_cameras", "writes_organizations", "writes_presets", "writes_users"
    )
    SELECT
        new_values."address", new_values."admin_base", new_values."api_version",
        new_values."client_base", new_values."id", new_values."login", new_values."pause_ms",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."reads", new_values."secret_changed_at",
        new_values."sends_messages", new_values."sign_in", new_values."signs_on",
        new_values."suspends", new_values."v2_base", new_values."writes_cameras",
        new_values."writes_organizations", new_values."writes_presets", new_values."writes_users"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_insert_insert_926e9 ON watcher_connection
    IS 'd236891c71971d9d8f06ebd131c330ebcb5aa375';

-- A changed row becomes an event in watcher_connectionevent, as it is after the change.
CREATE OR REPLACE FUNCTION pgtrigger_update_update_e7ccd() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "watcher_connectionevent" (
        "address", "admin_base", "api_version", "client_base", "id", "login", "pause_ms",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reads",
        "secret_changed_at", "sends_messages", "sign_in", "signs_on", "suspends", "v2_base",
        "writes_cameras", "writes_organizations", "writes_presets", "writes_users"
    )
    VALUES (
        NEW."address", NEW."admin_base", NEW."api_version", NEW."client_base", NEW."id",
        NEW."login", NEW."pause_ms",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."reads", NEW."secret_changed_at", NEW."sends_messages",
        NEW."sign_in", NEW."signs_on", NEW."suspends", NEW."v2_base", NEW."writes_cameras",
        NEW."writes_organizations", NEW."writes_presets", NEW."writes_users"
    );
    RETURN NULL;
END;
$$;
DROP TRIGGER pgtrigger_update_update_e7ccd ON watcher_connection;
CREATE TRIGGER pgtrigger_update_update_e7ccd
    AFTER UPDATE ON watcher_connection
    FOR EACH ROW
    WHEN (OLD."address" IS DISTINCT FROM (NEW."address") OR OLD."admin_base" IS DISTINCT FROM
        (NEW."admin_base") OR OLD."api_version" IS DISTINCT FROM (NEW."api_version") OR
        OLD."client_base" IS DISTINCT FROM (NEW."client_base") OR OLD."id" IS DISTINCT FROM
        (NEW."id") OR OLD."login" IS DISTINCT FROM (NEW."login") OR OLD."pause_ms" IS DISTINCT
        FROM (NEW."pause_ms") OR OLD."reads" IS DISTINCT FROM (NEW."reads") OR
        OLD."secret_changed_at" IS DISTINCT FROM (NEW."secret_changed_at") OR
        OLD."sends_messages" IS DISTINCT FROM (NEW."sends_messages") OR OLD."sign_in" IS
        DISTINCT FROM (NEW."sign_in") OR OLD."signs_on" IS DISTINCT FROM (NEW."signs_on") OR
        OLD."suspends" IS DISTINCT FROM (NEW."suspends") OR OLD."v2_base" IS DISTINCT FROM
        (NEW."v2_base") OR OLD."writes_cameras" IS DISTINCT FROM (NEW."writes_cameras") OR
        OLD."writes_organizations" IS DISTINCT FROM (NEW."writes_organizations") OR
        OLD."writes_presets" IS DISTINCT FROM (NEW."writes_presets") OR OLD."writes_users" IS
        DISTINCT FROM (NEW."writes_users"))
    EXECUTE FUNCTION pgtrigger_update_update_e7ccd();
COMMENT ON TRIGGER pgtrigger_update_update_e7ccd ON watcher_connection
    IS '6838a129198b781b14afbcaa3ee9fa01fed2b55d';

-- Deleted rows become events in watcher_connectionevent, as they were; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_delete_delete_447db() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "watcher_connectionevent" (
        "address", "admin_base", "api_version", "client_base", "id", "login", "pause_ms",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reads",
        "secret_changed_at", "sends_messages", "sign_in", "signs_on", "suspends", "v2_base",
        "writes_cameras", "writes_organizations", "writes_presets", "writes_users"
    )
    SELECT
        old_values."address", old_values."admin_base", old_values."api_version",
        old_values."client_base", old_values."id", old_values."login", old_values."pause_ms",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."reads", old_values."secret_changed_at",
        old_values."sends_messages", old_values."sign_in", old_values."signs_on",
        old_values."suspends", old_values."v2_base", old_values."writes_cameras",
        old_values."writes_organizations", old_values."writes_presets", old_values."writes_users"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_delete_delete_447db ON watcher_connection
    IS '5333c012983710d4efcaf97f19462f403d0d8296';
