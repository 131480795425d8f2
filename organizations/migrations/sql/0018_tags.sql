-- The triggers of tags, as the models declare them; see 0001_triggers.sql.

-- -------------------------------------------------------------------------------------------------
-- organizations_tag: tags
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_3d87f() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_3d87f
    BEFORE TRUNCATE ON organizations_tag
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_3d87f();
COMMENT ON TRIGGER pgtrigger_no_truncate_3d87f ON organizations_tag
    IS '1adabd93219311530bc7db37711e599ccdafcd65';

-- Inserted rows become events in organizations_tagevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_0243b() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_tagevent" (
        "id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        new_values."id", new_values."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_0243b
    AFTER INSERT ON organizations_tag
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_0243b();
COMMENT ON TRIGGER pgtrigger_insert_insert_0243b ON organizations_tag
    IS '1f0bcd4ec2e756c58cc70487d177555ef183880e';

-- A changed row becomes an event in organizations_tagevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_0097a() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_tagevent" (
        "id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    VALUES (
        NEW."id", NEW."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_0097a
    AFTER UPDATE ON organizations_tag
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_0097a();
COMMENT ON TRIGGER pgtrigger_update_update_0097a ON organizations_tag
    IS 'f1bd1e010d5f6c8bd7baa71a865d7a9df30808fc';

-- Deleted rows become events in organizations_tagevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_60d92() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_tagevent" (
        "id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id"
    )
    SELECT
        old_values."id", old_values."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_60d92
    AFTER DELETE ON organizations_tag
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_60d92();
COMMENT ON TRIGGER pgtrigger_delete_delete_60d92 ON organizations_tag
    IS '0c847755516f1e3707a3e5501fe9a0141048f7ca';

-- -------------------------------------------------------------------------------------------------
-- organizations_tagevent: events of organizations_tag
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_ff2ad() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_ff2ad
    BEFORE TRUNCATE ON organizations_tagevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_ff2ad();
COMMENT ON TRIGGER pgtrigger_no_truncate_ff2ad ON organizations_tagevent
    IS '04bbb73cced9e1fc2ce0bd682f5984d40c808134';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_0d04d() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_0d04d
    BEFORE UPDATE OR DELETE ON organizations_tagevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_0d04d();
COMMENT ON TRIGGER pgtrigger_append_only_0d04d ON organizations_tagevent
    IS 'a63d3becd52cd8e2f4a4a031ddd905647ee82105';

-- -------------------------------------------------------------------------------------------------
-- organizations_tagging: tags of organizations
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_d13f8() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_d13f8
    BEFORE TRUNCATE ON organizations_tagging
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_d13f8();
COMMENT ON TRIGGER pgtrigger_no_truncate_d13f8 ON organizations_tagging
    IS 'ff3cea0d54dfa6091005d9108864d0e584210746';

-- Inserted rows become events in organizations_taggingevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_4110c() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_taggingevent" (
        "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "tag_id"
    )
    SELECT
        new_values."id", new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."tag_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_4110c
    AFTER INSERT ON organizations_tagging
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_4110c();
COMMENT ON TRIGGER pgtrigger_insert_insert_4110c ON organizations_tagging
    IS '26118f880c6d643ff6dfc6524720d3928b3933a5';

-- A changed row becomes an event in organizations_taggingevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_bf4ba() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_taggingevent" (
        "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "tag_id"
    )
    VALUES (
        NEW."id", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."tag_id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_bf4ba
    AFTER UPDATE ON organizations_tagging
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_bf4ba();
COMMENT ON TRIGGER pgtrigger_update_update_bf4ba ON organizations_tagging
    IS 'bde5236462c20eeb4c096583d4b46df6780e462c';

-- Deleted rows become events in organizations_taggingevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_841ab() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_taggingevent" (
        "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "tag_id"
    )
    SELECT
        old_values."id", old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."tag_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_841ab
    AFTER DELETE ON organizations_tagging
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_841ab();
COMMENT ON TRIGGER pgtrigger_delete_delete_841ab ON organizations_tagging
    IS '4fd5ec4dc5c094b9227ac91c9bb1e843869ddd03';

-- -------------------------------------------------------------------------------------------------
-- organizations_taggingevent: events of organizations_tagging
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_90ece() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_90ece
    BEFORE TRUNCATE ON organizations_taggingevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_90ece();
COMMENT ON TRIGGER pgtrigger_no_truncate_90ece ON organizations_taggingevent
    IS 'a874ae35debc96bf49b4fe42c648b10ff1816b7a';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_43cfe() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_43cfe
    BEFORE UPDATE OR DELETE ON organizations_taggingevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_43cfe();
COMMENT ON TRIGGER pgtrigger_append_only_43cfe ON organizations_taggingevent
    IS '5733d6dfb1c1db7a49f8758df7295f62c4490d70';

