-- Audit of invoice runs. A function returns at once if pgtrigger.ignore() names its trigger.

-- -------------------------------------------------------------------------------------------------
-- invoices_invoicerun: invoice runs
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_2253d() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_2253d
    BEFORE TRUNCATE ON invoices_invoicerun
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_2253d();
COMMENT ON TRIGGER pgtrigger_no_truncate_2253d ON invoices_invoicerun
    IS 'bf5bf59bec82ae282d3e2da09cf97b9d0e1072c8';

-- Inserted rows become events in invoices_invoicerunevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_728f7() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_invoicerunevent" (
        "drafted_at", "drafted_by_id", "id", "month", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "released_at", "released_by_id", "started_at", "started_by_id",
        "withdrawn_at", "withdrawn_by_id"
    )
    SELECT
        new_values."drafted_at", new_values."drafted_by_id", new_values."id", new_values."month",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."released_at", new_values."released_by_id",
        new_values."started_at", new_values."started_by_id", new_values."withdrawn_at",
        new_values."withdrawn_by_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_728f7
    AFTER INSERT ON invoices_invoicerun
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_728f7();
COMMENT ON TRIGGER pgtrigger_insert_insert_728f7 ON invoices_invoicerun
    IS '7c423063938b9a54c856664808fd5839e24c08ab';

-- A changed row becomes an event in invoices_invoicerunevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_b133a() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "invoices_invoicerunevent" (
        "drafted_at", "drafted_by_id", "id", "month", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "released_at", "released_by_id", "started_at", "started_by_id",
        "withdrawn_at", "withdrawn_by_id"
    )
    VALUES (
        NEW."drafted_at", NEW."drafted_by_id", NEW."id", NEW."month",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."released_at", NEW."released_by_id", NEW."started_at",
        NEW."started_by_id", NEW."withdrawn_at", NEW."withdrawn_by_id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_b133a
    AFTER UPDATE ON invoices_invoicerun
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_b133a();
COMMENT ON TRIGGER pgtrigger_update_update_b133a ON invoices_invoicerun
    IS '654fbaef78b495a136ede5ea9c6110d0008ffaea';

-- Deleted rows become events in invoices_invoicerunevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_f50c1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_invoicerunevent" (
        "drafted_at", "drafted_by_id", "id", "month", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "released_at", "released_by_id", "started_at", "started_by_id",
        "withdrawn_at", "withdrawn_by_id"
    )
    SELECT
        old_values."drafted_at", old_values."drafted_by_id", old_values."id", old_values."month",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."released_at", old_values."released_by_id",
        old_values."started_at", old_values."started_by_id", old_values."withdrawn_at",
        old_values."withdrawn_by_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_f50c1
    AFTER DELETE ON invoices_invoicerun
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_f50c1();
COMMENT ON TRIGGER pgtrigger_delete_delete_f50c1 ON invoices_invoicerun
    IS 'ff80067847fb002aaeb858a4fff73d6398dabc0e';

-- -------------------------------------------------------------------------------------------------
-- invoices_invoicerunevent: events of invoices_invoicerun
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_81101() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_81101
    BEFORE TRUNCATE ON invoices_invoicerunevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_81101();
COMMENT ON TRIGGER pgtrigger_no_truncate_81101 ON invoices_invoicerunevent
    IS '52ebb3a38c4a79f40e321c9442dfd90ad19f1434';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_25b9d() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_25b9d
    BEFORE UPDATE OR DELETE ON invoices_invoicerunevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_25b9d();
COMMENT ON TRIGGER pgtrigger_append_only_25b9d ON invoices_invoicerunevent
    IS 'fb417a62b353f2b1b6e2c281b8cbe7087b9d7010';
