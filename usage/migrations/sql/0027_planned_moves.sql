-- The events of planned changes have two columns more: where cameras move to, and who settled a
-- change, which was who withdrew it.

-- Inserted rows become events in usage_plannedchangeevent; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_insert_insert_43c4f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "usage_plannedchangeevent" (
        "asked_at", "asked_by_id", "at", "camera_id", "destination_id", "done_at", "id", "kind",
        "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "reason", "settled_by_id", "state", "tariff_id", "title", "use_id"
    )
    SELECT
        new_values."asked_at", new_values."asked_by_id", new_values."at", new_values."camera_id",
        new_values."destination_id", new_values."done_at", new_values."id", new_values."kind",
        new_values."name", new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."reason", new_values."settled_by_id",
        new_values."state", new_values."tariff_id", new_values."title", new_values."use_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_insert_insert_43c4f ON usage_plannedchange
    IS '2b9ac5517726dabfae75fe503c4e25cbc123a4f7';

-- A changed row becomes an event in usage_plannedchangeevent, as it is after the change.
CREATE OR REPLACE FUNCTION pgtrigger_update_update_13a72() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "usage_plannedchangeevent" (
        "asked_at", "asked_by_id", "at", "camera_id", "destination_id", "done_at", "id", "kind",
        "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "reason", "settled_by_id", "state", "tariff_id", "title", "use_id"
    )
    VALUES (
        NEW."asked_at", NEW."asked_by_id", NEW."at", NEW."camera_id", NEW."destination_id",
        NEW."done_at", NEW."id", NEW."kind", NEW."name", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."reason", NEW."settled_by_id", NEW."state", NEW."tariff_id",
        NEW."title", NEW."use_id"
    );
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_update_update_13a72 ON usage_plannedchange
    IS '6689ae977d8691f3239bbfdc90a99bfffa6e252b';

-- Deleted rows become events in usage_plannedchangeevent, as they were; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_delete_delete_6ae9b() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "usage_plannedchangeevent" (
        "asked_at", "asked_by_id", "at", "camera_id", "destination_id", "done_at", "id", "kind",
        "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "reason", "settled_by_id", "state", "tariff_id", "title", "use_id"
    )
    SELECT
        old_values."asked_at", old_values."asked_by_id", old_values."at", old_values."camera_id",
        old_values."destination_id", old_values."done_at", old_values."id", old_values."kind",
        old_values."name", old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."reason", old_values."settled_by_id",
        old_values."state", old_values."tariff_id", old_values."title", old_values."use_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_delete_delete_6ae9b ON usage_plannedchange
    IS 'f8948953dd7d0a80f6f98a1be9f7ff6f54e8b067';
