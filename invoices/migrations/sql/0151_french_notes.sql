-- Audit of the notes of French invoices. A function returns at once if pgtrigger.ignore() names it.

-- -------------------------------------------------------------------------------------------------
-- invoices_frenchnotes: notes of French invoices
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_e406e() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_e406e
    BEFORE TRUNCATE ON invoices_frenchnotes
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_e406e();
COMMENT ON TRIGGER pgtrigger_no_truncate_e406e ON invoices_frenchnotes
    IS 'a9d8c7da3f423d3d7c14178abf157f81bf738277';

-- Inserted rows become events in invoices_frenchnotesevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_6e1f8() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_frenchnotesevent" (
        "are_stated", "discount", "id", "penalties", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "recovery"
    )
    SELECT
        new_values."are_stated", new_values."discount", new_values."id", new_values."penalties",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."recovery"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_6e1f8
    AFTER INSERT ON invoices_frenchnotes
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_6e1f8();
COMMENT ON TRIGGER pgtrigger_insert_insert_6e1f8 ON invoices_frenchnotes
    IS 'd866b3a4248a0f84933d5f522c84cfb63f22bb04';

-- A changed row becomes an event in invoices_frenchnotesevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_e4aad() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "invoices_frenchnotesevent" (
        "are_stated", "discount", "id", "penalties", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "recovery"
    )
    VALUES (
        NEW."are_stated", NEW."discount", NEW."id", NEW."penalties",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."recovery"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_e4aad
    AFTER UPDATE ON invoices_frenchnotes
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_e4aad();
COMMENT ON TRIGGER pgtrigger_update_update_e4aad ON invoices_frenchnotes
    IS '68820b852156626d2e5445baae458fcb060c4a48';

-- Deleted rows become events in invoices_frenchnotesevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_08915() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_frenchnotesevent" (
        "are_stated", "discount", "id", "penalties", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "recovery"
    )
    SELECT
        old_values."are_stated", old_values."discount", old_values."id", old_values."penalties",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."recovery"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_08915
    AFTER DELETE ON invoices_frenchnotes
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_08915();
COMMENT ON TRIGGER pgtrigger_delete_delete_08915 ON invoices_frenchnotes
    IS '6d654558a015a3985536616a756a699e0ee83228';

-- -------------------------------------------------------------------------------------------------
-- invoices_frenchnotesevent: events of invoices_frenchnotes
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_2fa6d() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_2fa6d
    BEFORE TRUNCATE ON invoices_frenchnotesevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_2fa6d();
COMMENT ON TRIGGER pgtrigger_no_truncate_2fa6d ON invoices_frenchnotesevent
    IS 'c3f902a4557b3601e4b055a4c37cffc2440c0b34';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_ff1ef() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_ff1ef
    BEFORE UPDATE OR DELETE ON invoices_frenchnotesevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_ff1ef();
COMMENT ON TRIGGER pgtrigger_append_only_ff1ef ON invoices_frenchnotesevent
    IS 'a80828c70bdcc16b5b7b8561d837bc849755ee90';
