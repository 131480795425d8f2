-- The triggers of this app, as its models declare them, each with its function. The comment on a
-- trigger is pgtrigger's hash of the declaration.

-- -------------------------------------------------------------------------------------------------
-- api_token: tokens
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_8502d() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_8502d
    BEFORE TRUNCATE ON api_token
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_8502d();
COMMENT ON TRIGGER pgtrigger_no_truncate_8502d ON api_token
    IS 'f2afb2fcbb6cc08fbaffede1be90499193fa1b64';

-- Inserted rows become events in api_tokenevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_251c8() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "api_tokenevent" (
        "addresses", "created_at", "expires_at", "for_all", "hint", "id", "kind", "name",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "scopes",
        "user_id"
    )
    SELECT
        new_values."addresses", new_values."created_at", new_values."expires_at",
        new_values."for_all", new_values."hint", new_values."id", new_values."kind",
        new_values."name", COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''),
        NULL)::JSONB, NOW(), 'insert', new_values."id", new_values."revoked_at",
        new_values."scopes", new_values."user_id"
    FROM ( SELECT new_values.* FROM new_values ) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_251c8
    AFTER INSERT ON api_token
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_251c8();
COMMENT ON TRIGGER pgtrigger_insert_insert_251c8 ON api_token
    IS '226d7fc7af7cbf5f92f0aa8771ce59a949cf2a93';

-- A changed row becomes an event in api_tokenevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_834f6() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "api_tokenevent" (
        "addresses", "created_at", "expires_at", "for_all", "hint", "id", "kind", "name",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "scopes",
        "user_id"
    )
    VALUES (
        NEW."addresses", NEW."created_at", NEW."expires_at", NEW."for_all", NEW."hint", NEW."id",
        NEW."kind", NEW."name", COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE),
        ''), NULL)::JSONB, NOW(), 'update', NEW."id", NEW."revoked_at", NEW."scopes", NEW."user_id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_834f6
    AFTER UPDATE ON api_token
    FOR EACH ROW
    WHEN (OLD."addresses" IS DISTINCT FROM (NEW."addresses") OR OLD."created_at" IS DISTINCT FROM
    (NEW."created_at") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."for_all" IS
    DISTINCT FROM (NEW."for_all") OR OLD."hint" IS DISTINCT FROM (NEW."hint") OR OLD."id" IS
    DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT
    FROM (NEW."name") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at") OR OLD."scopes" IS
    DISTINCT FROM (NEW."scopes") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id"))
    EXECUTE FUNCTION pgtrigger_update_update_834f6();
COMMENT ON TRIGGER pgtrigger_update_update_834f6 ON api_token
    IS 'e9619efd5db46754ccb99817e838c97b7aadd701';

-- Deleted rows become events in api_tokenevent; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_3a075() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "api_tokenevent" (
        "addresses", "created_at", "expires_at", "for_all", "hint", "id", "kind", "name",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "scopes",
        "user_id"
    )
    SELECT
        old_values."addresses", old_values."created_at", old_values."expires_at",
        old_values."for_all", old_values."hint", old_values."id", old_values."kind",
        old_values."name", COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''),
        NULL)::JSONB, NOW(), 'delete', old_values."id", old_values."revoked_at",
        old_values."scopes", old_values."user_id"
    FROM ( SELECT old_values.* FROM old_values ) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_3a075
    AFTER DELETE ON api_token
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_3a075();
COMMENT ON TRIGGER pgtrigger_delete_delete_3a075 ON api_token
    IS '9453911c82ea03ca17f79d4b55ec77c55b0e3811';

-- -------------------------------------------------------------------------------------------------
-- api_tokenevent: events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_9a753() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_9a753
    BEFORE TRUNCATE ON api_tokenevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_9a753();
COMMENT ON TRIGGER pgtrigger_no_truncate_9a753 ON api_tokenevent
    IS '849065d57f586e204a81b46a6905e90b6631dd63';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_8247a() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_8247a
    BEFORE UPDATE OR DELETE ON api_tokenevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_8247a();
COMMENT ON TRIGGER pgtrigger_append_only_8247a ON api_tokenevent
    IS 'e71f41f9fd0f9a9266406d6aa3aaac688c0147e0';

-- -------------------------------------------------------------------------------------------------
-- api_tokenorganization: organizations of tokens
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_cf2d4() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_cf2d4
    BEFORE TRUNCATE ON api_tokenorganization
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_cf2d4();
COMMENT ON TRIGGER pgtrigger_no_truncate_cf2d4 ON api_tokenorganization
    IS 'b07d3e6b844d6e56f55ae500bc1c9e8a4af4b020';

-- Inserted rows become events in api_tokenorganizationevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_989a0() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "api_tokenorganizationevent" (
        "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "token_id"
    )
    SELECT
        new_values."id", new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."token_id"
    FROM ( SELECT new_values.* FROM new_values ) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_989a0
    AFTER INSERT ON api_tokenorganization
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_989a0();
COMMENT ON TRIGGER pgtrigger_insert_insert_989a0 ON api_tokenorganization
    IS '066cefb2150b3b7ae4f78ee7744103d694c97c99';

-- A changed row becomes an event in api_tokenorganizationevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_2472f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "api_tokenorganizationevent" (
        "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "token_id"
    )
    VALUES (
        NEW."id", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."token_id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_2472f
    AFTER UPDATE ON api_tokenorganization
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_2472f();
COMMENT ON TRIGGER pgtrigger_update_update_2472f ON api_tokenorganization
    IS 'fbe3cb81daec36f6df76a14baee380706361ef10';

-- Deleted rows become events in api_tokenorganizationevent; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_3fd5a() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "api_tokenorganizationevent" (
        "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "token_id"
    )
    SELECT
        old_values."id", old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."token_id"
    FROM ( SELECT old_values.* FROM old_values ) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_3fd5a
    AFTER DELETE ON api_tokenorganization
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_3fd5a();
COMMENT ON TRIGGER pgtrigger_delete_delete_3fd5a ON api_tokenorganization
    IS '97b3249ef16ef4c5e8a8dea018c1381bc1279046';

-- -------------------------------------------------------------------------------------------------
-- api_tokenorganizationevent: events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_37810() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_37810
    BEFORE TRUNCATE ON api_tokenorganizationevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_37810();
COMMENT ON TRIGGER pgtrigger_no_truncate_37810 ON api_tokenorganizationevent
    IS '6803321218a880c6e51e06192eeabb79545fe83e';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_d6347() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_d6347
    BEFORE UPDATE OR DELETE ON api_tokenorganizationevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_d6347();
COMMENT ON TRIGGER pgtrigger_append_only_d6347 ON api_tokenorganizationevent
    IS '297f3baf330d746a5d8e5c668e3252bf1ca37d95';
