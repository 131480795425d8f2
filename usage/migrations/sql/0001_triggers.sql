-- The triggers of this app, as its models declare them, each with its function. The comment on a
-- trigger is pgtrigger's hash of the declaration, by which `manage.py pgtrigger ls` tells whether
-- the trigger is that of the model. A function returns at once if pgtrigger.ignore() names its
-- trigger.

-- -------------------------------------------------------------------------------------------------
-- usage_camera: cameras
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_1bfda() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_1bfda
    BEFORE TRUNCATE ON usage_camera
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_1bfda();
COMMENT ON TRIGGER pgtrigger_no_truncate_1bfda ON usage_camera
    IS 'b4ee60999b680b548d56898d561f46c96252f630';

-- Inserted rows become events in usage_cameraevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_b1a2f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "usage_cameraevent" (
        "id", "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "title"
    )
    SELECT
        new_values."id", new_values."name", new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."title"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_b1a2f
    AFTER INSERT ON usage_camera
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_b1a2f();
COMMENT ON TRIGGER pgtrigger_insert_insert_b1a2f ON usage_camera
    IS '358623554873669d05fb5ad602b4564e179b7706';

-- A changed row becomes an event in usage_cameraevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_31119() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "usage_cameraevent" (
        "id", "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "title"
    )
    VALUES (
        NEW."id", NEW."name", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."title"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_31119
    AFTER UPDATE ON usage_camera
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_31119();
COMMENT ON TRIGGER pgtrigger_update_update_31119 ON usage_camera
    IS '99ec79cd9e923f19da9b0f7415a508a7df3145d6';

-- Deleted rows become events in usage_cameraevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_f7c78() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "usage_cameraevent" (
        "id", "name", "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "title"
    )
    SELECT
        old_values."id", old_values."name", old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."title"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_f7c78
    AFTER DELETE ON usage_camera
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_f7c78();
COMMENT ON TRIGGER pgtrigger_delete_delete_f7c78 ON usage_camera
    IS '1370d5b0cbd8a5ea39f114b667de0388ea8c8e88';

-- -------------------------------------------------------------------------------------------------
-- usage_cameraevent: events of usage_camera
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_62432() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_62432
    BEFORE TRUNCATE ON usage_cameraevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_62432();
COMMENT ON TRIGGER pgtrigger_no_truncate_62432 ON usage_cameraevent
    IS '47dc96975843c896aac7b733767a184df9df9681';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_7c782() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_7c782
    BEFORE UPDATE OR DELETE ON usage_cameraevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_7c782();
COMMENT ON TRIGGER pgtrigger_append_only_7c782 ON usage_cameraevent
    IS '3b38865e34eed154ba286ad5d0d19a90fc27ec22';

-- -------------------------------------------------------------------------------------------------
-- usage_usageinterval: which tariff plan a camera used when
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_48ed6() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_48ed6
    BEFORE TRUNCATE ON usage_usageinterval
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_48ed6();
COMMENT ON TRIGGER pgtrigger_no_truncate_48ed6 ON usage_usageinterval
    IS 'a8810ffd48a1d52e37b78e51c2e34515dc249c30';

-- Inserted rows become events in usage_usageintervalevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_6ed2e() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_insert_insert_6ed2e
    AFTER INSERT ON usage_usageinterval
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_6ed2e();
COMMENT ON TRIGGER pgtrigger_insert_insert_6ed2e ON usage_usageinterval
    IS '121b853a84c140d5c868155af8adc84872ec7040';

-- A changed row becomes an event in usage_usageintervalevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_12490() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_update_update_12490
    AFTER UPDATE ON usage_usageinterval
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_12490();
COMMENT ON TRIGGER pgtrigger_update_update_12490 ON usage_usageinterval
    IS 'd298dc9d80b83f84c79badc30a9aeb6ff996c099';

-- Deleted rows become events in usage_usageintervalevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_b557b() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_delete_delete_b557b
    AFTER DELETE ON usage_usageinterval
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_b557b();
COMMENT ON TRIGGER pgtrigger_delete_delete_b557b ON usage_usageinterval
    IS 'cab51e0d714941c617f3d0a1c42598fed093f9b7';

-- -------------------------------------------------------------------------------------------------
-- usage_usageintervalevent: events of usage_usageinterval
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_f632f() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_f632f
    BEFORE TRUNCATE ON usage_usageintervalevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_f632f();
COMMENT ON TRIGGER pgtrigger_no_truncate_f632f ON usage_usageintervalevent
    IS '9f5f25f23340784978961210127e56b7bb30bbdc';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_ed480() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_ed480
    BEFORE UPDATE OR DELETE ON usage_usageintervalevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_ed480();
COMMENT ON TRIGGER pgtrigger_append_only_ed480 ON usage_usageintervalevent
    IS '4edd662eb4acdc333859953f4043211f427b18ad';

-- -------------------------------------------------------------------------------------------------
-- Triggers that pgtrigger does not know, as they guard more than one table
-- -------------------------------------------------------------------------------------------------

-- What a camera owed in the past must not change its currency or its unit of time.
-- An update of these columns alone would not keep a first interval from being committed at the same
-- time. So the row is locked before intervals are looked for: on commit, the foreign key of a new
-- interval waits for this lock, and this lock for that of an interval which is being committed.
CREATE FUNCTION usage_refuse_change_of_used_tariff() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM tariffs_tariff WHERE id = OLD.id FOR UPDATE;
    IF EXISTS (SELECT FROM usage_usageinterval WHERE tariff_id = OLD.id) THEN
        RAISE EXCEPTION 'tariff % has been used: its currency and proration are fixed', OLD.id
            USING ERRCODE = 'check_violation',
                  TABLE = 'tariffs_tariff',
                  CONSTRAINT = 'usage_used_tariff_is_fixed';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER usage_used_tariff_is_fixed
    BEFORE UPDATE OF currency, proration ON tariffs_tariff
    FOR EACH ROW
    WHEN ((OLD.currency, OLD.proration) IS DISTINCT FROM (NEW.currency, NEW.proration))
    EXECUTE FUNCTION usage_refuse_change_of_used_tariff();

-- A camera in use belongs to the organization that pays for its use.
-- Checked when the transaction ends, as the statements in between go one after the other. What
-- counts is the row as it is by then. The camera is locked, so that of two transactions that write
-- its use and its organization at the same time the later sees what the other has done.
CREATE FUNCTION usage_refuse_camera_without_payer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    id_of_camera bigint;
    payer bigint;
BEGIN
    IF TG_TABLE_NAME = 'usage_camera' THEN
        id_of_camera := NEW.id;
    ELSE
        id_of_camera := NEW.camera_id;
    END IF;
    SELECT organization_id INTO payer FROM usage_camera WHERE id = id_of_camera FOR SHARE;
    IF EXISTS (
        SELECT FROM usage_usageinterval
        WHERE camera_id = id_of_camera AND ended_at IS NULL AND organization_id <> payer
    ) THEN
        RAISE EXCEPTION 'camera % is in use by another organization than its own', id_of_camera
            USING ERRCODE = 'check_violation',
                  TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'usage_camera_is_with_its_payer';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER usage_camera_is_with_its_payer
    AFTER INSERT OR UPDATE OF camera_id, organization_id, ended_at ON usage_usageinterval
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW
    WHEN (NEW.ended_at IS NULL)
    EXECUTE FUNCTION usage_refuse_camera_without_payer();
CREATE CONSTRAINT TRIGGER usage_camera_is_with_its_payer
    AFTER UPDATE OF organization_id ON usage_camera
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW
    WHEN (NEW.organization_id <> OLD.organization_id)
    EXECUTE FUNCTION usage_refuse_camera_without_payer();
