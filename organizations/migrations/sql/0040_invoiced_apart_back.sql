-- The functions before 0040_invoiced_apart.sql.

-- Inserted rows become events in organizations_oneoffchargeevent; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_insert_insert_fd128() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_oneoffchargeevent" (
        "amount", "currency", "day", "id", "organization_id", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "quantity", "reason", "text"
    )
    SELECT
        new_values."amount", new_values."currency", new_values."day", new_values."id",
        new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."quantity", new_values."reason",
        new_values."text"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_insert_insert_fd128 ON organizations_oneoffcharge
    IS 'eb08329328f3d8bee605a173da744ce2e268cab9';

-- A changed row becomes an event in organizations_oneoffchargeevent, as it is after the change.
CREATE OR REPLACE FUNCTION pgtrigger_update_update_73e9c() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_oneoffchargeevent" (
        "amount", "currency", "day", "id", "organization_id", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "quantity", "reason", "text"
    )
    VALUES (
        NEW."amount", NEW."currency", NEW."day", NEW."id", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."quantity", NEW."reason", NEW."text"
    );
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_update_update_73e9c ON organizations_oneoffcharge
    IS '9574ab8ae95bd5d9b08febefc9a7032c8a9b108c';

-- Deleted rows become events in organizations_oneoffchargeevent, as they were; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_delete_delete_809f1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_oneoffchargeevent" (
        "amount", "currency", "day", "id", "organization_id", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "quantity", "reason", "text"
    )
    SELECT
        old_values."amount", old_values."currency", old_values."day", old_values."id",
        old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."quantity", old_values."reason",
        old_values."text"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_delete_delete_809f1 ON organizations_oneoffcharge
    IS '6f45d24dc53d3dc3835f4584eeb011e07c9b54ac';
