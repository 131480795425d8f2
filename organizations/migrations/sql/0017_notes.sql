-- The triggers of notes, as the models declare them; see 0001_triggers.sql.

-- -------------------------------------------------------------------------------------------------
-- organizations_note: notes
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_342b9() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_342b9
    BEFORE TRUNCATE ON organizations_note
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_342b9();
COMMENT ON TRIGGER pgtrigger_no_truncate_342b9 ON organizations_note
    IS 'b58560dee9b8522e8ea0a81d9e3cec79a48a44b8';

-- Inserted rows become events in organizations_noteevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_f1bda() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_noteevent" (
        "author_id", "edited_at", "id", "is_pinned", "organization_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "written_at"
    )
    SELECT
        new_values."author_id", new_values."edited_at", new_values."id", new_values."is_pinned",
        new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."text", new_values."written_at"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_f1bda
    AFTER INSERT ON organizations_note
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_f1bda();
COMMENT ON TRIGGER pgtrigger_insert_insert_f1bda ON organizations_note
    IS '53cdfe6d4c33676f1c525c790ddaea560d128136';

-- A changed row becomes an event in organizations_noteevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_c320d() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_noteevent" (
        "author_id", "edited_at", "id", "is_pinned", "organization_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "written_at"
    )
    VALUES (
        NEW."author_id", NEW."edited_at", NEW."id", NEW."is_pinned", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."text", NEW."written_at"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_c320d
    AFTER UPDATE ON organizations_note
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_c320d();
COMMENT ON TRIGGER pgtrigger_update_update_c320d ON organizations_note
    IS 'ff55d8f90cf8f67c2ff43aa04c830347bd64c0ec';

-- Deleted rows become events in organizations_noteevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_f6906() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_noteevent" (
        "author_id", "edited_at", "id", "is_pinned", "organization_id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "written_at"
    )
    SELECT
        old_values."author_id", old_values."edited_at", old_values."id", old_values."is_pinned",
        old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."text", old_values."written_at"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_f6906
    AFTER DELETE ON organizations_note
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_f6906();
COMMENT ON TRIGGER pgtrigger_delete_delete_f6906 ON organizations_note
    IS '566ee6cf744219f5008ff84406eceb5dd3a0c3ea';

-- -------------------------------------------------------------------------------------------------
-- organizations_noteevent: events of organizations_note
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_0478e() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_0478e
    BEFORE TRUNCATE ON organizations_noteevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_0478e();
COMMENT ON TRIGGER pgtrigger_no_truncate_0478e ON organizations_noteevent
    IS '42f5ac2e1b320af6255205df41c7df2107855bfe';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_65746() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_65746
    BEFORE UPDATE OR DELETE ON organizations_noteevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_65746();
COMMENT ON TRIGGER pgtrigger_append_only_65746 ON organizations_noteevent
    IS '25fafd1700335bfe349a2cc205a2fbff96cf1b66';

