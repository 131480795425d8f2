-- -------------------------------------------------------------------------------------------------
-- watcher_writerequest: what billing asks of the platform
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_069a7() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_069a7
    BEFORE TRUNCATE ON watcher_writerequest
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_069a7();
COMMENT ON TRIGGER pgtrigger_no_truncate_069a7 ON watcher_writerequest
    IS '5c1795b470f4881e75d4c4b2922dea3626058523';

-- Inserted rows become events in watcher_writerequestevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_cec7c() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "watcher_writerequestevent" (
        "about", "camera_id", "decided_at", "decided_by_id", "id", "kind", "organization_id",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_at",
        "requested_by_id", "settled_at", "state", "subject", "tariff_id", "wanted"
    )
    SELECT
        new_values."about", new_values."camera_id", new_values."decided_at",
        new_values."decided_by_id", new_values."id", new_values."kind",
        new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."requested_at", new_values."requested_by_id",
        new_values."settled_at", new_values."state", new_values."subject", new_values."tariff_id",
        new_values."wanted"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_cec7c
    AFTER INSERT ON watcher_writerequest
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_cec7c();
COMMENT ON TRIGGER pgtrigger_insert_insert_cec7c ON watcher_writerequest
    IS 'fdbff132f9f26cc719f232ba3db661951f992441';

-- A changed row becomes an event in watcher_writerequestevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_05328() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "watcher_writerequestevent" (
        "about", "camera_id", "decided_at", "decided_by_id", "id", "kind", "organization_id",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_at",
        "requested_by_id", "settled_at", "state", "subject", "tariff_id", "wanted"
    )
    VALUES (
        NEW."about", NEW."camera_id", NEW."decided_at", NEW."decided_by_id", NEW."id", NEW."kind",
        NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."requested_at", NEW."requested_by_id", NEW."settled_at",
        NEW."state", NEW."subject", NEW."tariff_id", NEW."wanted"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_05328
    AFTER UPDATE ON watcher_writerequest
    FOR EACH ROW
    WHEN (
        OLD."about" IS DISTINCT FROM (NEW."about")
        OR OLD."camera_id" IS DISTINCT FROM (NEW."camera_id")
        OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at")
        OR OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id")
        OR OLD."id" IS DISTINCT FROM (NEW."id")
        OR OLD."kind" IS DISTINCT FROM (NEW."kind")
        OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id")
        OR OLD."requested_at" IS DISTINCT FROM (NEW."requested_at")
        OR OLD."requested_by_id" IS DISTINCT FROM (NEW."requested_by_id")
        OR OLD."settled_at" IS DISTINCT FROM (NEW."settled_at")
        OR OLD."state" IS DISTINCT FROM (NEW."state")
        OR OLD."subject" IS DISTINCT FROM (NEW."subject")
        OR OLD."tariff_id" IS DISTINCT FROM (NEW."tariff_id")
        OR OLD."wanted" IS DISTINCT FROM (NEW."wanted")
    )
    EXECUTE FUNCTION pgtrigger_update_update_05328();
COMMENT ON TRIGGER pgtrigger_update_update_05328 ON watcher_writerequest
    IS 'a3e6ab82975de033c1f75d09d4278d82f931684a';

-- Deleted rows become events in watcher_writerequestevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_b5fb0() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "watcher_writerequestevent" (
        "about", "camera_id", "decided_at", "decided_by_id", "id", "kind", "organization_id",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_at",
        "requested_by_id", "settled_at", "state", "subject", "tariff_id", "wanted"
    )
    SELECT
        old_values."about", old_values."camera_id", old_values."decided_at",
        old_values."decided_by_id", old_values."id", old_values."kind",
        old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."requested_at", old_values."requested_by_id",
        old_values."settled_at", old_values."state", old_values."subject", old_values."tariff_id",
        old_values."wanted"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_b5fb0
    AFTER DELETE ON watcher_writerequest
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_b5fb0();
COMMENT ON TRIGGER pgtrigger_delete_delete_b5fb0 ON watcher_writerequest
    IS 'c3413458d50e97d60fb28f265e97124854842893';

-- -------------------------------------------------------------------------------------------------
-- watcher_writerequestevent: events of watcher_writerequest
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_2b4b8() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_2b4b8
    BEFORE TRUNCATE ON watcher_writerequestevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_2b4b8();
COMMENT ON TRIGGER pgtrigger_no_truncate_2b4b8 ON watcher_writerequestevent
    IS '2ba799fa181ebfae096cfa5b083668c877d920ec';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_4eb42() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_4eb42
    BEFORE UPDATE OR DELETE ON watcher_writerequestevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_4eb42();
COMMENT ON TRIGGER pgtrigger_append_only_4eb42 ON watcher_writerequestevent
    IS 'a89a763be001ab8337065a679d345c9c07ec5dcc';
