-- Usage intervals do not have how their instants are known any more.

CREATE OR REPLACE FUNCTION pgtrigger_insert_insert_6ed2e() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "usage_usageintervalevent" (
        "camera_id", "ended_at", "id", "organization_id", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "started_at", "tariff_id"
    )
    SELECT
        new_values."camera_id", new_values."ended_at", new_values."id",
        new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."started_at", new_values."tariff_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_insert_insert_6ed2e ON usage_usageinterval
    IS '121b853a84c140d5c868155af8adc84872ec7040';

CREATE OR REPLACE FUNCTION pgtrigger_update_update_12490() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "usage_usageintervalevent" (
        "camera_id", "ended_at", "id", "organization_id", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "started_at", "tariff_id"
    )
    VALUES (
        NEW."camera_id", NEW."ended_at", NEW."id", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."started_at", NEW."tariff_id"
    );
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_update_update_12490 ON usage_usageinterval
    IS 'd298dc9d80b83f84c79badc30a9aeb6ff996c099';

CREATE OR REPLACE FUNCTION pgtrigger_delete_delete_b557b() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "usage_usageintervalevent" (
        "camera_id", "ended_at", "id", "organization_id", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "started_at", "tariff_id"
    )
    SELECT
        old_values."camera_id", old_values."ended_at", old_values."id",
        old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."started_at", old_values."tariff_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_delete_delete_b557b ON usage_usageinterval
    IS 'cab51e0d714941c617f3d0a1c42598fed093f9b7';

DROP FUNCTION pgtrigger_restated_0d0e4() CASCADE;
