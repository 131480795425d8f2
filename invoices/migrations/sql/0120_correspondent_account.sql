-- Changes of the provider are recorded with the correspondent account of its bank.

-- Inserted rows become events in invoices_providerevent; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_insert_insert_c03e3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_providerevent" (
        "account_number", "bank", "bic", "charges_suspended", "city",
        "correspondent_account", "country", "credit_note_prefix", "days_to_pay", "email", "id",
        "invoice_prefix", "logo_id", "name", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "postal_code", "product_name", "street", "tax_id", "uses_credit"
    )
    SELECT
        new_values."account_number", new_values."bank", new_values."bic",
        new_values."charges_suspended", new_values."city", new_values."correspondent_account",
        new_values."country", new_values."credit_note_prefix", new_values."days_to_pay",
        new_values."email", new_values."id", new_values."invoice_prefix",
        new_values."logo_id", new_values."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."postal_code", new_values."product_name",
        new_values."street", new_values."tax_id", new_values."uses_credit"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_insert_insert_c03e3 ON invoices_provider
    IS '5aaabfa8bd8b89d6cd92e62ed4a510e78ac7570d';

-- A changed row becomes an event in invoices_providerevent, as it is after the change.
CREATE OR REPLACE FUNCTION pgtrigger_update_update_47969() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "invoices_providerevent" (
        "account_number", "bank", "bic", "charges_suspended", "city",
        "correspondent_account", "country", "credit_note_prefix", "days_to_pay", "email", "id",
        "invoice_prefix", "logo_id", "name", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "postal_code", "product_name", "street", "tax_id", "uses_credit"
    )
    VALUES (
        NEW."account_number", NEW."bank", NEW."bic", NEW."charges_suspended", NEW."city",
        NEW."correspondent_account", NEW."country", NEW."credit_note_prefix", NEW."days_to_pay",
        NEW."email", NEW."id", NEW."invoice_prefix", NEW."logo_id", NEW."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."postal_code", NEW."product_name", NEW."street",
        NEW."tax_id", NEW."uses_credit"
    );
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_update_update_47969 ON invoices_provider
    IS 'ef2beab6a71076e7f909f5407643d7dd1c83c101';

-- Deleted rows become events in invoices_providerevent, as they were; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_delete_delete_ea83f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "invoices_providerevent" (
        "account_number", "bank", "bic", "charges_suspended", "city",
        "correspondent_account", "country", "credit_note_prefix", "days_to_pay", "email", "id",
        "invoice_prefix", "logo_id", "name", "pgh_context", "pgh_created_at", "pgh_label",
        "pgh_obj_id", "postal_code", "product_name", "street", "tax_id", "uses_credit"
    )
    SELECT
        old_values."account_number", old_values."bank", old_values."bic",
        old_values."charges_suspended", old_values."city", old_values."correspondent_account",
        old_values."country", old_values."credit_note_prefix", old_values."days_to_pay",
        old_values."email", old_values."id", old_values."invoice_prefix",
        old_values."logo_id", old_values."name",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."postal_code", old_values."product_name",
        old_values."street", old_values."tax_id", old_values."uses_credit"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_delete_delete_ea83f ON invoices_provider
    IS '9453019793b894a43a296f88275d08e2d0498d9f';
