-- The events of planned changes as they were before cameras could be moved later.

CREATE OR REPLACE FUNCTION pgtrigger_insert_insert_43c4f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "usage_plannedchangeevent" (
        "asked_at", "asked_by_id", "at", "camera_id", "done_at", "id", "kind", "name",
        "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason",
        "state", "tariff_id", "title", "use_id", "withdrawn_by_id"
    )
    SELECT
        new_values."asked_at", new_values."asked_by_id", new_values."at", new_values."camera_id",
        new_values."done_at", new_values."id", new_values."kind", new_values."name",
        new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."reason", new_values."state",
        new_values."tariff_id", new_values."title", new_values."use_id",
        new_values."withdrawn_by_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_insert_insert_43c4f ON usage_plannedchange
    IS 'b1f3bd8ba93d4819b70442b1a46bccbb9d0bbf2c';

CREATE OR REPLACE FUNCTION pgtrigger_update_update_13a72() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "usage_plannedchangeevent" (
        "asked_at", "asked_by_id", "at", "camera_id", "done_at", "id", "kind", "name",
        "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason",
        "state", "tariff_id", "title", "use_id", "withdrawn_by_id"
    )
    VALUES (
        NEW."asked_at", NEW."asked_by_id", NEW."at", NEW."camera_id", NEW."done_at", NEW."id",
        NEW."kind", NEW."name", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."reason", NEW."state", NEW."tariff_id", NEW."title",
        NEW."use_id", NEW."withdrawn_by_id"
    );
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_update_update_13a72 ON usage_plannedchange
    IS 'cd16192ada3af065d73f53523eb6f1a600501af7';

CREATE OR REPLACE FUNCTION pgtrigger_delete_delete_6ae9b() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "usage_plannedchangeevent" (
        "asked_at", "asked_by_id", "at", "camera_id", "done_at", "id", "kind", "name",
        "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason",
        "state", "tariff_id", "title", "use_id", "withdrawn_by_id"
    )
    SELECT
        old_values."asked_at", old_values."asked_by_id", old_values."at", old_values."camera_id",
        old_values."done_at", old_values."id", old_values."kind", old_values."name",
        old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."reason", old_values."state",
        old_values."tariff_id", old_values."title", old_values."use_id",
        old_values."withdrawn_by_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_delete_delete_6ae9b ON usage_plannedchange
    IS 'b581ff2f8714713b5542e312c87f523710c4eef7';
