-- The triggers of accounts by currency and of terms, as their models declare them.

-- -------------------------------------------------------------------------------------------------
-- invoices_currencyaccount: bank accounts
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_11fd4() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_11fd4
    BEFORE TRUNCATE ON invoices_currencyaccount
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_11fd4();
COMMENT ON TRIGGER pgtrigger_no_truncate_11fd4 ON invoices_currencyaccount
    IS 'd78e087a559ab36604c1ac057be4b9dedf931b2a';

-- Inserted rows become events in invoices_currencyaccountevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_e5825() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_currencyaccountevent" (
        "account_number", "bank", "bic", "correspondent_account", "currency", "id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "provider_id"
    )
    SELECT
        new_values."account_number", new_values."bank", new_values."bic",
        new_values."correspondent_account", new_values."currency", new_values."id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."provider_id"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_e5825
    AFTER INSERT ON invoices_currencyaccount
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_e5825();
COMMENT ON TRIGGER pgtrigger_insert_insert_e5825 ON invoices_currencyaccount
    IS 'a0154cb771a1c6550e09a48f4537ff8e59b78927';

-- A changed row becomes an event in invoices_currencyaccountevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_cd24a() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "invoices_currencyaccountevent" (
        "account_number", "bank", "bic", "correspondent_account", "currency", "id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "provider_id"
    )
    VALUES (
        NEW."account_number", NEW."bank", NEW."bic", NEW."correspondent_account", NEW."currency",
        NEW."id", COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''),
        NULL)::JSONB, NOW(), 'update', NEW."id", NEW."provider_id"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_cd24a
    AFTER UPDATE ON invoices_currencyaccount
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_cd24a();
COMMENT ON TRIGGER pgtrigger_update_update_cd24a ON invoices_currencyaccount
    IS '2b2542b1b7358193f15dc2e884fe6a25957c9a5e';

-- Deleted rows become events in invoices_currencyaccountevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_e9785() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_currencyaccountevent" (
        "account_number", "bank", "bic", "correspondent_account", "currency", "id", "pgh_context",
        "pgh_created_at", "pgh_label", "pgh_obj_id", "provider_id"
    )
    SELECT
        old_values."account_number", old_values."bank", old_values."bic",
        old_values."correspondent_account", old_values."currency", old_values."id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."provider_id"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_e9785
    AFTER DELETE ON invoices_currencyaccount
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_e9785();
COMMENT ON TRIGGER pgtrigger_delete_delete_e9785 ON invoices_currencyaccount
    IS '6f88ac7c1ee308f3e2fd550ad4d3163245e2fc3e';

-- -------------------------------------------------------------------------------------------------
-- invoices_currencyaccountevent: currency account events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_e61d7() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_e61d7
    BEFORE TRUNCATE ON invoices_currencyaccountevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_e61d7();
COMMENT ON TRIGGER pgtrigger_no_truncate_e61d7 ON invoices_currencyaccountevent
    IS '67a7de6e03b98a081a012185695504b4960ccab0';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_a920f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_a920f
    BEFORE UPDATE OR DELETE ON invoices_currencyaccountevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_a920f();
COMMENT ON TRIGGER pgtrigger_append_only_a920f ON invoices_currencyaccountevent
    IS 'ab330006f14107dd35989d545b936609729260d6';

-- -------------------------------------------------------------------------------------------------
-- invoices_documentterms: terms and texts of documents
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_c257d() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_c257d
    BEFORE TRUNCATE ON invoices_documentterms
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_c257d();
COMMENT ON TRIGGER pgtrigger_no_truncate_c257d ON invoices_documentterms
    IS '0ad66f616295c97d3a74a955fc6610941d06b5b9';

-- Inserted rows become events in invoices_documenttermsevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_ed1ae() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_documenttermsevent" (
        "first_days", "first_percent", "footer_en", "footer_ru", "id", "payment_terms_en",
        "payment_terms_ru", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "second_days", "second_percent"
    )
    SELECT
        new_values."first_days", new_values."first_percent", new_values."footer_en",
        new_values."footer_ru", new_values."id", new_values."payment_terms_en",
        new_values."payment_terms_ru", COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata',
        TRUE), ''), NULL)::JSONB, NOW(), 'insert', new_values."id", new_values."second_days",
        new_values."second_percent"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_ed1ae
    AFTER INSERT ON invoices_documentterms
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_ed1ae();
COMMENT ON TRIGGER pgtrigger_insert_insert_ed1ae ON invoices_documentterms
    IS '6b55a25dcda67097a0ff991f84cd68b5f1da5fc7';

-- A changed row becomes an event in invoices_documenttermsevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_f6f3a() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "invoices_documenttermsevent" (
        "first_days", "first_percent", "footer_en", "footer_ru", "id", "payment_terms_en",
        "payment_terms_ru", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "second_days", "second_percent"
    )
    VALUES (
        NEW."first_days", NEW."first_percent", NEW."footer_en", NEW."footer_ru", NEW."id",
        NEW."payment_terms_en", NEW."payment_terms_ru",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."second_days", NEW."second_percent"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_f6f3a
    AFTER UPDATE ON invoices_documentterms
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_f6f3a();
COMMENT ON TRIGGER pgtrigger_update_update_f6f3a ON invoices_documentterms
    IS '3f7e244cd7118d59a76c883ea2d34c72f17776c5';

-- Deleted rows become events in invoices_documenttermsevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_2b594() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_documenttermsevent" (
        "first_days", "first_percent", "footer_en", "footer_ru", "id", "payment_terms_en",
        "payment_terms_ru", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "second_days", "second_percent"
    )
    SELECT
        old_values."first_days", old_values."first_percent", old_values."footer_en",
        old_values."footer_ru", old_values."id", old_values."payment_terms_en",
        old_values."payment_terms_ru", COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata',
        TRUE), ''), NULL)::JSONB, NOW(), 'delete', old_values."id", old_values."second_days",
        old_values."second_percent"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_2b594
    AFTER DELETE ON invoices_documentterms
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_2b594();
COMMENT ON TRIGGER pgtrigger_delete_delete_2b594 ON invoices_documentterms
    IS 'c0686adeef32a35dd3a4d1a006a1a40e0b0c262f';

-- -------------------------------------------------------------------------------------------------
-- invoices_documenttermsevent: document terms events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_0dd7b() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_0dd7b
    BEFORE TRUNCATE ON invoices_documenttermsevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_0dd7b();
COMMENT ON TRIGGER pgtrigger_no_truncate_0dd7b ON invoices_documenttermsevent
    IS '831f9bb63b753a906354e2de80e44ad670bec163';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_79cf4() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_79cf4
    BEFORE UPDATE OR DELETE ON invoices_documenttermsevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_79cf4();
COMMENT ON TRIGGER pgtrigger_append_only_79cf4 ON invoices_documenttermsevent
    IS 'fc147567b502192afae0126e38adc10cb00d45a2';

-- -------------------------------------------------------------------------------------------------
-- invoices_organizationterms: payment terms
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_26eac() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_26eac
    BEFORE TRUNCATE ON invoices_organizationterms
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_26eac();
COMMENT ON TRIGGER pgtrigger_no_truncate_26eac ON invoices_organizationterms
    IS '4971d3275a13a8d20276bae552defadc30d49580';

-- Inserted rows become events in invoices_organizationtermsevent; once per statement.
CREATE FUNCTION pgtrigger_insert_insert_44a58() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_organizationtermsevent" (
        "days_to_pay", "first_days", "first_percent", "has_own_discounts", "id", "organization_id",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "second_days", "second_percent"
    )
    SELECT
        new_values."days_to_pay", new_values."first_days", new_values."first_percent",
        new_values."has_own_discounts", new_values."id", new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."second_days", new_values."second_percent"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_insert_insert_44a58
    AFTER INSERT ON invoices_organizationterms
    REFERENCING NEW TABLE AS new_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_insert_insert_44a58();
COMMENT ON TRIGGER pgtrigger_insert_insert_44a58 ON invoices_organizationterms
    IS '091c0eac4b540e328c00ae2e4625b1eb0b38c161';

-- A changed row becomes an event in invoices_organizationtermsevent, as it is after the change.
CREATE FUNCTION pgtrigger_update_update_b06f3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "invoices_organizationtermsevent" (
        "days_to_pay", "first_days", "first_percent", "has_own_discounts", "id", "organization_id",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "second_days", "second_percent"
    )
    VALUES (
        NEW."days_to_pay", NEW."first_days", NEW."first_percent", NEW."has_own_discounts", NEW."id",
        NEW."organization_id", COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE),
        ''), NULL)::JSONB, NOW(), 'update', NEW."id", NEW."second_days", NEW."second_percent"
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_update_update_b06f3
    AFTER UPDATE ON invoices_organizationterms
    FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION pgtrigger_update_update_b06f3();
COMMENT ON TRIGGER pgtrigger_update_update_b06f3 ON invoices_organizationterms
    IS 'a5263d2913ad7f75b0a3ea4d4f81f7abbb77358f';

-- Deleted rows become events in invoices_organizationtermsevent, as they were; once per statement.
CREATE FUNCTION pgtrigger_delete_delete_ad4ff() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_organizationtermsevent" (
        "days_to_pay", "first_days", "first_percent", "has_own_discounts", "id", "organization_id",
        "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "second_days", "second_percent"
    )
    SELECT
        old_values."days_to_pay", old_values."first_days", old_values."first_percent",
        old_values."has_own_discounts", old_values."id", old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."second_days", old_values."second_percent"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
CREATE TRIGGER pgtrigger_delete_delete_ad4ff
    AFTER DELETE ON invoices_organizationterms
    REFERENCING OLD TABLE AS old_values
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_delete_delete_ad4ff();
COMMENT ON TRIGGER pgtrigger_delete_delete_ad4ff ON invoices_organizationterms
    IS '0ea22fb8a1c84cb63ef2cd83c145fc5ac9d3831c';

-- -------------------------------------------------------------------------------------------------
-- invoices_organizationtermsevent: organization terms events
-- -------------------------------------------------------------------------------------------------

-- The table cannot be truncated.
CREATE FUNCTION pgtrigger_no_truncate_62095() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER pgtrigger_no_truncate_62095
    BEFORE TRUNCATE ON invoices_organizationtermsevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION pgtrigger_no_truncate_62095();
COMMENT ON TRIGGER pgtrigger_no_truncate_62095 ON invoices_organizationtermsevent
    IS 'e619c78dd76c5b657f6079a2778e27b70fe966c6';

-- Events cannot be changed or deleted.
CREATE FUNCTION pgtrigger_append_only_b3791() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER pgtrigger_append_only_b3791
    BEFORE UPDATE OR DELETE ON invoices_organizationtermsevent
    FOR EACH ROW
    EXECUTE FUNCTION pgtrigger_append_only_b3791();
COMMENT ON TRIGGER pgtrigger_append_only_b3791 ON invoices_organizationtermsevent
    IS '9b71c420f0704227574154c851d06d0935c09d13';
