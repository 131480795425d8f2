-- Changes of the provider are recorded with what electronic invoices state of it.

-- Inserted rows become events in invoices_providerevent; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_insert_insert_c03e3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_providerevent" (
        "account_number", "bank", "bic", "charges_suspended", "city", "contact_name",
        "contact_phone", "correspondent_account", "country", "credit_note_prefix", "days_to_pay",
        "email", "endpoint", "endpoint_scheme", "id", "invoice_prefix", "legal_id", "legal_scheme",
        "logo_id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "postal_code", "product_name", "street", "tax_id", "uses_credit"
    )
    SELECT
        new_values."account_number", new_values."bank", new_values."bic",
        new_values."charges_suspended", new_values."city", new_values."contact_name",
        new_values."contact_phone", new_values."correspondent_account", new_values."country",
        new_values."credit_note_prefix", new_values."days_to_pay", new_values."email",
        new_values."endpoint", new_values."endpoint_scheme", new_values."id",
        new_values."invoice_prefix", new_values."legal_id", new_values."legal_scheme",
        new_values."logo_id", new_values."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."postal_code", new_values."product_name",
        new_values."street", new_values."tax_id", new_values."uses_credit"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_insert_insert_c03e3 ON invoices_provider
    IS '078b7162cd4bf7b53b77fc9c5bee74fac555875e';

-- A changed row becomes an event in invoices_providerevent, as it is after the change.
CREATE OR REPLACE FUNCTION pgtrigger_update_update_47969() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "invoices_providerevent" (
        "account_number", "bank", "bic", "charges_suspended", "city", "contact_name",
        "contact_phone", "correspondent_account", "country", "credit_note_prefix", "days_to_pay",
        "email", "endpoint", "endpoint_scheme", "id", "invoice_prefix", "legal_id", "legal_scheme",
        "logo_id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "postal_code", "product_name", "street", "tax_id", "uses_credit"
    )
    VALUES (
        NEW."account_number", NEW."bank", NEW."bic", NEW."charges_suspended", NEW."city",
        NEW."contact_name", NEW."contact_phone", NEW."correspondent_account", NEW."country",
        NEW."credit_note_prefix", NEW."days_to_pay", NEW."email", NEW."endpoint",
        NEW."endpoint_scheme", NEW."id", NEW."invoice_prefix", NEW."legal_id", NEW."legal_scheme",
        NEW."logo_id", NEW."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."postal_code", NEW."product_name", NEW."street",
        NEW."tax_id", NEW."uses_credit"
    );
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_update_update_47969 ON invoices_provider
    IS '698c663781021f4e523293a3a4a6cf0d1c086cb8';

-- Deleted rows become events in invoices_providerevent, as they were; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_delete_delete_ea83f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_providerevent" (
        "account_number", "bank", "bic", "charges_suspended", "city", "contact_name",
        "contact_phone", "correspondent_account", "country", "credit_note_prefix", "days_to_pay",
        "email", "endpoint", "endpoint_scheme", "id", "invoice_prefix", "legal_id", "legal_scheme",
        "logo_id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "postal_code", "product_name", "street", "tax_id", "uses_credit"
    )
    SELECT
        old_values."account_number", old_values."bank", old_values."bic",
        old_values."charges_suspended", old_values."city", old_values."contact_name",
        old_values."contact_phone", old_values."correspondent_account", old_values."country",
        old_values."credit_note_prefix", old_values."days_to_pay", old_values."email",
        old_values."endpoint", old_values."endpoint_scheme", old_values."id",
        old_values."invoice_prefix", old_values."legal_id", old_values."legal_scheme",
        old_values."logo_id", old_values."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."postal_code", old_values."product_name",
        old_values."street", old_values."tax_id", old_values."uses_credit"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_delete_delete_ea83f ON invoices_provider
    IS '5c76e642d4faf33c0bbdde1e04dd3ec96018c2a6';
