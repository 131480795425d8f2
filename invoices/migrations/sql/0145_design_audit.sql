-- Audit of the design of documents. A function returns at once if pgtrigger.ignore() names its trigger.

-- -------------------------------------------------------------------------------------------------
-- invoices_design: the design of documents
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_8c35e() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_8c35e
    BEFORE TRUNCATE ON invoices_design
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_8c35e();
COMMENT ON TRIGGER pgtrigger_no_truncate_8c35e ON invoices_design
    IS '616f138d8b06b3acc8019d95e3ec5ae52d8304df';

-- Inserted rows become events in invoices_designevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_1d447() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_designevent" (
        "accent", "font", "footer", "ink", "logo", "numbers_pages", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "provider_id"
    )
    SELECT
        new_values."accent", new_values."font", new_values."footer", new_values."ink", new_values."logo",
        new_values."numbers_pages",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."provider_id", new_values."provider_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_1d447
    AFTER INSERT ON invoices_design
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_1d447();
COMMENT ON TRIGGER pgtrigger_insert_insert_1d447 ON invoices_design
    IS '867812865114c58c860ab5237a7b75b276d15a06';

-- A changed row becomes an event in invoices_designevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_66438() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "invoices_designevent" (
        "accent", "font", "footer", "ink", "logo", "numbers_pages", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "provider_id"
    )
    VALUES (
        NEW."accent", NEW."font", NEW."footer", NEW."ink", NEW."logo",
        NEW."numbers_pages",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."provider_id", NEW."provider_id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_66438
    AFTER UPDATE ON invoices_design
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_66438();
COMMENT ON TRIGGER pgtrigger_update_update_66438 ON invoices_design
    IS 'dca07265909042259fae44240d4239379dfa660a';

-- Deleted rows become events in invoices_designevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_7970b() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_designevent" (
        "accent", "font", "footer", "ink", "logo", "numbers_pages", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "provider_id"
    )
    SELECT
        old_values."accent", old_values."font", old_values."footer", old_values."ink", old_values."logo",
        old_values."numbers_pages",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."provider_id", old_values."provider_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_7970b
    AFTER DELETE ON invoices_design
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_7970b();
COMMENT ON TRIGGER pgtrigger_delete_delete_7970b ON invoices_design
    IS '97e27dc7f18d325242dddc913b0fba13db034af3';

-- -------------------------------------------------------------------------------------------------
-- invoices_designevent: events of invoices_design
-- -------------------------------------------------------------------------------------------------

-- Events cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_d1680() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_d1680
    BEFORE TRUNCATE ON invoices_designevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_d1680();
COMMENT ON TRIGGER pgtrigger_no_truncate_d1680 ON invoices_designevent
    IS 'c245f98c13e85fe02944ee3cf5f41a1872ede6bb';

-- Events can be neither changed nor deleted.
CREATE FUNCTION pgtrigger_append_only_b8e5b() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_b8e5b
    BEFORE UPDATE OR DELETE ON invoices_designevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_b8e5b();
COMMENT ON TRIGGER pgtrigger_append_only_b8e5b ON invoices_designevent
    IS 'c79ad45aa4cb490af5c7f992c015f7727035eaa7';
