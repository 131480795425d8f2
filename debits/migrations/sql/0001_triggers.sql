-- The triggers of this app, as its models declare them, each with its function. The comment on a
-- trigger is pgtrigger's hash of the declaration.

-- -------------------------------------------------------------------------------------------------
-- debits_debitsettings: settings of direct debit
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_6a502() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_6a502
    BEFORE TRUNCATE ON debits_debitsettings
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_6a502();
COMMENT ON TRIGGER pgtrigger_no_truncate_6a502 ON debits_debitsettings
    IS '46f82e982cead5dcb3926c1ad7c403ead32db8f8';

-- Inserted rows become events in debits_debitsettingsevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_f036d() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "debits_debitsettingsevent" (
        "bic", "creditor_id", "iban", "id", "lead_days", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "scheme"
    )
    SELECT
        new_values."bic", new_values."creditor_id", new_values."iban", new_values."id",
        new_values."lead_days", COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE),
        ''), NULL)::JSONB, NOW(), 'insert', new_values."id", new_values."scheme"
    FROM ( SELECT new_values.* FROM new_values ) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_f036d
    AFTER INSERT ON debits_debitsettings
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_f036d();
COMMENT ON TRIGGER pgtrigger_insert_insert_f036d ON debits_debitsettings
    IS 'b9ee57c0643765cfc2e809de5004471c657e8ab2';

-- A changed row becomes an event in debits_debitsettingsevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_150c0() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "debits_debitsettingsevent" (
        "bic", "creditor_id", "iban", "id", "lead_days", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "scheme"
    )
    VALUES (
        NEW."bic", NEW."creditor_id", NEW."iban", NEW."id", NEW."lead_days",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."scheme"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_150c0
    AFTER UPDATE ON debits_debitsettings
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_150c0();
COMMENT ON TRIGGER pgtrigger_update_update_150c0 ON debits_debitsettings
    IS '8d9cd1341f2455558a162cac5881179e8136e1e8';

-- Deleted rows become events in debits_debitsettingsevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_9e6f5() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "debits_debitsettingsevent" (
        "bic", "creditor_id", "iban", "id", "lead_days", "pgh_context", "pgh_created_at",
        "pgh_label", "pgh_obj_id", "scheme"
    )
    SELECT
        old_values."bic", old_values."creditor_id", old_values."iban", old_values."id",
        old_values."lead_days", COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE),
        ''), NULL)::JSONB, NOW(), 'delete', old_values."id", old_values."scheme"
    FROM ( SELECT old_values.* FROM old_values ) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_9e6f5
    AFTER DELETE ON debits_debitsettings
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_9e6f5();
COMMENT ON TRIGGER pgtrigger_delete_delete_9e6f5 ON debits_debitsettings
    IS 'c21c3e285134a442464484cb858b1a5e44618fb2';

-- -------------------------------------------------------------------------------------------------
-- debits_debitsettingsevent: debit settings events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_6e4a2() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_6e4a2
    BEFORE TRUNCATE ON debits_debitsettingsevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_6e4a2();
COMMENT ON TRIGGER pgtrigger_no_truncate_6e4a2 ON debits_debitsettingsevent
    IS 'a8124a9f1b891d7c899dfed063a5fb2211b0a067';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_10f31() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_10f31
    BEFORE UPDATE OR DELETE ON debits_debitsettingsevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_10f31();
COMMENT ON TRIGGER pgtrigger_append_only_10f31 ON debits_debitsettingsevent
    IS 'c5dca246d0177ae50c38b6f69ddab6caaaf37e42';

-- -------------------------------------------------------------------------------------------------
-- debits_mandate: mandates
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_37c37() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_37c37
    BEFORE TRUNCATE ON debits_mandate
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_37c37();
COMMENT ON TRIGGER pgtrigger_no_truncate_37c37 ON debits_mandate
    IS 'a0805e3416be8adbc9b919bcd04a68ce4df6d3f4';

-- Inserted rows become events in debits_mandateevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_95ba9() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "debits_mandateevent" (
        "bic", "ended_at", "failed_at", "failure", "holder", "iban", "id", "organization_id",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "signed_on"
    )
    SELECT
        new_values."bic", new_values."ended_at", new_values."failed_at", new_values."failure",
        new_values."holder", new_values."iban", new_values."id", new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."reference", new_values."signed_on"
    FROM ( SELECT new_values.* FROM new_values ) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_95ba9
    AFTER INSERT ON debits_mandate
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_95ba9();
COMMENT ON TRIGGER pgtrigger_insert_insert_95ba9 ON debits_mandate
    IS '2b5584cbffce1a8781a91581c6908b6d16754189';

-- A changed row becomes an event in debits_mandateevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_62dee() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "debits_mandateevent" (
        "bic", "ended_at", "failed_at", "failure", "holder", "iban", "id", "organization_id",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "signed_on"
    )
    VALUES (
        NEW."bic", NEW."ended_at", NEW."failed_at", NEW."failure", NEW."holder", NEW."iban",
        NEW."id", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."reference", NEW."signed_on"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_62dee
    AFTER UPDATE ON debits_mandate
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_62dee();
COMMENT ON TRIGGER pgtrigger_update_update_62dee ON debits_mandate
    IS 'b9349d58b80e93a5db1e8aeed7353bd8409b20d4';

-- Deleted rows become events in debits_mandateevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_6a1e3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "debits_mandateevent" (
        "bic", "ended_at", "failed_at", "failure", "holder", "iban", "id", "organization_id",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "signed_on"
    )
    SELECT
        old_values."bic", old_values."ended_at", old_values."failed_at", old_values."failure",
        old_values."holder", old_values."iban", old_values."id", old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."reference", old_values."signed_on"
    FROM ( SELECT old_values.* FROM old_values ) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_6a1e3
    AFTER DELETE ON debits_mandate
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_6a1e3();
COMMENT ON TRIGGER pgtrigger_delete_delete_6a1e3 ON debits_mandate
    IS '3817ce17755c2167c19fd78e56f79596347af63c';

-- -------------------------------------------------------------------------------------------------
-- debits_mandateevent: mandate events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_5b382() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_5b382
    BEFORE TRUNCATE ON debits_mandateevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_5b382();
COMMENT ON TRIGGER pgtrigger_no_truncate_5b382 ON debits_mandateevent
    IS 'd43575416ba6a07704b55fb5f90fc6143d657daf';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_b5454() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_b5454
    BEFORE UPDATE OR DELETE ON debits_mandateevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_b5454();
COMMENT ON TRIGGER pgtrigger_append_only_b5454 ON debits_mandateevent
    IS '57036cda8fe35051f9288358138753820b6fdd7e';

-- -------------------------------------------------------------------------------------------------
-- debits_debitbatch: direct debit batches
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_0d965() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_0d965
    BEFORE TRUNCATE ON debits_debitbatch
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_0d965();
COMMENT ON TRIGGER pgtrigger_no_truncate_0d965 ON debits_debitbatch
    IS 'd289935c988377ab09446b871d58b215da2d6d89';
