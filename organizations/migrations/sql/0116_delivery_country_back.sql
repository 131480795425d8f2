-- Changes of billing details are recorded without the country of delivery.

-- Inserted rows become events in organizations_billingdetailsevent; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_insert_insert_cff95() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_billingdetailsevent" (
        "buyer_kind", "buyer_reference", "city", "contract_reference", "country", "endpoint",
        "endpoint_scheme", "id", "legal_id", "legal_scheme", "name", "order_reference",
        "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "postal_code", "profile", "project_reference", "street", "tax_id", "tax_number",
        "valid_from"
    )
    SELECT
        new_values."buyer_kind", new_values."buyer_reference", new_values."city",
        new_values."contract_reference", new_values."country", new_values."endpoint",
        new_values."endpoint_scheme", new_values."id", new_values."legal_id",
        new_values."legal_scheme", new_values."name", new_values."order_reference",
        new_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'insert', new_values."id", new_values."postal_code", new_values."profile",
        new_values."project_reference", new_values."street", new_values."tax_id",
        new_values."tax_number", new_values."valid_from"
    FROM (SELECT new_values.* FROM new_values) AS new_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_insert_insert_cff95 ON organizations_billingdetails
    IS '0d5dc41f3da7d618096d20fa8993e2e53fa9cd44';

-- A changed row becomes an event in organizations_billingdetailsevent, as it is after the change.
CREATE OR REPLACE FUNCTION pgtrigger_update_update_82c5e() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    INSERT INTO "organizations_billingdetailsevent" (
        "buyer_kind", "buyer_reference", "city", "contract_reference", "country", "endpoint",
        "endpoint_scheme", "id", "legal_id", "legal_scheme", "name", "order_reference",
        "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "postal_code", "profile", "project_reference", "street", "tax_id", "tax_number",
        "valid_from"
    )
    VALUES (
        NEW."buyer_kind", NEW."buyer_reference", NEW."city", NEW."contract_reference",
        NEW."country", NEW."endpoint", NEW."endpoint_scheme", NEW."id", NEW."legal_id",
        NEW."legal_scheme", NEW."name", NEW."order_reference", NEW."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'update', NEW."id", NEW."postal_code", NEW."profile", NEW."project_reference",
        NEW."street", NEW."tax_id", NEW."tax_number", NEW."valid_from"
    );
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_update_update_82c5e ON organizations_billingdetails
    IS '369bac6990f0d7f2a9752a0dcc53715b4d0b7b4f';

-- Deleted rows become events in organizations_billingdetailsevent, as they were; once per statement.
CREATE OR REPLACE FUNCTION pgtrigger_delete_delete_1436d() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
        IF (TG_OP = 'DELETE') THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    WITH _pgh_attached_context AS (SELECT _pgh_attach_context() AS value)
    INSERT INTO "organizations_billingdetailsevent" (
        "buyer_kind", "buyer_reference", "city", "contract_reference", "country", "endpoint",
        "endpoint_scheme", "id", "legal_id", "legal_scheme", "name", "order_reference",
        "organization_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id",
        "postal_code", "profile", "project_reference", "street", "tax_id", "tax_number",
        "valid_from"
    )
    SELECT
        old_values."buyer_kind", old_values."buyer_reference", old_values."city",
        old_values."contract_reference", old_values."country", old_values."endpoint",
        old_values."endpoint_scheme", old_values."id", old_values."legal_id",
        old_values."legal_scheme", old_values."name", old_values."order_reference",
        old_values."organization_id",
        COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), ''), NULL)::JSONB,
        NOW(), 'delete', old_values."id", old_values."postal_code", old_values."profile",
        old_values."project_reference", old_values."street", old_values."tax_id",
        old_values."tax_number", old_values."valid_from"
    FROM (SELECT old_values.* FROM old_values) AS old_values, _pgh_attached_context;
    RETURN NULL;
END;
$$;
COMMENT ON TRIGGER pgtrigger_delete_delete_1436d ON organizations_billingdetails
    IS 'c47ac16ac01994d95b0a3d2b4cd714225bd36158';
