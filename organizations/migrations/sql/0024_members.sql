-- The triggers of memberships.

-- -------------------------------------------------------------------------------------------------
-- organizations_membership: members
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_df423() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_df423
    BEFORE TRUNCATE ON organizations_membership
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_df423();
COMMENT ON TRIGGER pgtrigger_no_truncate_df423 ON organizations_membership
    IS '686b35c8fdfdafc8d17e955f5a0f576022f2a593';

-- Inserted rows become events in organizations_membershipevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_df650() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_membershipevent" (
        "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role",
        "user_id"
    )
    SELECT
        new_values."id", new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."role", new_values."user_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_df650
    AFTER INSERT ON organizations_membership
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_df650();
COMMENT ON TRIGGER pgtrigger_insert_insert_df650 ON organizations_membership
    IS 'fdc950668e5efd3b4e61de5fab4e71c652ca1d42';

-- A changed row becomes an event in organizations_membershipevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_6cb9e() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_membershipevent" (
        "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role",
        "user_id"
    )
    VALUES (
        NEW."id", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."role", NEW."user_id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_6cb9e
    AFTER UPDATE ON organizations_membership
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_6cb9e();
COMMENT ON TRIGGER pgtrigger_update_update_6cb9e ON organizations_membership
    IS '6502127629fcb72e60b0c4738527dc2b59e3cf8a';

-- Deleted rows become events in organizations_membershipevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_0b96a() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_membershipevent" (
        "id", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role",
        "user_id"
    )
    SELECT
        old_values."id", old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."role", old_values."user_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_0b96a
    AFTER DELETE ON organizations_membership
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_0b96a();
COMMENT ON TRIGGER pgtrigger_delete_delete_0b96a ON organizations_membership
    IS 'c2303c5380b2be946dbce5d186a6b384ac9463c1';

-- A member is a subscriber's person, and does not also own the contract. The lock makes this wait
-- for a change of its owner, and the other way round.
CREATE FUNCTION pgtrigger_is_another_owner_a331b() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    PERFORM FROM organizations_organization WHERE id = NEW.organization_id
    FOR SHARE;
    IF EXISTS (
        SELECT FROM organizations_organization
        WHERE id = NEW.organization_id AND owner_id = NEW.user_id
    ) THEN
        RAISE EXCEPTION 'user % owns the contract', NEW.user_id;
    END IF;
    IF NOT EXISTS (
        SELECT FROM accounts_user WHERE id = NEW.user_id AND role = 'owner'
    ) THEN
        RAISE EXCEPTION 'user % is staff', NEW.user_id;
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER pgtrigger_is_another_owner_a331b
    BEFORE INSERT OR UPDATE ON organizations_membership
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_is_another_owner_a331b();
COMMENT ON TRIGGER pgtrigger_is_another_owner_a331b ON organizations_membership
    IS 'eea5c47aa7d8d824f0a59e09a0d76a82b65e2ff3';

-- -------------------------------------------------------------------------------------------------
-- organizations_membershipevent: events of organizations_membership
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_1f0a8() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_1f0a8
    BEFORE TRUNCATE ON organizations_membershipevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_1f0a8();
COMMENT ON TRIGGER pgtrigger_no_truncate_1f0a8 ON organizations_membershipevent
    IS '2b45700e37ac10721a95e903730b3e761169bbb0';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_ce92c() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_ce92c
    BEFORE UPDATE OR DELETE ON organizations_membershipevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_ce92c();
COMMENT ON TRIGGER pgtrigger_append_only_ce92c ON organizations_membershipevent
    IS '9d29d58c28204c813b0a1d8c710bffcfc6a9293d';

-- -------------------------------------------------------------------------------------------------
-- organizations_organization: whoever becomes the owner of the contract is no longer a member
-- -------------------------------------------------------------------------------------------------

CREATE FUNCTION pgtrigger_owner_is_no_member_8d342() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    DELETE FROM organizations_membership
    WHERE organization_id = NEW.id AND user_id = NEW.owner_id;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_owner_is_no_member_8d342
    AFTER UPDATE ON organizations_organization
    FOR EACH ROW
    WHEN (OLD."owner_id" IS DISTINCT FROM (NEW."owner_id"))
    EXECUTE FUNCTION pgtrigger_owner_is_no_member_8d342();
COMMENT ON TRIGGER pgtrigger_owner_is_no_member_8d342 ON organizations_organization
    IS 'b5af29d6e0ea0fb113487c72d4a7833dc7a4c558';
