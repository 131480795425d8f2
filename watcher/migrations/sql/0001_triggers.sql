-- The triggers of this app, as its models declare them, each with its function. The comment on a
-- trigger is pgtrigger's hash of the declaration, by which `manage.py pgtrigger ls` tells whether
-- the trigger is that of the model. A function returns at once if pgtrigger.ignore() names its
-- trigger.

-- -------------------------------------------------------------------------------------------------
-- watcher_connection: the connection to Watcher. Events leave out its secret
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_46df0() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_46df0
    BEFORE TRUNCATE ON watcher_connection
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_46df0();
COMMENT ON TRIGGER pgtrigger_no_truncate_46df0 ON watcher_connection
    IS '5bffef1a6b038f3f52bb8a4dd625ce52240959c1';

-- Inserted rows become events in watcher_connectionevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_926e9() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "watcher_connectionevent" (
        "address", "admin_base", "api_version", "client_base", "id", "login", "pause_ms",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reads",
        "secret_changed_at", "sign_in", "suspends", "v2_base", "writes_cameras",
        "writes_organizations", "writes_presets", "writes_users"
    )
    SELECT
        new_values."address", new_values."admin_base", new_values."api_version",
        new_values."client_base", new_values."id", new_values."login", new_values."pause_ms",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."reads", new_values."secret_changed_at",
        new_values."sign_in", new_values."suspends", new_values."v2_base",
        new_values."writes_cameras", new_values."writes_organizations", new_values."writes_presets",
        new_values."writes_users"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_926e9
    AFTER INSERT ON watcher_connection
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_926e9();
COMMENT ON TRIGGER pgtrigger_insert_insert_926e9 ON watcher_connection
    IS 'd8eafbcbe37990f5c3c6a56aa4e0d9f7f797b603';

-- A changed row becomes an event in watcher_connectionevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_e7ccd() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "watcher_connectionevent" (
        "address", "admin_base", "api_version", "client_base", "id", "login", "pause_ms",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reads",
        "secret_changed_at", "sign_in", "suspends", "v2_base", "writes_cameras",
        "writes_organizations", "writes_presets", "writes_users"
    )
    VALUES (
        NEW."address", NEW."admin_base", NEW."api_version", NEW."client_base", NEW."id",
        NEW."login", NEW."pause_ms",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."reads", NEW."secret_changed_at", NEW."sign_in",
        NEW."suspends", NEW."v2_base", NEW."writes_cameras", NEW."writes_organizations",
        NEW."writes_presets", NEW."writes_users"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_e7ccd
    AFTER UPDATE ON watcher_connection
    FOR EACH ROW
    WHEN (OLD."address" IS DISTINCT FROM (NEW."address") OR OLD."admin_base" IS DISTINCT FROM
        (NEW."admin_base") OR OLD."api_version" IS DISTINCT FROM (NEW."api_version") OR
        OLD."client_base" IS DISTINCT FROM (NEW."client_base") OR OLD."id" IS DISTINCT FROM
        (NEW."id") OR OLD."login" IS DISTINCT FROM (NEW."login") OR OLD."pause_ms" IS DISTINCT
        FROM (NEW."pause_ms") OR OLD."reads" IS DISTINCT FROM (NEW."reads") OR
        OLD."secret_changed_at" IS DISTINCT FROM (NEW."secret_changed_at") OR OLD."sign_in" IS
        DISTINCT FROM (NEW."sign_in") OR OLD."suspends" IS DISTINCT FROM (NEW."suspends") OR
        OLD."v2_base" IS DISTINCT FROM (NEW."v2_base") OR OLD."writes_cameras" IS DISTINCT FROM
        (NEW."writes_cameras") OR OLD."writes_organizations" IS DISTINCT FROM
        (NEW."writes_organizations") OR OLD."writes_presets" IS DISTINCT FROM
        (NEW."writes_presets") OR OLD."writes_users" IS DISTINCT FROM (NEW."writes_users"))
    EXECUTE FUNCTION pgtrigger_update_update_e7ccd();
COMMENT ON TRIGGER pgtrigger_update_update_e7ccd ON watcher_connection
    IS '5e71f67b15d8c2eacb9fa1add6da9079c4e12d70';

-- Deleted rows become events in watcher_connectionevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_447db() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "watcher_connectionevent" (
        "address", "admin_base", "api_version", "client_base", "id", "login", "pause_ms",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reads",
        "secret_changed_at", "sign_in", "suspends", "v2_base", "writes_cameras",
        "writes_organizations", "writes_presets", "writes_users"
    )
    SELECT
        old_values."address", old_values."admin_base", old_values."api_version",
        old_values."client_base", old_values."id", old_values."login", old_values."pause_ms",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."reads", old_values."secret_changed_at",
        old_values."sign_in", old_values."suspends", old_values."v2_base",
        old_values."writes_cameras", old_values."writes_organizations", old_values."writes_presets",
        old_values."writes_users"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_447db
    AFTER DELETE ON watcher_connection
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_447db();
COMMENT ON TRIGGER pgtrigger_delete_delete_447db ON watcher_connection
    IS 'd92956b9efaa7df36924000ef1e8eeacb4bf711d';

-- -------------------------------------------------------------------------------------------------
-- watcher_connectionevent: events of watcher_connection
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_788cb() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_788cb
    BEFORE TRUNCATE ON watcher_connectionevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_788cb();
COMMENT ON TRIGGER pgtrigger_no_truncate_788cb ON watcher_connectionevent
    IS '9d25125e1d95a7cb9bfcb529d6110b0447e8b1f1';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_dff8d() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_dff8d
    BEFORE UPDATE OR DELETE ON watcher_connectionevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_dff8d();
COMMENT ON TRIGGER pgtrigger_append_only_dff8d ON watcher_connectionevent
    IS '7c614d3ae4320a1ac554d8dc8d1b48856741ee67';

-- -------------------------------------------------------------------------------------------------
-- watcher_presetlink: what presets mean
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_d5206() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_d5206
    BEFORE TRUNCATE ON watcher_presetlink
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_d5206();
COMMENT ON TRIGGER pgtrigger_no_truncate_d5206 ON watcher_presetlink
    IS '414584e9c358978d913eb9d9b37e78ee9c75eca7';

-- Inserted rows become events in watcher_presetlinkevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_56670() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "watcher_presetlinkevent" (
        "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "preset_id",
        "tariff_id"
    )
    SELECT
        new_values."id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."preset_id", new_values."tariff_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_56670
    AFTER INSERT ON watcher_presetlink
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_56670();
COMMENT ON TRIGGER pgtrigger_insert_insert_56670 ON watcher_presetlink
    IS 'eb84595caeb8b255cfc01c04ef96ce4f77ea475e';

-- A changed row becomes an event in watcher_presetlinkevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_0bf28() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "watcher_presetlinkevent" (
        "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "preset_id",
        "tariff_id"
    )
    VALUES (
        NEW."id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."preset_id", NEW."tariff_id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_0bf28
    AFTER UPDATE ON watcher_presetlink
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_0bf28();
COMMENT ON TRIGGER pgtrigger_update_update_0bf28 ON watcher_presetlink
    IS '99857a9def2b875d4c62e1df8d3b01656be86c2a';

-- Deleted rows become events in watcher_presetlinkevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_132b9() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "watcher_presetlinkevent" (
        "id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "preset_id",
        "tariff_id"
    )
    SELECT
        old_values."id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."preset_id", old_values."tariff_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_132b9
    AFTER DELETE ON watcher_presetlink
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_132b9();
COMMENT ON TRIGGER pgtrigger_delete_delete_132b9 ON watcher_presetlink
    IS 'f998d0f022c17b45e6794bac9dd4d9bf1e4bc493';

-- -------------------------------------------------------------------------------------------------
-- watcher_presetlinkevent: events of watcher_presetlink
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_84fe0() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_84fe0
    BEFORE TRUNCATE ON watcher_presetlinkevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_84fe0();
COMMENT ON TRIGGER pgtrigger_no_truncate_84fe0 ON watcher_presetlinkevent
    IS 'dd95725ac4ab173b91d4e896d49eb8fa96bd04a5';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_0d0dd() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_0d0dd
    BEFORE UPDATE OR DELETE ON watcher_presetlinkevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_0d0dd();
COMMENT ON TRIGGER pgtrigger_append_only_0d0dd ON watcher_presetlinkevent
    IS 'f08023ab9a78192131620014d16ddfa7fe0b1359';
