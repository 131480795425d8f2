-- The triggers of this app, as its models declare them, each with its function. The comment on a
-- trigger is pgtrigger's hash of the declaration.

-- -------------------------------------------------------------------------------------------------
-- accounting_accountingsettings: accounting settings
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_21ad3() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_21ad3
    BEFORE TRUNCATE ON accounting_accountingsettings
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_21ad3();
COMMENT ON TRIGGER pgtrigger_no_truncate_21ad3 ON accounting_accountingsettings
    IS '0cd792d46fbce564f5711144ee3e8acac660d8f0';

-- Inserted rows become events in accounting_accountingsettingsevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_5c386() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "accounting_accountingsettingsevent" (
        "account_digits", "bank", "bank_fees", "card", "cash", "clearing", "client", "consultant",
        "direct_debit", "first_debtor", "id", "other", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "write_offs", "year_begins"
    )
    SELECT
        new_values."account_digits", new_values."bank", new_values."bank_fees", new_values."card",
        new_values."cash", new_values."clearing", new_values."client", new_values."consultant",
        new_values."direct_debit", new_values."first_debtor", new_values."id", new_values."other",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."write_offs", new_values."year_begins"
    FROM ( SELECT new_values.* FROM new_values ) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_5c386
    AFTER INSERT ON accounting_accountingsettings
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_5c386();
COMMENT ON TRIGGER pgtrigger_insert_insert_5c386 ON accounting_accountingsettings
    IS '9abc2f714b16f2775aa35f8c5d534abc7dfae111';

-- A changed row becomes an event in accounting_accountingsettingsevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_42169() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "accounting_accountingsettingsevent" (
        "account_digits", "bank", "bank_fees", "card", "cash", "clearing", "client", "consultant",
        "direct_debit", "first_debtor", "id", "other", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "write_offs", "year_begins"
    )
    VALUES (
        NEW."account_digits", NEW."bank", NEW."bank_fees", NEW."card", NEW."cash", NEW."clearing",
        NEW."client", NEW."consultant", NEW."direct_debit", NEW."first_debtor", NEW."id",
        NEW."other", COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''),
        NULL)::JSONB, NOW(), 'update', NEW."id", NEW."write_offs", NEW."year_begins"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_42169
    AFTER UPDATE ON accounting_accountingsettings
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_42169();
COMMENT ON TRIGGER pgtrigger_update_update_42169 ON accounting_accountingsettings
    IS 'bc0368ce98a90a35991427356e3edae49c08c3fb';

-- Deleted rows become events in accounting_accountingsettingsevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_dd736() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "accounting_accountingsettingsevent" (
        "account_digits", "bank", "bank_fees", "card", "cash", "clearing", "client", "consultant",
        "direct_debit", "first_debtor", "id", "other", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "write_offs", "year_begins"
    )
    SELECT
        old_values."account_digits", old_values."bank", old_values."bank_fees", old_values."card",
        old_values."cash", old_values."clearing", old_values."client", old_values."consultant",
        old_values."direct_debit", old_values."first_debtor", old_values."id", old_values."other",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."write_offs", old_values."year_begins"
    FROM ( SELECT old_values.* FROM old_values ) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_dd736
    AFTER DELETE ON accounting_accountingsettings
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_dd736();
COMMENT ON TRIGGER pgtrigger_delete_delete_dd736 ON accounting_accountingsettings
    IS '8ebe1c1cd30e596a9534cea7580a6311eb6baf7b';

-- -------------------------------------------------------------------------------------------------
-- accounting_accountingsettingsevent: accounting settings events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_baeb3() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_baeb3
    BEFORE TRUNCATE ON accounting_accountingsettingsevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_baeb3();
COMMENT ON TRIGGER pgtrigger_no_truncate_baeb3 ON accounting_accountingsettingsevent
    IS '1bf4eafc3aa6d4bba30e43128e132846a40c351a';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_d708e() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_d708e
    BEFORE UPDATE OR DELETE ON accounting_accountingsettingsevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_d708e();
COMMENT ON TRIGGER pgtrigger_append_only_d708e ON accounting_accountingsettingsevent
    IS 'e837f1d548738ad695aaabaf2e6032d79b555399';

-- -------------------------------------------------------------------------------------------------
-- accounting_revenueaccount: revenue accounts
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_c14a5() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_c14a5
    BEFORE TRUNCATE ON accounting_revenueaccount
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_c14a5();
COMMENT ON TRIGGER pgtrigger_no_truncate_c14a5 ON accounting_revenueaccount
    IS '0ebd34f9b0635ed669bad6b4d672a8e60b86352f';

-- Inserted rows become events in accounting_revenueaccountevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_64a96() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "accounting_revenueaccountevent" (
        "account", "category", "id", "percent", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "tax_key"
    )
    SELECT
        new_values."account", new_values."category", new_values."id", new_values."percent",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."tax_key"
    FROM ( SELECT new_values.* FROM new_values ) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_64a96
    AFTER INSERT ON accounting_revenueaccount
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_64a96();
COMMENT ON TRIGGER pgtrigger_insert_insert_64a96 ON accounting_revenueaccount
    IS '06ab7f92e4ab229d740a743005407b270e896e2a';

-- A changed row becomes an event in accounting_revenueaccountevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_069b8() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "accounting_revenueaccountevent" (
        "account", "category", "id", "percent", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "tax_key"
    )
    VALUES (
        NEW."account", NEW."category", NEW."id", NEW."percent",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."tax_key"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_069b8
    AFTER UPDATE ON accounting_revenueaccount
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_069b8();
COMMENT ON TRIGGER pgtrigger_update_update_069b8 ON accounting_revenueaccount
    IS '9f5951313d5ad51122216e5407c3a21c5a87170f';

-- Deleted rows become events in accounting_revenueaccountevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_f3ef7() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value )
    INSERT INTO "accounting_revenueaccountevent" (
        "account", "category", "id", "percent", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "tax_key"
    )
    SELECT
        old_values."account", old_values."category", old_values."id", old_values."percent",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."tax_key"
    FROM ( SELECT old_values.* FROM old_values ) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_f3ef7
    AFTER DELETE ON accounting_revenueaccount
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_f3ef7();
COMMENT ON TRIGGER pgtrigger_delete_delete_f3ef7 ON accounting_revenueaccount
    IS '644c2ec92fcf57a20b5313cf43a0233470ae8cfd';

-- -------------------------------------------------------------------------------------------------
-- accounting_revenueaccountevent: revenue account events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_d24fb() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_d24fb
    BEFORE TRUNCATE ON accounting_revenueaccountevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_d24fb();
COMMENT ON TRIGGER pgtrigger_no_truncate_d24fb ON accounting_revenueaccountevent
    IS 'd3442abc8d30a02b3ddc7a78b26201016ccf4383';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_eb8bc() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_eb8bc
    BEFORE UPDATE OR DELETE ON accounting_revenueaccountevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_eb8bc();
COMMENT ON TRIGGER pgtrigger_append_only_eb8bc ON accounting_revenueaccountevent
    IS '17e437a72800682ce16bc2b7c181c213c1e1b8b8';
