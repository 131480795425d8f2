-- Usage intervals have how their instants are known, and so have their events.

-- Inserted rows become events in usage_usageintervalevent; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_insert_insert_6ed2e() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "usage_usageintervalevent" (
        "camera_id", "ended_at", "ended_within_seconds", "id", "organization_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "started_at", "started_within_seconds",
        "tariff_id"
    )
    SELECT
        new_values."camera_id", new_values."ended_at", new_values."ended_within_seconds", new_values."id",
        new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."started_at",
        new_values."started_within_seconds", new_values."tariff_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_insert_insert_6ed2e ON usage_usageinterval
    IS '07226c3572b546ca378b12d056ffb771303b344e';

-- A changed row becomes an event in usage_usageintervalevent, as it is after the change.
CREATE OR REPLACE FUNCTION pgtrigger_update_update_12490() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "usage_usageintervalevent" (
        "camera_id", "ended_at", "ended_within_seconds", "id", "organization_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "started_at", "started_within_seconds",
        "tariff_id"
    )
    VALUES (
        NEW."camera_id", NEW."ended_at", NEW."ended_within_seconds", NEW."id",
        NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."started_at",
        NEW."started_within_seconds", NEW."tariff_id"
    );
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_update_update_12490 ON usage_usageinterval
    IS 'ea3b87c4092504b3f3303176d1911d438c8866b3';

-- Deleted rows become events in usage_usageintervalevent, as they were; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_delete_delete_b557b() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "usage_usageintervalevent" (
        "camera_id", "ended_at", "ended_within_seconds", "id", "organization_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "started_at", "started_within_seconds",
        "tariff_id"
    )
    SELECT
        old_values."camera_id", old_values."ended_at", old_values."ended_within_seconds", old_values."id",
        old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."started_at",
        old_values."started_within_seconds", old_values."tariff_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_delete_delete_b557b ON usage_usageinterval
    IS '52d83061ae62ffc8b0fb07c152a926a0fefa9d9c';

-- Whoever changes an instant states it: how it was known before says nothing of it.
CREATE FUNCTION pgtrigger_restated_0d0e4() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF NEW.started_at IS DISTINCT FROM OLD.started_at
        AND NEW.started_within_seconds = OLD.started_within_seconds
    THEN
        NEW.started_within_seconds = NULL;
    END IF;
    IF NEW.ended_at IS DISTINCT FROM OLD.ended_at
        AND NEW.ended_within_seconds = OLD.ended_within_seconds
    THEN
        NEW.ended_within_seconds = NULL;
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER pgtrigger_restated_0d0e4
    BEFORE UPDATE OF started_at, ended_at ON usage_usageinterval
    FOR EACH ROW
    WHEN (
        OLD.started_within_seconds IS NOT NULL AND NEW.started_at IS DISTINCT FROM OLD.started_at
        OR OLD.ended_within_seconds IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at
    )
    EXECUTE FUNCTION pgtrigger_restated_0d0e4();
COMMENT ON TRIGGER pgtrigger_restated_0d0e4 ON usage_usageinterval
    IS '0872bdd3ba83ed25e62cb5c9acac48d0039fd5de';
