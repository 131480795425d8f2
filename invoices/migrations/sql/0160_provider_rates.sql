-- Changes of the provider are recorded with its accounting currency and the rates that apply.

-- Inserted rows become events in invoices_providerevent; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_insert_insert_c03e3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_providerevent" (
        "account_number", "accounting_currency", "bank", "bic", "charges_suspended", "city",
        "contact_name", "contact_phone", "correspondent_account", "country", "credit_note_prefix",
        "days_to_pay", "email", "endpoint", "endpoint_scheme", "id", "invoice_prefix", "legal_id",
        "legal_scheme", "logo_id", "name", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "postal_code", "product_name", "rate_date", "rate_days", "street", "tax_id",
        "uses_credit"
    )
    SELECT
        new_values."account_number", new_values."accounting_currency", new_values."bank",
        new_values."bic", new_values."charges_suspended", new_values."city",
        new_values."contact_name", new_values."contact_phone", new_values."correspondent_account",
        new_values."country", new_values."credit_note_prefix", new_values."days_to_pay",
        new_values."email", new_values."endpoint", new_values."endpoint_scheme", new_values."id",
        new_values."invoice_prefix", new_values."legal_id", new_values."legal_scheme",
        new_values."logo_id", new_values."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."postal_code", new_values."product_name",
        new_values."rate_date", new_values."rate_days", new_values."street", new_values."tax_id",
        new_values."uses_credit"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_insert_insert_c03e3 ON invoices_provider
    IS '109f4e20ccd170538900069cec3f57ef19d86c99';

-- A changed row becomes an event in invoices_providerevent, as it is after the change.
CREATE OR REPLACE FUNCTION pgtrigger_update_update_47969() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "invoices_providerevent" (
        "account_number", "accounting_currency", "bank", "bic", "charges_suspended", "city",
        "contact_name", "contact_phone", "correspondent_account", "country", "credit_note_prefix",
        "days_to_pay", "email", "endpoint", "endpoint_scheme", "id", "invoice_prefix", "legal_id",
        "legal_scheme", "logo_id", "name", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "postal_code", "product_name", "rate_date", "rate_days", "street", "tax_id",
        "uses_credit"
    )
    VALUES (
        NEW."account_number", NEW."accounting_currency", NEW."bank", NEW."bic",
        NEW."charges_suspended", NEW."city", NEW."contact_name", NEW."contact_phone",
        NEW."correspondent_account", NEW."country", NEW."credit_note_prefix", NEW."days_to_pay",
        NEW."email", NEW."endpoint", NEW."endpoint_scheme", NEW."id", NEW."invoice_prefix",
        NEW."legal_id", NEW."legal_scheme", NEW."logo_id", NEW."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."postal_code", NEW."product_name", NEW."rate_date",
        NEW."rate_days", NEW."street", NEW."tax_id", NEW."uses_credit"
    );
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_update_update_47969 ON invoices_provider
    IS 'c16edfb41c9c7ebe8bd13fe3bfeda4a7ca54b47b';

-- Deleted rows become events in invoices_providerevent, as they were; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_delete_delete_ea83f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_providerevent" (
        "account_number", "accounting_currency", "bank", "bic", "charges_suspended", "city",
        "contact_name", "contact_phone", "correspondent_account", "country", "credit_note_prefix",
        "days_to_pay", "email", "endpoint", "endpoint_scheme", "id", "invoice_prefix", "legal_id",
        "legal_scheme", "logo_id", "name", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "postal_code", "product_name", "rate_date", "rate_days", "street", "tax_id",
        "uses_credit"
    )
    SELECT
        old_values."account_number", old_values."accounting_currency", old_values."bank",
        old_values."bic", old_values."charges_suspended", old_values."city",
        old_values."contact_name", old_values."contact_phone", old_values."correspondent_account",
        old_values."country", old_values."credit_note_prefix", old_values."days_to_pay",
        old_values."email", old_values."endpoint", old_values."endpoint_scheme", old_values."id",
        old_values."invoice_prefix", old_values."legal_id", old_values."legal_scheme",
        old_values."logo_id", old_values."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."postal_code", old_values."product_name",
        old_values."rate_date", old_values."rate_days", old_values."street", old_values."tax_id",
        old_values."uses_credit"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_delete_delete_ea83f ON invoices_provider
    IS '07d94b0a81f28ed5641bc74a7ec9f97a9eb3ce9e';
