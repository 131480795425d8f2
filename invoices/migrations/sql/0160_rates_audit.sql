-- Audit of exchange rates. A function returns at once if pgtrigger.ignore() names its trigger.

-- -------------------------------------------------------------------------------------------------
-- invoices_exchangerate: exchange rates
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_5ab3a() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_5ab3a
    BEFORE TRUNCATE ON invoices_exchangerate
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_5ab3a();
COMMENT ON TRIGGER pgtrigger_no_truncate_5ab3a ON invoices_exchangerate
    IS '73b82e6e8cfd528d40128e12913c5f1a7d566b5a';

-- Inserted rows become events in invoices_exchangerateevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_1b54a() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_exchangerateevent" (
        "base", "currency", "day", "id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "rate", "source"
    )
    SELECT
        new_values."base", new_values."currency", new_values."day", new_values."id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."rate", new_values."source"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_1b54a
    AFTER INSERT ON invoices_exchangerate
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_1b54a();
COMMENT ON TRIGGER pgtrigger_insert_insert_1b54a ON invoices_exchangerate
    IS 'b7924381f38c0afecc6ae1d950e6cd9a3e9ac6b5';

-- A changed row becomes an event in invoices_exchangerateevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_860c0() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "invoices_exchangerateevent" (
        "base", "currency", "day", "id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "rate", "source"
    )
    VALUES (
        NEW."base", NEW."currency", NEW."day", NEW."id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."rate", NEW."source"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_860c0
    AFTER UPDATE ON invoices_exchangerate
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_860c0();
COMMENT ON TRIGGER pgtrigger_update_update_860c0 ON invoices_exchangerate
    IS 'b1c313737cb14327296d4075e1c35c1f4656ce4c';

-- Deleted rows become events in invoices_exchangerateevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_1bed2() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_exchangerateevent" (
        "base", "currency", "day", "id", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "rate", "source"
    )
    SELECT
        old_values."base", old_values."currency", old_values."day", old_values."id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."rate", old_values."source"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_1bed2
    AFTER DELETE ON invoices_exchangerate
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_1bed2();
COMMENT ON TRIGGER pgtrigger_delete_delete_1bed2 ON invoices_exchangerate
    IS 'e0b2bdab1d2a04d36fe73d898c7672c691eee756';

-- -------------------------------------------------------------------------------------------------
-- invoices_exchangerateevent: events of invoices_exchangerate
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_11afd() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_11afd
    BEFORE TRUNCATE ON invoices_exchangerateevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_11afd();
COMMENT ON TRIGGER pgtrigger_no_truncate_11afd ON invoices_exchangerateevent
    IS 'd722b5651325c1bc30acbe26922b3c4fa5424bb8';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_972d6() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_972d6
    BEFORE UPDATE OR DELETE ON invoices_exchangerateevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_972d6();
COMMENT ON TRIGGER pgtrigger_append_only_972d6 ON invoices_exchangerateevent
    IS '2da76915954fefa2f6745eb169f32430b375259c';
